"""One fault is one finding: what only follows from a fault that is told already is not told again."""

from collections.abc import Iterable, Iterator

from daysheet.formats.x12.problems import Problem

from .finding import RULES

MONEY = frozenset("CLM SV1 SV2 SV3 LX CAS AMT SVD CLP SVC BPR PLB".split())
"""Segments whose numbers enter a sum."""
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
    """Return whether a fault of the structure took a number out of a sum."""
    return any(
        one.segment in MONEY and one.code not in ("element.short", "element.unused", "element.date")
        for one in broken
    )


def judged(broken: list[Problem], told: list[Problem], above: Iterable[Problem] = ()) -> Iterator[Problem]:
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
        for one in broken
        if (one.element == 1 and one.code in ("element.value", "element.missing"))
        or one.code == "segment.unexpected"
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
            if named and named[0] in unnamed and named[0] != one.segment:
                continue
        yield one
