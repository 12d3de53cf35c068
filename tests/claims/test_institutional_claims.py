"""A facility's claim: made beside the clinician's, sent as 837I, decided and paid by the twin, posted to the cent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.charges import commands as charges
from daysheet.charges.models import Charge, FeeItem
from daysheet.charges.rules.facility import FacilityFacts
from daysheet.claims import build, commands, facts, queries
from daysheet.claims.models import Claim
from daysheet.coverage.models import Payer
from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.kernel.errors import Refusal
from daysheet.kernel.jobs import holding
from daysheet.ledger.queries import proof
from daysheet.practice import commands as practice
from daysheet.practice.models import Location, Office
from tests import make
from tests.claims.office import Loop
from tests.claims.test_cases_of_injury import enter, under
from tests.claims.test_claims_on_screen import body, browser
from tests.desk import hidden_fields

pytestmark = pytest.mark.django_db
FACILITY = {"X0510": ("0510", "210.00"), "X0260": ("0260", "340.00")}
"""Code, revenue code, price of what the hospital bills itself."""


class HospitalLoop(Loop):
    """A clinic that is a department of a hospital, and its payers."""

    def __init__(self, *settings: str) -> None:
        super().__init__()
        with make.acting(self.office):
            for key in settings or ("hospital_department",):
                make.setting(key, self.door)
            Office.objects.update(taxonomy="282N00000X")
            for code, (revenue, amount) in FACILITY.items():
                FeeItem.objects.create(
                    code=code,
                    label="Facility",
                    amount=Decimal(amount),
                    starts_on=date(2025, 1, 1),
                    revenue_code=revenue,
                )

    def read(self, kind: str = "837I") -> list[Any]:
        """The claims that left, as they are read, in their order."""
        documents = [doc for one in self.outgoing(kind) for doc in x12.read(bytes(one.content))]
        return [claim for doc in documents for claim in doc.content.claims]


def findings(loop: Loop) -> list[Any]:
    return [one for sent in loop.outgoing("837I") for one in check(bytes(sent.content))]


def test_a_facilitys_visit_is_billed_acknowledged_paid_and_posted() -> None:
    loop = HospitalLoop()
    loop.meet_deductible()
    claim = loop.made("X0510", "X0260")
    assert (claim.kind, claim.bill_type) == ("institutional", "13")
    loop.send(claim)
    claim = loop.again(claim)
    assert loop.story(claim) == ["made", "sent", "ta1_accepted", "received_999", "accepted_277"]
    assert loop.outgoing("837P") == []
    assert [one.state for one in loop.outgoing("837I")] == ["accepted"]
    assert findings(loop) == []

    loop.pay()
    claim = loop.again(claim)
    assert (claim.state, claim.next_owner) == ("paid", "patient")
    (remitted,) = loop.remitted()
    assert [line["control"] for line in remitted.lines] == [f"{claim.control}-{n}" for n in (1, 2)]
    assert loop.items() == []
    with make.acting(loop.office):
        figures = proof.claim_figures()[claim.pk]
        share = figures.patient_responsibility
        assert claim.charge == figures.payer_paid + figures.adjusted["CO"] + share == Decimal("550.00")
        assert queries.wrong_states() == []
    assert loop.due(claim) == (Decimal("0.00"), share)
    (advice,) = loop.incoming("835")
    content = bytes(advice.content).decode()
    assert "SVC*HC:X0510*210*" in content
    assert "*0510*" in content
    assert "*13*1" in next(one for one in content.split("~") if one.strip().startswith("CLP*"))


def test_the_file_passes_our_own_check_and_is_read_back_as_it_was_built() -> None:
    loop = HospitalLoop()
    claim = loop.made("X0510", "X0260", diagnoses=("M54.50", "I10"))
    with make.acting(loop.office):
        built = build.institutional_claim(facts.gather([claim.pk])[0])
    loop.send(claim)
    (envelope,) = loop.outgoing("837I")
    content = bytes(envelope.content)
    assert list(check(content)) == []
    assert b"*005010X223A2~" in content
    for segment in (
        f"CLM*{claim.control}*550***13:A:1*",
        "DTP*434*RD8*20260309-20260309~",
        "CL1*3*1*01~",
        "HI*ABK:M5450~",
        "HI*ABF:I10~",
        "NM1*71*1*LEE*GRACE****XX*",
        "PRV*AT*PXC*207Q00000X~",
        "PRV*BI*PXC*282N00000X~",
        "SV2*0510*HC:X0510*210*UN*1~",
        "SV2*0260*HC:X0260*340*UN*1~",
        "DTP*472*D8*20260309~",
        f"REF*6R*{claim.control}-2~",
    ):
        assert segment in content.decode(), segment
    for absent in ("NM1*82*", "NM1*77*", "APR:", "DTP*435*", "SV1*"):
        assert absent not in content.decode()
    (read,) = loop.read()
    names = {"billing", "subscriber", "payer", "attending"}
    bare = dict.fromkeys(names)
    assert replace(read, **bare) == replace(built, **bare)


def test_a_visit_of_clinician_and_facility_makes_two_claims_each_with_its_lines() -> None:
    loop = HospitalLoop()
    loop.meet_deductible()
    visit = loop.visit("X0020", "X0510", "X0015")
    mine, hospitals = commands.make_claims(loop.by(), visit_id=visit.pk)
    assert [(one.kind, one.charge) for one in (mine, hospitals)] == [
        ("professional", Decimal("180.00")),
        ("institutional", Decimal("210.00")),
    ]
    with make.acting(loop.office):
        codes = [[line.charge.code for line in queries.lines_of(one.pk)] for one in (mine, hospitals)]
        assert codes == [["X0020", "X0015"], ["X0510"]]
        assert queries.count_to_bill() == 0
    loop.send(mine, hospitals)
    assert len(loop.outgoing("837P")) == len(loop.outgoing("837I")) == 1
    assert findings(loop) == []
    loop.pay()
    assert {loop.again(one).state for one in (mine, hospitals)} == {"paid"}
    with make.acting(loop.office):
        assert queries.wrong_states() == []


def test_what_is_due_makes_both_and_a_later_line_goes_on_the_claim_of_its_kind() -> None:
    loop = HospitalLoop()
    visit = loop.visit("X0020", "X0510")
    made = commands.make_due_claims(loop.by())
    assert [one.kind for one in made] == ["professional", "institutional"]
    charges.put_charge(loop.by("ana"), visit_id=visit.pk, code="X0260")
    charges.post_charges(loop.by("ana"), visit_id=visit.pk)
    (same,) = commands.make_due_claims(loop.by())
    assert same.pk == made[1].pk
    assert loop.again(same).charge == Decimal("550.00")
    assert loop.again(made[0]).charge == Decimal("120.00")


def test_lines_of_dentists_and_the_facility_make_no_claim() -> None:
    loop = HospitalLoop("hospital_department", "dental")
    visit = loop.visit("X0510", "X0260")
    with make.acting(loop.office):
        Charge.objects.filter(visit=visit, code="X0260").update(code="D0011", revenue_code="")
    with pytest.raises(commands.KindsAreMixed, match="one claim never holds both"):
        commands.make_claims(loop.by(), visit_id=visit.pk)
    with make.acting(loop.office):
        assert not Claim.objects.exists()


def test_a_decided_claim_is_replaced_under_the_payers_number_with_other_codes_and_facts() -> None:
    loop = HospitalLoop()
    loop.meet_deductible()
    claim = loop.made("X0510", "X0260")
    loop.send(claim)
    loop.pay()
    claim = loop.again(claim)
    with make.acting(loop.office):
        first, second = (queries.as_it_stands(line) for line in queries.lines_of(claim.pk))
    successor = loop.resend(
        claim,
        because="Other revenue code",
        facility=FacilityFacts("85", "1", "1", "02"),
        lines=[first, replace(second, revenue_code="0335")],
    )
    assert (successor.kind, successor.frequency, successor.bill_type) == ("institutional", "7", "85")
    sent = loop.read()[-1]
    assert (sent.frequency, sent.original_claim) == ("7", claim.payer_control)
    assert (sent.bill_type, sent.admission_type, sent.patient_status) == ("85", "1", "02")
    assert sent.reasons == ("M5450",)  # it was not planned: the bill says why the patient came
    assert [line.revenue_code for line in sent.lines] == ["0510", "0335"]
    assert findings(loop) == []
    loop.pay(date(2026, 4, 20))
    assert loop.again(successor).state == "paid"
    with make.acting(loop.office):
        told = successor.events.get(kind="edited").sentence
        assert "revenue code 0335 instead of" in told
        assert [one.charge.revenue_code for one in queries.lines_of(claim.pk)] == ["0510", "0260"]


def test_a_decided_claim_is_voided_under_the_payers_number() -> None:
    loop = HospitalLoop()
    loop.meet_deductible()
    claim = loop.made("X0510")
    loop.send(claim)
    loop.pay()
    claim = loop.again(claim)
    with holding() as held:
        commands.void_claim(loop.by(), claim_id=claim.pk, version=claim.version, reason="Wrong patient")
    loop.run(held)
    sent = loop.read()[-1]
    assert (sent.frequency, sent.original_claim, sent.bill_type) == ("8", claim.payer_control, "13")
    assert findings(loop) == []
    loop.pay(date(2026, 4, 20))
    with make.acting(loop.office):
        void = Claim.objects.get(frequency="8")
        assert void.kind == "institutional"
        assert queries.wrong_states() == []


def test_a_line_without_a_revenue_code_is_held_and_mended_on_the_claims_page() -> None:
    loop = HospitalLoop()
    claim = loop.made("X0510")
    with make.acting(loop.office):
        Charge.objects.update(revenue_code="")
    loop.send(claim)
    assert loop.again(claim).state == "held"
    client = browser(loop, "office_manager", "ana")
    shown = body(client, f"/claims/{claim.pk}/")
    assert "X0510 has no revenue code" in shown
    assert "facility-revenue-code, TR3 837I 2400 SV201" in shown
    assert "Institutional (837I)" in shown
    assert "Type of bill" in shown
    assert ">131<" in shown
    fields = hidden_fields(shown, form='id="correct-form"') | {
        "bill_type": "13", "admission_type": "3", "admission_source": "1", "patient_status": "01",
        "code_1": "X0510", "units_1": "1", "modifiers_1": "", "pointers_1": "1", "because": "x",
    }  # fmt: skip
    for wrong, sentence in (
        ({"revenue_1": "51"}, "four digits"),
        ({"revenue_1": "0510", "bill_type": "11"}, "patients with a bed"),
        ({"revenue_1": "0510", "bill_type": ""}, "bill_type"),
        ({"revenue_1": "0510", "admission_type": "x"}, "one digit"),
    ):
        answer = client.post(f"/claims/{claim.pk}/correct/", fields | wrong)
        assert answer.status_code == 422, wrong
        assert sentence in answer.content.decode()
    assert loop.again(claim).state == "held"
    answer = client.post(f"/claims/{claim.pk}/correct/", fields | {"revenue_1": "510"})
    assert answer.status_code == 303
    assert loop.read()[-1].lines[0].revenue_code == "0510"


def test_wrong_facts_and_a_code_of_the_clinician_are_refused_and_nothing_moves() -> None:
    loop = HospitalLoop()
    claim = loop.made("X0510")
    with pytest.raises(Refusal, match="two digits"):
        loop.resend(claim, facility=FacilityFacts("1"))
    with make.acting(loop.office):
        (line,) = (queries.as_it_stands(one) for one in queries.lines_of(claim.pk))
    with pytest.raises(Refusal, match="is billed on a professional claim"):
        loop.resend(claim, lines=[replace(line, code="X0020", revenue_code="")])
    assert loop.again(claim).state == "made"
    assert loop.outgoing("837I") == []


@pytest.mark.parametrize(
    ("kind", "occurrence", "more"),
    [
        ("work", "04", {}),
        ("auto", "01", {"state": "oh", "employer": ""}),
        ("liability", "03", {"employer": ""}),
        ("auto", "02", {"state": "oh", "employer": "", "fault": "no_fault"}),
        ("liability", "05", {"employer": "", "fault": "nobody"}),
    ],
)
def test_an_accident_is_an_occurrence_with_its_day(kind: str, occurrence: str, more: dict[str, str]) -> None:
    loop = HospitalLoop()
    visit = under(loop, enter(loop, kind, **more), loop.visit("X0510"))
    (claim,) = commands.make_claims(loop.by(), visit_id=visit.pk)
    with make.acting(loop.office), holding():
        commands.send_claims(loop.by(), claim_ids=[claim.pk])
    content = bytes(loop.outgoing("837I")[-1].content).decode()
    assert f"HI*BH:{occurrence}:D8:20260302~" in content
    assert "REF*Y4*WC-123~" in content
    assert ("REF*LU*OH~" in content) == (kind == "auto")
    assert "DTP*439*" not in content
    # that nothing is said of the injury's cause is a note: nobody is asked for it here
    assert {one.severity for one in check(content.encode())} <= {"note"}


def test_authorization_referral_and_another_address_stand_on_it() -> None:
    loop = HospitalLoop()
    with make.acting(loop.office):
        Location.objects.update(street="99 Hill Rd", name="Hill Clinic")
    claim = loop.made("X0510")
    loop.resend(claim, prior_authorization="AUTH7", referral="REF9")
    (sent,) = loop.read()
    assert (sent.prior_authorization, sent.referral) == ("AUTH7", "REF9")
    assert sent.facility.name == "HILL CLINIC"
    assert findings(loop) == []


def test_a_location_says_its_own_type_of_bill_and_one_without_any_is_held() -> None:
    loop = HospitalLoop()
    practice.set_bill_type(loop.by("ana"), location_id=loop.door.pk, bill_type="85")
    claim = loop.made("X0510")
    assert claim.bill_type == "85"
    with make.acting(loop.office):
        Claim.objects.update(bill_type="")
    loop.send(claim)
    assert loop.again(claim).state == "held"
    assert ("other", "facility-bill-type") in loop.items()


def test_a_surgery_center_bills_medicare_on_the_professional_form_and_others_on_its_own() -> None:
    loop = HospitalLoop("outpatient_center")
    claim = loop.made("X0510")
    assert (claim.kind, claim.bill_type) == ("institutional", "83")
    with make.acting(loop.office):
        Payer.objects.update(filing_code="MB")
    other = loop.made("X0260")
    assert (other.kind, other.bill_type) == ("professional", "")
    loop.send(other)
    assert loop.again(other).state == "accepted"


def test_the_list_and_the_claims_page_tell_the_facilitys_from_the_clinicians() -> None:
    loop = HospitalLoop()
    visit = loop.visit("X0020", "X0510")
    mine, hospitals = commands.make_claims(loop.by(), visit_id=visit.pk)
    client = browser(loop)
    assert body(client, "/claims/").count(">facility<") == 1
    shown = body(client, f"/claims/{hospitals.pk}/")
    assert "Facility, revenue code 0510" in shown
    assert 'name="place_of_service"' not in shown
    shown = body(client, f"/claims/{mine.pk}/")
    assert 'name="place_of_service"' in shown
    assert 'name="bill_type"' not in shown
    assert "revenue code" not in shown


def test_more_claims_take_no_more_statements_to_gather() -> None:
    loop = HospitalLoop()
    claims = [loop.made("X0510", "X0260").pk for _ in range(4)]
    with make.acting(loop.office):
        facts.gather(claims[:1])
        with CaptureQueriesContext(connection) as one:
            facts.gather(claims[:1])
        with CaptureQueriesContext(connection) as four:
            facts.gather(claims)
    assert len(one) == len(four)
