"""A file for people: its segments in words with what is wrong beside them, a part at a time, and by a word."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from daysheet.formats import x12
from daysheet.formats.x12.check import check_sets

PART = 300
LARGEST_CHECKED = 2_000_000
"""Bytes of a file that is checked while its page is drawn: two seconds at most."""
MOST_FINDINGS = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a file in words, and what was found in all of it."""

    lines: Page[Any]
    found: list[x12.Problem]
    is_checked: bool
    asked: str

    @property
    def errors(self) -> int:
        """Return how many findings are errors."""
        return sum(one.severity == "error" for one in self.found)


def shown(content: bytes, *, asked: str = "", part: int | str = 1) -> Shown:
    """Return a part of a file, or of those segments in which a word stands (in the segment, its words, its findings)."""
    is_checked = len(content) <= LARGEST_CHECKED
    findings = list(check_sets(content, most=MOST_FINDINGS)) if is_checked else None
    lines = x12.outline(content, findings=findings)
    word = asked.strip().casefold()
    if word:
        lines = [one for one in lines if word in _text(one).casefold()]
    found = [one for _, one in findings or ()]
    return Shown(Paginator(lines, PART).get_page(part), found, is_checked, asked.strip()[:80])


def _text(line: x12.Line) -> str:
    told = " ".join(one.message for one in line.problems)
    return f"{line.loop} {line.segment_text} {line.plain_words} {told}"
