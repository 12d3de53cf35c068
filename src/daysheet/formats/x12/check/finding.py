"""Rules with a name: each looks at one piece of a file and says what is wrong with it, where, and how it is mended."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from daysheet.formats.x12.problems import Problem, Severity
from daysheet.formats.x12.segment import Segment

FAMILIES = (
    "identity", "coverage", "providers", "place", "dates", "codes", "modifiers", "units", "pointers", "authorization",
    "cob", "attachments", "envelope", "hierarchy", "balance",
)  # fmt: skip


class Hit(NamedTuple):
    """What a rule found: the segment, which element, and the sentence."""

    at: Segment
    element: int
    message: str
    loop: str = ""


Test = Callable[[Any], Iterable[Hit]]


class Rule(NamedTuple):
    """One rule: its code, the family, the SNIP level, the kinds of set it is for, where, and how to mend."""

    code: str
    family: str
    snip: int
    kinds: frozenset[str]
    at: str
    fix: str
    severity: Severity
    piece: str
    when: str
    test: Test

    def told(self, hit: Hit) -> Problem:
        """Return what the rule found as a finding."""
        return Problem(
            self.severity, self.code, hit.message, self.snip, hit.loop or self.at.split()[0], hit.at.id,
            hit.at.position, hit.element, hit.at[hit.element][:80] if hit.element else "", self.fix,
        )  # fmt: skip


RULES: dict[str, Rule] = {}
"""All rules by code. A rule is one function below `@rule`; taking it out of here is all it takes to be without it."""


def rule(
    code: str,
    *,
    kinds: str,
    at: str,
    snip: int = 4,
    fix: str = "",
    severity: Severity = "error",
    piece: str = "claim",
    when: str = "",
) -> Callable[[Test], Test]:
    """Put a rule on the list. `code` begins with its family; `kinds` are words, `at` points into the guide.

    `when` names what must be there for the rule to have anything to say (see `Claim.marks`), one of several with a
    bar between: a claim without it is passed over.
    """

    def build(test: Test) -> Test:
        family = code.partition(".")[0]
        if family not in FAMILIES or code in RULES:
            raise ValueError(f"{code} has no family, or is there twice")
        RULES[code] = Rule(code, family, snip, frozenset(kinds.split()), at, fix, severity, piece, when, test)
        return test

    return build


def differing(expected: Decimal, stated: Decimal) -> str:
    """Return two sums that should be one, and the difference in dollars."""
    return f"{expected:,.2f} against {stated:,.2f}, a difference of {stated - expected:+,.2f}."


def rules_for(kind: str, piece: str, levels: frozenset[int]) -> list[Rule]:
    """Return the rules for a piece (set, claim, payment, ...) of a kind of set."""
    return [one for one in RULES.values() if one.piece == piece and kind in one.kinds and one.snip in levels]
