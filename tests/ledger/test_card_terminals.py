"""A terminal at a desk asks for the card: approved, declined, cancelled on either side, timed out; no number ever."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from daysheet.documents import commands as documents
from daysheet.documents.models import PrintStation
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.jobs import holding
from daysheet.kernel.models import AuditLine
from daysheet.ledger import carding, commands, jobs, papers, queries
from daysheet.ledger.cardgate import CardAnswer
from daysheet.ledger.checks import HoldsCardNumber
from daysheet.ledger.models import CardCharge, CardDoor, CardMemory, CardTerminal, Payment
from tests import cast, desk, make
from tests.ledger.conftest import furnish
from tests.ledger.test_cards import Cards, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def cards() -> Iterator[Cards]:
    with make.acting(make.practice(is_training=True, clock_at=cast.NOW)) as practice, holding():
        office = furnish(practice)
        commands.set_card_door(office.ana, version=0, company="loopback")
        yield Cards(office, Actor.system(practice_id=practice.pk, now=cast.NOW))


@pytest.fixture
def station(cards: Cards) -> PrintStation:
    return documents.keep_station(cards.office.ana, name="Front desk", printers={})


@pytest.fixture
def terminal(cards: Cards, station: PrintStation) -> CardTerminal:
    return commands.keep_terminal(
        cards.office.ana, name="Front desk terminal", reader="tmr_front", station_id=station.pk
    )


def asked(cards: Cards, terminal: CardTerminal, **more: Any) -> CardCharge:
    """Ask the terminal for forty dollars, and let it show them."""
    return cards.carry_on(cards.begin(token="", terminal_id=terminal.pk, **more))


def show(cards: Cards, charge: CardCharge, shown: str) -> CardCharge:
    commands.show_card(cards.office.rosa, charge_id=charge.pk, shown=shown)
    return cards.carry_on(charge)


def test_a_card_held_to_the_terminal_is_taken_into_the_book(cards: Cards, terminal: CardTerminal) -> None:
    cards.office.charge("100.00")
    charge = asked(cards, terminal)
    assert (charge.state, Payment.objects.count()) == ("presenting", 0)
    assert charge.present_until == cast.NOW + timedelta(minutes=2)
    charge = show(cards, charge, "test_visa")
    assert (charge.state, charge.brand, charge.last4, charge.token) == ("captured", "Visa", "4242", "")
    payment = Payment.objects.get()
    assert (payment.amount, payment.card_last4) == (Decimal("40.00"), "4242")
    assert papers.how_paid(payment) == (
        f"Visa card ending 4242, approval {charge.approval}, held to the terminal, Practice Visa"
    )
    assert cards.office.holds() == ("0.00", "60.00", "0.00")
    assert queries.troubles() == []


def test_while_it_waits_it_is_looked_at_and_nothing_is_written(cards: Cards, terminal: CardTerminal) -> None:
    charge = asked(cards, terminal)
    lines, version = AuditLine.objects.count(), charge.version
    for _ in range(3):
        assert carding.carry_on(cards.system, charge_id=charge.pk) is False
    charge.refresh_from_db()
    assert (charge.state, charge.version, AuditLine.objects.count()) == ("presenting", version, lines)


@pytest.mark.parametrize(
    ("shown", "state", "says"),
    [
        ("test_declined", "declined", "The card was declined. Ask for another card"),
        ("test_insufficient", "declined", "There is not enough money on the card."),
        ("red_button", "cancelled", "Cancelled at the terminal."),
    ],
)
def test_a_declined_card_or_the_red_button_takes_nothing(
    cards: Cards, terminal: CardTerminal, shown: str, state: str, says: str
) -> None:
    charge = show(cards, asked(cards, terminal), shown)
    assert (charge.state, Payment.objects.count()) == (state, 0)
    assert charge.sentence.startswith(says)
    assert asked(cards, terminal).state == "presenting"


def test_the_desk_cancels_and_the_terminal_asks_for_the_next(cards: Cards, terminal: CardTerminal) -> None:
    charge = asked(cards, terminal)
    with pytest.raises(StaleForm):
        commands.begin_stop(cards.office.rosa, charge_id=charge.pk, version=charge.version + 1)
    commands.begin_stop(cards.office.rosa, charge_id=charge.pk, version=charge.version)
    assert cards.carry_on(charge).state == "cancelled"
    with pytest.raises(commands.CardIsWrong):
        commands.begin_stop(cards.office.rosa, charge_id=charge.pk, version=charge.version)
    assert asked(cards, terminal).state == "presenting"


def test_a_card_that_came_as_the_desk_cancelled_is_let_go(cards: Cards, terminal: CardTerminal) -> None:
    charge = asked(cards, terminal)
    commands.show_card(cards.office.rosa, charge_id=charge.pk, shown="test_visa")
    commands.begin_stop(cards.office.rosa, charge_id=charge.pk, version=charge.version)
    assert (cards.carry_on(charge).state, Payment.objects.count()) == ("cancelled", 0)


def test_nobody_comes_and_the_terminal_is_let_go_after_two_minutes(
    cards: Cards, terminal: CardTerminal
) -> None:
    charge = asked(cards, terminal)
    late = cards.system.at(cast.NOW + timedelta(minutes=2))
    assert carding.carry_on(late, charge_id=charge.pk)
    charge.refresh_from_db()
    assert (charge.state, Payment.objects.count()) == ("timed_out", 0)


def test_what_no_terminal_answered_in_two_minutes_is_called_off_and_lights_up_no_more(
    cards: Cards, terminal: CardTerminal
) -> None:
    charge = asked(cards, terminal)
    CardCharge.objects.filter(pk=charge.pk).update(state="asked", ref="", present_until=None)
    late = cards.system.at(cast.NOW + timedelta(minutes=2))
    wished = commands.next_card_wish(late, charge_id=charge.pk)
    assert wished is not None
    assert (wished.wish.verb, wished.wish.began) == ("stop", f"{charge.pk}:present:{charge.step}")
    gone = commands.note_card_answer(late, charge_id=charge.pk, verb="stop", answer=CardAnswer(is_done=True))
    assert gone.state == "timed_out"


def test_a_lost_answer_of_the_terminal_is_found_and_the_money_taken_once(
    cards: Cards, terminal: CardTerminal
) -> None:
    cards.office.charge("100.00")
    charge = asked(cards, terminal)
    commands.show_card(cards.office.rosa, charge_id=charge.pk, shown="test_lost_answer")
    assert cards.carry_on(charge).state == "presenting"
    assert cards.carry_on(charge).state == "captured"
    cards.carry_on(charge)
    assert Payment.objects.count() == 1


def test_a_terminal_that_has_a_card_just_now_is_waited_for(cards: Cards, terminal: CardTerminal) -> None:
    charge = asked(cards, terminal)
    commands.begin_stop(cards.office.rosa, charge_id=charge.pk, version=charge.version)
    no = CardAnswer(is_done=False, sentence="It is being processed.")
    charge = commands.note_card_answer(cards.system, charge_id=charge.pk, verb="stop", answer=no)
    assert (charge.state, charge.present_until) == ("presenting", cast.NOW + timedelta(seconds=30))
    assert charge.sentence.endswith("Wait for what it says.")
    assert show(cards, charge, "test_visa").state == "captured"


def test_one_terminal_asks_for_one_card_at_a_time(cards: Cards, terminal: CardTerminal) -> None:
    asked(cards, terminal)
    with pytest.raises(commands.CardIsWrong, match="asks for another card just now"):
        cards.begin(token="", terminal_id=terminal.pk)
    other = commands.keep_terminal(cards.office.ana, name="Carried about", reader="tmr_two")
    assert asked(cards, other).state == "presenting"


def test_a_terminal_takes_money_now_and_neither_holds_nor_keeps(cards: Cards, terminal: CardTerminal) -> None:
    for kind in ("hold", "save"):
        with pytest.raises(commands.CardIsWrong, match="money is taken at once"):
            cards.begin(token="", terminal_id=terminal.pk, kind=kind, for_day=cast.MONDAY)
    commands.retire_terminal(cards.office.ana, terminal_id=terminal.pk)
    with pytest.raises(commands.CardIsWrong, match="not used any more"):
        cards.begin(token="", terminal_id=terminal.pk)
    commands.take_up_terminal(cards.office.ana, terminal_id=terminal.pk)
    assert asked(cards, terminal).state == "presenting"


def test_what_a_terminal_took_is_given_back(cards: Cards, terminal: CardTerminal) -> None:
    cards.office.charge("100.00")
    charge = show(cards, asked(cards, terminal), "test_visa")
    commands.begin_return(cards.office.rosa, charge_id=charge.pk, version=charge.version, reason="wrong")
    assert cards.carry_on(charge).state == "returned"
    assert cards.office.holds() == ("0.00", "100.00", "0.00")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"reader": "no such id!"}, "reader"),
        ({"reader": "tmr_front"}, "reader"),
        ({"name": "Front desk terminal"}, "name"),
        ({"same_station": True}, "station"),
    ],
)
def test_a_terminal_that_cannot_be_is_refused(
    cards: Cards, terminal: CardTerminal, station: PrintStation, wrong: dict[str, Any], field: str
) -> None:
    more = {"station_id": station.pk} if wrong.pop("same_station", False) else {}
    facts: dict[str, Any] = {"name": "Second", "reader": "tmr_second"} | wrong | more
    with pytest.raises(commands.CardIsWrong) as no, transaction.atomic():
        commands.keep_terminal(cards.office.ana, **facts)
    assert field in no.value.fields
    assert CardTerminal.objects.count() == 1


def test_neither_a_card_number_nor_another_person_gets_through(cards: Cards, terminal: CardTerminal) -> None:
    with pytest.raises(HoldsCardNumber):
        commands.keep_terminal(cards.office.ana, name="Desk", reader="4242424242424242")
    with pytest.raises(NotPermitted):
        commands.keep_terminal(cards.office.rosa, name="Desk", reader="tmr_x")
    charge = asked(cards, terminal)
    with pytest.raises(commands.CardIsWrong):
        commands.show_card(cards.office.rosa, charge_id=charge.pk, shown="4242")
    CardDoor.objects.update(company="stripe")
    CardCharge.objects.update(company="stripe")
    with pytest.raises(commands.CardIsWrong):
        commands.show_card(cards.office.rosa, charge_id=charge.pk, shown="test_visa")
    assert not CardMemory.objects.filter(verb="show").exists()


def test_the_database_lets_nothing_wait_without_a_terminal(cards: Cards, terminal: CardTerminal) -> None:
    charge = asked(cards, terminal)
    with pytest.raises(IntegrityError), transaction.atomic():
        CardCharge.objects.filter(pk=charge.pk).update(terminal=None)


def test_the_job_looks_again_while_the_terminal_waits_and_then_no_more(
    cards: Cards, terminal: CardTerminal
) -> None:
    charge = cards.begin(token="", terminal_id=terminal.pk)
    facts = {"practice_id": str(cards.office.practice.pk), "charge_id": str(charge.pk)}
    with holding() as later:
        jobs.carry_card_on(**facts)
        assert [(one.name, one.at is not None) for one in later] == [("ledger.carry_card_on", True)]
        commands.show_card(cards.office.rosa, charge_id=charge.pk, shown="test_visa")
        later.clear()
        jobs.carry_card_on(**facts)
        assert later == []
    charge.refresh_from_db()
    assert charge.state == "captured"


@pytest.fixture
def browser(cards: Cards) -> Client:
    return desk.signed_in(make.member("office_manager", "ana-terminals", at=cards.office.door))


def test_the_terminal_of_this_station_is_offered_first_and_asked_from_the_page(
    cards: Cards, terminal: CardTerminal, station: PrintStation, browser: Client
) -> None:
    cards.office.charge("100.00")
    commands.keep_terminal(cards.office.ana, name="A carried one", reader="tmr_two")
    here = reverse("documents:station-here", args=[station.pk])
    body = browser.get(reverse("documents:stations")).content.decode()
    browser.post(here, desk.hidden_fields(body, form="stations-acts"))
    page = browser.get(reverse("ledger:card-take", args=[cards.office.diaz.pk])).content.decode()
    assert page.index("Front desk terminal: the card is held to it") < page.index("A carried one")
    facts = {"kind": "charge", "amount": "40", "card": f"at-{terminal.pk}"}
    assert press(browser, "card-take", cards.office.diaz.pk, **facts)[0] == 303
    charge = cards.carry_on(CardCharge.objects.get())
    there = reverse("ledger:card", args=[charge.pk])
    shown = browser.get(there).content.decode()
    assert "The terminal waits for the card: $40.00" in shown
    assert press(browser, "card-show", charge.pk, on=there, shown="nonsense")[0] == 409
    assert press(browser, "card-show", charge.pk, on=there, shown="test_visa")[0] == 303
    cards.carry_on(charge)
    assert "Visa ending 4242" in browser.get(there).content.decode()


def test_the_desk_cancels_from_the_page(cards: Cards, terminal: CardTerminal, browser: Client) -> None:
    charge = asked(cards, terminal)
    there = reverse("ledger:card", args=[charge.pk])
    assert press(browser, "card-stop", charge.pk, on=there)[0] == 303
    cards.carry_on(charge)
    shown = browser.get(there).content.decode()
    assert "Cancelled" in shown
    assert "Ask again" in shown


def test_terminals_are_kept_on_their_pages(cards: Cards, station: PrintStation, browser: Client) -> None:
    listed, add = (reverse(f"ledger:{name}") for name in ("card-terminals", "card-terminal-add"))
    facts = {"name": "Front", "reader": "tmr_1", "station": str(station.pk)}

    def save(url: str, said: dict[str, str]) -> int:
        form = desk.hidden_fields(browser.get(url).content.decode(), form='id="card-terminal-form"')
        form.pop("_once", None)
        return browser.post(url, form | said).status_code

    assert save(add, facts | {"reader": ""}) == 422
    assert save(add, facts) == 303
    assert save(add, facts) == 409
    held = CardTerminal.objects.get()
    one = reverse("ledger:card-terminal", args=[held.pk])
    assert save(one, facts | {"name": "Back", "station": ""}) == 303
    held.refresh_from_db()
    assert (held.name, held.station, held.version) == ("Back", None, 2)
    assert press(browser, "card-terminal-retire", held.pk, on=listed)[0] == 303
    body = browser.get(listed).content.decode()
    undo = reverse("ledger:card-terminal-take-up", args=[held.pk])
    assert browser.post(undo, desk.hidden_fields(body, form=f'action="{undo}"')).status_code == 303
    assert CardTerminal.objects.get(retired_at=None).pk == held.pk
