"""The phone desk as a person sees it: who rings, who waits for a call back, who is behind a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from daysheet.kernel.models import Practice
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.phones import rules
from daysheet.phones.models import Call, CallReason, CallStep, PhoneFlag, PhoneHook
from daysheet.ui.words import age

LAST, QUEUE = 30, 100
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
    last: Sequence[CallLine]

    @property
    def patient_ids(self) -> list[UUID]:
        """Return the patients who are named on the desk."""
        lines = (*self.on_the_phone, *self.waiting, *self.voicemails, *self.last)
        return list(dict.fromkeys(line.call.patient_id for line in lines if line.call.patient_id))


@dataclass(frozen=True, slots=True)
class Behind:
    """Somebody whom a number may mean: no more than this before two identifiers matched."""

    initials: str
    age: str
    is_own: bool
    """The number is the patient's own, not a contact's."""


def desk(*, now: datetime) -> Desk:
    """Return the phone desk, in a constant number of statements."""
    on_the_phone = list(_calls().filter(state__in=OPEN).order_by("began_at")[:QUEUE])
    waiting = list(_calls().filter(state=Call.State.WAITING).order_by("due_at")[:QUEUE])
    voicemails = list(_calls().filter(state=Call.State.VOICEMAIL).order_by("began_at")[:QUEUE])
    last = list(
        _calls().filter(state__in=(Call.State.DONE, Call.State.ABANDONED)).order_by("-began_at")[:LAST]
    )
    flags = _flags([*on_the_phone, *waiting, *voicemails, *last])

    def lines(calls: Sequence[Call]) -> list[CallLine]:
        return [CallLine(call, clock_of(call, now=now), flags.get(call.phone)) for call in calls]

    return Desk(lines(on_the_phone), lines(waiting), lines(voicemails), lines(last))


def clock_of(call: Call, *, now: datetime) -> rules.CallClock:
    """Return the clock of a call: since when it rings or goes on, or how long its call back has."""
    if call.state == Call.State.WAITING and call.due_at:
        return rules.clock_of(call.due_at, now=now)
    if call.state in OPEN:
        tone = "attention" if call.state == Call.State.RINGING else "active"
        return rules.CallClock(tone, rules.span(now - call.began_at))
    return rules.CallClock("neutral", "")


def ringing() -> int:
    """Return how many calls ring now."""
    return Call.objects.filter(state=Call.State.RINGING).count()


def call(call_id: UUID) -> Call | None:
    """Return one call with all that stands beside it, or None."""
    return _calls().filter(pk=call_id).first()


def steps(call_id: UUID) -> QuerySet[CallStep]:
    """Return what happened in a call, in its order."""
    return CallStep.objects.filter(call_id=call_id).order_by("at", "id")


def history(of: Call, *, limit: int = 20) -> list[Call]:
    """Return the other calls of the same number, the latest first."""
    if not of.phone:
        return []
    return list(_calls().filter(phone=of.phone).exclude(pk=of.pk).order_by("-began_at")[:limit])


def behind(phone: str, *, today: date) -> tuple[list[Behind], list[Patient]]:
    """Return whom a number may mean, as little as is shown of them, and the patients themselves for the diary."""
    if not phone:
        return [], []
    found = patients.reached_by(phone)
    own = {row.pk for row in found if phone in {one.number for one in row.phones.all()}}
    shown = [
        Behind(rules.initials(row.given, row.family), age(row.born_on, today), row.pk in own) for row in found
    ]
    return shown, found


def flag_of(phone: str) -> PhoneFlag | None:
    """Return the flag of a number."""
    return PhoneFlag.objects.filter(phone=phone).first() if phone else None


def flags() -> QuerySet[PhoneFlag]:
    """Return the flagged numbers, the latest first."""
    return PhoneFlag.objects.order_by("-at")


def reasons() -> QuerySet[CallReason]:
    """Return why people call, in the office's order."""
    return CallReason.objects.filter(retired_at__isnull=True).order_by("rank", "words")


def reason(reason_id: UUID) -> CallReason | None:
    """Return one reason, or None."""
    return CallReason.objects.filter(pk=reason_id).first()


def hook() -> PhoneHook | None:
    """Return the telephone system's open door, or None."""
    return PhoneHook.objects.filter(closed_at__isnull=True).first()


def role_for(found: CallReason | None, *, at: time) -> str:
    """Return the role whose calls these are at a time of day; the desk's where there is no reason."""
    if found is None:
        return "receptionist"
    return rules.taken_by(rules.Route(found.role, found.opens, found.closes, found.fallback), at=at)


def zone_of(practice_id: UUID) -> ZoneInfo:
    """Return where the office's clock hangs."""
    return Practice.objects.get(pk=practice_id).zone


def _calls() -> QuerySet[Call]:
    return Call.objects.select_related("reason", "patient", "answered_by")


def _flags(calls: Sequence[Call]) -> dict[str, PhoneFlag]:
    phones = {call.phone for call in calls if call.phone}
    return {flag.phone: flag for flag in PhoneFlag.objects.filter(phone__in=phones)}
