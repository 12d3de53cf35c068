"""Revenue codes, types of bill and the kinds of claim that follow from them: pure rules."""

import pytest

from daysheet.charges.rules import facility, kinds
from daysheet.charges.rules.facility import FacilityFacts
from daysheet.charges.rules.kinds import Billed

HOSPITAL = frozenset({"professional", "institutional"})
ALL = HOSPITAL | {"dental"}


@pytest.mark.parametrize(
    ("service", "bills", "kind"),
    [
        (Billed("X0510", revenue_code="0510"), HOSPITAL, "institutional"),
        (Billed("X0020"), HOSPITAL, "professional"),
        (Billed("X0510", revenue_code="0510"), frozenset({"professional"}), "professional"),
        (Billed("X0510", revenue_code="0510"), frozenset(), "professional"),
        (Billed("X0020"), frozenset({"institutional"}), "institutional"),
        (Billed("D0011", revenue_code="0510"), ALL, "institutional"),
        (Billed("D0011"), ALL, "dental"),
        (Billed("X0020"), ALL, "professional"),
    ],
)
def test_a_revenue_code_makes_a_service_the_facilitys_where_it_bills(
    service: Billed, bills: frozenset[str], kind: str
) -> None:
    assert kinds.kind_of(service, bills) == kind


def test_clinician_and_facility_stand_on_one_slip_and_a_dentist_beside_neither() -> None:
    two = [Billed("X0020"), Billed("X0510", revenue_code="0510")]
    assert kinds.mixed(two, HOSPITAL) == ""
    assert kinds.kinds_of(two, HOSPITAL) == ["professional", "institutional"]
    told = kinds.mixed([*two, Billed("D0011")], ALL)
    assert "dental services (D0011)" in told
    assert "one claim never holds both" in told


@pytest.mark.parametrize(
    ("typed", "kept", "is_wrong"),
    [
        ("0510", "0510", False),
        (" 510 ", "0510", False),
        ("", "", False),
        ("51", "51", True),
        ("05100", "05100", True),
        ("051A", "051A", True),
        ("0001", "0001", True),
        ("0000", "0000", True),
        ("٠٥١٠", "٠٥١٠", True),  # digits, and none that the wire carries
        ("0510\n", "0510", False),
        ("<b>", "<b>", True),
    ],
)
def test_a_revenue_code_is_known_by_its_shape_alone(typed: str, kept: str, is_wrong: bool) -> None:
    assert facility.as_revenue_code(typed) == kept
    assert bool(facility.revenue_problem(kept)) is is_wrong


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (FacilityFacts("13"), None),
        (FacilityFacts("83", "1", "D", "02"), None),
        (FacilityFacts(""), "bill_type"),
        (FacilityFacts("131"), "bill_type"),
        (FacilityFacts("10"), "bill_type"),
        (FacilityFacts("11"), "bill_type"),  # who lies in is not billed here
        (FacilityFacts("13", "0"), "admission_type"),
        (FacilityFacts("13", ""), "admission_type"),
        (FacilityFacts("13", "3", ""), "admission_source"),
        (FacilityFacts("13", "3", "*"), "admission_source"),
        (FacilityFacts("13", "3", "1", "1"), "patient_status"),
    ],
)
def test_what_a_bill_says_of_the_visit_is_known_by_its_shape(facts: FacilityFacts, field: str | None) -> None:
    wrong = facility.facts_problem(facts)
    assert (wrong[0] if wrong else None) == field
    assert wrong is None or wrong[1].endswith(".")


def test_only_an_unplanned_visit_to_a_hospital_says_why_the_patient_came() -> None:
    assert facility.asks_why("13", "1")
    assert facility.asks_why("85", "2")
    assert not facility.asks_why("13", "3")
    assert not facility.asks_why("83", "1")


def test_original_medicare_takes_a_surgery_center_on_the_professional_form() -> None:
    assert facility.kinds_for(HOSPITAL, bill_type="83", filing_code="MB") == {"professional"}
    assert facility.kinds_for(HOSPITAL, bill_type="83", filing_code="CI") == HOSPITAL
    assert facility.kinds_for(HOSPITAL, bill_type="13", filing_code="MB") == HOSPITAL
    alone = frozenset({"institutional"})
    assert facility.kinds_for(alone, bill_type="83", filing_code="MB") == alone
