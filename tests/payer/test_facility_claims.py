"""Facilities' claims from an office known by the wire alone: taken, decided, paid with their revenue codes."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from daysheet.formats import x12
from daysheet.kernel.tenancy import acting_in
from daysheet.payer.models import ReceivedClaim
from daysheet.practice.care_settings import care_setting
from tests import cast
from tests.payer.office import PayerDesk, batch, claim, read

pytestmark = pytest.mark.django_db


def facility(
    claim_id: str = "H1", *lines: tuple[str, str], principal: str = "M5450"
) -> x12.InstitutionalClaim:
    """A claim of Ms. Diaz's hospital: services of 100.00 each, by revenue code and procedure, or without one."""
    medical = claim(claim_id)
    done = lines or (("0510", "X0510"),)
    return x12.InstitutionalClaim(
        claim_id=claim_id,
        charge=Decimal(100 * len(done)),
        billing=medical.billing,
        subscriber=medical.subscriber,
        payer=medical.payer,
        bill_type="13",
        statement_from=cast.MONDAY,
        statement_to=cast.MONDAY,
        admission_type="3",
        admission_source="1",
        patient_status="01",
        principal=x12.Diagnosis(principal),
        attending=x12.Party(
            "LEE", first="GRACE", is_person=True, id_qualifier="XX", id="1245319599", entity="71"
        ),
        lines=tuple(
            x12.HospitalLine(
                number=number,
                procedure=x12.Procedure(code) if code else None,
                charge=Decimal(100),
                units=Decimal(1),
                served_on=cast.MONDAY,
                control=f"{claim_id}-{number}",
                revenue_code=revenue,
            )
            for number, (revenue, code) in enumerate(done, 1)
        ),
    )


def sets(*claims: x12.InstitutionalClaim) -> x12.OutgoingSet:
    """Facilities' claims in one set."""
    return x12.build_837i(
        x12.ClaimBatch(
            reference="B8",
            at=datetime(2026, 3, 9, 10, 0),
            submitter=x12.Party(
                "NORTHSIDE",
                id_qualifier="46",
                id="NORTHSIDE",
                contacts=(x12.Contact("BEN", phone="4135550100"),),
            ),
            receiver=x12.Party("THE PAYERS", id_qualifier="46", id="PAYERS"),
            claims=claims,
        )
    )


def states(desk: PayerDesk) -> list[tuple[str, str]]:
    with acting_in(desk.practice.pk):
        return list(ReceivedClaim.objects.order_by("number").values_list("control", "state"))


def test_it_is_acknowledged_decided_and_paid_with_its_revenue_codes() -> None:
    desk = PayerDesk()
    desk.enroll()
    desk.meet_deductible()
    answers = desk.take(desk.envelope([sets(facility("H1", ("0510", "X0510"), ("0270", "")))]))
    assert [one.kind for one in answers] == ["999", "277CA"]
    told = read(answers[1])[0].content.providers[0].claims[0]
    assert (told.claim_id, told.statuses[0].category) == ("H1", "A2")
    (advice,) = desk.pay(date(2026, 3, 25))
    (paid,) = advice.claims
    assert (paid.place, paid.frequency) == ("13", "1")
    assert [
        (one.procedure.qualifier, one.procedure.code, one.revenue_code, one.control) for one in paid.services
    ] == [("HC", "X0510", "0510", "H1-1"), ("NU", "0270", "", "H1-2")]
    # 70.00 allowed of each; 30.00 copay from the first; a fifth of the rest
    assert [one.paid for one in paid.services] == [Decimal("32.00"), Decimal("56.00")]
    assert x12.balance(advice) == []


def test_the_same_service_of_the_facility_twice_is_a_duplicate_and_the_clinicians_is_not() -> None:
    desk = PayerDesk()
    desk.enroll()
    mine = claim("C1", ("X0510", Decimal(100)))
    groups = [
        x12.OutgoingGroup(control_number=1, sets=[batch(mine)]),
        x12.OutgoingGroup(control_number=2, sets=[sets(facility("H1"), facility("H2", ("0510", "X0510")))]),
    ]
    content = x12.render_interchange(
        sender=x12.Mailbox("ZZ", "NORTHSIDE"),
        receiver=x12.Mailbox("ZZ", "PAYERS"),
        control_number=1,
        at=datetime(2026, 3, 9, 10, 0),
        groups=groups,
        usage="T",
    )
    assert [one.kind for one in desk.take(content)].count("277CA") == 1
    assert states(desk) == [("C1", "decided"), ("H1", "decided"), ("H2", "decided")]
    (advice,) = desk.pay(date(2026, 3, 25))
    assert [(one.claim_id, one.status) for one in advice.claims] == [("C1", "1"), ("H1", "1"), ("H2", "4")]


def test_a_refused_diagnosis_is_told_at_the_door() -> None:
    desk = PayerDesk()
    desk.enroll(fault="rejected_a7")
    answers = desk.take(desk.envelope([sets(facility())]))
    told = read(answers[-1])[0].content.providers[0].claims[0]
    assert told.statuses[0].category == "A7"
    assert states(desk) == [("H1", "rejected")]


def test_a_refused_line_without_a_procedure_is_named_by_its_revenue_code() -> None:
    desk = PayerDesk()
    desk.enroll(fault="rejected_line")
    answers = desk.take(desk.envelope([sets(facility("H3", ("0270", "")))]))
    told = read(answers[-1])[0].content.providers[0].claims[0]
    assert (told.lines[0].procedure.qualifier, told.lines[0].procedure.code) == ("NU", "0270")


def test_the_setting_of_an_insurer_says_what_becomes_of_them() -> None:
    held = care_setting("insurer")
    assert held is not None
    said = " ".join((held.claim_words, *held.opens, *held.lacks))
    assert "An institutional claim is decided line by line" in said
    assert "not decided" not in said
