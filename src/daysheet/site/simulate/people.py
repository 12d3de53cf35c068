"""Invented people: names, birth dates, addresses and numbers that belong to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.repertoire import AGES

WOMEN = (
    "Maria Ann Joy Grace Elena Ruth Nadia Priya Mei Fatima Rosa Clara Lucia Hannah Amara Ingrid Sofia Leila Yuki "
    "Carmen Esther Naomi Olga Teresa Vera Wanda Zoe Alice Bianca Celia Dora Edith Flora Greta Helga Irene Judith "
    "Kamala Lydia Margaret"
).split()
MEN = (
    "Luis Sam Omar Peter Kofi Victor Hugo Ivan Jamal Chen Diego Erik Felix George Hassan Isaac Jonas Karl Leon "
    "Marcus Noel Oscar Pablo Quentin Rafael Stefan Tomas Ulrich Vincent Walter Xavier Yusuf Zachary Adam Boris "
    "Conrad Daniel Emil Frank Gabriel"
).split()
FAMILIES = (
    "Diaz Lee Okafor Roy Nguyen Petrov Haddad Kowalski Brandt Osei Silva Tanaka Moreau Novak Rossi Larsen Mbeki "
    "Kaur Reyes Fischer Campbell Doyle Eriksen Farrow Gallo Hoffman Ibarra Jansen Kelleher Lombard Marsh Nolan "
    "Ortega Pereira Quist Ramsey Sandoval Thorne Underhill Varga Whitlow Ximenes Yardley Zeller Abbott Bishop "
    "Carver Draper Ellison Fenwick Granger Holloway Ingram Jarvis Kendrick Langley Mercer Norwood Oakley Prescott"
).split()
STREETS = (
    "Main Oak Cedar Mill River Church Spring Harbor Orchard Walnut Bridge Station Prospect Summit".split()
)
TOWNS = (("Springfield", "01103"), ("Holyoke", "01040"), ("Chicopee", "01013"), ("Agawam", "01001"))
NICKNAMES = {
    "Margaret": "Peggy",
    "Daniel": "Dan",
    "Gabriel": "Gabe",
    "Teresa": "Tess",
    "Maria": "Mia",
    "Peter": "Pete",
}


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person."""

    family: str
    given: str
    preferred: str
    sex: str
    born_on: date
    phone: str
    street: str
    city: str
    zip: str
    email: str
    language: str
    needs_interpreter: bool


def person(chance: Chance, *, number: int, today: date, ages: Sequence[tuple[int, int]] = AGES) -> Person:
    """Return an invented person of an age that comes to such a practice."""
    sex = chance.one_of(("F", "M"), (55, 45))
    given = chance.one_of(WOMEN if sex == "F" else MEN)
    family = chance.one_of(FAMILIES)
    middles, weights = zip(*ages, strict=True)
    age = chance.one_of(middles, weights) + chance.number(-6, 6)
    town, code = chance.one_of(TOWNS)
    spanish = family in {"Diaz", "Reyes", "Ibarra", "Ortega", "Sandoval"} and chance.happens(40)
    return Person(
        family=family,
        given=given,
        preferred=NICKNAMES.get(given, "") if chance.happens(50) else "",
        sex=sex,
        born_on=today - timedelta(days=int(max(1, age) * 365.25) + chance.number(0, 364)),
        phone=f"+1413555{number % 10_000:04d}",
        street=f"{chance.number(1, 480)} {chance.one_of(STREETS)} St",
        city=town,
        zip=code,
        email=f"{given}.{family}{number}@example.org".lower() if chance.happens(70) else "",
        language="es" if spanish else "en",
        needs_interpreter=spanish and chance.happens(30),
    )


@dataclass(frozen=True, slots=True)
class Insurance:
    """What a person's card says; no payer means self-pay."""

    payer_id: str
    plan: str
    member_id: str
    group_number: str


def insurance(
    chance: Chance, *, number: int, age: int, known: dict[str, tuple[str, ...]]
) -> Insurance | None:
    """Return a card that fits the age, from the payers and plans known; one in fourteen has none."""
    if chance.happens(7):
        return None
    senior = [payer for payer in known if payer.startswith("FED")]
    other = [payer for payer in known if not payer.startswith("FED")]
    payer = (
        chance.one_of(senior)
        if age >= 65 and senior and chance.happens(85)
        else chance.one_of(other or list(known))
    )
    return Insurance(payer, chance.one_of(known[payer]), member_number(payer, number), f"G{number % 37:03d}")


def member_number(payer_id: str, number: int) -> str:
    """Return a member number of the shape that the payer's cards have."""
    shapes = {"BLUE": "XJ4{:07d}", "HARB": "H{:08d}", "SUNR": "SM{:05d}A"}
    if payer_id.startswith("FEDS"):
        return _medicare_number(number)
    return shapes.get(payer_id[:4], "M{:08d}").format(number)


def _medicare_number(number: int) -> str:
    """Return a number of the shape that Medicare's cards have, another for each number."""
    signs: list[str] = []
    for kind in ("N", "N", "A", "A", "N", "N", "A", "N"):  # from the last sign to the fourth
        signs_of_kind = "0123456789" if kind == "N" else "ACDEFGHJKMNPQRTUVWXY"
        number, place = divmod(number, len(signs_of_kind))
        signs.append(signs_of_kind[place])
    return "1EG" + "".join(reversed(signs))
