"""A newcomer's plan: five steps with days, and the hours worked so far. It lives in the page's address or in a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from daysheet.academy.figures.trade import HOURS_A_YEAR

STEPS = ("basics", "training", "experience", "certificate", "job")
State = Literal["", "now", "done"]
HOUR_KINDS = ("externship", "volunteer", "job")
HOUR_FIELDS = ("kind", "place", "supervisor", "duty", "hours")
MOST_HOURS = 8
MOST_LETTERS = 200
NAMES = frozenset(
    [f"{key}-{name}" for key in STEPS for name in ("state", "by")]
    + [f"h{n}-{name}" for n in range(1, MOST_HOURS + 1) for name in HOUR_FIELDS]
    + ["name"]
)
"""Every name that an address, a file or an account may hold of a plan; others are left out."""


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five, as far as one has come, and by when one means to have it."""

    key: str
    state: State
    by: date | None


def words_of_plan(said: Mapping[str, Any]) -> dict[str, str]:
    """Return what somebody said of a plan: known names only, blanks left out, each word at most 200 letters."""
    return {
        name: word[:MOST_LETTERS]
        for name in sorted(NAMES)
        if isinstance(value := said.get(name), str) and (word := value.replace("\0", "").strip())
    }


def where_am_i(steps: Iterable[Step]) -> Step | None:
    """Return the step one stands on: the one marked so, else the first that is not done; None when all are done."""
    known = list(steps)
    marked = [step for step in known if step.state == "now"]
    waiting = [step for step in known if step.state != "done"]
    return next(iter(marked or waiting), None)


def out_of_order(steps: Iterable[Step]) -> list[str]:
    """Return the steps whose day lies before an earlier step's day: a plan that cannot come true as written."""
    latest: date | None = None
    wrong = []
    for step in steps:
        if step.by is None:
            continue
        if latest is not None and step.by < latest:
            wrong.append(step.key)
        latest = max(latest or step.by, step.by)
    return wrong


def totals(hours: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the hours of each kind."""
    sums = dict.fromkeys(HOUR_KINDS, 0)
    for kind, count in hours:
        sums[kind] += count
    return sums


def as_evidence(sums: Mapping[str, int]) -> dict[str, int]:
    """Return what the hours mean for the entry rules: externship hours, and full years of office work."""
    return {
        "externship_hours": sums["externship"],
        "office_years": sums["job"] // HOURS_A_YEAR,
    }
