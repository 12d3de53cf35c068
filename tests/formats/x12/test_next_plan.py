"""A claim for the next plan is made of the claim and its remittance: amounts as they stand, sums that come out."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.formats.x12.sample import sample

from . import samples as office
from .test_round_trip import LONG

PAID_ON = date(2026, 3, 8)
SECOND = x12.Party("GRANITE MUTUAL", id_qualifier="PI", id="GRMU1")
INSURED = x12.Subscriber(replace(office.MS_DIAZ, id="GM7001"), group_number="G9")
BUILD = {"837P": x12.build_837p, "837I": x12.build_837i, "837D": x12.build_837d}


def paid(claim: x12.Claim, percent: int = 60, **more: object) -> x12.ClaimPayment:
    """What a plan does with a claim: a part is paid, ten per cent left to the patient, the rest taken off."""
    services = []
    for line in claim.lines:
        part = (line.charge * percent / 100).quantize(Decimal("0.01"))
        share = ((line.charge - part) / 4).quantize(Decimal("0.01"))
        off = line.charge - part - share
        services.append(
            x12.ServicePayment(
                line.procedure or x12.Procedure(""), line.charge, part, line.units, control=line.control,
                adjustments=(office.adjusted("CO", "45", str(off)), office.adjusted("PR", "2", str(share))),
                revenue_code=getattr(line, "revenue_code", ""),
            )
        )  # fmt: skip
    whole = x12.ClaimPayment(
        claim.claim_id, "1", claim.charge, sum((one.paid for one in services), Decimal(0)), office.LEO,
        payer_claim_number="F900", services=tuple(services), moa=x12.moa("MA01"),
    )  # fmt: skip
    return replace(whole, **more)


def to_second(claim: x12.Claim, payment: x12.ClaimPayment, **more: object) -> x12.Claim:
    return x12.for_next_plan(
        claim, payment, **({"paid_on": PAID_ON, "subscriber": INSURED, "payer": SECOND} | more)
    )


def test_the_first_plans_words_go_on_unchanged() -> None:
    claim = office.claim(prior_authorization="AUTH1")
    payment = paid(claim)
    made = to_second(claim, payment)
    (other,) = made.other_payers
    assert (other.payer.id, other.rank, other.paid, other.claim_number) == (
        "BLUE1",
        "P",
        payment.paid,
        "F900",
    )
    assert other.remaining == sum(one.amount for one in payment.all_adjustments if one.group == "PR")
    assert other.moa == payment.moa
    assert other.payer.reference("G1") == "AUTH1"  # the number was the first plan's
    assert made.prior_authorization == ""
    assert [one.adjudications[0].adjustments for one in made.lines] == [
        one.adjustments for one in payment.services
    ]
    assert {one.adjudications[0].paid_on for one in made.lines} == {PAID_ON}
    assert (made.subscriber.rank, made.payer, made.subscriber.party.id) == ("S", SECOND, "GM7001")
    assert x12.balance_claim(made) == []


@pytest.mark.parametrize("kind", BUILD)
def test_the_file_for_the_second_plan_has_nothing_to_find(kind: str) -> None:
    (document,) = x12.read(sample(kind, count=1, seed=5))
    (claim,) = document.content.claims
    latest = max(
        day for day in (*(line.served_on for line in claim.lines), getattr(claim, "statement_to", None),
                        getattr(claim, "served_on", None)) if day
    )  # fmt: skip
    made = to_second(claim, paid(claim), paid_on=latest)
    batch = replace(document.content, claims=(made,), reference="B2")
    data = office.wrap(BUILD[kind](batch))
    assert [(item.code, item.message) for item in check(data)] == []
    assert next(iter(x12.read(data))).content == batch


def test_a_claim_without_lines_in_the_remittance_says_it_as_a_whole() -> None:
    claim = office.claim()
    off = office.adjusted("CO", "45", "50.5")
    made = to_second(claim, paid(claim, services=(), adjustments=(off,), paid=Decimal(100)))
    (other,) = made.other_payers
    assert (other.adjustments, other.paid_on, other.remaining) == ((off,), PAID_ON, None)
    assert all(line.adjudications == () for line in made.lines)


def test_a_split_line_is_told_in_both_its_pieces() -> None:
    claim = office.claim(charge=Decimal(100), lines=(office.line(1, "100"),))
    pieces = tuple(
        x12.ServicePayment(office.line().procedure, Decimal(part), Decimal(part), Decimal(1), control="L1")
        for part in ("60", "40")
    )
    made = to_second(claim, paid(claim, services=pieces, paid=Decimal(100)))
    assert [one.paid for one in made.lines[0].adjudications] == [Decimal(60), Decimal(40)]
    data = office.wrap(x12.build_837p(office.claim_batch(made)))
    assert [item.code for item in check(data, levels=(3,))] == []


def test_the_third_plan_hears_of_both() -> None:
    claim = office.claim()
    second = to_second(claim, paid(claim))
    third = to_second(
        second,
        paid(second, 20),
        payer=x12.Party("HARBOR", id_qualifier="PI", id="HSP77"),
        paid_on=date(2026, 3, 20),
    )
    assert third.subscriber.rank == "T"
    assert [other.rank for other in third.other_payers] == ["P", "S"]
    assert all(len(line.adjudications) == 2 for line in third.lines)


def test_a_child_of_the_next_insured_is_the_patient_still() -> None:
    made = to_second(office.dependent_claim(), paid(office.dependent_claim()), relationship="19")
    assert (made.patient, made.patient_relationship, made.subscriber.relationship) == (office.LEO, "19", "")
    assert made.other_payers[0].relationship == "19"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"claim_id": "C9999"}, "another claim"),
        ({"charge": Decimal(1)}, "another claim"),
        ({"status": "22"}, "takes a payment back"),
        ({"status": "25"}, "estimate"),
        ({"status": "19"}, "do not send it again"),
        ({"paid": Decimal(1)}, "The next plan would refuse it"),
    ],
)
def test_what_the_next_plan_would_refuse_is_refused_here(more: dict[str, object], says: str) -> None:
    claim = office.claim()
    with pytest.raises(x12.CannotBuild, match=says):
        to_second(claim, paid(claim, **more))


def test_a_line_that_the_claim_does_not_have_is_refused() -> None:
    claim = office.claim()
    payment = paid(claim)
    odd = replace(payment.services[0], control="L9")
    with pytest.raises(x12.CannotBuild, match="L9"):
        to_second(claim, replace(payment, services=(odd, *payment.services[1:])))


@LONG
@given(
    st.lists(st.decimals(Decimal(1), Decimal(9999), places=2), min_size=1, max_size=6), st.integers(0, 100)
)
def test_whatever_the_first_plan_paid_comes_out(charges: list[Decimal], percent: int) -> None:
    lines = tuple(office.line(n, str(charge)) for n, charge in enumerate(charges, 1))
    claim = office.claim(charge=sum(charges), lines=lines)
    made = to_second(claim, paid(claim, percent))
    assert x12.balance_claim(made) == []
    data = office.wrap(x12.build_837p(office.claim_batch(made)))
    assert [item.code for item in check(data, levels=(1, 2, 3))] == []
