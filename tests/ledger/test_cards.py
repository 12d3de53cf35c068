"""Money by card: asked once, settled once, whatever is lost on the way; no card number ever."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted, Refusal, StaleForm
from daysheet.kernel.jobs import holding
from daysheet.ledger import carding, commands, jobs, queries
from daysheet.ledger.checks import HoldsCardNumber
from daysheet.ledger.models import CardCharge, CardDoor, CardMemory, Payment, SavedCard
from daysheet.tasks.models import WorkqueueItem
from daysheet.visits import commands as visits
from tests import cast, desk, make
from tests.ledger.conftest import Office, furnish

pytestmark = pytest.mark.django_db


@dataclass
class Cards:
    """The office with the card company of the house."""

    office: Office
    system: Actor

    def begin(self, amount: str = "40.00", token: str = "test_visa", **more: Any) -> CardCharge:
        """Write a wish down."""
        facts: dict[str, Any] = {"kind": "charge", "location_id": self.office.door.pk} | more
        if facts["kind"] != "save":
            facts["amount"] = Decimal(amount)
        return commands.begin_card(self.office.rosa, patient_id=self.office.diaz.pk, token=token, **facts)

    def carry_on(self, charge: CardCharge) -> CardCharge:
        """Ask the company."""
        carding.carry_on(self.system, charge_id=charge.pk)
        charge.refresh_from_db()
        return charge

    def take(self, *args: Any, **more: Any) -> CardCharge:
        return self.carry_on(self.begin(*args, **more))

    def hold(self, **more: Any) -> CardCharge:
        return self.take(kind="hold", for_day=cast.MONDAY + timedelta(days=2), **more)


@pytest.fixture
def cards() -> Iterator[Cards]:
    with make.acting(make.practice(is_training=True, clock_at=cast.NOW)) as practice, holding():
        office = furnish(practice)
        commands.set_card_door(office.ana, version=0, company="loopback")
        yield Cards(office, Actor.system(practice_id=practice.pk, now=cast.NOW))


def test_a_card_is_taken_into_the_book_with_its_last_four(cards: Cards) -> None:
    cards.office.charge("100.00")
    charge = cards.take()
    assert (charge.state, charge.brand, charge.last4, charge.token) == ("captured", "Visa", "4242", "")
    payment = Payment.objects.get()
    assert (payment.method, payment.amount, payment.card_last4, payment.by_name) == (
        "card",
        40,
        "4242",
        cards.office.rosa.name,
    )
    assert cards.office.holds() == ("0.00", "60.00", "0.00")
    assert queries.troubles() == []


@pytest.mark.parametrize(
    ("token", "says"),
    [("test_declined", "declined"), ("test_expired", "expired"), ("test_insufficient", "not enough money")],
)
def test_a_refused_card_takes_nothing(cards: Cards, token: str, says: str) -> None:
    charge = cards.take(token=token)
    assert charge.state == "declined"
    assert says in charge.sentence
    assert not Payment.objects.exists()


def test_a_lost_answer_is_found_again_and_nothing_is_taken_twice(cards: Cards) -> None:
    charge = cards.take(token="test_lost_answer")
    assert charge.state == "asked"
    assert not Payment.objects.exists()
    cards.carry_on(charge)
    assert charge.state == "captured"
    assert Payment.objects.count() == 1
    assert sorted(CardMemory.objects.values_list("verb", "times")) == [("authorize", 2), ("capture", 1)]
    cards.carry_on(charge)
    assert Payment.objects.count() == 1


def test_a_process_that_died_after_the_answer_takes_nothing_twice(cards: Cards) -> None:
    charge = cards.begin()
    for _ in range(2):  # asked, and never noted
        asked = commands.next_card_wish(cards.system, charge_id=charge.pk)
        assert asked is not None
        carding.gateway(asked.company, asked.by).ask(asked.wish)
    cards.carry_on(charge)
    assert charge.state == "captured"
    assert CardMemory.objects.filter(verb="authorize").count() == 1
    assert Payment.objects.count() == 1


def test_the_sweep_asks_again_and_calls_a_person_in_the_end(
    cards: Cards, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge = cards.begin(token="test_lost_answer")
    CardCharge.objects.update(asked_at=cast.NOW - timedelta(minutes=5), tries=20)
    monkeypatch.setattr(jobs, "MOST_TRIES", 20)
    jobs.look_after_cards(practice_id=str(cards.office.practice.pk))
    assert WorkqueueItem.objects.get(kind="card").reason_code == "no_answer"
    jobs.look_after_cards(practice_id=str(cards.office.practice.pk))
    charge.refresh_from_db()
    assert charge.state == "captured"
    assert WorkqueueItem.objects.get(kind="card").state == "closed"


def test_cash_and_check_come_on_the_same_receipt(cards: Cards) -> None:
    beside = [
        commands.Way("cash", Decimal(20), tendered=Decimal(50)),
        commands.Way("check", Decimal(10), "77"),
    ]
    cards.take("30.00", beside=beside)
    parts = list(Payment.objects.order_by("part"))
    assert [(one.method, one.amount, one.number) for one in parts] == [
        ("cash", 20, 1),
        ("check", 10, 1),
        ("card", 30, 1),
    ]
    assert parts[0].change_due == 30


def test_what_cannot_be_taken_beside_a_card_is_told_and_the_card_is_booked(cards: Cards) -> None:
    charge = cards.begin("30.00", beside=[commands.Way("check", Decimal(10), "77")])
    commands.set_checks(
        cards.office.ana, patient_id=cards.office.diaz.pk, are_taken=False, reason="came back"
    )
    cards.carry_on(charge)
    assert charge.state == "captured"
    assert "No check is taken" in charge.sentence
    assert [one.method for one in Payment.objects.all()] == ["card"]
    assert WorkqueueItem.objects.filter(reason_code="beside").exists()


def test_a_hold_is_taken_when_the_patient_is_here(cards: Cards) -> None:
    charge = cards.hold()
    assert charge.state == "held"
    assert charge.capture_before == cast.NOW + timedelta(days=6)
    assert not Payment.objects.exists()
    commands.begin_capture(cards.office.rosa, charge_id=charge.pk, version=charge.version)
    assert cards.carry_on(charge).state == "captured"
    with pytest.raises(StaleForm):
        commands.begin_capture(cards.office.rosa, charge_id=charge.pk, version=1)
    with pytest.raises(commands.CardIsWrong):
        commands.begin_capture(cards.office.rosa, charge_id=charge.pk, version=charge.version)


def test_a_hold_is_let_go_with_a_reason(cards: Cards) -> None:
    charge = cards.hold()
    with pytest.raises(Refusal):
        commands.begin_release(cards.office.rosa, charge_id=charge.pk, version=charge.version, reason=" ")
    commands.begin_release(cards.office.rosa, charge_id=charge.pk, version=charge.version, reason="cancelled")
    assert cards.carry_on(charge).state == "released"
    assert not Payment.objects.exists()


@pytest.mark.parametrize("days", [-1, 5], ids=["past", "too early"])
def test_money_is_held_for_the_next_four_days_only(cards: Cards, days: int) -> None:
    with pytest.raises(commands.CardIsWrong, match="next four days"):
        cards.begin(kind="hold", for_day=cast.MONDAY + timedelta(days=days))


def test_a_hold_that_dies_soon_comes_on_the_work_list(cards: Cards) -> None:
    charge = cards.hold()
    CardCharge.objects.update(capture_before=cast.NOW + timedelta(hours=2))
    for _ in range(2):
        jobs.look_after_cards(practice_id=str(cards.office.practice.pk))
    item = WorkqueueItem.objects.get(subject_id=charge.pk)
    assert (item.reason_code, item.steps.count()) == ("hold_ends", 1)
    charge.refresh_from_db()
    commands.begin_release(cards.office.rosa, charge_id=charge.pk, version=charge.version, reason="moved")
    cards.carry_on(charge)
    item.refresh_from_db()
    assert item.state == "closed"


def test_a_card_is_kept_charged_again_and_forgotten(cards: Cards) -> None:
    assert cards.take(kind="save").state == "saved"
    kept = SavedCard.objects.get()
    assert (kept.brand, kept.last4, kept.expires) == ("Visa", "4242", "12/2030")
    assert cards.take(token="", card_id=kept.pk).state == "captured"
    commands.remove_card(cards.office.rosa, card_id=kept.pk)
    kept.refresh_from_db()
    assert kept.token == ""
    with pytest.raises(commands.CardIsWrong):
        cards.begin(token="", card_id=kept.pk)


def test_a_card_may_be_kept_while_it_pays(cards: Cards) -> None:
    assert cards.take(keeps_card=True).card is not None


def test_what_was_taken_today_is_voided(cards: Cards) -> None:
    cards.office.charge("100.00")
    charge = cards.take()
    payment = Payment.objects.get()
    with pytest.raises(commands.PaymentIsGone, match="card company"):
        commands.void_payment(cards.office.rosa, payment_id=payment.pk, reason="wrong")
    with pytest.raises(Refusal):
        commands.begin_return(cards.office.rosa, charge_id=charge.pk, version=charge.version, reason="")
    commands.begin_return(cards.office.rosa, charge_id=charge.pk, version=charge.version, reason="wrong card")
    assert cards.carry_on(charge).state == "returned"
    payment.refresh_from_db()
    assert payment.voided_at
    assert cards.office.holds() == ("0.00", "100.00", "0.00")
    assert queries.troubles() == []


def test_of_an_earlier_day_it_is_a_refund_and_needs_the_permission(cards: Cards) -> None:
    cards.office.charge("100.00")
    charge = cards.take()
    next_day = cast.NOW + timedelta(days=1)
    rosa, ana = cards.office.rosa.at(next_day), cards.office.ana.at(next_day)
    with pytest.raises(NotPermitted):
        commands.begin_return(rosa, charge_id=charge.pk, version=charge.version, reason="paid twice")
    commands.begin_return(ana, charge_id=charge.pk, version=charge.version, reason="paid twice")
    cards.system = cards.system.at(next_day)
    assert cards.carry_on(charge).state == "returned"
    assert charge.sentence == ""
    assert cards.office.holds() == ("0.00", "100.00", "0.00")
    assert queries.troubles() == []


@pytest.mark.parametrize("token", ["4242 4242 4242 4242", "4242424242424242", "x", "tok visa"])
def test_no_card_number_is_ever_kept(cards: Cards, token: str) -> None:
    with pytest.raises((HoldsCardNumber, commands.CardIsWrong)):
        cards.begin(token=token)
    assert not CardCharge.objects.exists()


def test_practice_cards_are_for_training_and_the_company_for_real_offices(cards: Cards) -> None:
    with pytest.raises(commands.CardIsWrong, match="training"):
        commands.set_card_door(cards.office.ana, version=1, company="stripe", secret="sk_test_1")
    cards.office.practice.__class__.objects.update(is_training=False, clock_at=None)
    with pytest.raises(commands.CardIsWrong, match="never came"):
        commands.set_card_door(cards.office.ana, version=1, company="loopback")
    door = commands.set_card_door(cards.office.ana, version=1, company="stripe", secret="sk_test_1")
    assert "sk_test" not in door.secret
    assert carding.gateway("stripe", cards.system).secret == "sk_test_1"  # type: ignore[attr-defined]


def test_the_database_takes_no_taken_card_without_its_payment(cards: Cards) -> None:
    charge = cards.begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        CardCharge.objects.filter(pk=charge.pk).update(state="captured")
    with pytest.raises(IntegrityError), transaction.atomic():
        CardCharge.objects.filter(pk=charge.pk).update(last4="42424242")


@pytest.fixture
def browser(cards: Cards) -> Client:
    return desk.signed_in(make.member("office_manager", "ana-cards", at=cards.office.door))


def press(browser: Client, name: str, *args: Any, on: str = "", **fields: Any) -> tuple[int, str]:
    """Press the button of the form that goes to an address, on the page where it stands."""
    url = reverse(f"ledger:{name}", args=args)
    shown = browser.get(on or url).content.decode()
    hidden = {
        key: value
        for key, value in desk.hidden_fields(shown, form=f'action="{url}"').items()
        if key != "_once"
    }
    answer = browser.post(url, hidden | fields)
    return answer.status_code, answer.content.decode()


def test_a_card_at_the_desk_from_the_form_to_the_receipt(cards: Cards, browser: Client) -> None:
    cards.office.charge("100.00")
    facts = {"kind": "charge", "amount": "40", "card": "test_visa", "cash": "10", "tendered": "20"}
    assert press(browser, "card-take", cards.office.diaz.pk, **facts)[0] == 303
    charge = cards.carry_on(CardCharge.objects.get())
    page = browser.get(reverse("ledger:card", args=[charge.pk])).content.decode()
    assert "Visa ending 4242" in page
    assert "Receipt 1" in page
    status, body = press(
        browser, "card-return", charge.pk, on=reverse("ledger:card", args=[charge.pk]), reason=""
    )
    assert status == 422
    assert "Void it" in body
    assert (
        press(browser, "card-return", charge.pk, on=reverse("ledger:card", args=[charge.pk]), reason="wrong")[
            0
        ]
        == 303
    )
    assert cards.carry_on(charge).state == "returned"
    piece = browser.get(
        reverse("ledger:card", args=[charge.pk]), headers={"HX-Request": "true"}
    ).content.decode()
    assert piece.lstrip().startswith('<div id="card"')


def test_what_is_typed_wrong_is_said_and_a_number_is_never_shown_again(cards: Cards, browser: Client) -> None:
    who = cards.office.diaz.pk
    for facts, says in (
        ({"kind": "charge", "amount": ""}, "Write the amount on the card."),
        ({"kind": "hold", "amount": "5", "card": "test_visa"}, "Write the day of the visit."),
        ({"kind": "save", "card": "test_visa", "cash": "5"}, "only with money taken now"),
        ({"kind": "charge", "amount": "5", "card": "test_visa", "check": "5"}, "number of the check"),
    ):
        status, body = press(browser, "card-take", who, **facts)
        assert (status, says in body) == (422, True), says
    CardDoor.objects.update(company="stripe")
    status, body = press(browser, "card-take", who, kind="charge", amount="5", token="4242424242424242")
    assert status == 422
    assert "4242424242424242" not in body


def test_holds_and_kept_cards_on_their_pages(cards: Cards, browser: Client) -> None:
    held, kept = cards.hold(), cards.take(kind="save").card
    page = browser.get(reverse("ledger:cards")).content.decode()
    assert "Held" in page
    there = reverse("ledger:card", args=[held.pk])
    assert press(browser, "card-release", held.pk, on=there, reason="moved")[0] == 303
    assert (
        press(
            browser,
            "card-capture",
            cards.hold().pk,
            on=reverse("ledger:card", args=[CardCharge.objects.get(state="held").pk]),
        )[0]
        == 303
    )
    assert kept is not None
    on = reverse("ledger:card-take", args=[cards.office.diaz.pk])
    assert press(browser, "card-remove", kept.pk, on=on)[0] == 303
    assert press(browser, "card-door", company="none")[0] == 303
    assert press(browser, "card-door", company="stripe", secret="sk_test_1")[0] == 409
    status, body = press(
        browser, "card-take", cards.office.diaz.pk, kind="charge", amount="5", token="pm_123456"
    )
    assert status == 409
    assert "own terminal" in body


def test_a_hold_that_is_taken_belongs_to_the_visit_that_has_come(cards: Cards) -> None:
    charge = cards.take(kind="hold", for_day=cast.MONDAY, purpose="copay")
    visit = visits.walk_in(
        cards.office.rosa,
        patient_id=cards.office.diaz.pk,
        provider_id=cards.office.dr_lee.pk,
        location_id=cards.office.door.pk,
    )
    commands.begin_capture(cards.office.rosa, charge_id=charge.pk, version=charge.version)
    cards.carry_on(charge)
    assert (charge.visit_id, Payment.objects.get().visit_id) == (visit.pk, visit.pk)


def test_what_went_back_and_stayed_in_the_book_is_posted_by_a_button(cards: Cards, browser: Client) -> None:
    charge = cards.take()
    CardCharge.objects.filter(pk=charge.pk).update(state="returned", returned=charge.amount, reason="wrong")
    there = reverse("ledger:card", args=[charge.pk])
    assert (
        "$40.00 went back to the card and is still in the book as paid."
        in browser.get(there).content.decode()
    )
    assert press(browser, "card-post", charge.pk, on=there)[0] == 303
    assert "Post it to the book now" not in browser.get(there).content.decode()
    assert cards.office.holds() == ("0.00", "0.00", "0.00")


def test_a_part_of_today_that_went_back_is_not_said_to_be_of_an_earlier_day(
    cards: Cards, browser: Client
) -> None:
    charge = cards.take()
    facts: dict[str, Any] = {"charge_id": charge.pk, "version": charge.version, "reason": "wrong"}
    commands.begin_return(cards.office.ana, amount=Decimal(1), **facts)
    cards.carry_on(charge)
    page = browser.get(reverse("ledger:card", args=[charge.pk])).content.decode()
    assert "Refund the rest: a part went back already" in page
    assert "earlier day" not in page
