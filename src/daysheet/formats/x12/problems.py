"""What is wrong with a file, as values: the good parts stay usable beside them."""

from typing import Literal

from .record import record

Severity = Literal["error", "warning", "note"]


@record
class Problem:
    """One fault at one place, in a sentence that a person at a desk can read."""

    severity: Severity
    code: str
    message: str
    snip: int = 1
    loop: str = ""
    segment: str = ""
    position: int = 0
    element: int = 0
    value: str = ""
    fix: str = ""

    @property
    def place(self) -> str:
        """Return where the fault stands, as people write it: 2300 CLM02, segment 31."""
        name = f"{self.segment}{self.element:02d}" if self.element else self.segment
        words = " ".join(part for part in (self.loop, name) if part)
        where = f"segment {self.position}" if self.position else ""
        return ", ".join(part for part in (words, where) if part)


class CannotBuild(ValueError):
    """The guide does not allow what was asked to be written; the sentence says what is missing."""
