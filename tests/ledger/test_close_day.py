"""The close of the day: proven, with its reasons, for ever."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.errors import NotPermitted, Refusal
from daysheet.ledger import commands, queries
from daysheet.ledger.commands.book import Book
from daysheet.ledger.models import Balance, CashDrawer, Daysheet, PostingDay
from tests import cast
from tests.ledger.conftest import FEB_20, Office

TUESDAY = cast.MONDAY + timedelta(days=1)
TUESDAY_NOON = cast.NOW + timedelta(days=1, hours=2)


def counted(office: Office, amount: str, *, opening: str = "100.00", reason: str = "") -> CashDrawer:
    drawer = commands.open_drawer(office.rosa, location_id=office.door.pk, opening_float=Decimal(opening))
    facts = {"drawer_id": drawer.pk, "version": drawer.version}
    drawer = commands.count_drawer(office.rosa, counted=Decimal(amount), **facts)
    return commands.close_drawer(office.rosa, drawer_id=drawer.pk, version=drawer.version, reason=reason)


def a_day(office: Office) -> None:
    """Charge 240.00, take 60.00 cash and 20.00 by card, hear the plan about 180.00 of it."""
    charge = office.charge("180.00", to="insurance")
    office.charge("60.00")
    office.pay("60.00")
    office.pay("20.00", method="card", card_brand="Visa", card_last4="4242", approval="A1")
    office.answer(charge, "72.00", ("CO", "45", "60.00"), ("PR", "2", "48.00"))


def test_a_day_closes_with_its_figures_proven(office: Office) -> None:
    a_day(office)
    counted(office, "160.00")
    sheet = commands.close_day(office.rosa, day=cast.MONDAY, open_visits=0)
    assert (sheet.charges, sheet.payments, sheet.adjustments) == (
        Decimal("240.00"),
        Decimal("152.00"),
        Decimal("60.00"),
    )
    assert (sheet.receivables_before, sheet.receivables_after) == (Decimal("0.00"), Decimal("28.00"))
    assert sheet.figures["payments_by_method"] == {"cash": "60.00", "card": "20.00", "eft": "72.00"}
    assert sheet.figures["adjustments_by_kind"] == {"contract": "60.00"}
    assert (sheet.entries, sheet.drawer_over_short, sheet.reason) == (7, Decimal("0.00"), "")
    assert sheet.document is not None
    assert bytes(sheet.document.content).startswith(b"%PDF")
    assert queries.troubles() == []


def test_cash_that_was_taken_at_no_location_is_told_and_takes_a_reason(office: Office) -> None:
    office.charge("40.00")
    office.pay("40.00", location_id=None)
    (one,) = queries.drawers(cast.MONDAY)
    assert (one.name, one.expected, one.is_uncounted) == ("No location", Decimal("40.00"), True)
    with pytest.raises(Refusal, match="No location: the drawer is not counted"):
        commands.close_day(office.rosa, day=cast.MONDAY, open_visits=0)
    sheet = commands.close_day(office.ana, day=cast.MONDAY, open_visits=0, reason="House call, in the safe")
    assert [one["cash"] for one in sheet.figures["drawers"]] == ["40.00"]


def test_the_next_day_begins_where_the_last_ended(office: Office) -> None:
    a_day(office)
    counted(office, "160.00")
    first = commands.close_day(office.rosa, day=cast.MONDAY, open_visits=0)
    office.rosa = office.rosa.at(TUESDAY_NOON)
    office.pay("8.00", method="check", check_number="1182")
    second = commands.close_day(office.rosa, day=TUESDAY, open_visits=0)
    assert second.receivables_before == first.receivables_after == Decimal("28.00")
    assert second.receivables_after == Decimal("20.00")


def test_after_the_close_a_late_charge_falls_on_the_next_open_day(office: Office) -> None:
    office.charge("60.00")
    sheet = commands.close_day(office.rosa, day=cast.MONDAY, open_visits=0)
    late = office.charge("15.00", on=cast.MONDAY)
    assert (late.posted_on, late.service_on) == (TUESDAY, cast.MONDAY)
    assert queries.day_hash(cast.MONDAY) == (sheet.entries, sheet.entries_hash)
    assert queries.day_figures(cast.MONDAY).proof.charges == Decimal("60.00")


def test_a_day_closes_once_and_never_ahead_of_its_time(office: Office) -> None:
    office.charge("60.00")
    with pytest.raises(commands.DayIsOpen, match="has not come yet"):
        commands.close_day(office.rosa, day=TUESDAY, open_visits=0)
    commands.close_day(office.rosa, day=cast.MONDAY, open_visits=0)
    with pytest.raises(commands.DayIsClosed, match="Mar 9, 2026 is closed"):
        commands.close_day(office.rosa, day=cast.MONDAY, open_visits=0)
    with pytest.raises(commands.DayIsClosed):
        commands.close_day(office.rosa, day=FEB_20, open_visits=0)
    assert Daysheet.objects.count() == 1


def test_an_earlier_day_with_entries_is_closed_first(office: Office) -> None:
    office.charge("60.00")
    with pytest.raises(commands.DayIsOpen, match="Close Mar 9, 2026 first"):
        commands.close_day(office.rosa.at(TUESDAY_NOON), day=TUESDAY, open_visits=0)
    assert not Daysheet.objects.exists()


def test_an_empty_day_closes_too(office: Office) -> None:
    sheet = commands.close_day(office.rosa, day=cast.MONDAY, open_visits=0)
    assert (sheet.entries, sheet.receivables_after) == (0, Decimal("0.00"))


def test_a_difference_closes_with_a_reason_and_the_permission_alone(office: Office) -> None:
    office.pay("60.00")
    counted(office, "155.00", reason="wrong change")
    with pytest.raises(commands.NeedsReason, match=r"\$5\.00 short.*ask a manager"):
        commands.close_day(office.rosa, day=cast.MONDAY, open_visits=0, reason="wrong change")
    with pytest.raises(commands.NeedsReason, match="say why the day closes so"):
        commands.close_day(office.ana, day=cast.MONDAY, open_visits=0)
    sheet = commands.close_day(
        office.ana, day=cast.MONDAY, open_visits=0, reason="wrong change, seen with Rosa"
    )
    assert (sheet.drawer_over_short, sheet.reason, sheet.closed_by) == (
        Decimal("-5.00"),
        "wrong change, seen with Rosa",
        "Ana Petrov",
    )


def test_open_visits_and_an_uncounted_drawer_need_a_reason(office: Office) -> None:
    office.pay("60.00")
    with pytest.raises(commands.NeedsReason) as no:
        commands.close_day(office.rosa, day=cast.MONDAY, open_visits=2)
    assert no.value.sentence.startswith("Main St: the drawer is not counted; 2 visits are open.")
    sheet = commands.close_day(office.ana, day=cast.MONDAY, open_visits=2, reason="done on Tuesday")
    assert sheet.open_visits == 2


def test_a_day_does_not_close_while_a_drawer_is_open(office: Office) -> None:
    commands.open_drawer(office.rosa, location_id=office.door.pk, opening_float=Decimal("100.00"))
    with pytest.raises(commands.NotCounted, match=r"close the cash drawer first: Main St\."):
        commands.close_day(office.ana, day=cast.MONDAY, open_visits=0, reason="never mind")
    assert not Daysheet.objects.exists()


def test_books_that_do_not_balance_refuse_to_close_and_say_where(office: Office) -> None:
    office.charge("60.00")
    Balance.objects.filter(patient=office.diaz).update(owes=Decimal("60.01"))
    with pytest.raises(commands.BooksDoNotBalance) as no:
        commands.close_day(office.ana, day=cast.MONDAY, open_visits=0, reason="never mind")
    assert no.value.sentence == (
        "Chart 10442: the balance says $60.01 owed by the patient, its entries say $60.00: $0.01 apart."
    )
    assert not Daysheet.objects.exists()
    assert not PostingDay.objects.filter(closed_at__isnull=False).exists()


def test_a_drawer_of_a_closed_day_stays_as_it_was_counted(office: Office) -> None:
    drawer = counted(office, "100.00")
    commands.close_day(office.rosa, day=cast.MONDAY, open_visits=0)
    with pytest.raises(commands.DayIsClosed):
        commands.reopen_drawer(
            office.ana, drawer_id=drawer.pk, version=drawer.version, reason="counted wrong"
        )


def test_only_those_who_may_close_do(office: Office) -> None:
    office.charge("60.00")
    with pytest.raises(NotPermitted):
        commands.close_day(cast.dr_lee(office.practice.pk), day=cast.MONDAY, open_visits=0)
    assert not Daysheet.objects.exists()


@pytest.mark.parametrize("amount", ["-0.01", "1.001"])
def test_a_drawer_holds_no_odd_amounts(office: Office, amount: str) -> None:
    with pytest.raises(Refusal):
        commands.open_drawer(office.rosa, location_id=office.door.pk, opening_float=Decimal(amount))


def test_the_figures_of_a_day_take_a_constant_number_of_statements(office: Office) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.day_figures(cast.MONDAY)
        return len(seen)

    a_day(office)
    few = statements()
    for _ in range(5):
        a_day(office)
    assert statements() == few == 11


def test_the_lines_of_an_entry_are_read_in_the_order_of_posting_wherever_they_lie(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = Book._lines
    monkeypatch.setattr(
        Book, "_lines", lambda *told: lines(*told)[::-1]
    )  # the table's order, not that of the ids
    visit = office.charge("180.00", to="insurance")
    office.answer(visit, "72.00", ("CO", "45", "60.00"), ("PR", "1", "30.00"), ("PR", "2", "18.00"))
    said = queries.bill(office.diaz.pk).lines
    assert [line.effect for line in said if line.effect] == [Decimal("30.00"), Decimal("18.00")]
    for entries in (queries.account_lines(office.diaz.pk), queries.day_lines(cast.MONDAY)):
        for entry in entries:
            ids = [line.pk for line in entry.lines.all()]
            assert ids == sorted(ids)


def test_a_statement_says_one_sentence_a_line_and_adds_up(office: Office) -> None:
    visit = office.charge("180.00", to="insurance")
    office.answer(visit, "72.00", ("CO", "45", "60.00"), ("PR", "1", "30.00"), ("PR", "2", "18.00"))
    office.pay("10.00")
    assert [(line.text, line.effect) for line in queries.bill(office.diaz.pk).lines] == [
        ("Your visit with Dr. Lee cost $180.00. We sent the bill to your plan first.", Decimal("0.00")),
        (
            "Your plan's price for it is $120.00. We took off $60.00. You do not owe this part.",
            Decimal("0.00"),
        ),
        ("Your plan paid $72.00.", Decimal("0.00")),
        (
            "You pay the first costs of each year. $30.00 of this visit counts toward that.",
            Decimal("30.00"),
        ),
        ("Your share of the price is $18.00.", Decimal("18.00")),
        ("You have paid $10.00 of this. Thank you.", Decimal("-10.00")),
    ]
    statement = commands.make_statement(office.ben, patient_id=office.diaz.pk)
    assert (statement.amount, statement.due_on) == (Decimal("38.00"), date(2026, 4, 8))
    assert bytes(statement.document.content).startswith(b"%PDF")  # type: ignore[union-attr]


def test_nobody_is_billed_who_owes_nothing(office: Office) -> None:
    office.pay("10.00")
    with pytest.raises(commands.NothingOwed):
        commands.make_statement(office.ben, patient_id=office.diaz.pk)


def test_a_receipt_is_a_paper_of_the_patient_and_prints_once(office: Office) -> None:
    payment = office.pay("10.00")
    first = commands.keep_receipt(office.rosa, payment_id=payment.pk)
    again = commands.keep_receipt(office.rosa, payment_id=payment.pk)
    assert first.pk == again.pk
    assert (first.kind, first.patient_id, first.title) == ("receipt", office.diaz.pk, "Receipt 1")
    commands.void_payment(office.rosa, payment_id=payment.pk, reason="typed twice")
    assert commands.keep_receipt(office.rosa, payment_id=payment.pk).title == "Receipt 1 (void)"


def test_the_deposit_list_comes_to_the_payments_of_the_day(office: Office) -> None:
    a_day(office)
    check = office.pay("30.00", method="check", check_number="1182")
    earlier = office.pay("50.00")
    commands.close_day(office.ana, day=cast.MONDAY, open_visits=0, reason="no drawer")
    office.rosa, office.ana = office.rosa.at(TUESDAY_NOON), office.ana.at(TUESDAY_NOON)
    commands.return_check(office.ana, payment_id=check.pk, reason="no funds")
    back: dict[str, Any] = {"patient_id": office.diaz.pk, "reason": "overcharged"}
    commands.refund(office.ana, amount=Decimal("2.00"), method="cash", location_id=office.door.pk, **back)
    office.pay("8.00")
    commands.void_payment(office.rosa, payment_id=office.pay("9.00").pk, reason="wrong")
    figures = queries.day_figures(TUESDAY)
    assert [(one.method, one.receipt, one.source, one.amount) for one in figures.deposits] == [
        ("cash", str(earlier.number + 1), "", Decimal("8.00")),
        ("cash", "", "refund", Decimal("-2.00")),
        ("check", str(check.number), "1182, came back", Decimal("-30.00")),
    ]
    assert figures.listed == figures.proof.payments == Decimal("-24.00")
    commands.close_day(office.ana, day=TUESDAY, open_visits=0, reason="no drawer")
    assert queries.day_figures(cast.MONDAY).listed == Decimal("232.00")
    assert queries.troubles() == []


def test_a_receipt_after_the_close_is_of_today_and_posted_tomorrow(office: Office) -> None:
    office.charge("60.00")
    commands.close_day(office.rosa, day=cast.MONDAY, open_visits=0)
    payment = office.pay("20.00")
    assert payment.entry is not None
    assert (payment.received_on, payment.entry.posted_on) == (cast.MONDAY, TUESDAY)
    assert [one.on for one in queries.explain(office.diaz.pk)] == [cast.MONDAY, cast.MONDAY]
    assert queries.troubles() == []
