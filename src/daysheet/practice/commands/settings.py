"""A care setting added to the office, and taken back: what is here by name stays, what is missing comes."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.models import Practice
from daysheet.practice import queries
from daysheet.practice.care_settings import CareSetting, care_setting
from daysheet.practice.commands.places import add_location, close_location
from daysheet.practice.models import AddedPiece, AddedSetting, Location, OpeningHours
from daysheet.practice.setting_parts import HERE, PARTS, parts
from daysheet.ui.trade import TRADES


class NothingComes(Refusal):
    """All that a setting brings is here already."""


class NoSuchSetting(Refusal):
    """A setting that does not come with Daysheet, or is of another sort of practice."""


@command(needs=Can.MANAGE_OFFICE)
def add_setting(
    by: Actor,
    /,
    *,
    setting: str,
    location_id: UUID | None = None,
    new_location: str = "",
    zone_name: str = "",
) -> AddedSetting:
    """Bring what a setting holds and the office lacks, to a door or a new one; what is here by name stays as it is.

    Raises NoSuchSetting, NothingComes, or what a piece is refused for: then nothing was brought at all.
    """
    held = care_setting(setting)
    if held is None or held.kind != Practice.objects.get(pk=by.practice_id).kind or held.kind == "payer":
        raise NoSuchSetting(_("Choose a setting of the list."), setting=_("Choose one of the list."))
    _in_turn(by)
    before = {one.pk for one in queries.locations()}
    door = _door(by, held, location_id, new_location.strip(), zone_name)
    kept = AddedSetting.objects.select_for_update().filter(setting=setting, taken_back_at=None).first()
    if kept is None:
        twice = Refusal(_("Somebody has just added this setting. Look at it again."))
        with refusing(setting_is_added_once=twice):
            kept = AddedSetting.objects.create(
                setting=setting, location=door, added_at=by.now, added_by=by.name
            )
        count = 1 if not held.visits else 0
    else:
        count = 0
    for part in parts():
        coming = [piece for piece in part.pieces(held, door.pk) if piece.state != HERE]
        if not coming:
            continue
        found = part.add(by, held, coming, door.pk)
        rows = [AddedPiece(added=kept, part=part.key, name=name, found_at=at) for name, at in found.items()]
        AddedPiece.objects.filter(added=kept, part=part.key, found_at__in=found.values()).filter(
            name__in=found
        ).delete()
        AddedPiece.objects.bulk_create(rows)
        count += len(rows)
    if not count:
        raise NothingComes(_("All of %(name)s is here already.") % {"name": held.name})
    made = [*kept.made_doors, str(door.pk)] if before and door.pk not in before else kept.made_doors
    AddedSetting.objects.filter(pk=kept.pk).update(version=kept.version + 1, made_doors=made)
    record(by, "practice.setting.added", kept, setting=setting, pieces=count, location=str(door.pk))
    kept.refresh_from_db()
    return kept


@command(needs=Can.MANAGE_OFFICE)
def take_setting_back(by: Actor, /, *, added_id: UUID, version: int | None) -> AddedSetting:
    """Retire what a setting brought; what another setting of the office brings too stays, and is that one's now.

    A location that was made for it is closed where nothing was ever done at it; the others stay open.
    Raises StaleForm when pieces were added meanwhile, or it was taken back.
    """
    _in_turn(by)
    kept = AddedSetting.objects.select_for_update().get(pk=added_id)
    if kept.taken_back_at or (version is not None and kept.version != version):
        raise StaleForm(_("Somebody has changed this setting meanwhile. Look at it again."))
    mine: dict[str, dict[str, list[str]]] = {}
    for piece in AddedPiece.objects.filter(added=kept).order_by("part", "name", "id"):
        mine.setdefault(piece.part, {}).setdefault(piece.name, []).append(piece.found_at)
    shared = _shared(kept, mine)
    gone = 0
    for part in reversed(parts()):
        own = {name: at for name, at in mine.get(part.key, {}).items() if (part.key, name) not in shared}
        for turn in range(max(map(len, own.values()), default=0)):  # once for each door that it came to
            brought = {name: places[turn] for name, places in own.items() if turn < len(places)}
            part.retire(by, brought)
            gone += len(brought)
    kept.taken_back_at, kept.taken_back_by, kept.version = by.now, by.name, kept.version + 1
    kept.save(update_fields=["taken_back_at", "taken_back_by", "version"])
    for door in queries.doors_made_for(kept):
        if not door.is_main and not _is_used(by, door):
            close_location(by, location_id=door.pk)
    record(by, "practice.setting.taken-back", kept, setting=kept.setting, pieces=gone, stay=len(shared))
    return kept


@command(needs=Can.MANAGE_OFFICE)
def choose_words(by: Actor, /, *, words: str) -> Practice:
    """Let the screens speak as a trade does (`ui/trade.py`), or, empty, as a medical office does."""
    if words and words not in TRADES:
        raise Refusal(_("Choose whose words the screens use."), words=_("Choose one of the list."))
    practice = Practice.objects.select_for_update().get(pk=by.practice_id)
    former, practice.words = practice.words, words
    practice.save(update_fields=["words"])
    record(by, "practice.words.chosen", practice, words=words, former=former)
    return practice


def _in_turn(by: Actor) -> None:
    """Let two who add or take back settings of one office do so one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"care settings {by.practice_id}"]
        )


def _door(
    by: Actor, held: CareSetting, location_id: UUID | None, new_location: str, zone_name: str
) -> Location:
    """Return the door that gets the rooms: one of the office's, or a new one."""
    doors = list(queries.locations())
    if location_id:
        door = next((one for one in doors if one.pk == location_id), None)
        if door is None:
            raise Refusal(_("That location is closed."), location_id=_("Choose one of the list."))
        return door
    if doors and not new_location:
        return doors[0]
    if gone := _made_before(held, new_location):
        gone.closed_on = None
        gone.save(update_fields=["closed_on"])
        record(by, "practice.location.opened-again", gone, name=gone.name)
        return gone
    return add_location(
        by,
        name=new_location or _("Main office"),
        place_of_service=held.place_of_service,
        zone_name=zone_name or (doors[0].zone_name if doors else "America/New_York"),
        is_main=not doors,
    )


def _made_before(held: CareSetting, name: str) -> Location | None:
    """Return the closed location of that name that was made for the setting before; it may open again."""
    made = [at for one in AddedSetting.objects.filter(setting=held.key) for at in one.made_doors]
    return Location.objects.filter(pk__in=made, name=name, closed_on__isnull=False).first()


def _is_used(by: Actor, door: Location) -> bool:
    """Return whether anything but its hours hangs on a location: in use, to come, or done there once."""
    if any(ask(door.pk, by.now) for ask in queries.keeps_a_door_open):
        return True
    for relation in Location._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.one_to_many) or relation.related_model is OpeningHours:
            continue
        model: Any = relation.related_model
        rows = model.objects.filter(**{relation.field.name: door})  # type: ignore[union-attr]
        if model is AddedSetting:
            rows = rows.filter(taken_back_at=None)
        elif any(field.name == "is_active" for field in model._meta.get_fields()):
            rows = rows.filter(is_active=True)
        if rows.exists():
            return True
    return False


def _shared(kept: AddedSetting, mine: dict[str, dict[str, list[str]]]) -> set[tuple[str, str]]:
    """Hand over what other settings of the office bring too; return what."""
    shared: set[tuple[str, str]] = set()
    others = AddedSetting.objects.filter(taken_back_at=None).exclude(pk=kept.pk).order_by("added_at")
    for other in others:
        held = care_setting(other.setting)
        if held is None:
            continue
        for key, own in mine.items():
            if key not in PARTS:
                continue
            wanted = {piece.name for piece in PARTS[key].pieces(held, other.location_id)} & set(own)
            wanted -= {name for part, name in shared if part == key}
            places = [at for name in wanted for at in own[name]]
            AddedPiece.objects.filter(added=other, part=key, name__in=wanted, found_at__in=places).delete()
            AddedPiece.objects.filter(added=kept, part=key, name__in=wanted).update(added=other)
            shared |= {(key, name) for name in wanted}
    return shared
