"""Finding a program: who is near enough, what a price means, what to widen when nothing is found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import asin, cos, radians, sin, sqrt
from typing import Literal

EARTH_MILES = 3958.8
MILES_A_DEGREE = 69.0
NEAREST, FARTHEST = 1, 500
RADII = (10, 25, 50, 100, 200, 500)
A_PAGE = 25
MOST_COMPARED = 4
AWARDS: dict[str, frozenset[int]] = {
    "weeks": frozenset({20}),
    "months": frozenset({21}),
    "year": frozenset({2}),
    "associate": frozenset({3}),
    "higher": frozenset({4, 5, 6, 7, 8, 17, 18, 19}),
}
"""IPEDS award levels by what a newcomer asks: under 12 weeks, under a year, one to two years, associate, beyond."""
CONTROLS = {"public": 1, "nonprofit": 2, "for-profit": 3}
Sort = Literal["distance", "price", "awards", "name"]


@dataclass(frozen=True, slots=True)
class Program:
    """One field at one award level: how many finished, by year."""

    cip: str
    award: int
    is_direct: bool
    awards: Mapping[int, int]
    online: int = 0


@dataclass(frozen=True, slots=True)
class Price:
    """What was asked: for the whole program, or for one year of study (tuition and fees, in state)."""

    amount: int
    per: Literal["program", "year"]
    year: int


@dataclass(frozen=True, slots=True)
class School:
    """A school with its programs, and the prices it has published."""

    unitid: int
    name: str
    city: str
    state: str
    zip: str
    lat: float
    lon: float
    control: int | None
    level: int | None
    is_closed: bool
    has_online_students: bool
    programs: tuple[Program, ...]
    whole: Mapping[str, Price]
    yearly: Price | None


@dataclass(frozen=True, slots=True)
class PricedProgram:
    """A program with its published price: tuition and supplies for all of it, how long it takes."""

    cip: str
    year: int
    tuition: int | None
    supplies: int | None
    months: float | None
    length: int | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class YearPrice:
    """What a school asked for one year of study; in_state and out_state hold tuition and fees."""

    year: int
    in_state: int | None
    out_state: int | None
    books: int | None
    publisher_is_official: bool


@dataclass(frozen=True, slots=True)
class Details:
    """All that is known of one school."""

    unitid: int
    name: str
    city: str
    state: str
    zip: str
    control: int | None
    is_closed: bool
    website: str
    net_price: str
    students: int | None
    all_online: int | None
    online_year: int | None
    programs: tuple[Program, ...]
    priced: tuple[PricedProgram, ...]
    years: tuple[YearPrice, ...]

    @property
    def lasts(self) -> YearPrice | None:
        """The newest price of a year."""
        return next((one for one in self.years if one.in_state is not None), None)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to search around: a point with a name, or a whole state."""

    name: str
    state: str = ""
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person looks for."""

    spot: Spot | None = None
    radius: int = 50
    award: str = ""
    most: int | None = None
    control: str = ""
    online: bool = False
    related: bool = False
    sort: Sort = "distance"


@dataclass(frozen=True, slots=True)
class Found:
    """A school that fits: how far, what it asks, how many finished in each year."""

    school: School
    programs: tuple[Program, ...]
    miles: float | None
    price: Price | None
    awards: tuple[int, ...]

    @property
    def latest(self) -> int:
        """How many finished in the newest year."""
        return self.awards[-1]


@dataclass(frozen=True, slots=True)
class Wider:
    """One thing to let go, and how many schools that brings."""

    what: Literal["radius", "most", "award", "control", "online", "related"]
    asked: Asked
    count: int


def miles(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the distance over the ground, as the crow flies (haversine)."""
    lat1, lon1, lat2, lon2 = (radians(value) for value in (*here, *there))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_MILES * asin(min(1.0, sqrt(half)))


def web_address(said: str | None) -> str:
    """Return a school's address as a link that a browser opens, or nothing; IPEDS mostly leaves out the scheme."""
    text = "".join((said or "").split(" ")).strip()
    if not text or "." not in text or any(sign in text for sign in "<>\"'\\"):
        return ""
    return text if text.lower().startswith(("https://", "http://")) else f"https://{text}"


def in_box(here: tuple[float, float], radius: float, there: tuple[float, float]) -> bool:
    """Return whether a point may lie within the radius: a quick look before the exact one, never too narrow."""
    high = radius / MILES_A_DEGREE * 1.01
    if abs(there[0] - here[0]) > high:
        return False
    narrow = cos(radians(min(89.0, abs(here[0]) + high)))
    across = abs(there[1] - here[1]) % 360
    return min(across, 360 - across) <= high / narrow


def price_of(school: School, programs: Iterable[Program]) -> Price | None:
    """Return the lowest whole-program price of these programs, else the school's price of a year, else None."""
    known = [school.whole[one.cip] for one in programs if one.cip in school.whole]
    return min(known, key=lambda price: price.amount) if known else school.yearly


def search(schools: Iterable[School], asked: Asked, years: Sequence[int]) -> list[Found]:
    """Return the schools that fit, in the order asked for; the newest year must list the program, even with 0 awards."""
    found = [one for school in schools if (one := _fits(school, asked, years))]
    return sorted(found, key=lambda one: _place(one, asked.sort))


def widen(schools: Sequence[School], asked: Asked, years: Sequence[int]) -> list[Wider]:
    """Return what would bring results when nothing was found: each thing alone, with how many schools it brings."""
    tries: list[tuple[Wider, Asked]] = []

    def look(what: Literal["radius", "most", "award", "control", "online", "related"], other: Asked) -> bool:
        count = len(search(schools, other, years))
        if count:
            tries.append((Wider(what, other, count), other))
        return bool(count)

    if asked.spot and asked.spot.point:
        for radius in RADII:
            if radius > asked.radius and look("radius", replace(asked, radius=radius)):
                break
    if asked.most is not None:
        look("most", replace(asked, most=None))
    if asked.award:
        look("award", replace(asked, award=""))
    if asked.control:
        look("control", replace(asked, control=""))
    if asked.online:
        look("online", replace(asked, online=False))
    if not asked.related:
        look("related", replace(asked, related=True))
    return [wider for wider, _asked in tries]


def _fits(school: School, asked: Asked, years: Sequence[int]) -> Found | None:
    far: float | None = None
    spot = asked.spot
    if spot and spot.point:
        there = (school.lat, school.lon)
        if not in_box(spot.point, asked.radius, there):
            return None
        far = miles(spot.point, there)
        if far > asked.radius:
            return None
    elif spot and school.state != spot.state:
        return None
    if asked.control and school.control != CONTROLS[asked.control]:
        return None
    programs = tuple(one for one in school.programs if _wanted(one, asked))
    if not any(years[-1] in one.awards for one in programs):
        return None
    if asked.online and not (school.has_online_students or any(one.online for one in programs)):
        return None
    price = price_of(school, programs)
    if asked.most is not None and (price is None or price.amount > asked.most):
        return None
    sums = tuple(sum(one.awards.get(year, 0) for one in programs) for year in years)
    return Found(school, programs, far, price, sums)


def _wanted(program: Program, asked: Asked) -> bool:
    return (asked.related or program.is_direct) and (not asked.award or program.award in AWARDS[asked.award])


def _place(found: Found, sort: Sort) -> tuple[float, float, str, int]:
    far = found.miles if found.miles is not None else 0.0
    price = float(found.price.amount) if found.price else float("inf")
    first = {"distance": far, "price": price, "awards": -found.latest, "name": 0.0}[sort]
    second = far if sort != "name" else 0.0
    return first, second, found.school.name, found.school.unitid
