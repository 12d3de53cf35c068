"""What a course costs at its lower and its upper end, from the registry of facts or from a price one knows."""

from dataclasses import dataclass

from daysheet.academy.facts.registry import fact
from daysheet.academy.planner.rules.payback import Costs


@dataclass(frozen=True, slots=True)
class Range:
    """The lower and the upper end of a course's cost, part by part."""

    low: Costs
    high: Costs

    @property
    def middle(self) -> int:
        """Half way between the two ends: ours, no survey's."""
        return (self.low.total + self.high.total) // 2


def cost_of(program: str, tuition: int | None) -> Range:
    """Return the cost of a kind of course: `own` takes the price given, `exam` the exam alone."""
    return Range(_end(program, tuition, "low"), _end(program, tuition, "high"))


def _end(program: str, tuition: int | None, end: str) -> Costs:
    exam = _guide("cert.cmaa.fee")
    if program == "exam":
        return Costs(0, exam=exam)
    if program == "own":
        price, fees = tuition or 0, 0
    else:
        price, fees = _guide(f"cost.{program}.tuition.{end}"), _guide(f"cost.{program}.fees.{end}")
    return Costs(
        price,
        fees,
        books=_guide(f"cost.books.{end}"),
        background_check=_guide(f"cost.background.{end}"),
        attire=_guide(f"cost.attire.{end}"),
        exam=exam,
    )


def _guide(key: str) -> int:
    return int(fact(key).guide_value)
