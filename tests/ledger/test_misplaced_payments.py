"""A payment on the wrong account, found the next day: moved, given back, and what was done by mistake undone."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from daysheet.documents.models import Document
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted
from daysheet.ledger import commands, queries
from daysheet.ledger.commands.book import Book
from daysheet.ledger.models import LedgerEntry, Payment
from daysheet.ledger.protected import paid_for
from daysheet.patients.models import Patient
from tests import cast, desk, make
from tests.ledger.conftest import Office
from tests.ledger.test_cash_drawers import closed, counted, opened

NEXT_DAY = cast.NOW + timedelta(days=1)


@pytest.fixture
def roe(office: Office) -> Patient:
    return make.patient("Roe", "John")


def yesterday(office: Office, amount: str = "40.00", **more: Any) -> Payment:
    """Take money of Ms. Diaz, who owes for a charge, and let the night go by."""
    office.charge("100.00")
    drawer = opened(office)
    payment = office.pay(amount, **more)
    closed(office, counted(office, drawer, "140.00"))
    commands.close_day(office.ana, day=cast.MONDAY, open_visits=0)
    office.rosa, office.ana = office.rosa.at(NEXT_DAY), office.ana.at(NEXT_DAY)
    return payment


def move(office: Office, payment: Payment, to: Patient, *, by: Actor | None = None) -> LedgerEntry:
    facts = {"payment_id": payment.pk, "to_id": to.pk, "reason": "wrong chart"}
    return commands.move_payment(by or office.ana, **facts)  # type: ignore[arg-type]


def give_back(office: Office, payment: Payment, amount: str) -> LedgerEntry:
    facts = {"method": "cash", "reason": "error", "location_id": office.door.pk}
    return commands.refund_payment(office.ana, payment_id=payment.pk, amount=Decimal(amount), **facts)  # type: ignore[arg-type]


def test_a_payment_on_the_wrong_account_is_moved_to_the_right_one(office: Office, roe: Patient) -> None:
    visit_id = office.visit()
    payment = yesterday(office, visit_id=visit_id)
    office.charge("25.00", of=roe)
    move(office, payment, roe)
    assert (office.holds(), office.holds(roe)) == (("0.00", "100.00", "0.00"), ("0.00", "0.00", "15.00"))
    assert paid_for(visit_id) == 0
    assert queries.day_figures(NEXT_DAY.date()).proof.payments == 0
    assert queries.troubles() == []
    with pytest.raises(commands.PaymentIsGone, match="moved to another account"):
        move(office, payment, roe)
    with pytest.raises(commands.PaymentIsGone, match="moved to another account"):
        give_back(office, payment, "40.00")


def test_a_move_is_taken_back_while_the_money_is_there(office: Office, roe: Patient) -> None:
    moved = move(office, yesterday(office), roe)
    commands.reverse_entry(office.ana, entry_id=moved.pk, reason="it was hers")
    assert (office.holds(), office.holds(roe)) == (("0.00", "60.00", "0.00"), ("0.00", "0.00", "0.00"))
    moved = move(office, Payment.objects.get(), roe)
    facts = {"patient_id": roe.pk, "amount": Decimal("40.00"), "method": "check", "reason": "error"}
    commands.refund(office.ana, **facts)  # type: ignore[arg-type]
    with pytest.raises(commands.PaymentIsGone, match="still there"):
        commands.reverse_entry(office.ana, entry_id=moved.pk, reason="it was hers")
    assert queries.troubles() == []


def ahead(patch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let another window be done with an act just before the next command has the book.

    It acts in that command's transaction: a refusal takes both back.
    """
    lock, waiting = Book.lock, [act]

    def slow(by: Actor) -> None:
        if waiting:
            waiting.pop()()
        lock(by)

    patch.setattr(Book, "lock", staticmethod(slow))


def test_two_windows_move_one_payment_once(
    office: Office, roe: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment, other = yesterday(office), make.patient("Poe", "Ann")
    office.pay("40.00", method="check", check_number="8")
    ahead(monkeypatch, lambda: move(office, payment, roe))
    with pytest.raises(commands.PaymentIsGone, match="moved to another account"):
        move(office, payment, other)
    assert office.holds(other)[2] == "0.00"


def test_a_payment_that_another_window_moves_is_not_given_back_beside_it(
    office: Office, roe: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.charge("100.00")
    payment = office.pay("40.00", method="check", check_number="7")
    office.pay("60.00", method="check", check_number="8")
    facts: dict[str, Any] = {"payment_id": payment.pk, "reason": "error"}
    ahead(monkeypatch, lambda: move(office, payment, roe))
    with pytest.raises(commands.PaymentIsGone, match="moved to another account"):
        commands.refund_payment(office.ana, amount=Decimal("40.00"), method="check", **facts)
    ahead(monkeypatch, lambda: move(office, payment, roe))
    with pytest.raises(commands.PaymentIsGone, match="moved to another account"):
        commands.return_check(office.ana, **facts)
    assert office.holds() == ("0.00", "0.00", "0.00")


def test_the_desk_may_not_move_a_payment(office: Office, roe: Patient) -> None:
    payment = yesterday(office)
    with pytest.raises(NotPermitted):
        move(office, payment, roe, by=office.rosa)
    assert office.holds() == ("0.00", "60.00", "0.00")


def test_a_payment_of_an_earlier_day_is_given_back_though_it_paid_something(office: Office) -> None:
    payment = yesterday(office)
    with pytest.raises(commands.MoreThanWasTaken, match=r"Only \$40\.00 is left"):
        give_back(office, payment, "40.01")
    give_back(office, payment, "30.00")
    assert office.holds() == ("0.00", "90.00", "0.00")
    with pytest.raises(commands.MoreThanWasTaken, match=r"Only \$10\.00 is left"):
        give_back(office, payment, "30.00")
    assert queries.troubles() == []


def test_what_was_given_back_of_a_payment_is_not_moved_with_it(office: Office, roe: Patient) -> None:
    payment = yesterday(office)
    office.pay("100.00", method="check", check_number="7")
    back = give_back(office, payment, "30.00")
    moved = move(office, payment, roe)
    assert (office.holds(), office.holds(roe)) == (("0.00", "0.00", "0.00"), ("0.00", "0.00", "10.00"))
    commands.reverse_entry(office.ana, entry_id=moved.pk, reason="it was hers")
    assert office.holds() == ("0.00", "0.00", "10.00")
    commands.reverse_entry(office.ana, entry_id=back.pk, reason="nothing was handed out")
    move(office, payment, roe)
    assert office.holds(roe) == ("0.00", "0.00", "40.00")
    assert queries.troubles() == []


def test_what_was_given_back_of_a_payment_is_not_given_back_by_its_void_as_well(office: Office) -> None:
    opened(office)
    payment = office.pay("40.00")
    office.pay("60.00", method="check", check_number="7")
    give_back(office, payment, "30.00")
    with pytest.raises(commands.PaymentIsGone, match="part of it was given back already"):
        commands.void_payment(office.ana, payment_id=payment.pk, reason="error")
    assert office.holds() == ("0.00", "0.00", "70.00")
    assert queries.troubles() == []


def test_what_was_given_back_is_not_paid_for_the_visit(office: Office) -> None:
    visit_id = office.visit()
    payment = yesterday(office, visit_id=visit_id)
    back = give_back(office, payment, "30.00")
    assert paid_for(visit_id) == Decimal("10.00")
    opened(office)
    commands.reverse_entry(office.ana, entry_id=back.pk, reason="nothing was handed out")
    assert paid_for(visit_id) == Decimal("40.00")


def test_what_was_paid_in_cash_does_not_go_back_to_a_card(office: Office) -> None:
    payment = yesterday(office)
    facts: dict[str, Any] = {"amount": Decimal(20), "method": "card", "number": "A1", "reason": "error"}
    said = r"not paid by card\. Choose cash or a check"
    with pytest.raises(commands.MoreThanWasTaken, match=said):
        commands.refund_payment(office.ana, payment_id=payment.pk, **facts)
    with pytest.raises(commands.MoreThanWasTaken, match=said):
        commands.refund(office.ana, patient_id=office.diaz.pk, **facts)


def test_a_refund_has_a_slip_that_is_printed_once_and_void_when_it_is_taken_back(office: Office) -> None:
    entry = give_back(office, yesterday(office), "30.00")
    browser = desk.signed_in(make.member("office_manager", "ana-refunds", at=office.door))
    there = reverse("ledger:refunded", args=[entry.pk])
    page = browser.get(there).content.decode()
    assert all(one in page for one in ("Print slip", "$30.00", "error"))
    for _again in range(2):
        hidden = desk.hidden_fields(page, form=f'action="{there}print/"')
        assert browser.post(f"{there}print/", hidden).status_code == 303
    slip = Document.objects.get(subject_id=entry.pk)
    assert (slip.title, slip.kind) == (f"Refund slip {entry.number}", "receipt")
    told = " ".join(pypdf.PdfReader(BytesIO(bytes(slip.content))).pages[0].extract_text().split())
    assert all(one in told for one in ("Refund slip", "DIAZ", "$30.00", "Received by")), told
    opened(office)
    commands.reverse_entry(office.ana, entry_id=entry.pk, reason="nothing was handed out")
    assert commands.keep_refund_slip(office.ana, entry_id=entry.pk).title == f"{slip.title} (void)"
    with pytest.raises(commands.NoSuchRefund):
        commands.keep_refund_slip(office.ana, entry_id=LedgerEntry.objects.exclude(kind="refund").first().pk)  # type: ignore[union-attr]


def test_a_refund_by_mistake_is_taken_back_through_a_drawer_of_today(office: Office) -> None:
    entry = give_back(office, yesterday(office), "40.00")
    drawer = opened(office)
    mirrored = commands.reverse_entry(office.ana, entry_id=entry.pk, reason="nothing was handed out")
    assert mirrored.lines.get(account="cash").drawer_id == drawer.pk
    assert office.holds() == ("0.00", "60.00", "0.00")
    assert queries.given_back_of(Payment.objects.get().pk) == 0
    assert queries.troubles() == []


def test_from_the_receipt_to_the_other_account(office: Office, roe: Patient) -> None:
    payment = yesterday(office)
    browser = desk.signed_in(make.member("office_manager", "ana-moves", at=office.door))
    there, act = (
        reverse("ledger:receipt", args=[payment.pk]),
        reverse("ledger:payment-move", args=[payment.pk]),
    )
    assert "Move to another patient" in browser.get(there).content.decode()
    for chart, status in ((1, 422), (office.diaz.chart_number, 409), (roe.chart_number, 303)):
        hidden = desk.hidden_fields(browser.get(act).content.decode(), form='id="act-form"')
        answer = browser.post(act, hidden | {"chart": chart, "reason": "wrong chart"})
        assert answer.status_code == status
    page = browser.get(there).content.decode()
    assert f"Moved to the account of {roe}" in page
    entries = browser.get(reverse("ledger:account", args=[roe.pk]) + "?view=entries").content.decode()
    assert "Reverse" in entries
