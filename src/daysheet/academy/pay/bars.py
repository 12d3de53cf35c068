"""A wage curve as a drawing: from P10 to P90, the middle half thick, the median a stroke, the nation's behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from daysheet.academy.pay.rules import Curve

LEFT, WIDTH, STEP = 10, 600, 20_000


@dataclass(frozen=True, slots=True)
class Bar:
    """One curve in drawing units."""

    low: float
    high: float
    from_25: float | None
    to_75: float | None
    middle: float | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Two curves on one scale, with its marks."""

    bars: tuple[Bar | None, ...]
    marks: tuple[tuple[float, int], ...]
    own: float | None
    spans: tuple[tuple[float, float], ...] = ()


def drawn(
    curves: list[Curve | None], own_wage: int | None = None, spans: Sequence[tuple[int, int]] = ()
) -> Drawing | None:
    """Return the curves (and spans of claims below them) on one scale from zero; None without a published point."""
    known = [one for one in curves if one and one.points]
    if not known:
        return None
    tops = [one.points[-1][1] for one in known] + [high for _low, high in spans]
    top = max([*tops, own_wage or 0])
    top = min(-(-top // STEP) * STEP, 400_000)

    def place(wage: int | None) -> float | None:
        return None if wage is None else round(LEFT + WIDTH * min(wage, top) / top, 1)

    bars = tuple(_bar(one, place) if one and one.points else None for one in curves)
    marks = tuple(
        (place(wage) or 0.0, wage) for wage in range(0, top + 1, STEP * (1 if top <= 140_000 else 3))
    )
    claims = tuple((place(low) or 0.0, place(high) or 0.0) for low, high in spans)
    return Drawing(bars, marks, place(own_wage), claims)


def _bar(one: Curve, place: Callable[[int | None], float | None]) -> Bar:
    known = dict(one.points)
    low, high = place(one.low) or 0.0, place(one.high) or 0.0
    return Bar(low, high, place(known.get(25)), place(known.get(75)), place(known.get(50)))
