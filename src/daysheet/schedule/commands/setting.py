"""Setting the book up: kinds of visit, office hours of clinicians, absences."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from daysheet.coverage.copays import OFFICE as OFFICE_VISIT
from daysheet.coverage.rules.answer import SERVICES
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.schedule.commands.offers_again import _offer_again_in
from daysheet.schedule.commands.offers_gone import _end_offers_in
from daysheet.schedule.models import Absence, AppointmentType, ProviderHours
from daysheet.schedule.queries import HoursRow
from daysheet.schedule.remote import MODES, OFFICE
from daysheet.schedule.rules import LONGEST, SHORTEST, clashing_day

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class NotASpan(Refusal):
    """The end does not come after the beginning."""


class TwoPlacesAtOnce(Refusal):
    """The hours of one weekday overlap."""


@command(needs=Can.MANAGE_OFFICE)
def add_appointment_type(
    by: Actor,
    /,
    *,
    name: str,
    minutes: int,
    takes_copay: bool = True,
    copay_service: str = OFFICE_VISIT,
    for_new_patients: bool = False,
    for_established_patients: bool = False,
    color: str = "",
    mode: str = OFFICE,
) -> AppointmentType:
    """Add a kind of visit that the office books.

    Refuses a name that is in use, a length outside 5 to 480 minutes, and a service by which no copay is named.
    """
    _can_be_a_type(name, minutes, mode, copay_service)
    with refusing(appointment_type_name_is_free=_name_is_taken()):
        kind = AppointmentType.objects.create(
            name=name.strip(),
            minutes=minutes,
            takes_copay=takes_copay,
            copay_service=copay_service,
            for_new_patients=for_new_patients,
            for_established_patients=for_established_patients and not for_new_patients,
            color=color,
            mode=mode,
            rank=AppointmentType.objects.count() + 1,
        )
    record(by, "schedule.appointment_type.added", kind, name=kind.name, minutes=minutes)
    return kind


@command(needs=Can.MANAGE_OFFICE)
def change_appointment_type(
    by: Actor,
    /,
    *,
    type_id: UUID,
    name: str,
    minutes: int,
    takes_copay: bool = True,
    copay_service: str | None = None,
    for_new_patients: bool = False,
    for_established_patients: bool = False,
    mode: str = OFFICE,
) -> AppointmentType:
    """Say anew what a kind of visit is called and how long it takes; appointments already booked stay as they are.

    Refuses what adding it would refuse.
    """
    kind = AppointmentType.objects.get(id=type_id)
    service = kind.copay_service if copay_service is None else copay_service
    _can_be_a_type(name, minutes, mode, service)
    new = {
        "name": name.strip(),
        "minutes": minutes,
        "takes_copay": takes_copay,
        "copay_service": service,
        "for_new_patients": for_new_patients,
        "for_established_patients": for_established_patients and not for_new_patients,
        "mode": mode,
    }
    changed = {field: [getattr(kind, field), value] for field, value in new.items()}
    for field, value in new.items():
        setattr(kind, field, value)
    with refusing(appointment_type_name_is_free=_name_is_taken()):
        kind.save(update_fields=list(new))
    record(
        by,
        "schedule.appointment_type.changed",
        kind,
        changed={field: pair for field, pair in changed.items() if pair[0] != pair[1]},
    )
    return kind


@command(needs=Can.MANAGE_OFFICE)
def retire_appointment_type(by: Actor, /, *, type_id: UUID) -> AppointmentType:
    """Book a kind of visit no more; what is booked stays."""
    kind = AppointmentType.objects.get(id=type_id)
    kind.is_active = False
    kind.save(update_fields=["is_active"])
    record(by, "schedule.appointment_type.retired", kind, name=kind.name)
    return kind


@command(needs=Can.MANAGE_OFFICE)
def restore_appointment_type(by: Actor, /, *, type_id: UUID) -> AppointmentType:
    """Book a retired kind of visit again."""
    kind = AppointmentType.objects.get(id=type_id)
    kind.is_active = True
    kind.save(update_fields=["is_active"])
    record(by, "schedule.appointment_type.restored", kind, name=kind.name)
    return kind


def _can_be_a_type(name: str, minutes: int, mode: str, service: str) -> None:
    if not name.strip():
        raise Refusal("A visit type needs a name.", name="Write a name.")
    if not SHORTEST <= minutes <= LONGEST:
        raise Refusal(
            f"A visit lasts {SHORTEST} to {LONGEST} minutes.", minutes="Check the number of minutes."
        )
    if mode not in MODES:
        raise Refusal("A visit takes place in the office, by video or by phone.", mode="Choose one of them.")
    if service not in SERVICES:
        raise Refusal("No plan names a copay by that service.", copay_service="Choose one of the list.")


def _name_is_taken() -> Refusal:
    return Refusal(
        "There is a visit type of that name already. Choose another name.", name="This name is in use."
    )


@command(needs=Can.MANAGE_OFFICE)
def set_provider_hours(
    by: Actor,
    /,
    *,
    provider_id: UUID,
    hours: Sequence[tuple[UUID, int, time, time]],
    from_on: date | None = None,
    turn: int = 0,
) -> list[ProviderHours]:
    """Write down when a clinician sees patients: (door, weekday, begins, ends), instead of what stood then.

    With a day, what stood before ends on it and the new hours begin; without one they take the place of those in
    force. Hours that are set for a later day stay: the new ones hold until they begin, or until
    the day on which those in force are to end. `turn` is every week (0), or
    one of the two weeks that take turns: what holds in the others stays.
    """
    if turn not in (0, 1, 2):
        raise Refusal(_("Choose one of the list."), turn=_("Choose which weeks."))
    if any(begins >= ends for _place, _weekday, begins, ends in hours):
        raise NotASpan("Hours end after they begin. Check the times.")
    today = local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
    old = ProviderHours.objects.filter(provider_id=provider_id, turn=turn)
    since, until = _span(old, from_on, today)
    clash = _clash(provider_id, hours, turn, since, until)
    if clash is not None:
        raise TwoPlacesAtOnce(f"The hours on {WEEKDAYS[clash]} overlap. Nobody is in two places at once.")
    if from_on:
        old.filter(from_on=from_on).delete()
        running = Q(from_on__isnull=True) | Q(from_on__lt=from_on)
        old.filter(running, Q(until_on__isnull=True) | Q(until_on__gt=from_on)).update(until_on=from_on)
    else:
        old.filter(Q(from_on__isnull=True) | Q(from_on__lte=today), _still(today)).delete()
    with refusing():
        rows = ProviderHours.objects.bulk_create(
            ProviderHours(
                provider_id=provider_id,
                location_id=place,
                weekday=weekday,
                begins=begins,
                ends=ends,
                from_on=since,
                until_on=until,
                turn=turn,
            )
            for place, weekday, begins, ends in hours
        )
    record(
        by,
        "schedule.hours.set",
        provider=str(provider_id),
        turn=turn,
        hours=[f"{weekday} {begins:%H:%M}-{ends:%H:%M}" for _place, weekday, begins, ends in hours],
    )
    announce(by.practice_id, "schedule")
    return rows


@command(needs=Can.MANAGE_OFFICE)
def put_hours_back(
    by: Actor, /, *, provider_id: UUID, turn: int, stood: Sequence[HoursRow], left: Sequence[HoursRow]
) -> None:
    """Let a clinician's hours be as they were before they were set; refuses where they were set again since.

    `stood` is what stood before, `left` what stands now: `queries.hours_kept` says both.
    """
    now = ProviderHours.objects.select_for_update().filter(provider_id=provider_id, turn=turn)
    if Counter(now.values_list(*HoursRow._fields)) != Counter(map(tuple, left)):
        raise Refusal(_("These hours were set again meanwhile. Look at them, then set them by hand."))
    now.delete()
    ProviderHours.objects.bulk_create(
        ProviderHours(provider_id=provider_id, turn=turn, **one._asdict()) for one in stood
    )
    record(by, "schedule.hours.put-back", provider=str(provider_id), turn=turn)
    announce(by.practice_id, "schedule")


def _still(day: date) -> Q:
    return Q(until_on__isnull=True) | Q(until_on__gt=day)


def _span(old: QuerySet[ProviderHours], from_on: date | None, today: date) -> tuple[date | None, date | None]:
    """Return from when new hours hold and until when: after what is over, up to what, or the end that, is set."""
    start = from_on or today
    since = from_on or old.filter(until_on__lte=today).aggregate(day=Max("until_on"))["day"]
    until = old.filter(from_on__gt=start).aggregate(day=Min("from_on"))["day"]
    in_force = old.filter(Q(from_on__isnull=True) | Q(from_on__lte=start), _still(start))
    ends = list(in_force.values_list("until_on", flat=True))
    if until is None and None not in ends:
        until = max((day for day in ends if day), default=None)
    return since, until


def _clash(
    provider_id: UUID,
    hours: Sequence[tuple[UUID, int, time, time]],
    turn: int,
    since: date | None,
    until: date | None,
) -> int | None:
    """Return the first weekday on which new hours overlap, each other or those of other weeks that hold with them."""
    others = ProviderHours.objects.filter(provider_id=provider_id)
    others = others.filter(turn=0) if turn else others.exclude(turn=0)
    begin, end = since or date.min, until or date.max
    rows = [
        (mine, (weekday, begins, ends), from_on or date.min, until_on or date.max)
        for mine, weekday, begins, ends, from_on, until_on in others.values_list(
            "turn", "weekday", "begins", "ends", "from_on", "until_on"
        )
    ]
    new = [(weekday, begins, ends) for _place, weekday, begins, ends in hours]
    days = sorted({begin, *(first for _mine, _span, first, _last in rows if begin < first < end)})
    # What holds every week must not meet what holds in either of the two; those two never meet each other.
    for week in (turn,) if turn else (1, 2):
        for day in days:
            stand = [span for mine, span, first, last in rows if mine in (0, week) and first <= day < last]
            clash = clashing_day([*stand, *new])
            if clash is not None:
                return clash
    return None


@command(needs=Can.MANAGE_OFFICE)
def add_absence(
    by: Actor,
    /,
    *,
    starts_at: datetime,
    ends_at: datetime,
    provider_id: UUID | None = None,
    location_id: UUID | None = None,
    reason: str = "",
) -> Absence:
    """Note a span in which a clinician, or a whole door, takes no patients. Appointments in it stay."""
    if starts_at >= ends_at:
        raise NotASpan("An absence ends after it begins. Check the times.")
    absence = Absence.objects.create(
        provider_id=provider_id, location_id=location_id, starts_at=starts_at, ends_at=ends_at, reason=reason
    )
    _end_offers_in(by, absence)
    record(
        by, "schedule.absence.added", absence, starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat()
    )
    announce(by.practice_id, "schedule")
    return absence


@command(needs=Can.MANAGE_OFFICE)
def remove_absence(by: Actor, /, *, absence_id: UUID) -> Absence:
    """Take an absence off the book. A refusal for what is a holiday of the office: that goes under Holidays."""
    absence = Absence.objects.filter(id=absence_id).first()
    if absence is None:
        raise Refusal("That absence is not on the book any more.")
    if absence.sort == Absence.Sort.HOLIDAY:
        raise Refusal("This is a holiday of the office. Remove it under Holidays.")
    record(by, "schedule.absence.removed", absence, starts_at=absence.starts_at.isoformat())
    absence.delete()
    _offer_again_in(by, absence)
    announce(by.practice_id, "schedule")
    return absence
