"""A dentist's claim: made of its kind, sent as 837D, taken, decided and paid by the twin, posted to the cent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.charges import commands as charges
from daysheet.charges.models import Charge, FeeItem
from daysheet.claims import build, commands, facts, queries
from daysheet.claims.models import Claim
from daysheet.coverage.models import Coverage
from daysheet.formats import x12
from daysheet.formats.x12.check import check_sets
from daysheet.kernel.jobs import holding
from daysheet.ledger.queries import charge_balances, proof
from daysheet.visits.models import Visit
from tests import cast, make
from tests.claims.office import Loop
from tests.claims.test_claims_on_screen import body, browser

pytestmark = pytest.mark.django_db
FILLING = {"code": "D0011", "mouth": "14 MOD", "pointers": ()}
CROWN = {
    "code": "D0012",
    "mouth": "30",
    "prosthesis": "R",
    "prior_placed_on": date(2018, 3, 1),
    "pointers": (),
}
CLEANING = {"code": "D0013", "mouth": "UR", "pointers": ()}


class DentalLoop(Loop):
    """An office of dentists and its payers."""

    def __init__(self, *settings: str) -> None:
        super().__init__()
        with make.acting(self.office):
            for key in settings or ("dental",):
                make.setting(key, self.door)
            self.dr_lee.taxonomy = "1223G0001X"
            self.dr_lee.save()
            for code, amount in (("D0011", "245.00"), ("D0012", "1280.00"), ("D0013", "260.00")):
                FeeItem.objects.create(
                    code=code, label="Service", amount=Decimal(amount), starts_on=date(2025, 1, 1)
                )

    def treated(self, *lines: dict[str, Any], post: bool = True) -> Visit:
        """A visit of Ms. Diaz with such lines and no diagnosis."""
        with make.acting(self.office):
            visit = Visit.objects.create(
                number=Visit.objects.count() + 1,
                patient=self.diaz,
                provider=self.dr_lee,
                location=self.door,
                coverage=self.coverage,
                service_on=cast.MONDAY,
                flow_since=self.now,
                arrived_at=self.now,
            )
        with holding():
            for line in lines or (FILLING,):
                charges.put_charge(self.by("ana"), visit_id=visit.pk, **line)
            if post:
                charges.post_charges(self.by("ana"), visit_id=visit.pk)
        return visit

    def billed(self, *lines: dict[str, Any]) -> Claim:
        """A claim of such a visit, not yet sent."""
        return commands.make_claim(self.by(), visit_id=self.treated(*lines).pk)

    def read(self, kind: str = "837D") -> list[Any]:
        """The sets that left, as they are read."""
        return [doc for one in self.outgoing(kind) for doc in x12.read(bytes(one.content))]


def test_a_dental_visit_is_billed_acknowledged_paid_and_posted_without_a_diagnosis() -> None:
    loop = DentalLoop()
    loop.meet_deductible()
    claim = loop.billed(FILLING, CROWN, CLEANING)
    assert claim.kind == "dental"
    loop.send(claim)
    claim = loop.again(claim)
    assert loop.story(claim) == ["made", "sent", "ta1_accepted", "received_999", "accepted_277"]
    assert (claim.state, claim.payer_control) == ("accepted", "BLUE100000001")
    assert loop.outgoing("837P") == []
    assert [one.state for one in loop.outgoing("837D")] == ["accepted"]

    loop.pay()
    claim = loop.again(claim)
    assert (claim.state, claim.next_owner) == ("paid", "patient")
    (remitted,) = loop.remitted()
    assert [line["control"] for line in remitted.lines] == [f"{claim.control}-{n}" for n in (1, 2, 3)]
    # 70 of 100 are allowed: 171.50 + 896.00 + 182.00; of it 30.00 copay, then a fifth
    assert remitted.paid == Decimal("975.60")
    assert loop.due(claim) == (Decimal("0.00"), Decimal("273.90"))
    assert loop.items() == []
    with make.acting(loop.office):
        figures = proof.claim_figures()[claim.pk]
        assert figures.payer_paid == Decimal("975.60")
        assert claim.charge == figures.payer_paid + figures.adjusted["CO"] + Decimal("273.90")
        assert queries.wrong_states() == []


def test_the_payment_names_dental_procedures_and_is_matched_by_code_where_the_number_is_lost() -> None:
    loop = DentalLoop()
    loop.meet_deductible()
    claim = loop.billed(FILLING, CLEANING)
    loop.send(claim)
    loop.pay()
    (advice,) = loop.incoming("835")
    content = bytes(advice.content).decode()
    assert "SVC*AD:D0011*" in content
    assert "SVC*HC:" not in content

    other = loop.billed(FILLING | {"mouth": "15 MOD"}, CLEANING | {"mouth": "LL"})
    lost = content.replace(advice_control(content), other.control).replace("BLUE10000001", "BLUE10000099")
    for n in (1, 2):
        lost = lost.replace(f"REF*6R*{other.control}-{n}~", "")
    segments = lost.split("~")
    start, end = (
        next(n for n, one in enumerate(segments) if one.lstrip().startswith(f"{name}*"))
        for name in ("ST", "SE")
    )
    parts = segments[end].split("*")
    segments[end] = "*".join([parts[0], str(end - start + 1), parts[2]])
    loop.take("~".join(segments).encode())
    (remitted,) = loop.remitted()[1:]
    assert remitted.state == "posted", remitted.trouble
    assert [line["control"] for line in remitted.lines] == ["", ""]
    assert loop.due(other) == (Decimal("0.00"), Decimal("94.70"))
    with make.acting(loop.office):
        ids = {line.charge.code: line.charge_id for line in other.lines.select_related("charge")}
        due = charge_balances(ids.values())
        # each line has its own payment; what is taken off a line that has no number stands at the claim
        assert due[ids["D0011"]].insurance == Decimal("245.00") - Decimal("113.20")
        assert due[ids["D0013"]].insurance == Decimal("260.00") - Decimal("145.60")


def advice_control(content: str) -> str:
    """CLP01 of an advice."""
    return next(one for one in content.split("~") if one.strip().startswith("CLP*")).split("*")[1]


def test_the_file_passes_our_own_check_and_is_read_back_as_it_was_built() -> None:
    loop = DentalLoop()
    claim = loop.billed(FILLING, CROWN, CLEANING)
    with make.acting(loop.office):
        gathered = facts.gather([claim.pk])[0]
        built = build.dental_claim(gathered)
    loop.send(claim)
    (envelope,) = loop.outgoing("837D")
    content = bytes(envelope.content)
    assert list(check_sets(content)) == []
    assert b"GS*HC*" in content
    assert b"*005010X224A2~" in content
    for segment in (
        "SV3*AD:D0011*245***",
        "TOO*JP*14*M:O:D~",
        "DTP*441*D8*20180301~",
        "PRV*PE*PXC*1223G0001X~",
    ):
        assert segment in content.decode()
    assert "*10*" in next(one for one in content.decode().split("~") if "D0013" in one)
    assert "HI*" not in content.decode()
    (document,) = x12.read(content)
    (read,) = document.content.claims
    assert read.lines[0].teeth == (x12.Tooth("14", ("M", "O", "D")),)
    assert read.lines[1].prosthesis == "R"
    assert read.lines[1].dates == (x12.Dates("441", date(2018, 3, 1)),)
    assert read.lines[2].areas == ("10",)
    names = {"billing", "subscriber", "payer", "rendering", "facility"}
    bare = dict.fromkeys(names)
    assert replace(read, **bare) == replace(built, **bare)


def test_diagnoses_and_pointers_stand_on_a_dental_claim_where_the_slip_has_them() -> None:
    loop = DentalLoop()
    visit = loop.treated(FILLING | {"pointers": (1,)}, post=False)
    with holding():
        charges.set_diagnoses(loop.by("ana"), visit_id=visit.pk, codes=["K02.9"])
        charges.post_charges(loop.by("ana"), visit_id=visit.pk)
    claim = commands.make_claim(loop.by(), visit_id=visit.pk)
    loop.send(claim)
    (read,) = loop.read()
    assert read.content.claims[0].diagnoses == ("K029",)
    assert read.content.claims[0].lines[0].pointers == (1,)


def test_claims_of_both_kinds_leave_in_two_files() -> None:
    loop = DentalLoop("dental", "family")
    dental, medical = loop.billed(), loop.made("X0020")
    assert (dental.kind, medical.kind) == ("dental", "professional")
    loop.send(dental, medical)
    assert len(loop.outgoing("837D")) == len(loop.outgoing("837P")) == 1
    for claim in (dental, medical):
        assert loop.again(claim).state == "accepted"
    loop.pay()
    assert {loop.again(one).state for one in (dental, medical)} == {"paid"}


def test_lines_of_both_kinds_make_no_claim_and_the_others_are_made() -> None:
    loop = DentalLoop("dental", "family")
    good = loop.treated()
    bad = loop.treated(FILLING, CLEANING)
    with make.acting(loop.office):
        Charge.objects.filter(visit=bad, code="D0013").update(code="X0020")
    with pytest.raises(commands.KindsAreMixed, match="one claim never holds both"):
        commands.make_claim(loop.by(), visit_id=bad.pk)
    assert [one.visit_id for one in commands.make_due_claims(loop.by())] == [good.pk]


def test_a_replacement_without_the_earlier_day_is_held_with_the_reason() -> None:
    loop = DentalLoop()
    claim = loop.billed(CROWN | {"prior_placed_on": None})
    loop.send(claim)
    assert loop.again(claim).state == "held"
    shown = body(browser(loop), f"/claims/{claim.pk}/")
    assert "A replacement says when the earlier prosthesis was placed" in shown
    assert "dental-prior-placement, TR3 837D 2400 DTP 441" in shown
    assert "Dental (837D)" in shown


def test_the_claims_page_shows_teeth_in_words() -> None:
    loop = DentalLoop()
    claim = loop.billed(FILLING, CROWN)
    shown = body(browser(loop), f"/claims/{claim.pk}/")
    assert "Tooth 14: mesial, occlusal, distal" in shown
    assert "Tooth 30. Replaces the one of Mar 1, 2018" in shown


def test_a_decided_dental_claim_is_replaced_and_voided_under_the_payers_number() -> None:
    loop = DentalLoop()
    loop.meet_deductible()
    claim = loop.billed()
    loop.send(claim)
    loop.pay()
    claim = loop.again(claim)
    successor = loop.resend(claim, because="Other tooth")
    assert (successor.kind, successor.frequency) == ("dental", "7")
    sent = loop.read()[-1].content.claims[0]
    assert (sent.frequency, sent.original_claim) == ("7", claim.payer_control)
    loop.pay(date(2026, 4, 20))
    assert loop.again(successor).state == "paid"


def test_authorization_and_referral_stand_on_it() -> None:
    loop = DentalLoop()
    claim = loop.billed()
    loop.resend(claim, prior_authorization="AUTH7", referral="REF9")
    sent = loop.read()[-1].content.claims[0]
    assert (sent.prior_authorization, sent.referral) == ("AUTH7", "REF9")
    assert list(check_sets(bytes(loop.outgoing("837D")[-1].content))) == []


def test_a_child_of_the_insured_is_the_patient() -> None:
    loop = DentalLoop()
    with make.acting(loop.office):
        Coverage.objects.filter(pk=loop.coverage.pk).update(
            relationship="child",
            subscriber_family="Diaz",
            subscriber_given="Luis",
            subscriber_born_on=date(1960, 1, 2),
            subscriber_sex="M",
        )
    claim = loop.billed()
    loop.send(claim)
    sent = loop.read()[0].content.claims[0]
    assert (sent.patient.first, sent.subscriber.party.first) == ("MARIA", "LUIS")
    assert list(check_sets(bytes(loop.outgoing("837D")[0].content))) == []


def test_a_medical_claim_left_over_in_an_office_of_dentists_is_held() -> None:
    loop = DentalLoop()
    claim = loop.billed()
    with make.acting(loop.office):
        Claim.objects.filter(pk=claim.pk).update(kind="professional")
    loop.send(claim)
    assert loop.again(claim).state == "held"
    assert ("other", "claim-kind") in loop.items()


def test_two_fillings_of_one_price_are_no_duplicate_and_the_same_tooth_is() -> None:
    loop = DentalLoop()
    loop.meet_deductible()
    first = loop.billed()
    second = loop.billed(FILLING | {"mouth": "15 MOD"})
    third = loop.billed()
    loop.send(first, second, third)
    loop.pay()
    assert [loop.again(one).state for one in (first, second, third)] == ["paid", "paid", "denied"]


def test_more_claims_take_no_more_statements_to_gather() -> None:
    loop = DentalLoop()
    claims = [loop.billed(FILLING, CLEANING).pk for _ in range(4)]
    with make.acting(loop.office):
        facts.gather(claims[:1])
        with CaptureQueriesContext(connection) as one:
            facts.gather(claims[:1])
        with CaptureQueriesContext(connection) as four:
            facts.gather(claims)
    assert len(one) == len(four)
