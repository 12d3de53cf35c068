"""One fault is one finding: what only follows from a fault that is told already is not told again."""

from collections.abc import Iterable, Iterator, Sequence

from daysheet.formats.x12.problems import Problem

from .finding import RULES

MONEY = frozenset("CLM SV1 SV2 SV3 LX CAS AMT SVD CLP SVC BPR PLB".split())
"""Segments whose numbers enter a sum."""
OWNED = frozenset(("NM1", "MIA", "MOA"))
"""Segments that follow a claim or payment: where one strays, its claim is not there."""
ODD_CODES = frozenset(("codes.kind-on-a-bill", "codes.diagnosis-kind"))
OF_ALL_CODES = frozenset(
    "codes.first-diagnosis codes.diagnosis-missing codes.two-editions codes.admitting-diagnosis codes.reason-for-visit"
    " codes.first-operation codes.accident-without-cause codes.death-day-missing pointers.missing-diagnosis"
    " pointers.never-used providers.operating coverage.workers-compensation-bill coverage.auto-bill".split()
)
"""What looks at the diagnoses and codes of a claim together: one that cannot be read may be the one that is missed."""
SUMS = (
    ("balance.claim", "balance.other-plan-line", "balance.other-plan"),
    ("balance.service", "balance.lines", "balance.payment", "balance.patient-share"),
    ("codes.provider-adjustment-half", "balance.transaction"),
)
"""Sums that rest on each other: where the first does not come out, those behind it cannot."""


def breaks_sums(broken: Iterable[Problem]) -> bool:
    """Return whether a fault of the structure took a number out of a sum, or lost what it belongs to."""
    return any(
        (one.segment in MONEY and one.code not in ("element.short", "element.unused", "element.date"))
        or (one.code in ("segment.unexpected", "segment.missing") and one.segment in OWNED)
        for one in broken
    )


class Strays:
    """One segment at the wrong place is missing at the right one: it is told once, where the file meets it first."""

    NEAR = 12
    """How many segments apart the two places are at most."""

    def __init__(self) -> None:
        self.last: dict[str, Problem] = {}

    def left(self, found: list[Problem]) -> list[Problem]:
        """Return the faults of a loop without those that are the other half of one that was told."""
        left = []
        for one in sorted(found, key=lambda item: item.position):
            kind = _HALVES.get(one.code)
            if kind is not None:
                other = self.last.get(one.segment)
                if (
                    other is not None
                    and _HALVES[other.code] != kind
                    and one.position - other.position <= self.NEAR
                ):
                    del self.last[one.segment]
                    continue
                if len(self.last) > _MOST:
                    self.last.clear()
                self.last[one.segment] = one
            left.append(one)
        return left


_HALVES = {
    **dict.fromkeys(("segment.unexpected", "segment.order", "segment.too-many", "loop.too-many"), "there"),
    **dict.fromkeys(("segment.missing", "loop.missing"), "away"),
}
_MOST = 100


def is_lost(found: Iterable[Problem]) -> bool:
    """Return whether something strayed: a loop or level that it belongs to may not be there."""
    return any(
        one.code in ("segment.unexpected", "loop.missing", "loop.too-many", "segment.too-many")
        for one in found
    )


def judged(broken: list[Problem], told: list[Problem], above: Sequence[Problem] = ()) -> Iterator[Problem]:
    """Return what the rules say of a loop, without what follows from faults of its structure or from each other.

    Left out are: a second word on one element; sums, where a number is broken; something that is missed, where a
    segment of that kind is there and does not say which one it is; sums that rest on a sum that is told. `above` are
    the faults of the loops above, which rules look at with the first claim below.
    """
    places = {(one.position, one.element) for one in (*broken, *above) if one.element}
    again = {one.position for one in broken if one.code == "segment.too-many"}
    sums = breaks_sums(broken)
    unnamed = {
        one.segment
        for one in (*broken, *above)
        if (one.element == 1 and one.code in ("element.value", "element.missing"))
        or one.code in ("segment.unexpected", "segment.order")
    }
    codes = {one.code for one in told}
    odd = bool(codes & ODD_CODES) or any(one.segment == "HI" for one in broken)
    behind: set[str] = set()
    for chain in SUMS:
        first = next((place for place, code in enumerate(chain) if code in codes), len(chain))
        behind.update(chain[first + 1 :])
    for one in told:
        if one.code in behind or (sums and one.snip == 3) or (one.position, one.element) in places:
            continue
        if one.position in again:
            continue
        if odd and one.code in OF_ALL_CODES:
            continue
        if unnamed and one.code in RULES:
            _, *named = RULES[one.code].at.split()
            if named and named[0] != one.segment and {named[0], named[0][:-2]} & unnamed:
                continue
            if one.code.startswith("hierarchy."):  # a level that lost its first segment, or a line
                continue
        yield one
