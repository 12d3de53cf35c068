"""Dentists' claims from an office known by the wire alone: taken, decided without a diagnosis, paid as AD."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from daysheet.formats import x12
from daysheet.kernel.tenancy import acting_in
from daysheet.payer.models import ReceivedClaim
from tests import cast
from tests.payer.office import PayerDesk, batch, claim, read

pytestmark = pytest.mark.django_db


def dental(claim_id: str = "D1", *teeth: tuple[str, str], code: str = "D0011") -> x12.DentalClaim:
    """A claim of Ms. Diaz's dentist: a service of 100.00 at each tooth, and no diagnosis."""
    medical = claim(claim_id)
    done = teeth or (("14", "MOD"),)
    return x12.DentalClaim(
        claim_id=claim_id,
        charge=Decimal(100 * len(done)),
        billing=medical.billing,
        subscriber=medical.subscriber,
        payer=medical.payer,
        lines=tuple(
            x12.DentalLine(
                number=number,
                procedure=x12.Procedure(code, (), "AD"),
                charge=Decimal(100),
                units=Decimal(1),
                served_on=cast.MONDAY,
                control=f"{claim_id}-{number}",
                teeth=(x12.Tooth(tooth, tuple(sides)),),
            )
            for number, (tooth, sides) in enumerate(done, 1)
        ),
    )


def sets(*claims: x12.DentalClaim) -> x12.OutgoingSet:
    """Dentists' claims in one set."""
    return x12.build_837d(
        x12.ClaimBatch(
            reference="B7",
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


def test_it_is_acknowledged_decided_and_paid_under_its_own_codes() -> None:
    desk = PayerDesk()
    desk.enroll()
    desk.meet_deductible()
    answers = desk.take(desk.envelope([sets(dental("D1", ("14", "MOD"), ("15", "O")))]))
    assert [one.kind for one in answers] == ["999", "277CA"]
    told = read(answers[1])[0].content.providers[0].claims[0]
    assert (told.claim_id, told.statuses[0].category) == ("D1", "A2")
    (advice,) = desk.pay(date(2026, 3, 25))
    (paid,) = advice.claims
    assert [(one.procedure.qualifier, one.procedure.code, one.control) for one in paid.services] == [
        ("AD", "D0011", "D1-1"),
        ("AD", "D0011", "D1-2"),
    ]
    # 70.00 allowed of each; 30.00 copay from the first; a fifth of the rest
    assert [one.paid for one in paid.services] == [Decimal("32.00"), Decimal("56.00")]
    assert x12.balance(advice) == []


def test_the_same_tooth_twice_is_a_duplicate_and_another_tooth_is_not() -> None:
    desk = PayerDesk()
    desk.enroll()
    desk.take(desk.envelope([sets(dental("D1"), dental("D2", ("15", "MOD")), dental("D3"))]))
    (advice,) = desk.pay(date(2026, 3, 25))
    assert [(one.claim_id, one.status) for one in advice.claims] == [("D1", "1"), ("D2", "1"), ("D3", "4")]


def test_a_file_with_both_kinds_is_answered_once() -> None:
    desk = PayerDesk()
    desk.enroll()
    groups = [
        x12.OutgoingGroup(control_number=1, sets=[batch(claim("C1"))]),
        x12.OutgoingGroup(control_number=2, sets=[sets(dental("D1"))]),
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
    assert states(desk) == [("C1", "decided"), ("D1", "decided")]


def test_what_goes_wrong_at_the_door_never_speaks_of_a_diagnosis_that_is_not_there() -> None:
    desk = PayerDesk()
    desk.enroll(fault="rejected_a7")
    answers = desk.take(desk.envelope([sets(dental())]))
    told = read(answers[-1])[0].content.providers[0].claims[0]
    assert told.lines[0].statuses[0].code == "454"
    assert states(desk) == [("D1", "rejected")]
