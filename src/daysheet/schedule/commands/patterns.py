"""Shaping the weeks: time kept for kinds of visit."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, time
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.practice.models import Location, Provider
from daysheet.schedule.commands.setting import NotASpan
from daysheet.schedule.models import AppointmentType, ScheduleBlock, ScheduleBlockKind

MOST_IN_A_SESSION = 99
LONGEST_RELEASE = 365


class StrangeBlock(Refusal):
    """The block keeps nothing, or for nobody."""


class BlockFact(NamedTuple):
    """What a block is, but for whose it is and on which weekday."""

    location_id: UUID
    name: str
    type_ids: Collection[UUID]
    begins: time
    ends: time
    from_on: date | None = None
    until_on: date | None = None
    turn: int = 0
    release: int | None = None
    release_unit: str = "days"
    least: int | None = None
    most: int | None = None


@command(needs=Can.MANAGE_OFFICE)
def add_blocks(
    by: Actor, /, *, provider_id: UUID, weekdays: Collection[int], fact: BlockFact
) -> list[ScheduleBlock]:
    """Keep a part of a clinician's weekdays for some kinds of visit; what is booked in it stays.

    Raises NotASpan or StrangeBlock.
    """
    _makes_sense(fact)
    if not Provider.objects.filter(pk=provider_id, left_on=None).exists():
        raise StrangeBlock(_("That clinician is not on the books."))
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise StrangeBlock(_("Choose at least one weekday."), weekdays=_("Choose at least one weekday."))
    rows = ScheduleBlock.objects.bulk_create(
        ScheduleBlock(provider_id=provider_id, weekday=day, **_columns(fact)) for day in sorted(set(weekdays))
    )
    for row in rows:
        _name_kinds(row, fact.type_ids)
        record(by, "schedule.block.added", row, provider=str(provider_id), **_told(row, fact))
    announce(by.practice_id, "schedule")
    return rows


@command(needs=Can.MANAGE_OFFICE)
def change_block(
    by: Actor, /, *, block_id: UUID, version: int | None, weekday: int, fact: BlockFact
) -> ScheduleBlock:
    """Say anew what a block is. Raises NotASpan, StrangeBlock or StaleForm."""
    _makes_sense(fact)
    if weekday not in range(7):
        raise StrangeBlock(_("Choose at least one weekday."), weekdays=_("Choose one weekday."))
    row = _held(block_id)
    if version is not None and row.version != version:
        raise StaleForm(_("Somebody changed this block meanwhile. Look at it again, then decide."))
    new: Mapping[str, Any] = _columns(fact) | {"weekday": weekday, "version": row.version + 1}
    for name, value in new.items():
        setattr(row, name, value)
    row.save(update_fields=list(new))
    row.kinds.all().delete()
    _name_kinds(row, fact.type_ids)
    record(by, "schedule.block.changed", row, **_told(row, fact))
    announce(by.practice_id, "schedule")
    return row


@command(needs=Can.MANAGE_OFFICE)
def retire_block(by: Actor, /, *, block_id: UUID) -> ScheduleBlock:
    """Keep the time no more: it is open to all at once."""
    return _use(by, block_id, is_active=False)


@command(needs=Can.MANAGE_OFFICE)
def restore_block(by: Actor, /, *, block_id: UUID) -> ScheduleBlock:
    """Keep the time again."""
    return _use(by, block_id, is_active=True)


def _use(by: Actor, block_id: UUID, *, is_active: bool) -> ScheduleBlock:
    row = _held(block_id)
    row.is_active = is_active
    row.version += 1
    row.save(update_fields=["is_active", "version"])
    record(by, f"schedule.block.{'restored' if is_active else 'retired'}", row, name=row.name)
    announce(by.practice_id, "schedule")
    return row


def _held(block_id: UUID) -> ScheduleBlock:
    row = ScheduleBlock.objects.select_for_update(of=("self",)).filter(pk=block_id).first()
    if row is None:
        raise StrangeBlock(_("That block is not on the books."))
    return row


def _makes_sense(fact: BlockFact) -> None:
    if fact.begins >= fact.ends:
        raise NotASpan(_("The time ends before it begins. Check the hours."), hours=_("Check the hours."))
    if fact.from_on and fact.until_on and fact.until_on <= fact.from_on:
        raise NotASpan(_("It ends before it begins to hold."), until_on=_("Choose a later day."))
    if not fact.name.strip():
        raise StrangeBlock(_("Say what the time is kept for."), name=_("Write a name."))
    if not Location.objects.filter(pk=fact.location_id, closed_on=None).exists():
        raise StrangeBlock(_("That location is not on the books."), where=_("Choose another."))
    if fact.turn not in (0, 1, 2) or fact.release_unit not in ScheduleBlock.Unit.values:
        raise StrangeBlock(_("Choose one of the list."))
    if not fact.type_ids and fact.release is None:
        raise StrangeBlock(
            _("Time that is kept for no kind of visit and never released can never be booked."),
            release=_("Say when it is open to all, or choose kinds of visit."),
        )
    if fact.release is not None and not 0 <= fact.release <= LONGEST_RELEASE:
        raise StrangeBlock(_("It is released at most a year before."), release=_("Check the number."))
    for name, number in (("least", fact.least), ("most", fact.most)):
        if number is not None and not 0 <= number <= MOST_IN_A_SESSION:
            raise StrangeBlock(_("A session has at most 99 visits."), **{name: _("Check the number.")})
    if fact.least is not None and fact.most is not None and fact.least > fact.most:
        raise StrangeBlock(
            _("A session may not have so many visits, so this time would never be open to all."),
            least=_("Write no more than a session may have."),
        )
    known = AppointmentType.objects.filter(pk__in=list(fact.type_ids)).count()
    if known != len(set(fact.type_ids)):
        raise StrangeBlock(_("That visit type is not on the books."), types=_("Choose another."))


def _columns(fact: BlockFact) -> dict[str, Any]:
    columns = fact._asdict()
    del columns["type_ids"]
    return columns | {"name": fact.name.strip()}


def _name_kinds(row: ScheduleBlock, type_ids: Iterable[UUID]) -> None:
    ScheduleBlockKind.objects.bulk_create(
        ScheduleBlockKind(block=row, type_id=one) for one in sorted(set(type_ids))
    )


def _told(row: ScheduleBlock, fact: BlockFact) -> dict[str, Any]:
    return {
        "name": row.name,
        "weekday": row.weekday,
        "hours": f"{row.begins:%H:%M}-{row.ends:%H:%M}",
        "kinds": [str(one) for one in fact.type_ids],
        "release": row.release,
        "unit": row.release_unit,
        "least": row.least,
        "most": row.most,
    }
