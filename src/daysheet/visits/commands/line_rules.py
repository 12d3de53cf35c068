"""What a manager decides about the line: what the wall shows, the letters, the desks that call."""

import re
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.practice.models import Location
from daysheet.schedule.models import AppointmentType
from daysheet.visits.models import CallingPoint, TokenCategory, WallPolicy


class NotOfThisDoor(Refusal):
    """The door, letter or desk is not on the books, or stands already."""


@command(needs=Can.MANAGE_OFFICE)
def set_wall_policy(
    by: Actor,
    /,
    *,
    location_id: UUID,
    shows: str,
    says_late: bool | None = None,
    version: int | None = None,
) -> WallPolicy:
    """Choose what a door's wall shows, and whether it says who runs late (None: as before).

    Raises StaleForm when somebody chose meanwhile.
    """
    _must_be_a_door(location_id)
    if shows not in WallPolicy.Shows.values:
        raise NotOfThisDoor(_("Choose what the wall shows."), shows=_("Choose one of the two."))
    policy, is_new = WallPolicy.objects.select_for_update().get_or_create(location_id=location_id)
    if version is not None and version != (0 if is_new else policy.version):
        raise StaleForm(_("Somebody else has chosen meanwhile. Look at it again."))
    before = "" if is_new else policy.shows
    policy.shows, policy.version = shows, policy.version + (0 if is_new else 1)
    policy.says_late = policy.says_late if says_late is None else says_late
    policy.save(update_fields=["shows", "says_late", "version"])
    record(
        by,
        "visits.wall-policy.chosen",
        policy,
        before=before,
        shows=shows,
        says_late=policy.says_late,
    )
    announce(by.practice_id, "visits")
    return policy


@command(needs=Can.MANAGE_OFFICE)
def add_token_category(
    by: Actor,
    /,
    *,
    location_id: UUID,
    letter: str,
    words: str,
    type_ids: Sequence[UUID] = (),
    takes_walk_ins: bool = False,
    first: int = 1,
) -> TokenCategory:
    """Give a door a letter for some of its visits; who has a token already keeps it. Raises NotOfThisDoor."""
    _must_be_a_door(location_id)
    letter = letter.strip().upper()
    if not re.fullmatch("[A-Z]", letter):
        raise NotOfThisDoor(_("A token begins with one letter from A to Z."), letter=_("One letter."))
    if not 1 <= first <= 9999:
        raise NotOfThisDoor(_("The first number is from 1 to 9999."), first=_("From 1 to 9999."))
    if AppointmentType.objects.filter(pk__in=type_ids).count() != len(set(type_ids)):
        raise NotOfThisDoor(_("That kind of visit is not on the list."), type_ids=_("Choose of the list."))
    with refusing(token_letter_is_one_per_door=_letter_stands()):
        category = TokenCategory.objects.create(
            location_id=location_id,
            letter=letter,
            words=words.strip(),
            type_ids=list(type_ids),
            takes_walk_ins=takes_walk_ins,
            first=first,
        )
    record(by, "visits.token-category.added", category, letter=letter, first=first)
    return category


@command(needs=Can.MANAGE_OFFICE)
def drop_token_category(by: Actor, /, *, category_id: UUID) -> TokenCategory:
    """Let a letter go; tokens that were drawn stay."""
    category = TokenCategory.objects.select_for_update().get(pk=category_id)
    category.dropped_at = category.dropped_at or by.now
    category.save(update_fields=["dropped_at"])
    record(by, "visits.token-category.dropped", category, letter=category.letter)
    return category


@command(needs=Can.MANAGE_OFFICE)
def take_up_token_category(by: Actor, /, *, category_id: UUID) -> TokenCategory:
    """Let a dropped letter be drawn again. Raises NotOfThisDoor."""
    category = TokenCategory.objects.select_for_update().get(pk=category_id)
    category.dropped_at = None
    with refusing(token_letter_is_one_per_door=_letter_stands()):
        category.save(update_fields=["dropped_at"])
    record(by, "visits.token-category.taken-up", category, letter=category.letter)
    return category


@command(needs=Can.MANAGE_OFFICE)
def add_calling_point(by: Actor, /, *, location_id: UUID, name: str) -> CallingPoint:
    """Give a door a desk to which people are called. Raises NotOfThisDoor."""
    _must_be_a_door(location_id)
    if not name.strip():
        raise NotOfThisDoor(_("Say what the wall calls it."), name=_("Write a name such as Desk 2."))
    with refusing(calling_point_name_is_free=_point_stands()):
        point = CallingPoint.objects.create(location_id=location_id, name=name.strip())
    record(by, "visits.calling-point.added", point, name=point.name)
    return point


@command(needs=Can.MANAGE_OFFICE)
def drop_calling_point(by: Actor, /, *, point_id: UUID) -> CallingPoint:
    """Let a desk call no more."""
    point = CallingPoint.objects.select_for_update().get(pk=point_id)
    point.dropped_at = point.dropped_at or by.now
    point.save(update_fields=["dropped_at"])
    record(by, "visits.calling-point.dropped", point, name=point.name)
    return point


@command(needs=Can.MANAGE_OFFICE)
def take_up_calling_point(by: Actor, /, *, point_id: UUID) -> CallingPoint:
    """Let a dropped desk call again. Raises NotOfThisDoor."""
    point = CallingPoint.objects.select_for_update().get(pk=point_id)
    point.dropped_at = None
    with refusing(calling_point_name_is_free=_point_stands()):
        point.save(update_fields=["dropped_at"])
    record(by, "visits.calling-point.taken-up", point, name=point.name)
    return point


def _must_be_a_door(location_id: UUID) -> None:
    if not Location.objects.filter(pk=location_id).exists():
        raise NotOfThisDoor(_("That location is not on the books."), location_id=_("Choose one of the list."))


def _letter_stands() -> NotOfThisDoor:
    return NotOfThisDoor(_("This door has that letter already."), letter=_("Choose another letter."))


def _point_stands() -> NotOfThisDoor:
    return NotOfThisDoor(_("This door has a desk of that name already."), name=_("Choose another name."))
