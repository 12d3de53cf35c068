"""Reading a wage curve: between published points, never outside them.

A curve is what the BLS publishes for one occupation in one area: P10, P25, P50, P75 and P90 of yearly pay, whole
dollars, any of them possibly not released. Between two neighbours we read along a straight line and say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

PUBLISHED = (10, 25, 50, 75, 90)

Outside = Literal["under", "over"]


@dataclass(frozen=True, slots=True)
class Curve:
    """The published points of one wage curve: percentile and dollars a year, rising in both."""

    points: tuple[tuple[int, int], ...]

    @property
    def low(self) -> int | None:
        """The lowest published wage, mostly P10."""
        return self.points[0][1] if self.points else None

    @property
    def high(self) -> int | None:
        """The highest published wage, mostly P90."""
        return self.points[-1][1] if self.points else None


def curve(row: Mapping[str, int | None]) -> Curve:
    """Return the curve of a row with `p10` to `p90`; what is not released (None) is left out, not guessed."""
    known = [(point, value) for point in PUBLISHED if (value := row.get(f"p{point}")) is not None]
    return Curve(tuple(known))


def wage_at(of: Curve, percentile: float) -> int | None:
    """Return the yearly wage at a percentile, to the nearest ten dollars; None outside the published points."""
    for (below, low), (above, high) in zip(of.points, of.points[1:], strict=False):
        if below <= percentile <= above:
            part = Fraction(percentile - below) / (above - below)
            exact = low + part * (high - low)
            return min(max(round(exact / 10) * 10, low), high)
    return next((wage for point, wage in of.points if point == percentile), None)


def percentile_of(of: Curve, wage: int) -> int | Outside | None:
    """Return at which percentile a wage stands; "under" or "over" the published points; None without a curve."""
    if of.low is None or of.high is None:
        return None
    if wage < of.low:
        return "under"
    if wage > of.high:
        return "over"
    for (below, low), (above, high) in zip(of.points, of.points[1:], strict=False):
        if low <= wage <= high:
            part = Fraction(wage - low, high - low) if high > low else Fraction(0)
            return round(below + part * (above - below))
    return of.points[0][0]


@dataclass(frozen=True, slots=True)
class Window:
    """A span of years in the trade and the part of the curve that it stands for."""

    key: str
    from_years: int
    to_years: int | None
    from_percentile: int | None
    to_percentile: int | None


EXPERIENCE = (
    Window("0_1", 0, 1, None, 22),
    Window("1_3", 1, 4, 22, 43),
    Window("4_7", 4, 8, 43, 77),
    Window("8_up", 8, None, 77, None),
)
"""Our own mapping: the guide's bands (lines 211-214) placed on the nation's curve. The BLS publishes none.

The bands overlap at year 1 and leave out years 3 to 4; read as [0,1) [1,4) [4,8) [8,) they do neither.
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Dollars a year from and to; an open end is None, and reads "under" or "over" the other end's bound."""

    window: Window
    low: int | None
    high: int | None
    bound_low: int | None
    bound_high: int | None


def by_experience(of: Curve, windows: Sequence[Window] = EXPERIENCE) -> list[Span]:
    """Return what each span of years may earn here; an end that lies outside the published points stays open."""
    spans = []
    for window in windows:
        low = None if window.from_percentile is None else wage_at(of, window.from_percentile)
        high = None if window.to_percentile is None else wage_at(of, window.to_percentile)
        spans.append(Span(window, low, high, of.low, of.high))
    return spans


@dataclass(frozen=True, slots=True)
class Claim:
    """What the guide says a certificate adds, laid on this place's median: a claim without a source, never a wage."""

    key: str
    low: int
    high: int
    is_past_the_top: bool
    """It ends above the highest published wage there."""


def claimed(of: Curve, key: str, add_low: int, add_high: int) -> Claim | None:
    """Return a claim from the median up; None where no median is released. Claims are never added to one another."""
    median = dict(of.points).get(50)
    if median is None or of.high is None:
        return None
    return Claim(key, median + add_low, median + add_high, median + add_high > of.high)


def buying_power(wage: int, price_level: float) -> int:
    """Return what a wage buys in dollars of the nation: price level 100 is the nation's (BEA, all items).

    A way to compare two places; never a wage that anybody pays.
    """
    if price_level <= 0:
        raise ValueError("A price level is above zero.")
    return round(Fraction(wage * 100) / Fraction(price_level) / 10) * 10
