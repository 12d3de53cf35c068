"""The map: schools as dots from their own coordinates; no tiles, no borders, north is up."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from daysheet.academy.programs.rules.search import MILES_A_DEGREE, Asked, Found

WIDTH, HEIGHT, EDGE = 640, 400, 24
SOUTH, NORTH, WEST, EAST = 24.3, 49.5, -125.0, -66.5
"""The contiguous states; what lies outside is counted, not drawn, when the whole nation is on the map."""
MANY, COARSE = 400, 5
"""So many dots are set on a grid as wide as a dot: what would lie on top of each other is drawn once."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A school of this page of the list, with its number there."""

    number: int
    unitid: int
    name: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Atlas:
    """What to draw: all schools as one path of dots, those of the page as pins, one's own place, rings of miles."""

    dots: str
    pins: list[Pin]
    here: tuple[int, int] | None
    rings: list[tuple[int, int]]
    outside: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """How degrees become points of the picture."""

    lat: float
    lon: float
    scale: float

    def at(self, lat: float, lon: float) -> tuple[int, int]:
        """Return the point of the picture."""
        squeeze = cos(radians(self.lat))
        x = WIDTH / 2 + (lon - self.lon) * MILES_A_DEGREE * squeeze * self.scale
        y = HEIGHT / 2 - (lat - self.lat) * MILES_A_DEGREE * self.scale
        return round(x), round(y)


def draw(found: Sequence[Found], first: int, page: Sequence[Found], asked: Asked) -> Atlas | None:
    """Return the map of what was found, or None when nothing was; `first` is the list number of the page's first."""
    if not found:
        return None
    spot = asked.spot
    drawn = [one for one in found if spot or _is_contiguous(one)]
    frame = _around(drawn, asked) if drawn else _Frame(39.0, -96.0, 0.1)
    step = COARSE if len(drawn) > MANY else 1
    at = (frame.at(one.school.lat, one.school.lon) for one in drawn)
    points = sorted({(x // step * step, y // step * step) for x, y in at})
    pins = [
        Pin(first + n, one.school.unitid, one.school.name, *frame.at(one.school.lat, one.school.lon))
        for n, one in enumerate(page)
        if spot or _is_contiguous(one)
    ]
    here, rings = None, []
    if spot and spot.point:
        here = frame.at(*spot.point)
        rings = [(size, round(size * frame.scale)) for size in _ring_sizes(asked.radius, frame)]
    dots = "".join(f"M{x} {y}h0" for x, y in points)
    return Atlas(dots, pins, here, rings, len(found) - len(drawn))


def _ring_sizes(radius: int, frame: _Frame) -> list[int]:
    """Return the rings that fit on the map: an even share of the radius each, at most two."""
    reach = (min(WIDTH, HEIGHT) / 2 - EDGE) / frame.scale
    sizes = [size for part in (8, 4, 2, 1) if (size := radius // part) and size <= reach * 1.001]
    return sizes[-2:]


def _is_contiguous(one: Found) -> bool:
    return SOUTH <= one.school.lat <= NORTH and WEST <= one.school.lon <= EAST


def _around(found: Sequence[Found], asked: Asked) -> _Frame:
    spot = asked.spot
    if spot and spot.point:
        reach = max(1.0, asked.radius / 4, *(one.miles or 0 for one in found))
        return _Frame(*spot.point, (min(WIDTH, HEIGHT) / 2 - EDGE) / reach)
    lats, lons = [one.school.lat for one in found], [one.school.lon for one in found]
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    tall = max(20.0, (max(lats) - min(lats)) * MILES_A_DEGREE)
    wide = max(20.0, (max(lons) - min(lons)) * MILES_A_DEGREE * cos(radians(lat)))
    return _Frame(lat, lon, min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / tall))
