"""The screens of cash: drawers, slips, payments in several ways; blind while the office counts blind."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.ledger import commands, queries
from daysheet.ledger.models import BankDeposit, CashDrawer, DeskRules, Payment
from tests import desk, make
from tests.ledger.test_money_on_screen import Screens, screens

__all__ = ["screens"]


def opened(screens: Screens, amount: str = "100") -> CashDrawer:
    door = str(screens.office.door.pk)
    status, there = screens.send("drawer", form='id="drawer-form"', location_id=door, opening_float=amount)
    drawer = CashDrawer.objects.get()
    assert (status, there) == (303, reverse("ledger:drawer-page", args=[drawer.pk]))
    return drawer


def paid(screens: Screens, **typed: str) -> int:
    facts = {"amount": "20", "method": "cash"} | typed
    return screens.send("payment-take", screens.office.diaz.pk, form='id="payment-form"', **facts)[0]


def closed(screens: Screens, counted: str, **more: str) -> CashDrawer:
    drawer = CashDrawer.objects.get()
    assert screens.send("drawer-count", drawer.pk, form='id="count-form"', counted=counted)[0] == 303
    status, _ = screens.send("drawer-close", drawer.pk, at="drawer-page", form='id="close-form"', **more)
    assert status == 303
    drawer.refresh_from_db()
    return drawer


def test_what_should_be_there_is_hidden_until_it_is_counted(screens: Screens) -> None:
    drawer = opened(screens)
    assert paid(screens, amount="17.31") == 303
    screens.get("drawer")  # the toast of the payment was read
    page = screens.get("drawer-page", drawer.pk)
    assert "117.31" not in page + screens.get("drawer") + screens.get("drawer-count", drawer.pk)
    assert "17.31" not in page
    status, _ = screens.send("drawer-count", drawer.pk, form='id="count-form"', n100="1", n10="1", n5="1")
    assert status == 303
    page = screens.get("drawer-page", drawer.pk)
    assert "$117.31" in page
    assert "$2.31 short" in page
    assert "1 × $100 bills" in page


def test_a_door_whose_drawer_stands_open_says_so_in_words_that_fit_the_box(screens: Screens) -> None:
    opened(screens)
    assert "Main St (open already: only your own)</option>" in screens.get("drawer")


def test_an_office_that_does_not_count_blind_sees_it_at_once(screens: Screens) -> None:
    facts = {"reason_from": "1", "approve_from": "5", "check_fee": "25"}
    assert screens.send("desk-rules", form='id="act-form"', **facts)[0] == 303
    kept = DeskRules.objects.get()
    assert (kept.is_blind, kept.check_fee) == (False, Decimal("25.00"))
    drawer = opened(screens)
    assert paid(screens, amount="17.31") == 303
    assert "$117.31" in screens.get("drawer-page", drawer.pk)
    status, page = screens.send("desk-rules", form='id="act-form"', **(facts | {"approve_from": "0.5"}))
    assert status == 409
    assert "no less than a reason" in page


def test_a_count_without_anything_and_odd_pieces_are_told(screens: Screens) -> None:
    drawer = opened(screens)
    for typed, sentence in (
        ({}, "Count the pieces, or type the sum."),
        ({"n20": "-1"}, "no fewer than none"),
        ({"n20": "four"}, "write how many pieces"),
    ):
        status, page = screens.send("drawer-count", drawer.pk, form='id="count-form"', **typed)
        assert (status, sentence in page) == (422, True)


def test_cash_is_carried_to_the_safe_and_back_on_screen(screens: Screens) -> None:
    drawer = opened(screens)
    facts = {"amount": "40", "counted_by": "Ana", "reason": "too much"}
    assert screens.send("drawer-drop", drawer.pk, form='id="act-form"', **facts)[0] == 303
    assert screens.send("drawer-pay-in", drawer.pk, form='id="act-form"', **facts)[0] == 303
    DeskRules.objects.update_or_create(defaults={"is_blind": False})
    status, page = screens.send("drawer-drop", drawer.pk, form='id="act-form"', **(facts | {"amount": "101"}))
    assert (status, "should hold less" in page, 'value="101"' in page) == (409, True, True)
    assert screens.get("drawer-page", drawer.pk).count("too much") == 2


def test_a_large_difference_waits_for_another_and_is_opened_again(screens: Screens) -> None:
    opened(screens)
    drawer = closed(screens, "60", reason="a note is missing")
    page = screens.get("drawer-page", drawer.pk)
    assert "A second person looks at it" in page
    assert "Approve and close" not in page
    rosa = desk.signed_in(make.member("receptionist", "rosa", at=screens.office.door))
    url = reverse("ledger:drawer-page", args=[drawer.pk])
    body = rosa.get(url).content.decode()
    approve = reverse("ledger:drawer-approve", args=[drawer.pk])
    hidden = desk.hidden_fields(body, form=f'action="{approve}"')
    assert rosa.post(approve, hidden).status_code == 303
    drawer.refresh_from_db()
    assert (drawer.state, bool(drawer.approved_by)) == ("closed", True)
    assert rosa.get(reverse("ledger:drawer-reopen", args=[drawer.pk])).status_code == 403
    assert screens.send("drawer-reopen", drawer.pk, form='id="act-form"', reason="late")[0] == 303
    drawer.refresh_from_db()
    assert drawer.state == "open"


def test_a_close_that_is_refused_answers_htmx_with_its_piece(screens: Screens) -> None:
    drawer = opened(screens)
    assert screens.send("drawer-count", drawer.pk, form='id="count-form"', counted="95")[0] == 303
    body = screens.get("drawer-page", drawer.pk)
    url = reverse("ledger:drawer-close", args=[drawer.pk])
    hidden = desk.hidden_fields(body, form='id="close-form"')
    answer = screens.browser.post(url, hidden, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert (answer.status_code, "<html" in text, 'id="drawer-acts"' in text) == (409, False, True)
    assert "$5.00 short" in text


def test_a_slip_is_made_printed_settled_and_taken_apart_on_screen(screens: Screens) -> None:
    opened(screens)
    assert paid(screens) == paid(screens, method="check", check_number="1182", amount="30") == 303
    drawer = closed(screens, "120")
    check = Payment.objects.get(method="check")
    both = {"drawer": [str(drawer.pk)], "check": [str(check.pk)], "bank_on": "today"}
    assert screens.send("deposits", form='id="deposit-form"', **both)[0] == 303
    first = BankDeposit.objects.get()
    assert (first.cash, first.checks) == (Decimal("20.00"), Decimal("30.00"))
    assert "Nothing waits for the bank" in screens.get("deposits")
    assert screens.send("deposit-void", first.pk, form='id="act-form"', reason="wrong bag")[0] == 303
    assert screens.send("deposits", form='id="deposit-form"', **both)[0] == 303
    slip = BankDeposit.objects.get(state="made")
    printed = screens.send("deposit-print", slip.pk, at="deposit", form='class="act"')
    assert (printed[0], printed[1].startswith("/papers/")) == (303, True)
    to = {"at": "deposit", "form": 'id="settle-form"'}
    status, page = screens.send("deposit-settle", slip.pk, bank_said="40", **to)
    assert (status, "Say why they differ." in page) == (409, True)
    assert screens.send("deposit-settle", slip.pk, bank_said="50", **to)[0] == 303
    assert "Confirmed by the bank" in screens.get("deposit", slip.pk)


def test_a_slip_drawn_twice_is_made_once(screens: Screens) -> None:
    opened(screens)
    assert paid(screens) == 303
    drawer = closed(screens, "120")
    url, both = reverse("ledger:deposits"), {"drawer": [str(drawer.pk)], "bank_on": "today"}
    first, second = (
        desk.hidden_fields(screens.get("deposits"), form='id="deposit-form"') | both for _ in range(2)
    )
    assert screens.browser.post(url, first).status_code == 303
    answer = screens.browser.post(url, second)
    assert (answer.status_code, BankDeposit.objects.count()) == (422, 1)
    assert "on another slip by now" in answer.content.decode()


def test_one_payment_in_several_ways_shows_its_change_and_one_receipt(screens: Screens) -> None:
    typed = {"amount": "60", "cash": "20", "tendered": "50", "check": "30", "check_number": "1182"}
    card = {"card": "10", "card_brand": "Visa", "card_last4": "4242", "approval": "A1"}
    to = {"form": 'id="split-form"'}
    status, page = screens.send("payment-split", screens.office.diaz.pk, **to, **typed)
    assert (status, "$10.00 less than the amount" in page) == (422, True)
    status, there = screens.send("payment-split", screens.office.diaz.pk, **to, **typed, **card)
    first = Payment.objects.get(part=1)
    assert (status, there) == (303, reverse("ledger:receipt", args=[first.pk]))
    page = screens.get("receipt", first.pk)
    assert "Give $30.00 change" in page
    assert "Check 1182" in page
    assert "$60.00" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"cash": "5", "tendered": "4"}, "less than the part in cash"),
        ({"check": "5"}, "number of the check"),
        ({"card": "5", "card_last4": "42"}, "last four digits"),
        ({"tendered": "5"}, "which part is paid in cash"),
    ],
)
def test_each_way_asks_for_what_it_needs(screens: Screens, typed: dict[str, str], sentence: str) -> None:
    to = {"form": 'id="split-form"', "amount": "5"}
    status, page = screens.send("payment-split", screens.office.diaz.pk, **to, **typed)
    assert (status, sentence in page) == (422, True)
    assert not Payment.objects.exists()


def test_a_returned_check_is_marked_on_screen_and_the_desk_reads_it(screens: Screens) -> None:
    facts = {"reason_from": "1", "approve_from": "5", "check_fee": "25"}
    assert screens.send("desk-rules", form='id="act-form"', **facts)[0] == 303
    assert paid(screens, method="check", check_number="1182") == 303
    check = Payment.objects.get()
    said = {"reason": "no funds", "with_fee": "on", "no_more_checks": "on"}
    assert screens.send("check-returned", check.pk, form='id="act-form"', **said)[0] == 303
    assert screens.office.holds() == ("0.00", "25.00", "0.00")
    diaz = screens.office.diaz.pk
    assert "Check 1182 came back" in screens.get("payment-take", diaz) + screens.get("account", diaz)
    assert paid(screens, method="check", check_number="1183") == 409
    assert screens.send("checks-set", diaz, form='id="act-form"', reason="good again")[0] == 303
    assert not queries.balance(diaz).no_checks


@pytest.mark.parametrize("name", ["drawer", "drawer-page", "deposits", "deposit"])
def test_the_pages_of_cash_take_a_constant_number_of_statements(screens: Screens, name: str) -> None:
    office = screens.office
    drawer = opened(screens)
    ana = office.ana

    def more() -> None:
        day = queries.posting_day(ana.now)
        for number in range(3):
            office.pay("5.00", by=ana, method="check", check_number=str(number))
            other = make.location(f"Door {CashDrawer.objects.count()}", is_main=False)
            row = commands.open_drawer(ana, location_id=other.pk, opening_float=Decimal(0))
            office.pay("5.00", by=ana, location_id=other.pk)
            row = commands.count_drawer(ana, drawer_id=row.pk, version=1, counted=Decimal("5.00"))
            commands.close_drawer(ana, drawer_id=row.pk, version=row.version)
            facts = {"amount": Decimal(1), "counted_by": "Ana", "reason": "coins"}
            commands.pay_in(ana, drawer_id=drawer.pk, **facts)
        drawers, checks = queries.drawers_to_bank()[:2], queries.checks_to_bank()[:2]
        commands.make_deposit(
            ana, drawer_ids=[one.row.pk for one in drawers], check_ids=[one.pk for one in checks], bank_on=day
        )

    def statements() -> int:
        slip = BankDeposit.objects.order_by("number").last()
        subject = {"drawer-page": [drawer.pk], "deposit": [slip.pk if slip else None]}
        with CaptureQueriesContext(connection) as seen:
            screens.get(name, *subject.get(name, []))
        return len(seen)

    more()
    statements()
    few = statements()
    more()
    assert statements() == few


def test_without_the_permission_no_page_of_cash_opens_and_nothing_is_written(screens: Screens) -> None:
    drawer = opened(screens)
    lee = desk.signed_in(make.member("clinician", "lee", at=screens.office.door), raises=False)
    for name, args in (
        ("drawer", []),
        ("drawer-page", [drawer.pk]),
        ("drawer-count", [drawer.pk]),
        ("drawer-drop", [drawer.pk]),
        ("desk-rules", []),
        ("deposits", []),
        ("payment-split", [screens.office.diaz.pk]),
        ("checks-set", [screens.office.diaz.pk]),
    ):
        assert lee.get(reverse(f"ledger:{name}", args=args)).status_code == 403, name
    assert lee.post(reverse("ledger:drawer-close", args=[drawer.pk])).status_code == 403
    drawer.refresh_from_db()
    assert (drawer.version, drawer.state) == (1, "open")
