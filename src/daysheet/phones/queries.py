"""The phone desk as a person sees it: who rings, who waits for a call back, what was called before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from daysheet.kernel import clock
from daysheet.kernel.access import Actor, Can, roles
from daysheet.kernel.models import Practice
from daysheet.patients import queries as patients
from daysheet.phones import opening, rules
from daysheet.phones.models import Call, CallReason, CallStep, PhoneFlag, PhoneHook, PhoneLine, RedFlag
from daysheet.practice import queries as practice
from daysheet.practice.models import Membership

LAST, QUEUE, FOUND = 12, 50, 50
LATELY = timedelta(hours=12)
"""How far back it is looked for who gave up, where the door has no hours."""
OPEN = (Call.State.RINGING, Call.State.OPEN)


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call as a row: its clock, and what is known of its number."""

    call: Call
    clock: rules.CallClock
    flag: PhoneFlag | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The phone desk: who is on the phone, who waits for a call back, what was left on the machine, the last calls."""

    on_the_phone: Sequence[CallLine]
    waiting: Sequence[CallLine]
    voicemails: Sequence[CallLine]
    gave_up: Sequence[CallLine]
    """Who hung up before an answer since the last working day before today began, and nobody has dealt with it."""
    last: Sequence[CallLine]
    today: "Figures"

    @property
    def patient_ids(self) -> list[UUID]:
        """Return the patients who are named on the desk."""
        lines = (*self.on_the_phone, *self.waiting, *self.voicemails, *self.gave_up, *self.last)
        return list(dict.fromkeys(line.call.patient_id for line in lines if line.call.patient_id))


@dataclass(frozen=True, slots=True)
class Figures:
    """The telephone's day in figures."""

    calls: int
    gave_up: int
    answered_in: int | None
    """Seconds until an answer, on average, of what the telephone system reports; none: it reports nothing."""


@dataclass(frozen=True, slots=True)
class Behind:
    """In how many charts a number stands: no more than this is told before two identifiers matched."""

    own: int = 0
    """As the patient's own number."""
    contacts: int = 0
    """As the number of somebody around the patient."""

    @property
    def is_known(self) -> bool:
        """Return whether the office knows the number."""
        return bool(self.own or self.contacts)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the call log is narrowed by."""

    first: date | None = None
    last: date | None = None
    state: str = ""
    """A state, or an outcome of a call that is done."""
    reason_id: UUID | None = None
    member_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Ring:
    """A call that rings: the flag of its number, and in how many charts it stands; never whose."""

    call: Call
    flag: PhoneFlag | None
    charts: int


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands on every page: the calls that ring, and those of the reader that go on."""

    ringing: Sequence[Ring]
    mine: Sequence[Call]


def desk(*, now: datetime, since: datetime) -> Desk:
    """Return the phone desk, in a constant number of statements; its figures count from `since`."""
    on_the_phone = list(
        _calls().filter(state__in=OPEN).order_by("-state", "began_at")[:QUEUE]
    )  # ringing first
    waiting = list(_calls().filter(state=Call.State.WAITING).order_by("due_at")[:QUEUE])
    voicemails = list(_calls().filter(state=Call.State.VOICEMAIL).order_by("began_at")[:QUEUE])
    gave_up = list(_unheard(now).order_by("-began_at")[:QUEUE])
    last = list(_calls().filter(state=Call.State.DONE).order_by("-began_at")[:LAST])
    flags = _flags([*on_the_phone, *waiting, *voicemails, *gave_up, *last])

    def lines(calls: Sequence[Call]) -> list[CallLine]:
        return [CallLine(call, clock_of(call, now=now), flags.get(call.phone)) for call in calls]

    return Desk(
        lines(on_the_phone), lines(waiting), lines(voicemails), lines(gave_up), lines(last), _figures(since)
    )


def clock_of(call: Call, *, now: datetime) -> rules.CallClock:
    """Return the clock of a call: since when it rings or goes on, or how long its call back has."""
    if call.state == Call.State.WAITING and call.due_at:
        return rules.clock_of(call.due_at, now=now)
    if call.state == Call.State.OPEN and call.ended_at:
        return rules.CallClock("attention", _("hung up, say what came of it"))
    if call.held_at:
        return rules.CallClock("hold", _("on hold %(time)s") % {"time": rules.span(now - call.held_at)})
    if call.state in OPEN:
        tone = "attention" if call.state == Call.State.RINGING else "active"
        return rules.CallClock(tone, rules.span(now - call.began_at))
    tone = "neutral" if call.state == Call.State.DONE else "attention"
    return rules.CallClock(tone, _("%(time)s ago") % {"time": rules.span(now - call.began_at)})


def call(call_id: UUID) -> Call | None:
    """Return one call with all that stands beside it, or None."""
    return _calls().filter(pk=call_id).first()


def rung_out(before: datetime) -> list[UUID]:
    """Return the calls that ring since before a moment and that no line with a limit of its own told of."""
    rings = Call.objects.filter(state=Call.State.RINGING, came_by=None, began_at__lte=before)
    return list(rings.values_list("pk", flat=True)[:QUEUE])


def still_waits(call_id: UUID) -> bool:
    """Return whether a caller still waits for a call back, or a voicemail to be dealt with."""
    return Call.objects.filter(pk=call_id).exclude(state=Call.State.DONE).exists()


def steps(call_id: UUID) -> QuerySet[CallStep]:
    """Return what happened in a call, in its order."""
    return CallStep.objects.filter(call_id=call_id).order_by("at", "id")


def history(of: Call, *, limit: int = 20) -> list[Call]:
    """Return the other calls of the same number, the latest first."""
    if not of.phone:
        return []
    return list(_calls().filter(phone=of.phone).exclude(pk=of.pk).order_by("-began_at")[:limit])


def panel(by: Actor) -> Panel:
    """Return what stands on every page; two statements more while it rings."""
    calls = list(_calls().filter(state__in=OPEN).order_by("began_at")[:QUEUE])
    mine = [
        one
        for one in calls
        if one.state == Call.State.OPEN and one.answered_by and one.answered_by.user_id == by.user_id
    ]
    return Panel(_rings([one for one in calls if one.state == Call.State.RINGING]), mine)


def _rings(calls: Sequence[Call]) -> list[Ring]:
    if not calls:
        return []
    flags, charts = _flags(calls), patients.charts_with({one.phone for one in calls if one.phone})
    return [Ring(one, flags.get(one.phone), charts.get(one.phone, 0)) for one in calls]


def log(filters: Filters, *, zone: ZoneInfo) -> QuerySet[Call]:
    """Return the calls that fit, the latest first."""
    calls = _calls()
    if filters.first:
        calls = calls.filter(began_at__gte=clock.day_bounds(filters.first, zone)[0])
    if filters.last:
        calls = calls.filter(began_at__lt=clock.day_bounds(filters.last, zone)[1])
    if filters.state in Call.State.values:
        calls = calls.filter(state=filters.state)
    elif filters.state:
        calls = calls.filter(outcome=filters.state)
    if filters.reason_id:
        calls = calls.filter(reason_id=filters.reason_id)
    if filters.member_id:
        calls = calls.filter(answered_by_id=filters.member_id)
    return calls.order_by("-began_at", "-number")


def found(text: str, *, today: date, since: datetime) -> list[Call]:
    """Return the calls that a text means: a number or its end, a call's own number, or a name; the latest first."""
    digits = "".join(sign for sign in text if sign.isdecimal())
    calls = _calls().order_by("-began_at", "-number")
    is_spelt = any(sign.isalpha() for sign in text)
    is_whole = is_spelt or len(digits) > 7  # a local number alone would be read as a whole one
    if is_whole and (phone := rules.normalized(text)):
        return list(calls.filter(phone=phone)[:FOUND])
    if digits and len(digits) <= 9 and not is_spelt:
        return [*calls.filter(number=int(digits)), *_ending_in(digits)][:FOUND]
    if len(text.strip()) < 2:
        return []
    ids = [hit.patient.pk for hit in patients.search(text=text, today=today)]
    by_patient = list(calls.filter(patient_id__in=ids)[:FOUND])
    by_name = list(calls.filter(caller_name__icontains=text.strip(), began_at__gte=since)[:FOUND])
    both = {one.pk: one for one in (*by_patient, *by_name)}
    return sorted(both.values(), key=lambda one: one.began_at, reverse=True)[:FOUND]


def _ending_in(digits: str) -> QuerySet[Call]:
    """Return the calls of numbers that end in four to seven digits, the latest first."""
    if not 4 <= len(digits) <= 7:
        return Call.objects.none()
    calls = _calls().filter(tail=digits[-4:], phone__endswith=digits).exclude(number=int(digits))
    return calls.order_by("-began_at", "-number")[:FOUND]


def of_patient(patient_id: UUID, *, limit: int = 10) -> list[Call]:
    """Return the calls about a patient, the latest first."""
    return list(_calls().filter(patient_id=patient_id).order_by("-began_at")[:limit])


def promised_to(of: Call) -> list[Call]:
    """Return the other calls about the same patient, or of the same number, that wait for a call back."""
    if not (of.patient_id or of.phone):
        return []
    same = Q(phone=of.phone) if of.phone else Q(pk=None)
    if of.patient_id:
        same = Q(patient_id=of.patient_id) | (same & Q(patient=None))
    return list(_calls().filter(same, state=Call.State.WAITING).exclude(pk=of.pk).order_by("due_at")[:3])


def behind(phone: str) -> Behind:
    """Return in how many charts a number stands."""
    found = patients.reached_by(phone) if phone else []
    own = sum(phone in {one.number for one in row.phones.all()} for row in found)
    return Behind(own, len(found) - own)


def flag_of(phone: str) -> PhoneFlag | None:
    """Return the flag of a number."""
    return flags().filter(phone=phone).first() if phone else None


def flags() -> QuerySet[PhoneFlag]:
    """Return the flagged numbers, the latest first."""
    return PhoneFlag.objects.filter(lifted_at__isnull=True).order_by("-at")


def reasons() -> QuerySet[CallReason]:
    """Return why people call, in the office's order."""
    return CallReason.objects.filter(retired_at__isnull=True).order_by("rank", "words")


def red_flags() -> QuerySet[RedFlag]:
    """Return what comes before all else, in the office's order."""
    return RedFlag.objects.filter(retired_at__isnull=True).order_by("rank", "words")


def red_flag(flag_id: UUID) -> RedFlag | None:
    """Return one red flag, or None."""
    return RedFlag.objects.filter(pk=flag_id).first()


def callers() -> list[Membership]:
    """Return the people of the office who take calls."""
    return [one for one in practice.members() if Can.ANSWER_PHONES in roles()[one.role].may]


def reason(reason_id: UUID) -> CallReason | None:
    """Return one reason, or None."""
    return CallReason.objects.filter(pk=reason_id).first()


def hook() -> PhoneHook | None:
    """Return the telephone system's open door, or None."""
    return PhoneHook.objects.filter(closed_at__isnull=True).first()


def lines(*, now: datetime, zone: ZoneInfo) -> list[PhoneLine]:
    """Return the lines in use by their names, with `today`: how many calls came by each since midnight."""
    midnight = clock.day_bounds(now.astimezone(zone).date(), zone)[0]
    today = Count("calls", filter=Q(calls__began_at__gte=midnight))
    return list(PhoneLine.objects.filter(retired_at__isnull=True).annotate(today=today).order_by("name"))


def retired_lines() -> QuerySet[PhoneLine]:
    """Return the lines that were retired, the latest first."""
    return PhoneLine.objects.filter(retired_at__isnull=False).order_by("-retired_at")


def line(line_id: UUID) -> PhoneLine | None:
    """Return one line, or None."""
    return PhoneLine.objects.filter(pk=line_id).first()


def role_for(found: CallReason | None, *, at: time) -> str:
    """Return the role whose calls these are at a time of day; the desk's where there is no reason."""
    if found is None:
        return "receptionist"
    return rules.taken_by(rules.Route(found.role, found.opens, found.closes, found.fallback), at=at)


def zone_of(practice_id: UUID) -> ZoneInfo:
    """Return where the office's clock hangs."""
    return Practice.objects.get(pk=practice_id).zone


def _figures(since: datetime) -> Figures:
    incoming = Call.objects.filter(began_at__gte=since, direction=Call.Direction.IN)
    told = incoming.aggregate(
        calls=Count("pk"),
        gave_up=Count("pk", filter=Q(state=Call.State.ABANDONED)),
        waits=Avg(F("answered_at") - F("began_at"), filter=~Q(line_id="")),
    )
    waits = told["waits"]
    return Figures(told["calls"], told["gave_up"], int(waits.total_seconds()) if waits is not None else None)


def _unheard(now: datetime) -> QuerySet[Call]:
    """Return the calls that nobody answered and that no later call of or to the number has settled."""
    since = opening.last_working_day(now) or now - LATELY
    later = Call.objects.filter(began_at__gt=OuterRef("began_at")).exclude(outcome="blocked")
    settled = later.filter(state__in=(Call.State.OPEN, Call.State.WAITING, Call.State.DONE))
    # One question for each of the two numbers: asked as one, no index answers it.
    same = Exists(settled.filter(phone=OuterRef("phone")))
    other = Exists(settled.filter(back_to=OuterRef("phone")).exclude(back_to=""))
    unheard = _calls().filter(state=Call.State.ABANDONED, began_at__gte=since)
    return unheard.filter(Q(phone="") | (~same & ~other))


def _calls() -> QuerySet[Call]:
    return Call.objects.select_related("reason", "patient", "answered_by", "red_flag")


def _flags(calls: Sequence[Call]) -> dict[str, PhoneFlag]:
    phones = {call.phone for call in calls if call.phone}
    return {flag.phone: flag for flag in flags().filter(phone__in=phones)}
