"""Remittances post by themselves to the cent; what does not add up waits for a person, its neighbours do not."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from daysheet.claims import commands, queries
from daysheet.claims.models import RemittedClaim
from daysheet.formats import x12
from daysheet.kernel.errors import NotPermitted
from daysheet.ledger import queries as ledger
from daysheet.ledger.models import LedgerEntry
from tests import make
from tests.claims.office import Loop

pytestmark = pytest.mark.django_db
PAY_DAY, LATER = date(2026, 3, 25), date(2026, 4, 1)


def decided(fault: str = "", *codes: str) -> tuple[Loop, object]:
    loop = Loop()
    loop.meet_deductible()
    loop.enroll(fault=fault)
    claim = loop.sent(*codes)
    loop.pay(PAY_DAY)
    return loop, loop.again(claim)


def advice_of(loop: Loop, at: int = 0) -> x12.Remittance:
    (document,) = x12.read(bytes(loop.incoming("835")[at].content))
    return document.content


def file(advice: x12.Remittance, number: int = 77) -> bytes:
    """An 835 as another payer's software may send it."""
    return x12.render_interchange(
        sender=x12.Mailbox("ZZ", "PAYERS"),
        receiver=x12.Mailbox("ZZ", "NORTHSIDE"),
        control_number=number,
        at=datetime(2026, 3, 25, 6, 0),
        groups=[x12.OutgoingGroup(control_number=number, sets=[x12.build_835(advice)])],
        usage="T",
    )


def entries(loop: Loop) -> int:
    with make.acting(loop.office):
        return LedgerEntry.objects.filter(kind="insurance_payment").count()


@pytest.mark.parametrize(
    ("fault", "state", "due", "reasons"),
    [
        ("", "paid", ("0.00", "49.20"), []),
        ("deductible", "paid", ("0.00", "126.00"), []),
        ("zero_pay", "paid", ("0.00", "49.20"), []),
        ("interest", "paid", ("0.00", "49.20"), []),
        ("crossed_over", "paid", ("0.00", "49.20"), []),
        ("denied_co_16", "denied", ("0.00", "0.00"), [("denial", "CO-16")]),
        ("denied_co_27", "denied", ("0.00", "0.00"), [("denial", "CO-27")]),
        ("denied_co_29", "denied", ("0.00", "0.00"), [("denial", "CO-29")]),
        ("denied_co_50", "denied", ("0.00", "0.00"), [("denial", "CO-50")]),
        ("denied_co_97", "denied", ("0.00", "0.00"), [("denial", "CO-97")]),
        ("denied_pr_204", "denied", ("0.00", "180.00"), [("denial", "PR-204")]),
        ("partial", "partly_paid", ("0.00", "40.80"), [("denial", "CO-50")]),
        ("bundled", "partly_paid", ("0.00", "40.80"), [("denial", "CO-97")]),
    ],
)
def test_every_decision_is_posted_to_the_cent(
    fault: str, state: str, due: tuple[str, str], reasons: list[tuple[str, str]]
) -> None:
    loop, claim = decided(fault)
    assert claim.state == state
    assert loop.due(claim) == (Decimal(due[0]), Decimal(due[1]))
    assert loop.items() == reasons


def test_the_books_prove_themselves_after_every_kind_of_file() -> None:
    loop, _ = decided("take_back")
    loop.pay(LATER)
    with make.acting(loop.office):
        assert ledger.troubles() == []
        assert queries.wrong_states() == []


def test_a_crossover_says_not_to_bill_the_next_plan() -> None:
    loop, claim = decided("crossed_over")
    assert loop.story(claim)[-2:] == ["paid", "forwarded"]


def test_interest_is_posted_beside_the_claims() -> None:
    loop, _ = decided("interest")
    (remittance,) = loop.remittances()
    assert remittance.provider_adjustments == [
        {"reason": "L6", "reference": "BLUE100000001", "amount": "-0.77"}
    ]
    with make.acting(loop.office):
        entry = LedgerEntry.objects.get(source_key="BLUE1/BLUE10000001/plb")
        lines = set(entry.lines.values_list("account", "amount"))
    assert lines == {("eft", Decimal("0.77")), ("provider_level", Decimal("-0.77"))}


def test_a_payment_that_does_not_add_up_is_parked_with_the_difference_and_nothing_is_posted() -> None:
    loop, claim = decided("unbalanced")
    (remittance,) = loop.remittances()
    assert (remittance.state, remittance.difference) == ("parked", Decimal("10.00"))
    assert entries(loop) == 0
    assert claim.state == "accepted"
    assert loop.items() == [("parked_remittance", "835-difference")]


def test_a_corrected_copy_of_a_parked_payment_is_posted() -> None:
    loop, claim = decided("unbalanced")
    good = replace(advice_of(loop), amount=Decimal("76.80"))
    loop.take(file(good))
    (remittance,) = loop.remittances()
    assert (remittance.state, remittance.difference) == ("posted", Decimal("0.00"))
    assert loop.again(claim).state == "paid"
    assert loop.items() == []


def test_one_claim_that_does_not_add_up_is_parked_while_its_neighbours_post() -> None:
    loop = Loop()
    loop.meet_deductible()
    first = loop.sent("X0020")
    loop.enroll(fault="unbalanced_claim")
    second = loop.sent("X0015", days_ago=1)
    loop.pay(PAY_DAY)
    (remittance,) = loop.remittances()
    assert remittance.state == "partly"
    assert [(row.state, row.difference) for row in loop.remitted()] == [
        ("posted", Decimal("0.00")),
        ("parked", Decimal("10.00")),
    ]
    assert (loop.again(first).state, loop.again(second).state) == ("paid", "accepted")
    assert loop.items() == [("parked_remittance", "CLP-1")]


def test_the_same_file_again_posts_nothing() -> None:
    loop, claim = decided()
    before = entries(loop)
    advice = advice_of(loop)
    loop.take(file(advice))  # other bytes, the same payment
    assert (len(loop.remittances()), len(loop.remitted()), entries(loop)) == (1, 1, before)
    assert loop.due(claim) == (Decimal("0.00"), Decimal("49.20"))


def test_a_claim_that_nobody_sent_is_kept_unmatched() -> None:
    loop, _ = decided()
    advice = advice_of(loop)
    stranger = replace(advice.claims[0], claim_id="STRANGER1")
    loop.take(file(replace(advice, trace="OTHER1", claims=(stranger,))))
    row = loop.remitted()[1]
    assert (row.state, row.control, row.claim_id) == ("unmatched", "STRANGER1", None)
    assert loop.items() == [("unmatched", "CLP-1")]
    assert entries(loop) == 1


def test_an_unmatched_claim_is_matched_by_hand_once() -> None:
    loop = Loop()
    loop.meet_deductible()
    claim = loop.sent()
    other = loop.sent(days_ago=1)
    loop.pay(PAY_DAY)
    third = loop.sent(days_ago=2)
    advice = advice_of(loop)
    stranger = replace(advice.claims[0], claim_id="WRONGNUMBER")
    loop.take(file(replace(advice, trace="OTHER1", amount=stranger.paid, claims=(stranger,))))
    row = loop.remitted()[-1]
    commands.match_remitted(loop.by(), remitted_id=row.pk, claim_id=third.pk)
    assert loop.again(third).state == "paid"
    assert loop.due(third) == (Decimal("0.00"), Decimal("49.20"))
    assert loop.remittances()[-1].state == "posted"
    with pytest.raises(commands.CannotBeMatched):
        commands.match_remitted(loop.by(), remitted_id=row.pk, claim_id=other.pk)
    assert loop.again(claim).state == "paid"


def test_a_reversal_takes_back_the_earlier_posting_and_the_correction_posts_anew() -> None:
    loop, claim = decided("reversal")
    loop.pay(LATER)
    assert loop.story(claim)[-3:] == ["paid", "reversed", "paid"]
    assert loop.due(claim) == (Decimal("0.00"), Decimal("49.20"))
    back, again = loop.remitted()[1:]
    assert back.undoes_id == loop.remitted()[0].pk
    assert (back.paid, again.paid) == (Decimal("-76.80"), Decimal("69.12"))
    with make.acting(loop.office):
        (row,) = queries.export_claims()
    assert (row["payer_paid"], row["adjusted"]["CO"]) == ("69.12", "61.68")


def test_a_reversal_of_what_was_never_posted_is_parked() -> None:
    loop, _ = decided()
    advice = advice_of(loop)
    wrong = replace(
        advice.claims[0],
        status="22",
        charge=-advice.claims[0].charge,
        paid=Decimal("-1.00"),
        patient_responsibility=None,
        services=(),
        adjustments=(x12.Adjustment("CO", "45", Decimal("-179.00")),),
    )
    loop.take(file(replace(advice, trace="BACK1", amount=Decimal("0"), method="NON", handling="H", bank=None,
                           claims=(wrong,), provider_adjustments=(
        x12.ProviderAdjustment("1", date(2026, 12, 31), "FB", "BACK1", Decimal("-1.00")),
    ))))  # fmt: skip
    assert loop.remitted()[1].state == "parked"
    assert "takes back" in loop.remitted()[1].trouble


def test_a_file_whose_segments_are_miscounted_is_parked_as_not_whole() -> None:
    loop, claim = decided()
    whole = file(replace(advice_of(loop), trace="CUT1"))
    at = whole.index(b"SE*")
    loop.take(whole[:at] + b"SE*9" + whole[at + 3 :])
    assert [(row.trace, row.state) for row in loop.remittances()] == [
        ("BLUE10000001", "posted"),
        ("CUT1", "parked"),
    ]
    assert "not whole" in loop.remittances()[1].trouble
    assert loop.due(claim) == (Decimal("0.00"), Decimal("49.20"))


def test_a_file_that_was_cut_off_posts_nothing_and_says_so() -> None:
    loop = Loop()
    loop.meet_deductible()
    claim = loop.sent()
    loop.pay(PAY_DAY)
    whole = file(replace(advice_of(loop), trace="CUT1"))
    (envelope,) = loop.take(whole[: whole.index(b"SE*")])
    assert (envelope.state, envelope.trouble[:23]) == ("parked", "The file is cut off bef")
    assert [row.trace for row in loop.remittances()] == ["BLUE10000001"]
    assert entries(loop) == 1
    assert loop.due(claim) == (Decimal("0.00"), Decimal("49.20"))


def test_a_remittance_of_a_payer_that_is_not_set_up_is_parked_in_the_mailroom() -> None:
    loop, _ = decided()
    advice = advice_of(loop)
    stranger = replace(advice.claims[0], claim_id="STRANGER1")
    nobody = replace(advice.payer, name="Nobody Mutual", references=(x12.Reference("2U", "NOBODY"),))
    (envelope,) = loop.take(file(replace(advice, trace="N1", payer=nobody, claims=(stranger,))))
    assert envelope.state == "parked"
    assert "not set up" in envelope.trouble
    assert len(loop.remittances()) == 1


def test_a_charge_that_differs_from_our_claim_is_parked() -> None:
    loop, _ = decided()
    loop.sent("X0020", days_ago=1)
    advice = advice_of(loop)
    other = replace(advice.claims[0], charge=Decimal("190"), paid=Decimal("86.80"), services=(), adjustments=(
        x12.Adjustment("CO", "45", Decimal("103.20")),), patient_responsibility=None)  # fmt: skip
    loop.take(file(replace(advice, trace="ODD1", amount=Decimal("86.80"), claims=(other,))))
    assert loop.remitted()[1].trouble == "It speaks of a charge of $190.00, the claim of $180.00."
    assert entries(loop) == 1


def test_hostile_text_in_a_remittance_stays_text() -> None:
    loop, _ = decided()
    advice = advice_of(loop)
    evil = replace(advice.claims[0], claim_id="<SCRIPT>X</SCRIPT>")
    loop.take(file(replace(advice, trace="EVIL1", amount=Decimal("76.80"), claims=(evil,))))
    assert loop.remitted()[1].control == "<SCRIPT>X</SCRIPT>"


def test_whoever_may_not_post_changes_nothing() -> None:
    loop, _ = decided()
    (envelope,) = loop.incoming("835")
    with pytest.raises(NotPermitted):
        commands.read_835(loop.by("rosa"), envelope=envelope)
    with make.acting(loop.office):
        assert RemittedClaim.objects.count() == 1
