"""The rules of a claim about where the visit took place: by video or phone, in a hospital."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from daysheet.coverage.rules.telehealth import TELEHEALTH_PLACES, Wanted, to_add, to_take_off
from daysheet.visits.places import INPATIENT, called


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """Where the visit of a claim took place, and what the payer wants where it was by video or phone."""

    wanted: Wanted | None = None
    admitted_on: date | None = None


SOMEWHERE = PlaceFacts()
Marks = Sequence[tuple[int, Sequence[str]]]
"""The number and the modifiers of each line."""
OfPlace = Callable[[PlaceFacts, str, Marks], Iterator[tuple[str, str, int | None]]]
"""What is wrong, as a sentence, a field and a line."""


def is_elsewhere(place: PlaceFacts, code: str, _lines: Marks) -> Iterator[tuple[str, str, int | None]]:
    """Return that place of service and visit speak of different things."""
    wanted = place.wanted
    if wanted is not None and code not in (wanted.at_home, wanted.elsewhere):
        yield (
            (
                f"The visit was by video or phone, and the claim says {called(code)}. "
                f"The payer wants {wanted.at_home} or {wanted.elsewhere}: {wanted.source}."
            ),
            "place_of_service",
            None,
        )
    elif wanted is None and code in TELEHEALTH_PLACES:
        yield (
            f"The claim says {called(code)}, and the visit was not by video or phone.",
            "place_of_service",
            None,
        )


def is_marked_otherwise(place: PlaceFacts, _code: str, lines: Marks) -> Iterator[tuple[str, str, int | None]]:
    """Return that a line lacks the payer's modifier, or carries one that the payer does not want."""
    if place.wanted is None:
        return
    for number, marks in lines:
        if missing := to_add(place.wanted, marks):
            yield (f"The line lacks {missing[0]}: {place.wanted.source}.", "modifiers", number)
        elif odd := to_take_off(place.wanted, marks):
            yield (f"The payer does not want {odd[0]}: {place.wanted.source}.", "modifiers", number)


def lacks_admission(place: PlaceFacts, code: str, _lines: Marks) -> Iterator[tuple[str, str, int | None]]:
    """Return that nobody has said since when an inpatient is in the hospital."""
    if code in INPATIENT and place.admitted_on is None:
        yield (
            f"{called(code)}: say on which day the patient was admitted. It stands on the slip, under “Where”.",
            "admitted_on",
            None,
        )


PLACE_RULES: tuple[tuple[str, str, str, OfPlace], ...] = (
    ("place-and-visit", "CMS Pub. 100-04, chapter 26, section 10.5", "warning", is_elsewhere),
    ("telehealth-modifier", "payer: visits by video or phone", "warning", is_marked_otherwise),
    ("admitted-since", "TR3 837P 2300 DTP 435", "error", lacks_admission),
)
