"""Each rule finds its own fault, and a clean claim passes them all."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from daysheet.charges.authorization_rules import AuthorizationFacts
from daysheet.charges.case_rules import CaseClaimFacts
from daysheet.charges.claim_facts import ClaimFacts, DiagnosisFacts, LineFacts, Place
from daysheet.charges.place_rules import PlaceFacts
from daysheet.charges.rules.facility import FacilityFacts
from daysheet.charges.rules.mouth import Mouth, TreatedTooth, read_mouth
from daysheet.charges.scrub import RULES, scrub, stops
from daysheet.coverage.rules.telehealth import shipped
from daysheet.formats.x12.numbers import is_npi

DAY = date(2026, 3, 9)
LINE = LineFacts(1, "X0020", Decimal("120.00"), service_on=DAY)
CLEAN = ClaimFacts(
    today=DAY,
    service_on=DAY,
    charge=Decimal("120.00"),
    lines=(LINE,),
    diagnoses=(DiagnosisFacts("M54.50", is_known=True, is_billable=True),),
    office_name="Northside Family Medicine",
    office_npi="1234567893",
    office_tax_id="12-3456789",
    office_place=Place("12 Main St", "Springfield", "MA", "01103-0001"),
    office_phone="+14135550100",
    provider_name="Dr. Lee",
    provider_npi="1245319599",
    patient_family="Diaz",
    patient_given="Maria",
    patient_born_on=date(1962, 3, 14),
    patient_sex="F",
    patient_place=Place("5 Elm St", "Springfield", "MA", "01103"),
    payer_id="BLUE1",
    file_by=date(2026, 6, 7),
    member_id="XJ4001",
    covered_from=date(2025, 1, 1),
)
FAULTS = {
    "claim-kind": {"office_bills": frozenset({"dental"})},
    "office-npi": {"office_npi": "1234567890"},
    "office-tax-id": {"office_tax_id": "123"},
    "office-address": {"office_place": Place("P.O. Box 12", "Springfield", "MA", "011030001")},
    "office-zip": {"office_place": Place("12 Main St", "Springfield", "MA", "01103")},
    "office-phone": {"office_phone": ""},
    "provider-npi": {"provider_npi": ""},
    "provider-own-npi": {"provider_npi": "1234567893", "providers": 3},
    "patient-name": {"patient_family": "ماریا"},
    "office-name-length": {"office_name": "N" * 61},
    "patient-name-length": {"patient_given": "M" * 36},
    "subscriber-name-length": {
        "relationship": "child",
        "subscriber_family": "D" * 61,
        "subscriber_given": "Luis",
    },
    "patient-birth": {"patient_born_on": date(2026, 3, 10)},
    "patient-sex": {"patient_sex": ""},
    "patient-address": {"patient_place": Place("", "Springfield", "MA", "01103")},
    "patient-zip": {"patient_place": Place("5 Elm St", "Springfield", "Mass", "01103")},
    "payer-id": {"payer_id": ""},
    "payer-way": {"has_way_out": False},
    "member-id": {"member_id": "*"},
    "covered-on-the-day": {"covered_until": DAY},
    "subscriber": {"relationship": "child"},
    "authorization-days": {
        "authorizations": (AuthorizationFacts("Prior authorization A1", DAY, ends_on=DAY),)
    },
    "authorization-used-up": {
        "authorizations": (AuthorizationFacts("Referral R1", DAY, approved=2, place=3),)
    },
    "case-and-plan": {"case": CaseClaimFacts(visit_goes_to="State Fund", claim_goes_to="Blue PPO")},
    "case-stands": {"case": CaseClaimFacts(is_case=True, claim_number="1", is_gone=True)},
    "case-number": {"case": CaseClaimFacts(is_case=True, kind="Work injury")},
    "place-and-visit": {"place_of_service": "10"},
    "telehealth-modifier": {"place": PlaceFacts(shipped("video", "CI")), "place_of_service": "10"},
    "admitted-since": {"place_of_service": "21"},
    "payer-enrolment": {"enrolment": "Blue PPO takes none from us.", "enrolment_stops": True},
    "payer-enrolment-open": {"enrolment": "Blue PPO takes none from us."},
    "diagnoses": {"diagnoses": (), "lines": (replace(LINE, pointers=(1,)),)},
    "diagnosis-shape": {"diagnoses": (DiagnosisFacts("BACK"),)},
    "diagnosis-billable": {"diagnoses": (DiagnosisFacts("M54.5", is_known=True, is_billable=False),)},
    "diagnosis-known": {"diagnoses": (DiagnosisFacts("M54.50", is_known=False),)},
    "diagnosis-once": {"diagnoses": (DiagnosisFacts("M54.50"), DiagnosisFacts("M54.50"))},
    "lines": {"lines": (), "charge": Decimal(0)},
    "procedure-shape": {"lines": (replace(LINE, code="X20"),)},
    "modifiers": {"lines": (replace(LINE, modifiers=("25", "25")),)},
    "pointers": {"lines": (replace(LINE, pointers=(2,)),)},
    "units": {"lines": (replace(LINE, units=Decimal(1000)),)},
    "charge-above-zero": {"lines": (replace(LINE, amount=Decimal(0)),), "charge": Decimal(0)},
    "line-stands": {"lines": (replace(LINE, is_void=True),)},
    "charge-adds-up": {"charge": Decimal("119.99")},
    "service-day": {"lines": (replace(LINE, service_on=date(2026, 3, 10)),)},
    "line-twice": {"lines": (LINE, replace(LINE, number=2)), "charge": Decimal("240.00")},
    "place-of-service": {"place_of_service": "office"},
    "payers-number": {"frequency": "7"},
    "frequency": {"frequency": "6"},
    "payer-of-coverage": {"covered_by": "Green HMO", "goes_to": "Blue PPO"},
    "filed-in-time": {"file_by": date(2026, 3, 8)},
}
TOOTH = replace(LINE, code="D0011", pointers=(), mouth=read_mouth("14 MOD"))
DENTAL = replace(
    CLEAN,
    claim_kind="dental",
    office_bills=frozenset({"dental"}),
    lines=(TOOTH,),
    diagnoses=(),
    provider_taxonomy="1223G0001X",
)


def _line(**more: object) -> dict[str, object]:
    return {"lines": (replace(TOOTH, **more),)}  # type: ignore[arg-type]


DENTAL_FAULTS = {
    "dental-taxonomy": {"provider_taxonomy": ""},
    "dental-taxonomy-shape": {"provider_taxonomy": "DENTIST"},
    "dental-diagnoses": {"diagnoses": tuple(DiagnosisFacts(f"K02.{n}") for n in range(5))},
    "dental-lines": {"lines": (), "charge": Decimal(0)},
    "dental-code": _line(code="XT050"),
    "dental-area": _line(mouth=Mouth(areas=("11",))),
    "dental-needs": _line(mouth_need="area"),
    "dental-prosthesis": _line(prosthesis="X"),
    "dental-pointers": {"diagnoses": (DiagnosisFacts("K02.9"),)} | _line(pointers=(2,)),
    "dental-tooth": _line(mouth=Mouth((TreatedTooth("33"),))),
    "dental-surface": _line(mouth=Mouth((TreatedTooth("8", "O"),))),
    "dental-prior-placement": _line(prosthesis="R"),
}
FACILITY = replace(
    CLEAN,
    claim_kind="institutional",
    office_bills=frozenset({"professional", "institutional"}),
    office_taxonomy="282N00000X",
    provider_taxonomy="207Q00000X",
    facility=FacilityFacts("13"),
    lines=(replace(LINE, revenue_code="0510", pointers=()),),
)
FACILITY_FAULTS: dict[str, dict[str, object]] = {
    "facility-taxonomy": {"provider_taxonomy": ""},
    "facility-taxonomy-shape": {"office_taxonomy": "HOSPITAL"},
    "facility-attending": {"provider_npi": "1234567893"},
    "facility-bill-type": {"facility": FacilityFacts("")},
    "facility-visit": {"facility": FacilityFacts("11")},
    "facility-diagnoses": {"diagnoses": ()},
    "facility-first-diagnosis": {"diagnoses": (DiagnosisFacts("W19.XXXA"),)},
    "facility-lines": {"lines": (), "charge": Decimal(0)},
    "facility-revenue-code": {"lines": (replace(LINE, revenue_code=""),)},
    "facility-revenue-shape": {"lines": (replace(LINE, revenue_code="51"),)},
}


def test_a_clean_claim_passes_every_rule() -> None:
    assert scrub(CLEAN) == []
    assert scrub(DENTAL) == []
    assert scrub(FACILITY) == []


@pytest.mark.parametrize("rule", FACILITY_FAULTS)
def test_a_rule_of_facilities_finds_its_fault_and_names_their_guide(rule: str) -> None:
    (found,) = scrub(replace(FACILITY, **FACILITY_FAULTS[rule]))  # type: ignore[arg-type]
    assert found.rule == rule
    assert found.source.startswith("TR3 837I ")
    assert found.sentence.endswith(".")
    assert ":" in found.link_name


def test_a_facilitys_line_points_to_no_diagnosis_and_two_revenue_codes_are_two_services() -> None:
    other = replace(FACILITY.lines[0], number=2, revenue_code="0260", pointers=(9,))
    assert scrub(replace(FACILITY, lines=(*FACILITY.lines, other), charge=Decimal("240.00"))) == []
    (twice,) = scrub(replace(FACILITY, lines=FACILITY.lines * 2, charge=Decimal("240.00")))
    assert twice.rule == "line-twice"


def test_a_rule_of_all_guides_names_the_facilitys_own() -> None:
    (npi,) = scrub(replace(FACILITY, provider_npi="1"))
    assert (npi.rule, npi.source) == ("provider-npi", "TR3 837I 2310A NM109")
    (units,) = scrub(replace(FACILITY, lines=(replace(FACILITY.lines[0], units=Decimal(0)),)))
    assert units.source == "TR3 837I 2400 SV205"


@pytest.mark.parametrize("rule", DENTAL_FAULTS)
def test_a_rule_of_dentists_finds_its_fault_and_names_their_guide(rule: str) -> None:
    (found,) = scrub(replace(DENTAL, **DENTAL_FAULTS[rule]))  # type: ignore[arg-type]
    assert found.rule == rule
    assert found.source.startswith("TR3 837D ")
    assert found.sentence.endswith(".")
    assert ":" in found.link_name


def test_a_dental_claim_needs_no_diagnosis_and_says_not_since_when_somebody_lies_in() -> None:
    assert scrub(replace(DENTAL, place_of_service="21")) == []
    assert [one.rule for one in scrub(replace(CLEAN, place_of_service="21"))] == ["admitted-since"]


def test_the_earlier_prosthesis_was_placed_before_the_service() -> None:
    late = replace(DENTAL, **_line(prosthesis="R", prior_placed_on=date(2026, 3, 10)))  # type: ignore[arg-type]
    assert [one.sentence for one in scrub(late)] == [
        "The earlier prosthesis was placed after the service that replaces it."
    ]
    early = replace(DENTAL, **_line(prosthesis="R", prior_placed_on=date(2018, 3, 1)))  # type: ignore[arg-type]
    assert scrub(early) == []


def test_one_service_at_two_teeth_is_no_double_and_at_one_tooth_it_is() -> None:
    other = replace(TOOTH, number=2, mouth=read_mouth("15 O"))
    assert scrub(replace(DENTAL, lines=(TOOTH, other), charge=Decimal("240.00"))) == []
    (twice,) = scrub(replace(DENTAL, lines=(TOOTH, replace(TOOTH, number=2)), charge=Decimal("240.00")))
    assert twice.sentence == "D0011 stands twice on one day: name the tooth of each, or use units."


def test_a_rule_of_both_guides_names_the_dentists_own() -> None:
    (wrong,) = scrub(replace(DENTAL, **_line(code="D001")))[1:]  # type: ignore[arg-type]
    assert (wrong.rule, wrong.source) == ("dental-code", "TR3 837D 2400 SV301-2")
    (npi,) = scrub(replace(DENTAL, office_npi="1"))
    assert npi.source == "TR3 837D 2010AA NM109"
    (units,) = scrub(replace(DENTAL, **_line(units=Decimal(0))))  # type: ignore[arg-type]
    assert units.source == "TR3 837D 2400 SV306"


def test_a_facilitys_claim_is_held_in_an_office_that_bills_none() -> None:
    (found,) = scrub(replace(FACILITY, office_bills=frozenset({"professional"})))
    assert found.rule == "claim-kind"
    assert found.sentence.startswith(
        "This office bills professional claims, and this is an institutional one"
    )


def test_there_are_at_least_fifteen_rules_and_each_has_its_own_fault_here() -> None:
    assert len(RULES) >= 15
    assert sorted(item.id for item in RULES) == sorted({**FAULTS, **DENTAL_FAULTS, **FACILITY_FAULTS})


@pytest.mark.parametrize("rule", FAULTS)
def test_a_rule_finds_its_fault_and_says_where_it_is_mended(rule: str) -> None:
    found = scrub(replace(CLEAN, **FAULTS[rule]))  # type: ignore[arg-type]
    extra = {"diagnoses": ["pointers"]}.get(rule, [])  # without a diagnosis no line can point to one
    assert [item.rule for item in found] == [rule, *extra]
    assert found[0].sentence.endswith(".")
    assert found[0].source
    assert ":" in found[0].link_name


def test_a_warning_does_not_stop_a_claim() -> None:
    late = scrub(replace(CLEAN, file_by=date(2026, 3, 8)))
    assert [item.severity for item in late] == ["warning"]
    assert stops(late) == []


def test_the_filing_limit_is_told_of_fifteen_days_before() -> None:
    (near,) = scrub(replace(CLEAN, file_by=date(2026, 3, 20)))
    assert near.sentence == "The payer takes this claim only until Mar 20."


def test_every_fault_at_once_gives_many_findings_and_never_breaks() -> None:
    worst = replace(CLEAN, **{k: v for fault in FAULTS.values() for k, v in fault.items()})  # type: ignore[arg-type]
    assert len(scrub(worst)) > 10


def test_an_npi_proves_itself() -> None:
    assert is_npi("1234567893")
    assert not is_npi("1234567894")
