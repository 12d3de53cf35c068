"""The table of faults that other checkers are measured by: one fault in a clean file, one finding of ours each."""

import pytest

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.formats.x12.sample import sample
from daysheet.formats.x12.sample.spoil import Apply, composite, drop, more, other_digit, put


def _raised(kind: str, head: str, element: int) -> tuple[str, Apply, bool]:
    return kind, put(head, element, more), True


def _claim_and_payment(lines: list[str]) -> list[str]:
    """Raise what a claim pays and the payment with it, so that the claim alone does not come out."""
    return put("BPR*", 2, more)(put("CLP*", 4, more)(lines))


# fault -> (kind, what is done to it, whether the count of the set is made anew, the finding, its SNIP level)
TABLE: dict[str, tuple[str, Apply, bool, str, int]] = {
    "837: the count of the set": ("837P", put("SE*", 1, more), False, "envelope.se-count", 1),
    "835: the count of the set": ("835", put("SE*", 1, more), False, "envelope.se-count", 1),
    "the end has another number than the header": (
        "837P", put("IEA*", 2, "99999998"), True, "envelope.iea-number", 1,
    ),
    "a date that is none": ("837P", put("DTP*472*", 3, "20260230"), True, "element.date", 2),
    "a qualifier that is none": ("837P", put("DTP*472*", 2, "D9"), True, "element.value", 2),
    "the receiver is missing": ("837P", drop("NM1*40*"), True, "loop.missing", 2),
    "835: a group of adjustments that is none": ("835", put("CAS*", 1, "ZZ"), True, "element.value", 2),
    "837: a group of adjustments that is none": ("837P", put("CAS*", 1, "ZZ"), True, "element.value", 2),
    "a level below a wrong one": ("837P", put("HL*3*", 2, "99"), True, "hierarchy.parent", 2),
    "a dependent whose kinship is not told": ("837P", drop("PAT*"), True, "segment.missing", 2),
    "837: charge and lines": (*_raised("837P", "CLM*", 2), "balance.claim", 3),
    "835: a service": (*_raised("835", "SVC*", 3), "balance.service", 3),
    "835: a claim": ("835", _claim_and_payment, True, "balance.payment", 3),
    "835: the payment": (*_raised("835", "BPR*", 2), "balance.transaction", 3),
    "a place of service that is none": ("837P", put("CLM*", 5, composite(1, "98")), True, "place.of-service", 5),
    "an adjustment reason that is none": ("835", put("CAS*", 2, "9999"), True, "codes.reason", 5),
    "a remark that is none": ("835", put("LQ*HE*", 2, "N99999"), True, "codes.remark", 5),
    "a diagnosis that cannot be": ("837P", put("HI*", 1, composite(2, "ZZZZZ")), True, "codes.diagnosis", 5),
    "a procedure that cannot be": ("837P", put("SV1*", 1, composite(2, "0ZZZZ")), True, "codes.procedure", 5),
    "a provider's number with a wrong digit": (
        "837P", put("NM1*82*", 9, other_digit), True, "providers.npi", 5,
    ),
    "it replaces a claim and does not say which": (
        "837P", put("CLM*", 5, composite(3, "7")), True, "authorization.original-missing", 4,
    ),
}  # fmt: skip


def spoilt(kind: str, change: Apply, is_counted: bool) -> bytes:
    """Return a sample with a change; the count of its set fits again where that is not the fault."""
    lines = change([item.text() for item in x12.segments(sample(kind, count=10, seed=3))])
    if is_counted:
        lines = put("SE*", 1, str(len(lines) - 4))(lines)
    return ("~".join(lines) + "~").encode()


@pytest.mark.parametrize("name", TABLE)
def test_one_fault_is_one_finding(name: str) -> None:
    kind, change, is_counted, code, level = TABLE[name]
    assert list(check(sample(kind, count=10, seed=3))) == []
    (finding,) = check(spoilt(kind, change, is_counted))
    assert (finding.code, finding.snip) == (code, level)
