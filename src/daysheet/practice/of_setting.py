"""What a care setting brings to the office itself: its words, rooms of a door, and its opening hours."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.practice import commands, queries
from daysheet.practice.care_settings import CareSetting
from daysheet.practice.models import AddedSetting, ExamRoom
from daysheet.practice.setting_parts import COMES, HERE, RETIRED, Part, Piece, brings
from daysheet.ui.trade import in_words_of

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def register() -> None:
    """Register the parts."""
    brings(Part("words", 9, words, use_words, leave_words))
    brings(Part("rooms", 10, rooms, add_rooms, retire_rooms))
    brings(Part("hours", 11, hours, add_hours, leave_hours))


def words(held: CareSetting, location_id: UUID | None) -> list[Piece]:
    """Return the words of a setting's trade; they come with an office's first setting, later by hand."""
    spoken, others = (
        queries.words(),
        AddedSetting.objects.filter(taken_back_at=None).exclude(setting=held.key),
    )
    if others.exists() or not held.words:
        return []
    with in_words_of(held.words):
        detail = ", ".join((gettext("Rooms"), gettext("In room")))
    return [Piece(_("Words of the screens"), detail, HERE if spoken == held.words else COMES)]


def use_words(by: Actor, held: CareSetting, pieces: Sequence[Piece], location_id: UUID) -> dict[str, str]:
    """Let the screens speak as the setting's trade does."""
    commands.choose_words(by, words=held.words)
    return {piece.name: held.words for piece in pieces}


def leave_words(by: Actor, brought: Mapping[str, str]) -> None:
    """Let the screens speak as a medical office again."""
    if queries.words() in brought.values():
        commands.choose_words(by, words="")


def rooms(held: CareSetting, location_id: UUID | None) -> list[Piece]:
    """Return the rooms of a setting as they stand at a door."""
    at_door = ExamRoom.objects.filter(location_id=location_id) if location_id else ExamRoom.objects.none()
    here = dict(at_door.values_list("name", "is_active"))
    states = {True: HERE, False: RETIRED, None: COMES}
    return [Piece(name, state=states[here.get(name)]) for name in held.rooms]


def add_rooms(by: Actor, held: CareSetting, pieces: Sequence[Piece], location_id: UUID) -> dict[str, str]:
    """Add rooms to a door, or use them again."""
    known = dict(ExamRoom.objects.filter(location_id=location_id).values_list("name", "id"))
    found = {}
    for piece in pieces:
        if piece.state == RETIRED:
            room = commands.restore_room(by, room_id=known[piece.name])
        else:
            room = commands.add_room(
                by, location_id=location_id, name=piece.name, rank=held.rooms.index(piece.name) + 1
            )
        found[piece.name] = str(room.pk)
    return found


def retire_rooms(by: Actor, brought: Mapping[str, str]) -> None:
    """Take rooms out of use that still bear the name with which they came."""
    for room in ExamRoom.objects.filter(pk__in=brought.values(), name__in=brought, is_active=True):
        commands.retire_room(by, room_id=room.pk)


def hours(held: CareSetting, location_id: UUID | None) -> list[Piece]:
    """Return the opening hours of a setting: they come where a door has none."""
    if not held.opening:
        return []
    is_here = location_id is not None and queries.opening_hours(location_id).exists()
    told = [f"{DAYS[day]} {opens:%H:%M}-{closes:%H:%M}" for day, opens, closes in held.opening]
    return [Piece(_("Opening hours"), ", ".join(told), HERE if is_here else COMES)]


def add_hours(by: Actor, held: CareSetting, pieces: Sequence[Piece], location_id: UUID) -> dict[str, str]:
    """Write the opening hours of a door that has none."""
    commands.set_opening_hours(by, location_id=location_id, hours=list(held.opening))
    return {piece.name: str(location_id) for piece in pieces}


def leave_hours(by: Actor, brought: Mapping[str, str]) -> None:
    """Leave a door's hours as they stand: people may have been told of them."""
