"""What is wrong with a file, as values: the good parts stay usable beside them."""

from typing import Literal

from .record import record

Severity = Literal["error", "warning", "note"]
MOST_ALIKE = 1_000
"""Problems of one code that a reader keeps for a set, or for the envelopes."""


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


class Problems(list[Problem]):
    """Problems as they are met: of one code the first are kept, then a note says that there are more.

    So a file that says the same wrong thing a million times cannot fill the memory, and no other fault is lost.
    """

    __slots__ = ("_met",)
    _met: dict[str, int]

    def keep(self, one: Problem) -> None:
        """Keep one problem, unless there are many of its code already."""
        if not self:  # most sets have none
            self._met = {}
        met = self._met[one.code] = self._met.get(one.code, 0) + 1
        if met <= MOST_ALIKE:
            self.append(one)
        elif met == MOST_ALIKE + 1:
            message = f"There are more than {MOST_ALIKE:,} of {one.code}; the others are not told."
            self.append(Problem("note", "file.more", message, one.snip))


class CannotBuild(ValueError):
    """The guide does not allow what was asked to be written; the sentence says what is missing."""
