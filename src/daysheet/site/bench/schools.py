"""The row of the academy: schools near a place, over all of the pack, beside the bare statement that reads them."""

from itertools import count
from math import cos, radians

from daysheet.academy.figures import pack
from daysheet.academy.programs import queries as programs
from daysheet.academy.programs.rules.search import Asked, Spot
from daysheet.site.bench.timing import Row

RADII = (10, 25, 50, 100, 250)
MILES_A_DEGREE = 69.0
NEAR = """
select s.unitid, s.name, s.city, s.state, c.cip, c.award, c.year, c.awards
from schools s join completions c on c.unitid = s.unitid
where s.lat between ? and ? and s.lon between ? and ?
"""


def near() -> Row:
    """Return the row; no two rounds ask the same, so that nothing is remembered."""
    turns = count()
    spots = [(one.lat, one.lon) for one in programs.book().schools]

    def asked(number: int) -> tuple[tuple[float, float], int]:
        return spots[number * 37 % len(spots)], RADII[number % len(RADII)]

    def ours(number: int) -> object:
        turn = next(turns)
        spot, radius = asked(turn)
        return programs.found(Asked(Spot(f"place {turn}", point=spot), radius, related=bool(number % 2)))

    def floor(number: int) -> object:
        (north, east), radius = asked(number)
        high = radius / MILES_A_DEGREE
        wide = high / max(cos(radians(north)), 0.01)
        return pack.rows(NEAR, (north - high, north + high, east - wide, east + wide))

    return Row("academy-near", "programs near a place, over all schools", ours, floor, 200, 20)
