"""The practice to measure: how large it is, who is in it, on which day it stands. The same each time. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from daysheet.patients.matching import Who

NAME = "Riverbend Medical Group"
ZONE = ZoneInfo("America/New_York")
TODAY = date(2026, 3, 10)  # a Tuesday, two days after daylight saving began
NOW = datetime(2026, 3, 10, 14, 30, tzinfo=UTC)  # 10:30 at the door
DOORS = ("Main St", "Harbor Rd", "Mill Lane", "Oak Ave", "Summit Way")
STEP = 15
"""Minutes of an ordinary appointment; on the busy clinician's day they last ten."""
BUSY_STEP = 10
DAYS_AHEAD = 60
OPENS, LUNCH_BEGINS, LUNCH_ENDS, CLOSES = 7 * 60, 12 * 60, 13 * 60, 18 * 60
ONSETS = "b br c ch d f g h j k l m n p r s sh st t th v w".split()
VOWELS = "a e i o u ai ea ou".split()
ENDS = "ber don el en er ey gan ham kins land ley man mond ner nez ron sen son ter ton vich well".split()
COMMON = (
    "Ashford Bishop Carver Draper Ellison Fenwick Granger Holloway Ingram Jarvis Kendrick Langley Mercer Norwood "
    "Oakley Prescott Ramsey Sandoval Thorne Underhill Varga Whitlow Yardley Abbott Diaz Reyes Ortega Okafor Haddad "
    "Kowalski Nguyen Petrov Silva Tanaka Moreau Novak Rossi Larsen Kaur Fischer"
).split()
WOMEN = (
    "Maria Ann Joy Grace Elena Ruth Nadia Priya Mei Fatima Rosa Clara Lucia Hannah Amara Ingrid Sofia Leila Yuki Carmen "
    "Esther Naomi Olga Teresa Vera Wanda Zoe Alice Bianca Celia Dora Edith Flora Greta Helga Irene Judith Kamala Lydia "
    "Margaret Elizabeth Catherine Patricia Susan Barbara Jennifer Rebecca Deborah"
).split()
MEN = (
    "Luis Sam Omar Peter Kofi Victor Hugo Ivan Jamal Chen Diego Erik Felix George Hassan Isaac Jonas Karl Leon Marcus "
    "Noel Oscar Pablo Quentin Rafael Stefan Tomas Ulrich Vincent Walter Xavier Yusuf Zachary Adam Boris Conrad Daniel "
    "Emil Frank Gabriel William Robert Michael James Joseph Charles Thomas Edward"
).split()


@dataclass(frozen=True, slots=True)
class Person:
    """An invented patient."""

    number: int
    who: Who
    is_woman: bool
    has_kin: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """An appointment of the plan, by running numbers: the clinician's, the patient's, the kind's."""

    clinician: int
    patient: int
    day: date
    minute: int
    """Minutes since midnight on the door's clock."""
    lasts: int
    booking: str


@dataclass(frozen=True)
class Size:
    """How large the practice is."""

    patients: int = 100_000
    clinicians: int = 50
    appointments: int = 1_000_000
    closed_days: int = 250
    busy_rows: int = 60

    @cached_property
    def families(self) -> list[str]:
        """Return family names: a few that many bear, and many that few do."""
        chance = Random(7)  # noqa: S311 - the same practice each time
        rare = {_rare(chance) for _ in range(4000)}
        return [*COMMON * 30, *sorted(rare)]

    def people(self) -> Iterator[Person]:
        """Yield the patients."""
        chance = Random(11)  # noqa: S311
        families = self.families
        for number in range(self.patients):
            is_woman = chance.random() < 0.54
            has_kin = number % 3 == 0
            yield Person(
                number,
                Who(
                    family=families[int(chance.random() * len(families))],
                    given=chance.choice(WOMEN if is_woman else MEN),
                    born_on=TODAY - timedelta(days=int(chance.random() * 33_000) + 30),
                    phones=(phone(number),),
                    kin_phones=(phone(number * 3 + 1),) if has_kin else (),
                    chart_number=10_001 + number,
                ),
                is_woman,
                has_kin,
            )

    def door_of(self, clinician: int) -> int:
        """Return at which door a clinician works: the busy one alone at the first, all others at the rest."""
        return 0 if clinician == 0 else 1 + clinician % (len(DOORS) - 1)

    def promises(self) -> Iterator[Promise]:
        """Yield the appointments: today with one full day, days ahead nearly full, and history for the rest.

        Patients follow each other in one long round, so that nobody is in two places at a time.
        """
        chance = Random(13)  # noqa: S311
        left, turn = self.appointments, 0
        for day in _days(TODAY, DAYS_AHEAD):
            fill = 0.7 if day <= TODAY else 0.9
            for clinician, minute, lasts in self._slots(day):
                busy = day == TODAY and clinician == 0
                if left and (busy or chance.random() < fill):
                    yield Promise(
                        clinician, turn % self.patients, day, minute, lasts, _booking(chance, day, minute)
                    )
                    turn, left = turn + 1, left - 1
            if not left:
                return

    def _slots(self, day: date) -> Iterator[tuple[int, int, int]]:
        for minute in (*range(OPENS, LUNCH_BEGINS, STEP), *range(LUNCH_ENDS, CLOSES, STEP)):
            for clinician in range(self.clinicians):
                if day != TODAY or clinician:
                    yield clinician, minute, STEP
        if day == TODAY:
            busy = (*range(OPENS, LUNCH_BEGINS, BUSY_STEP), *range(LUNCH_ENDS, CLOSES, BUSY_STEP))
            for minute in busy[: self.busy_rows]:
                yield 0, minute, BUSY_STEP


def phone(number: int) -> str:
    """Return an invented telephone number, each of ten million its own."""
    return f"+1413{2_000_000 + number * 7_919 % 7_999_999:07d}"


def weekdays_before(day: date, count: int) -> list[date]:
    """Return so many working days before a day, the latest first."""
    found: list[date] = []
    while len(found) < count:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return found


def _days(today: date, ahead: int) -> Iterator[date]:
    """Yield today, the working days ahead, then those behind, as long as anybody asks."""
    yield today
    for step in range(1, ahead + 1):
        if (day := today + timedelta(days=step)).weekday() < 5:
            yield day
    day = today
    while True:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            yield day


def _booking(chance: Random, day: date, minute: int) -> str:
    if day > TODAY or day == TODAY:
        return "scheduled"
    odds = chance.random()
    return "completed" if odds < 0.88 else "cancelled" if odds < 0.95 else "no_show"


def _rare(chance: Random) -> str:
    middle = chance.choice(VOWELS) + chance.choice(ONSETS) if chance.random() < 0.5 else ""
    return (chance.choice(ONSETS) + chance.choice(VOWELS) + middle + chance.choice(ENDS)).title()
