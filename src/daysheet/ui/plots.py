"""Bars and ranges drawn on the server: no script, readable in print and by a screen reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, LABEL, NUMBER, STEP, BAR = 640, 150, 90, 30, 18


@dataclass(frozen=True)
class Bar:
    """One drawn bar: its place, its words."""

    label: str
    says: str
    y: int
    x: int
    width: int
    height: int
    series: int


@dataclass(frozen=True)
class BarPlot:
    """A finished drawing, ready for the template."""

    width: int
    height: int
    bars: list[Bar]
    zero: int


def bar_plot(rows: Sequence[tuple[str, Decimal | float, str]], series: int = 1) -> BarPlot:
    """Return lying bars for rows of label, value and the value in words; none may be below zero."""
    largest = max((float(value) for _label, value, _says in rows), default=0.0)
    room = WIDTH - LABEL - NUMBER
    bars = [
        Bar(
            label=label,
            says=says,
            y=number * STEP + (STEP - BAR) // 2,
            x=LABEL,
            width=max(round(float(value) / largest * room), 1) if largest and value else 0,
            height=BAR,
            series=series,
        )
        for number, (label, value, says) in enumerate(rows)
    ]
    return BarPlot(width=WIDTH, height=len(rows) * STEP, bars=bars, zero=LABEL)
