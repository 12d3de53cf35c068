"""Where in the mouth a dentist worked: teeth (JP), their surfaces, areas; read as typed, and looked through. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from daysheet.formats import x12

TOOTH = re.compile(r"[1-9]|[12][0-9]|3[0-2]|[A-T]|5[1-9]|[67][0-9]|8[0-2]|[A-T]S")
"""TR3 837D 2400 TOO02 (JP): 1 to 32, milk teeth A to T; beside a tooth one too many: 51 to 82, AS to TS."""
GLUED = re.compile(r"([0-9]{1,2})([A-Z]+)")
SURFACES = frozenset("MODBLFI")
FRONT = frozenset("6 7 8 9 10 11 22 23 24 25 26 27 C D E F G H M N O P Q R".split())
"""Teeth that bite with an edge (I), not with a face (O)."""
AREAS = {
    "WM": "00", "UJ": "01", "UA": "01", "LJ": "02", "LA": "02", "UR": "10", "UL": "20", "LL": "30", "LR": "40",
    "S-UR": "03", "S-UF": "04", "S-UL": "05", "S-LL": "06", "S-LF": "07", "S-LR": "08",
    "LEFT": "L", "RIGHT": "R",
}  # fmt: skip
"""The letters that are typed, and the codes that the wire carries (SV304)."""
MOST_TEETH, MOST_SURFACES, MOST_AREAS = 32, 5, 5
LONGEST = 200
HOW = "Write the tooth, then its surfaces, such as 14 MOD; or an area, such as UR."
FIRST, REPLACEMENT = "I", "R"
"""SV305: a prosthesis is placed for the first time, or replaces one."""
PROSTHESES = ("", FIRST, REPLACEMENT)
NEEDS = ("", "tooth", "surfaces", "area")
"""What a service must name: nothing, a tooth, a tooth with its surfaces, an area."""


class NotInTheMouth(ValueError):
    """What was typed names no place in a mouth: why, in a sentence."""


@dataclass(frozen=True, slots=True)
class TreatedTooth:
    """A tooth, and which of its surfaces, as letters."""

    number: str
    surfaces: str = ""

    @property
    def base(self) -> str:
        """Return the tooth that has this place: of one too many the tooth beside it."""
        if self.number.isdigit():
            return self.number if int(self.number) <= 32 else str(int(self.number) - 50)
        return self.number[:1]


@dataclass(frozen=True, slots=True)
class Mouth:
    """The teeth or the areas of a line; of most lines neither."""

    teeth: tuple[TreatedTooth, ...] = ()
    areas: tuple[str, ...] = ()


NOWHERE = Mouth()


def as_mouth(teeth: Iterable[Sequence[str]], areas: Iterable[str]) -> Mouth:
    """Return what a line keeps, as a value."""
    return Mouth(tuple(TreatedTooth(number, sides) for number, sides in teeth), tuple(areas))


def read_mouth(typed: str) -> Mouth:
    """Return the teeth with their surfaces, or the areas, that were typed: `14 MOD, 15 O`, `3mo`, `UR LR`.

    Letters after a tooth are its surfaces until a comma or another tooth: A to T are milk teeth too.
    Raises NotInTheMouth.
    """
    if len(typed) > LONGEST:
        raise NotInTheMouth(f"That is too long: {LONGEST} letters at most.")
    teeth: list[list[str]] = []
    areas: list[str] = []
    is_open = False
    for word in re.sub(r"[,;]", " , ", typed.upper()).split():
        told = word.removeprefix("#")
        glued = GLUED.fullmatch(told)
        if told == ",":
            is_open = False
        elif told in AREAS:
            areas.append(AREAS[told])
            is_open = False
        elif is_open and set(told) <= SURFACES:
            teeth[-1][1] += told
        elif TOOTH.fullmatch(told):
            teeth.append([told, ""])
            is_open = True
        elif glued and TOOTH.fullmatch(glued[1]) and set(glued[2]) <= SURFACES:
            teeth.append([glued[1], glued[2]])
            is_open = True
        else:
            raise NotInTheMouth(_unknown(told))
    found = as_mouth(teeth, areas)
    if wrong := mouth_problem(found):
        raise NotInTheMouth(wrong)
    return found


def typed(mouth: Mouth) -> str:
    """Return a place in the mouth as one types it."""
    letters = {code: word for word, code in reversed(AREAS.items())}
    told = [f"{one.number} {one.surfaces}".strip() for one in mouth.teeth]
    return ", ".join([*told, *(letters.get(code, code) for code in mouth.areas)])


def mouth_problem(mouth: Mouth) -> str:
    """Return what is wrong with a place in the mouth, in a sentence; empty when nothing is."""
    if wrong := areas_problem(mouth.areas):
        return wrong
    if wrong := teeth_problem(mouth.teeth):
        return wrong
    if mouth.teeth and mouth.areas:
        return "The line names a tooth and an area: name the tooth alone, where the service is for teeth."
    for one in mouth.teeth:
        if wrong := surfaces_problem(one):
            return wrong
    return ""


def areas_problem(areas: Sequence[str]) -> str:
    """Return what is wrong with the areas of a line."""
    known = x12.labels("mouth_area")
    if odd := [code for code in areas if code not in known]:
        return f"The mouth has no area {odd[0][:12]}."
    if len(set(areas)) < len(areas):
        return "An area of the mouth stands twice on the line."
    return f"A line names at most {MOST_AREAS} areas." if len(areas) > MOST_AREAS else ""


def teeth_problem(teeth: Sequence[TreatedTooth]) -> str:
    """Return what is wrong with the teeth of a line, but for their surfaces."""
    numbers = [one.number for one in teeth]
    if odd := [number for number in numbers if not TOOTH.fullmatch(number)]:
        return _unknown(odd[0])
    if len(set(numbers)) < len(numbers):
        return "A tooth stands twice on the line: write it once, with all its surfaces."
    return f"A line names at most {MOST_TEETH} teeth." if len(numbers) > MOST_TEETH else ""


def surfaces_problem(tooth: TreatedTooth) -> str:
    """Return what is wrong with the surfaces of a tooth."""
    told, number = tooth.surfaces, tooth.number
    if not set(told) <= SURFACES:
        return f"Tooth {number}: surfaces are the letters M, O, D, B, L, F and I."
    if len(set(told)) < len(told):
        return f"Tooth {number}: a surface is named twice."
    if len(told) > MOST_SURFACES:
        return f"Tooth {number}: a tooth has at most {MOST_SURFACES} surfaces."
    if {"B", "F"} <= set(told):
        return f"Tooth {number}: B and F are the same side. Write B of a back tooth, F of a front tooth."
    if tooth.base in FRONT and "O" in told:
        return f"Tooth {number} is a front tooth: it bites with an edge, write I instead of O."
    if tooth.base not in FRONT and "I" in told:
        return f"Tooth {number} is a back tooth: it bites with a face, write O instead of I."
    return ""


def prosthesis_problem(prosthesis: str, *, has_prior_day: bool) -> str:
    """Return what is wrong with what is said of a prosthesis as it is entered."""
    if prosthesis not in PROSTHESES:
        return "A prosthesis is placed for the first time, or it is a replacement."
    if has_prior_day and prosthesis != REPLACEMENT:
        return "The day of the earlier placement belongs to a replacement: choose Replacement, or empty it."
    return ""


def prior_day_problem(prior_placed_on: date | None, service_on: date) -> str:
    """Return that the earlier prosthesis cannot have been placed on that day; empty when it can."""
    if prior_placed_on is not None and prior_placed_on > service_on:
        return "The earlier prosthesis was placed before this visit: that day comes after it."
    return ""


def _unknown(word: str) -> str:
    shown = word[:12]
    if set(word) <= SURFACES:
        return f"{shown} are surfaces: write the tooth before them, such as 14 {shown[:5]}."
    if re.fullmatch(r"0[0-9]+", word):
        return f"“{shown}” is no tooth. Write a tooth without a zero before it, an area by its letters, such as UR."
    return f"“{shown}” is no tooth and no area. {HOW} Teeth are 1 to 32, A to T, or one too many: 51 to 82, AS to TS."


def lack(
    code: str, place: Mouth, prosthesis: str, *, need: str, is_prosthesis: bool
) -> tuple[str, str] | None:
    """Return the field and the sentence of what a line does not name and its service needs, or None."""
    if need == "area" and not place.areas:
        return "mouth", f"{code} needs the area where it was done: write it, such as UR or LJ."
    if need in ("tooth", "surfaces") and not place.teeth:
        example = "14 MOD" if need == "surfaces" else "14"
        return "mouth", f"{code} needs its tooth: write it, such as {example}."
    if need == "surfaces" and any(not one.surfaces for one in place.teeth):
        return "mouth", f"{code} needs the surfaces of its tooth: write them behind it, such as 14 MOD."
    if is_prosthesis and not prosthesis:
        return "prosthesis", f"{code} needs whether it is the first one or a replacement: choose it."
    return None
