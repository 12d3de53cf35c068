"""Days on which the office is closed, and times at which a clinician is on call."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.practice.models import Location, Provider
from daysheet.schedule.commands.offers_again import _offer_again_in
from daysheet.schedule.commands.offers_gone import _end_offers_in
from daysheet.schedule.commands.setting import NotASpan
from daysheet.schedule.models import Absence, Holiday
from daysheet.schedule.rules import first_reading

LONGEST_ON_CALL = timedelta(days=31)


class HolidayStands(Refusal):
    """The office is closed on that day already."""


class DayOff(NamedTuple):
    """A day on which the office is closed, or from some hour on."""

    day: date
    name: str
    from_clock: time | None = None


@command(needs=Can.MANAGE_OFFICE)
def keep_holidays(by: Actor, /, *, days: Collection[DayOff]) -> list[Holiday]:
    """Close the office on some days; appointments in them stay.

    Raises HolidayStands where one is kept already, or a refusal when there is none, or one is over.
    """
    if not days:
        raise Refusal(_("Choose at least one day."))
    if any(not one.name.strip() for one in days):
        raise Refusal(_("Say which holiday it is."), name=_("Write a name."))
    kept = []
    for one in sorted(set(days)):
        absence = _close(by, one)
        with refusing(holiday_stands_once=_stands()):
            row = Holiday.objects.create(
                day=one.day, name=one.name.strip(), from_clock=one.from_clock, absence=absence
            )
        record(by, "schedule.holiday.kept", row, day=one.day.isoformat(), name=row.name)
        kept.append(row)
    announce(by.practice_id, "schedule")
    return kept


@command(needs=Can.MANAGE_OFFICE)
def remove_holiday(by: Actor, /, *, holiday_id: UUID) -> DayOff:
    """Open the office on that day again; return what it was."""
    rows = Holiday.objects.select_for_update(of=("self",)).select_related("absence")
    row = rows.filter(pk=holiday_id).first()
    if row is None:
        raise Refusal(_("That holiday is not on the book any more."))
    was = DayOff(row.day, row.name, row.from_clock)
    record(by, "schedule.holiday.removed", row, day=row.day.isoformat(), name=row.name)
    closed = [row.absence, *row.absence.parts.all()]
    row.delete()
    row.absence.delete()
    for each in closed:
        _offer_again_in(by, each)
    announce(by.practice_id, "schedule")
    return was


@command(needs=Can.MANAGE_OFFICE)
def take_holidays_back(by: Actor, /, *, holiday_ids: Collection[UUID]) -> int:
    """Open the office again on days that were closed at one press, on those that are still closed; return how many.

    Raises a refusal when none is.
    """
    left = list(Holiday.objects.filter(pk__in=list(holiday_ids)).order_by("pk").values_list("pk", flat=True))
    if not left:
        raise Refusal(_("That holiday is not on the book any more."))
    for one in left:
        remove_holiday(by, holiday_id=one)
    record(by, "schedule.holidays.taken-back", days=len(left))
    return len(left)


@command(needs=Can.MANAGE_OFFICE)
def put_on_call(
    by: Actor, /, *, provider_id: UUID, starts_at: datetime, ends_at: datetime, reason: str = ""
) -> Absence:
    """Note when a clinician is on call: the desk sees it, and nothing is booked in it. Raises NotASpan."""
    if starts_at >= ends_at or ends_at <= by.now:
        raise NotASpan(_("The time ends before it begins, or is over already. Check the day and the times."))
    if ends_at - starts_at > LONGEST_ON_CALL:
        raise NotASpan(_("That is more than a month. Check the day and the times."))
    if not Provider.objects.filter(pk=provider_id, left_on=None).exists():
        raise Refusal(_("That clinician is not on the books."), who=_("Choose another."))
    absence = Absence.objects.create(
        provider_id=provider_id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip(),
        sort=Absence.Sort.ON_CALL,
    )
    _end_offers_in(by, absence)
    record(
        by, "schedule.on-call.noted", absence, starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat()
    )
    announce(by.practice_id, "schedule")
    return absence


def _close(by: Actor, one: DayOff) -> Absence:
    """Close the office on a day; where doors keep several clocks each is closed by its own, besides.

    The whole office is closed while it is at every door: that holds for a door that opens later, too.
    """
    doors = {door.pk: _span(one, door.zone) for door in Location.objects.filter(closed_on=None)}
    spans = set(doors.values()) or {_span(one, Practice.objects.get(pk=by.practice_id).zone)}
    if max(until for _since, until in spans) <= by.now:
        raise Refusal(_("That day is over."), day=_("Choose a day to come."))
    common = max(since for since, _until in spans), min(until for _since, until in spans)
    if common[0] >= common[1]:  # no hour is common to doors half a world apart
        common = min(since for since, _until in spans), max(until for _since, until in spans)
        doors = {}
    facts: dict[str, Any] = {"reason": one.name.strip(), "sort": Absence.Sort.HOLIDAY}
    whole = Absence.objects.create(starts_at=common[0], ends_at=common[1], **facts)
    apart = {pk: span for pk, span in doors.items() if span != common}
    parts = Absence.objects.bulk_create(
        Absence(location_id=pk, starts_at=since, ends_at=until, part_of=whole, **facts)
        for pk, (since, until) in sorted(apart.items())
    )
    for each in (whole, *parts):
        _end_offers_in(by, each)
    return whole


def _span(one: DayOff, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return from when to when a day is closed by a door's clock."""
    since = first_reading(one.day, one.from_clock or time(0), zone)
    return since, first_reading(one.day + timedelta(days=1), time(0), zone)


def _stands() -> HolidayStands:
    return HolidayStands(
        _("The office is closed on that day already."), day=_("This day is on the list already.")
    )
