"""Care settings as the manager sees them: what each brings, what is here already, what was added when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from daysheet.practice import queries
from daysheet.practice.care_settings import CareSetting, care_setting, care_settings
from daysheet.practice.models import AddedSetting, Location
from daysheet.practice.setting_parts import COMES, HERE, RETIRED, Piece, parts

PART_WORDS = {
    "words": _("Words"),
    "rooms": _("Rooms"),
    "hours": _("Opening hours"),
    "forms": _("Forms"),
    "resources": _("Equipment, special rooms, second staff"),
    "visits": _("Visit types"),
    "clinicians": _("Hours of clinicians who have none"),
    "check_in": _("Asked at check-in"),
    "fees": _("Sample fees"),
    "services": _("Usual services of a visit"),
    "estimates": _("Estimates"),
}
MEDICAL = "medical"
TRADE_WORDS = {MEDICAL: _("medical"), "dental": _("dental")}
"""Whose words the screens may use."""
STATE_WORDS = {
    COMES: ("active", _("comes")),
    HERE: ("neutral", _("is here")),
    RETIRED: ("attention", _("taken up again")),
}
CLAIM_WORDS = {
    "professional": _("Professional claims (837P)"),
    "dental": _("Dental claims (837D)"),
    "institutional": _("Institutional claims (837I)"),
    "none": _("No claims of its own"),
}


@dataclass(frozen=True, slots=True)
class ShownPart:
    """What a setting brings of one sort, piece by piece."""

    words: str
    pieces: Sequence[Piece]

    @property
    def coming(self) -> int:
        """Return how many are missing here."""
        return sum(piece.state != HERE for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """A setting with what it would bring to a door."""

    held: CareSetting
    door: Location | None
    parts: Sequence[ShownPart]
    added: AddedSetting | None

    @property
    def coming(self) -> int:
        """Return how many pieces would come."""
        return sum(part.coming for part in self.parts)

    @property
    def claim(self) -> str:
        """Return the kinds of claim in words, its own first."""
        others = sorted(self.held.claims - {self.held.claim})
        return ", ".join(str(CLAIM_WORDS[one]) for one in (self.held.claim, *others))


def settings_of_office(kind: str) -> list[tuple[CareSetting, AddedSetting | None]]:
    """Return the settings that a practice of a kind can add, each with when it was added: one statement."""
    added = {one.setting: one for one in AddedSetting.objects.filter(taken_back_at=None)}
    return [(one, added.get(one.key)) for one in care_settings() if one.kind == kind]


def list_of_office(kind: str) -> dict[str, Any]:
    """Return what the list of settings shows: the settings, and between whose words the office can choose."""
    found = settings_of_office(kind)
    trades = sorted({held.words for held, added in found if added and held.words})
    others = [(one, TRADE_WORDS[one]) for one in (MEDICAL, *trades) if one != (queries.words() or MEDICAL)]
    return {"settings": found, "speaks": TRADE_WORDS[queries.words() or MEDICAL], "others": others}


def shown_setting(
    key: str, kind: str, doors: Sequence[Location], door: Location | None
) -> ShownSetting | None:
    """Return a setting as it would come to a door; None where a practice of the kind can add no such setting."""
    held = care_setting(key)
    if held is None or held.kind != kind:
        return None
    added = AddedSetting.objects.filter(setting=key, taken_back_at=None).select_related("location").first()
    where = door or (added.location if added else None) or (doors[0] if doors else None)
    found = [(part.key, part.pieces(held, where.pk if where else None)) for part in parts()]
    told = [ShownPart(str(PART_WORDS[name]), pieces) for name, pieces in found if pieces]
    return ShownSetting(held, where, told, added)
