"""Parts of a card payment go back, several up to what was taken; and a declined card says what to do next."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.jobs import holding
from daysheet.ledger import commands, queries
from daysheet.ledger.cardgate.advice import BY_CODE, what_next
from daysheet.ledger.models import CardCharge, CardMemory, CashDrawer, Payment
from daysheet.tasks.models import WorkqueueItem
from tests import cast, make
from tests.ledger.conftest import furnish
from tests.ledger.test_cards import Cards
from tests.ledger.test_cash_drawers import closed, counted, opened
from tests.ledger.test_payment_plans import offer, sign, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def cards() -> Iterator[Cards]:
    with make.acting(make.practice(is_training=True, clock_at=cast.NOW)) as practice, holding():
        office = furnish(practice)
        commands.set_card_door(office.ana, version=0, company="loopback")
        yield Cards(office, Actor.system(practice_id=practice.pk, now=cast.NOW))


def give_back(cards: Cards, charge: CardCharge, amount: str | None, *, by: Actor | None = None) -> CardCharge:
    charge.refresh_from_db()
    commands.begin_return(
        by or cards.office.ana,
        charge_id=charge.pk,
        version=charge.version,
        reason="overcharged",
        amount=Decimal(amount) if amount else None,
    )
    return cards.carry_on(charge)


def test_a_part_goes_back_and_what_it_had_paid_is_owed_again(cards: Cards) -> None:
    cards.office.charge("100.00")
    charge = give_back(cards, cards.take(), "15.00")
    assert (charge.state, charge.returned, charge.left) == ("captured", Decimal(15), Decimal(25))
    assert cards.office.holds() == ("0.00", "75.00", "0.00")
    assert CardMemory.objects.get(verb="refund").amount == Decimal(15)
    assert Payment.objects.get().voided_at is None
    assert queries.troubles() == []


def test_parts_go_back_until_nothing_is_left(cards: Cards) -> None:
    cards.office.charge("100.00")
    charge = cards.take()
    give_back(cards, charge, "15.00")
    give_back(cards, charge, "5.00")
    assert give_back(cards, charge, None).state == "returned"
    assert charge.returned == Decimal(40)
    assert [entry.memo for entry in queries.card_returns(charge.pk)] == ["overcharged"] * 3
    assert sorted(CardMemory.objects.filter(verb="refund").values_list("amount", flat=True)) == [5, 15, 20]
    assert cards.office.holds() == ("0.00", "100.00", "0.00")
    assert queries.troubles() == []


def test_more_than_is_left_is_refused(cards: Cards) -> None:
    charge = give_back(cards, cards.take(), "15.00")
    with pytest.raises(commands.MoreThanWasTaken, match=r"Only \$25\.00"):
        give_back(cards, charge, "25.01")
    assert CardMemory.objects.filter(verb="refund").count() == 1


def test_a_part_takes_the_permission_to_refund(cards: Cards) -> None:
    charge = cards.take()
    with pytest.raises(NotPermitted):
        give_back(cards, charge, "15.00", by=cards.office.rosa)
    charge.refresh_from_db()
    assert (charge.state, charge.asked_back) == ("captured", Decimal(0))


def test_what_went_back_in_part_is_not_voided_on_the_receipt(cards: Cards) -> None:
    give_back(cards, cards.take(), "40.00")
    charge = cards.take()
    give_back(cards, charge, "15.00")
    assert charge.payment_id is not None
    with pytest.raises(commands.PaymentIsGone):
        commands.void_payment(cards.office.ana, payment_id=charge.payment_id, reason="wrong")


def test_a_part_of_an_instalment_that_goes_back_fills_less(cards: Cards) -> None:
    cards.office.charge("150.00")
    sign(cards.office, offer(cards.office))
    charge = cards.take("50.00", purpose="plan")
    assert standing(cards.office).keeping.left == Decimal("100.00")
    give_back(cards, charge, "20.00")
    assert standing(cards.office).keeping.left == Decimal("120.00")
    give_back(cards, charge, None)
    assert standing(cards.office).keeping.left == Decimal("150.00")


def test_the_due_instalment_is_taken_from_the_kept_card(cards: Cards) -> None:
    cards.office.charge("150.00")
    kept = cards.take(kind="save").card
    assert kept is not None
    plan = sign(cards.office, offer(cards.office, down=Decimal(30), card_id=kept.pk))
    facts = {"plan_id": plan.pk, "version": plan.version, "location_id": cards.office.door.pk}
    charge = commands.charge_plan(cards.office.rosa, **facts)  # type: ignore[arg-type]
    with pytest.raises(commands.PlanIsUnsound, match="being asked already"):
        commands.charge_plan(cards.office.rosa, **facts)  # type: ignore[arg-type]
    assert cards.carry_on(charge).state == "captured"
    assert standing(cards.office).keeping.left == Decimal("120.00")
    with pytest.raises(commands.PlanIsUnsound, match="Nothing is due"):
        commands.charge_plan(cards.office.rosa, **facts)  # type: ignore[arg-type]


def test_the_database_gives_back_no_more_than_was_taken(cards: Cards) -> None:
    charge = cards.take()
    with pytest.raises(IntegrityError, match="no_more_than_it_took"), transaction.atomic():
        CardCharge.objects.filter(pk=charge.pk).update(returned=Decimal("40.01"))


@pytest.mark.parametrize(
    ("token", "next_step"),
    [
        ("test_insufficient", "Take a smaller part on this card and the rest in another way."),
        ("test_expired", "Ask for the new card; a kept one is forgotten and kept anew."),
        ("test_declined", "Ask for another card, or take cash or a check."),
    ],
)
def test_a_declined_card_says_what_to_do_next(cards: Cards, token: str, next_step: str) -> None:
    assert cards.take(token=token).sentence.endswith(next_step)


def test_nobody_is_accused_at_the_desk() -> None:
    plain = what_next("authorize", "generic_decline")
    assert {what_next("authorize", code) for code in ("stolen_card", "lost_card", "fraudulent")} == {plain}
    assert not {"stolen_card", "lost_card", "fraudulent"} & set(BY_CODE)


def test_what_was_refunded_in_cash_does_not_go_back_to_the_card_too(cards: Cards) -> None:
    charge = cards.take()
    commands.refund(
        cards.office.ana,
        patient_id=cards.office.diaz.pk,
        amount=Decimal(30),
        method="cash",
        reason="overcharged",
    )
    with pytest.raises(commands.PaymentIsGone, match=r"Only \$10\.00 of it is still there"):
        give_back(cards, charge, None)
    assert give_back(cards, charge, "10.00").left == Decimal(30)
    assert cards.office.holds() == ("0.00", "0.00", "0.00")
    assert queries.troubles() == []


def test_a_refund_to_a_card_that_the_company_took_is_made_on_its_own_page(cards: Cards) -> None:
    charge = cards.take()
    facts = {"patient_id": cards.office.diaz.pk, "amount": Decimal(30), "reason": "overcharged"}
    with pytest.raises(commands.MoreThanWasTaken, match="page of that card payment"):
        commands.refund(cards.office.ana, method="card", **facts)  # type: ignore[arg-type]
    give_back(cards, charge, None)
    cards.office.pay("30.00", method="card", card_brand="Visa", card_last4="4242", approval="A1")
    assert commands.refund(cards.office.ana, method="card", **facts).kind == "refund"  # type: ignore[arg-type]


def test_what_went_back_meanwhile_is_booked_though_nothing_is_left_behind_it(cards: Cards) -> None:
    charge = cards.take()
    commands.begin_return(cards.office.ana, charge_id=charge.pk, version=charge.version, reason="overcharged")
    commands.refund(
        cards.office.ana,
        patient_id=cards.office.diaz.pk,
        amount=Decimal(30),
        method="cash",
        reason="overcharged",
    )
    assert cards.carry_on(charge).state == "returned"
    assert cards.office.holds() == ("0.00", "30.00", "0.00")


BOTH: dict[str, Any] = {"beside": [commands.Way("cash", Decimal("8.00"))]}


def split(cards: Cards) -> CardCharge:
    """Take 12.00 by card and 8.00 in cash, through the drawer of the door, on one receipt."""
    opened(cards.office, "50.00")
    cards.office.charge("100.00")
    return cards.take("12.00", **BOTH)


def test_a_card_goes_back_alone_where_the_cash_beside_it_was_counted(cards: Cards) -> None:
    charge = split(cards)
    closed(cards.office, counted(cards.office, CashDrawer.objects.get(), "58.00"))
    assert charge.payment is not None
    assert queries.what_stays_beside(charge.payment) == "The drawer of its cash is closed."
    assert give_back(cards, charge, None).state == "returned"
    assert "the cash or check beside it stays" in charge.sentence
    assert [(one.method, bool(one.voided_at)) for one in Payment.objects.order_by("part")] == [
        ("cash", False),
        ("card", True),
    ]
    assert cards.office.holds() == ("0.00", "92.00", "0.00")
    assert not WorkqueueItem.objects.filter(reason_code="not_in_the_book").exists()
    assert queries.troubles() == []


def test_a_card_of_today_goes_back_with_the_cash_beside_it(cards: Cards) -> None:
    charge = split(cards)
    assert charge.payment is not None
    assert queries.what_stays_beside(charge.payment) == ""
    give_back(cards, charge, None)
    assert not Payment.objects.filter(voided_at=None).exists()
    assert cards.office.holds() == ("0.00", "100.00", "0.00")


def test_what_went_back_and_stayed_in_the_book_is_posted_afterwards(cards: Cards) -> None:
    charge = split(cards)
    CardCharge.objects.filter(pk=charge.pk).update(
        state="returned", returned=Decimal(12), reason="overcharged"
    )
    charge.refresh_from_db()
    assert queries.card_not_booked(charge) == Decimal(12)
    commands.post_card_return(cards.office.rosa, charge_id=charge.pk, version=charge.version)
    charge.refresh_from_db()
    assert queries.card_not_booked(charge) == Decimal(0)
    assert cards.office.holds() == ("0.00", "92.00", "0.00")
    with pytest.raises(commands.CardIsWrong, match="in the book already"):
        commands.post_card_return(cards.office.rosa, charge_id=charge.pk, version=charge.version)
    assert queries.troubles() == []
