"""A person matches, posts and takes back what a remittance says of a claim; the book, the deposit and the bank agree."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from daysheet.claims import commands, queries, rules
from daysheet.claims.models import Claim, RemittedClaim
from daysheet.claims.rules import HandLine
from daysheet.formats import x12
from daysheet.kernel.errors import NotPermitted
from daysheet.ledger import queries as ledger
from daysheet.ledger.models import Payment
from tests import make
from tests.claims.office import Loop
from tests.claims.test_claims_on_screen import body, browser
from tests.claims.test_post_remittance import PAY_DAY, advice_of, file
from tests.desk import hidden_fields

pytestmark = pytest.mark.django_db
CODES = {"CO": "45", "PR": "2"}


def parked() -> tuple[Loop, Claim, RemittedClaim]:
    """A payment with two claims of $120.00: one posted, one parked alone with $10.00 apart."""
    loop = Loop()
    loop.meet_deductible()
    loop.sent("X0020")
    loop.enroll(fault="unbalanced_claim")
    claim = loop.sent("X0015", days_ago=1)
    loop.pay(PAY_DAY)
    return loop, claim, loop.remitted()[1]


def posted() -> tuple[Loop, Claim, RemittedClaim]:
    """A claim of two lines that a remittance posted."""
    loop = Loop()
    loop.meet_deductible()
    claim = loop.sent()
    loop.pay(PAY_DAY)
    return loop, claim, loop.remitted()[0]


def hand(claim: Claim, row: RemittedClaim, **off: str) -> list[HandLine]:
    """One line that pays what the payment holds; the rest by group."""
    return [HandLine(rules.line_control(claim.control, 1), claim.charge, row.paid, dict_of(off))]


def dict_of(off: dict[str, str]) -> dict[str, Decimal]:
    return {group: Decimal(amount) for group, amount in off.items()}


def rest(claim: Claim, row: RemittedClaim) -> str:
    return str(claim.charge - row.paid - Decimal("1.00"))


def proven(loop: Loop) -> None:
    with make.acting(loop.office):
        assert ledger.troubles() == []
        assert queries.wrong_states() == []


def deposits(loop: Loop) -> list[tuple[Decimal, Decimal]]:
    """Each payment of a plan beside what the deposit lists of all its days say."""
    with make.acting(loop.office):
        days = {PAY_DAY, loop.now.date()}
        listed = [one for day in days for one in ledger.day_figures(day).deposits]
        return [
            (
                payment.amount,
                sum((one.amount for one in listed if one.source == payment.trace), Decimal("0.00")),
            )
            for payment in Payment.objects.filter(voided_at=None, payer__isnull=False).order_by("number")
        ]


def test_a_parked_claim_is_posted_by_hand_and_the_deposit_grows_by_it() -> None:
    loop, claim, row = parked()
    lines = hand(claim, row, CO=rest(claim, row), PR="1.00")
    commands.post_by_hand(loop.by(), remitted_id=row.pk, lines=lines, reasons=CODES, reason="read on the EOB")
    now = loop.remitted()[1]
    assert (now.state, now.difference, now.patient_share) == ("posted", Decimal("0.00"), Decimal("1.00"))
    assert now.as_said["difference"] == "10.00"
    assert loop.again(claim).state == "paid"
    assert loop.due(claim) == (Decimal("0.00"), Decimal("1.00"))
    assert (loop.items(), loop.remittances()[0].state) == ([], "posted")
    ((kept, listed),) = deposits(loop)
    assert kept == listed == loop.remittances()[0].amount
    with make.acting(loop.office):
        figures = next(one for one in queries.export_claims() if one["claim"] == claim.control)
    assert (figures["payer_paid"], figures["patient_responsibility"]) == (str(row.paid), "1.00")
    proven(loop)


@pytest.mark.parametrize(
    ("off", "codes", "sentence"),
    [
        ({"CO": "1.00"}, CODES, "does not add up to the charge"),
        ({"OA": "REST"}, CODES, "does not add up to the charge"),
        ({"CO": "REST"}, {"CO": "ZZZ"}, "does not add up to the charge"),
    ],
)
def test_what_does_not_add_up_or_has_no_reason_posts_nothing(
    off: dict[str, str], codes: dict[str, str], sentence: str
) -> None:
    loop, claim, row = parked()
    whole = {key: value.replace("REST", str(claim.charge - row.paid)) for key, value in off.items()}
    with pytest.raises(commands.CannotBePosted, match=sentence):
        commands.post_by_hand(
            loop.by(), remitted_id=row.pk, lines=hand(claim, row, **whole), reasons=codes, reason="x"
        )
    assert loop.remitted()[1].state == "parked"
    assert loop.again(claim).state == "accepted"


def test_more_than_the_payment_holds_is_refused() -> None:
    loop, claim, row = parked()
    lines = [replace(hand(claim, row)[0], paid=claim.charge)]
    with pytest.raises(commands.CannotBePosted, match="the bank would not agree"):
        commands.post_by_hand(loop.by(), remitted_id=row.pk, lines=lines, reasons={}, reason="x")


def test_whoever_may_not_post_posts_nothing_by_hand() -> None:
    loop, claim, row = parked()
    lines = hand(claim, row, CO=str(claim.charge - row.paid))
    with pytest.raises(NotPermitted):
        commands.post_by_hand(loop.by("rosa"), remitted_id=row.pk, lines=lines, reasons=CODES, reason="x")
    with pytest.raises(NotPermitted):
        commands.take_back_remitted(loop.by("rosa"), remitted_id=loop.remitted()[0].pk, reason="x")
    assert [one.state for one in loop.remitted()] == ["posted", "parked"]


def test_a_claim_posted_wrongly_is_taken_back_whole_and_posted_anew() -> None:
    loop, claim, row = posted()
    before = loop.due(claim)
    commands.take_back_remitted(loop.by(), remitted_id=row.pk, reason="wrong figures")
    (waiting,) = loop.remitted()
    assert (waiting.state, waiting.trouble) == ("parked", "Taken back by hand: wrong figures")
    assert loop.due(claim) == (claim.charge, Decimal("0.00"))
    assert (loop.again(claim).state, loop.items()) == ("accepted", [("parked_remittance", "CLP-1")])
    assert deposits(loop) == []
    with make.acting(loop.office):
        charges = list(claim.lines.values_list("charge_id", flat=True))
        assert not any(ledger.plan_answers_on(one) for one in charges)
    proven(loop)
    lines = [
        HandLine(one["control"], Decimal(one["charge"]), Decimal(one["paid"]), off_of(row, one["control"]))
        for one in row.lines
    ]
    commands.post_by_hand(loop.by(), remitted_id=row.pk, lines=lines, reasons=CODES, reason="right after all")
    assert (loop.due(claim), loop.again(claim).state) == (before, "paid")
    ((kept, listed),) = deposits(loop)
    assert kept == listed
    proven(loop)


def off_of(row: RemittedClaim, control: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for part in row.adjustments:
        if part["line"] == control:
            found[part["group"]] = found.get(part["group"], Decimal(0)) + Decimal(part["amount"])
    return found


def test_what_is_not_posted_cannot_be_taken_back() -> None:
    loop, _, row = parked()
    with pytest.raises(commands.CannotBeTakenBack, match="not posted"):
        commands.take_back_remitted(loop.by(), remitted_id=row.pk, reason="x")


def test_what_the_plan_took_back_itself_is_left_to_the_plan() -> None:
    loop = Loop()
    loop.meet_deductible()
    loop.enroll(fault="reversal")
    loop.sent()
    loop.pay(PAY_DAY)
    loop.pay(date(2026, 4, 1))
    first, back, _again = loop.remitted()
    for row in (first, back):
        with pytest.raises(commands.CannotBeTakenBack, match="plan took this back"):
            commands.take_back_remitted(loop.by(), remitted_id=row.pk, reason="x")


def test_a_match_to_the_wrong_claim_is_taken_back_and_matched_to_the_right_one() -> None:
    loop, _, _row = posted()
    wrong, right = loop.sent(days_ago=1), loop.sent(days_ago=2)
    advice = advice_of(loop)
    stranger = replace(advice.claims[0], claim_id="WRONGNUMBER")
    loop.take(file(replace(advice, trace="OTHER1", amount=stranger.paid, claims=(stranger,))))
    row = loop.remitted()[-1]
    commands.match_remitted(loop.by(), remitted_id=row.pk, claim_id=wrong.pk)
    assert [kept for kept, listed in deposits(loop) if kept == listed] == [Decimal("76.80")] * 2
    commands.take_back_remitted(loop.by(), remitted_id=row.pk, reason="another visit")
    assert (loop.remitted()[-1].state, loop.remitted()[-1].claim_id) == ("unmatched", None)
    commands.match_remitted(loop.by(), remitted_id=row.pk, claim_id=right.pk)
    assert [loop.again(one).state for one in (wrong, right)] == ["accepted", "paid"]
    assert [kept for kept, listed in deposits(loop) if kept == listed] == [Decimal("76.80")] * 2
    assert loop.remittances()[-1].payment_id is not None
    proven(loop)


def test_a_matched_claim_that_does_not_add_up_waits_for_figures() -> None:
    loop, _, _row = posted()
    third = loop.sent(days_ago=2)
    advice = advice_of(loop)
    odd = replace(advice.claims[0], claim_id="WRONGNUMBER", paid=Decimal("80.00"))
    loop.take(file(replace(advice, trace="OTHER1", amount=odd.paid, claims=(odd,))))
    row = commands.match_remitted(loop.by(), remitted_id=loop.remitted()[-1].pk, claim_id=third.pk)
    assert (row.state, loop.again(third).state) == ("parked", "accepted")
    assert loop.items() == [("parked_remittance", "CLP-1")]


def test_the_biller_posts_by_hand_and_takes_back_on_screen() -> None:
    loop, claim, row = parked()
    client = browser(loop)
    listed = body(client, f"/claims/remittances/{row.remittance_id}/")
    assert f"/claims/remittances/post/{row.pk}/" in listed
    address = f"/claims/remittances/post/{row.pk}/"
    fields = hidden_fields(body(client, address), form='id="by-hand-form"')
    typed = {"paid_1": str(row.paid), "reason_co": "45", "reason": "read on paper"}
    short = client.post(address, fields | typed | {"co_1": "1"})
    assert short.status_code == 409
    assert "less than its charge of $60.00" in short.content.decode()
    good = client.post(address, fields | typed | {"co_1": str(claim.charge - row.paid)})
    assert good.status_code == 303
    assert loop.again(claim).state == "paid"
    back = f"/claims/remittances/take-back/{row.pk}/"
    fields = hidden_fields(body(client, back), form='id="take-back-form"')
    assert client.post(back, fields | {"reason": ""}).status_code == 422
    assert client.post(back, fields | {"reason": "another patient's"}).status_code == 303
    assert loop.again(claim).state == "accepted"
    said = loop.remitted()[1]
    assert (said.as_said, said.difference, said.adjustments) == ({}, row.difference, row.adjustments)
    again = hidden_fields(body(client, address), form='id="by-hand-form"')
    assert client.post(back, again | {"reason": "x"}).status_code == 409


def taken_back_by_the_payer(loop: Loop, **odd: Decimal) -> RemittedClaim:
    """The payer takes its second claim back, each figure as it said it, in a payment of its own."""
    advice = advice_of(loop)
    first = advice.claims[1]
    less = [
        replace(
            line,
            charge=-line.charge,
            paid=-line.paid,
            adjustments=tuple(replace(part, amount=-part.amount) for part in line.adjustments),
        )
        for line in first.services
    ]
    own = tuple(replace(part, amount=-part.amount) for part in first.adjustments)
    figures = {"charge": -first.charge, "paid": -first.paid} | odd
    back = replace(
        first, status="22", patient_responsibility=None, services=tuple(less), adjustments=own, **figures
    )
    none = {"amount": Decimal(0), "method": "NON", "handling": "H", "bank": None}
    beside = (x12.ProviderAdjustment("1", date(2026, 12, 31), "FB", "BACK1", figures["paid"]),)
    loop.take(file(replace(advice, trace="BACK1", claims=(back,), provider_adjustments=beside, **none)))
    return loop.remitted()[-1]


def test_what_was_posted_by_hand_is_taken_back_as_it_was_posted_when_the_payer_takes_it_back() -> None:
    loop, claim, row = parked()
    lines = hand(claim, row, CO=rest(claim, row), PR="1.00")
    commands.post_by_hand(loop.by(), remitted_id=row.pk, lines=lines, reasons=CODES, reason="read on the EOB")
    back = taken_back_by_the_payer(loop)
    assert (back.state, back.trouble, back.undoes_id) == ("posted", "", row.pk)
    assert back.as_said["difference"] == "-10.00"
    assert loop.due(claim) == (claim.charge, Decimal("0.00"))
    assert (loop.again(claim).state, loop.items()) == ("reversed", [])
    proven(loop)
    assert taken_back_by_the_payer(loop).pk == back.pk


def test_a_takeback_in_other_figures_than_the_payer_said_waits_for_a_person() -> None:
    loop, claim, row = parked()
    lines = hand(claim, row, CO=rest(claim, row), PR="1.00")
    commands.post_by_hand(loop.by(), remitted_id=row.pk, lines=lines, reasons=CODES, reason="read on the EOB")
    back = taken_back_by_the_payer(loop, paid=1 - row.paid)
    assert (back.state, back.undoes_id) == ("parked", None)
    assert loop.again(claim).state == "paid"
