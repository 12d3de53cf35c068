"""The screens of money: every page opens, every form works without script, nothing is written twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.kernel import drafts
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import AuditLine, OnceKey
from daysheet.ledger import commands, queries
from daysheet.ledger.forms import OpenDrawerForm
from daysheet.ledger.models import CashDrawer, LedgerEntry, Payment, Statement
from tests import desk, make
from tests.ledger.conftest import Office, furnish


@dataclass
class Screens:
    """The office and a browser at its desk."""

    office: Office
    browser: Client

    def get(self, name: str, *args: object, **query: str) -> str:
        """Open a page and return its text."""
        answer = self.browser.get(reverse(f"ledger:{name}", args=args), query)
        assert answer.status_code == 200, answer.content.decode()[:2000]
        return answer.content.decode()

    def send(
        self, name: str, *args: object, form: str = "<form", at: str = "", **fields: object
    ) -> tuple[int, str]:
        """Fill the form of a page and send it, as a browser without script does."""
        body = self.get(at or name, *args)
        hidden = desk.hidden_fields(body, form=form)
        answer = self.browser.post(reverse(f"ledger:{name}", args=args), hidden | fields)
        return answer.status_code, answer.get("Location", "") or answer.content.decode()


@pytest.fixture
def screens(db: None) -> Iterator[Screens]:
    """Ana's browser: a manager may do it all."""
    with make.acting(make.practice(clock_at=None)) as practice:
        office = furnish(practice)
        member = make.member("office_manager", "ana", at=office.door)
        yield Screens(office, desk.signed_in(member))


def test_money_is_taken_by_a_plain_form_and_leads_to_its_receipt(screens: Screens) -> None:
    screens.office.charge("42.40")
    diaz = screens.office.diaz.pk
    status, there = screens.send("payment-take", diaz, form='id="payment-form"', amount="50", method="cash")
    payment = Payment.objects.get()
    assert (status, there) == (303, reverse("ledger:receipt", args=[payment.pk]))
    assert screens.office.holds() == ("0.00", "0.00", "7.60")
    assert payment.location_id == screens.office.door.pk
    page = screens.get("receipt", payment.pk)
    assert "Receipt 1" in page
    assert "$50.00" in page


def test_the_form_asks_for_what_is_owed_and_says_where_it_comes_from(screens: Screens) -> None:
    screens.office.charge("42.40")
    page = screens.get("payment-take", screens.office.diaz.pk, purpose="copay")
    assert 'value="42.40"' in page
    assert "old 42.40" in page


def test_the_same_form_pressed_twice_takes_the_money_once(screens: Screens) -> None:
    url = reverse("ledger:payment-take", args=[screens.office.diaz.pk])
    hidden = desk.hidden_fields(screens.browser.get(url).content.decode(), form='id="payment-form"')
    answers = [screens.browser.post(url, hidden | {"amount": "5.00", "method": "cash"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": "-5", "method": "cash"}, "without a minus sign"),
        ({"amount": "5.005", "method": "cash"}, "two digits after the point"),
        ({"amount": "9999999", "method": "cash"}, "Write at most $100,000.00"),
        ({"amount": "0", "method": "cash"}, "Write at least $0.01"),
        ({"amount": "5", "method": "check"}, "number of the check"),
        ({"amount": "5", "method": "card", "card_last4": "42"}, "last four digits"),
        ({"amount": "5"}, "Choose"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    screens: Screens, typed: dict[str, str], sentence: str
) -> None:
    status, page = screens.send("payment-take", screens.office.diaz.pk, form='id="payment-form"', **typed)
    assert status == 422
    assert sentence in page
    assert f'value="{typed["amount"]}"' in page
    assert not Payment.objects.exists()


@pytest.mark.parametrize("field", ["amount", "check_number", "card_last4", "approval"])
def test_a_card_number_is_blanked_and_kept_nowhere(screens: Screens, field: str) -> None:
    typed = {"amount": "5.00", "method": "card", "card_brand": "Visa", "card_last4": "1111", "approval": "A1"}
    typed[field] = "4111 1111 1111 1111"
    status, page = screens.send("payment-take", screens.office.diaz.pk, form='id="payment-form"', **typed)
    assert status == 422
    assert "A card number does not belong here" in page
    assert ("4111 1111" in page, page.count(" data-blanked")) == (False, 1)
    assert not Payment.objects.exists()
    assert not any(b"4111 1111" in bytes(kept.body) for kept in OnceKey.objects.all())


def test_a_payment_is_undone_by_its_toast_and_voided_with_a_reason(screens: Screens) -> None:
    first, second = screens.office.pay("5.00"), screens.office.pay("6.00")
    now = screens.office.rosa.now
    posted = queries.posting_day(now)
    assert LedgerEntry.objects.filter(posted_on=posted).count() == 2
    status, _ = screens.send("payment-undo", first.pk, at="receipt", form="<form")
    second.refresh_from_db()
    assert status in {303, 409}  # the browser's day is the machine's: a payment of another day is refunded
    assert second.voided_at is None


def test_every_reading_page_of_an_account_opens_and_is_written_down(screens: Screens) -> None:
    office = screens.office
    charge = office.charge("180.00", to="insurance")
    office.answer(charge, "72.00", ("CO", "45", "60.00"), ("PR", "2", "48.00"))
    payment = office.pay("10.00")
    diaz = office.diaz.pk
    assert "Your plan&#39;s price for it is $120.00." in screens.get("account", diaz)
    assert "CO-45" in screens.get("account", diaz, view="entries")
    assert reverse("ledger:receipt", args=[payment.pk]) in screens.get("account", diaz, view="payments")
    assert "$38.00" in screens.get("patient-panel", diaz)
    assert "$38.00" in screens.get("statements")
    lines = AuditLine.objects.filter(practice_id=office.practice.pk, patient_ids__contains=[diaz])
    assert lines.filter(action="ledger.account.viewed").count() == 4
    assert lines.filter(action="ledger.statements.viewed").count() == 1


def test_an_account_opens_in_a_constant_number_of_statements(screens: Screens) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            screens.get("account", screens.office.diaz.pk, view="entries")
        return len(seen)

    screens.office.charge("10.00")
    statements()
    few = statements()
    for _ in range(6):
        screens.office.charge("10.00")
        screens.office.pay("5.00")
    assert statements() == few


def test_credit_goes_back_and_a_balance_is_written_off_on_screen(screens: Screens) -> None:
    screens.office.pay("9.00")
    diaz = screens.office.diaz.pk
    status, _ = screens.send(
        "refund", diaz, form='id="act-form"', amount="4.00", method="cash", reason="overcharged"
    )
    assert status == 303
    assert screens.office.holds() == ("0.00", "0.00", "5.00")
    status, page = screens.send(
        "refund", diaz, form='id="act-form"', amount="5.01", method="cash", reason="overcharged"
    )
    assert status == 409
    assert "holds $5.00 of credit" in page
    screens.office.charge("20.00")
    facts = {"amount": "15.00", "from_account": "patient", "reason": "small balance"}
    assert screens.send("write-off", diaz, form='id="act-form"', **facts)[0] == 303
    assert screens.office.holds() == ("0.00", "0.00", "0.00")


def test_an_entry_is_reversed_on_screen(screens: Screens) -> None:
    charge = screens.office.charge("20.00")
    entry = commands.write_off(
        screens.office.ben, patient_id=screens.office.diaz.pk, amount=Decimal("20.00"), reason="mistake"
    )
    assert screens.send("entry-reverse", entry.pk, form='id="act-form"', reason="wrong patient")[0] == 303
    assert screens.office.holds() == ("0.00", "20.00", "0.00")
    status, page = screens.send("entry-reverse", charge.pk, form='id="act-form"', reason="wrong patient")
    assert (status, "voided on the slip of its visit" in page) == (409, True)
    status, page = screens.send("entry-reverse", entry.pk, form='id="act-form"', reason="again")
    assert status == 409
    assert "taken back already" in page


def test_a_statement_is_made_on_screen(screens: Screens) -> None:
    screens.office.charge("20.00")
    body = screens.get("statements")
    hidden = desk.hidden_fields(body, form='id="statements-acts"')
    url = reverse("ledger:statement-make", args=[screens.office.diaz.pk])
    answer = screens.browser.post(url, hidden)
    made = Statement.objects.get()
    paper = reverse("documents:document-view", args=[made.document_id])
    assert (answer.status_code, answer["Location"]) == (303, paper)
    account = reverse("ledger:account", args=[screens.office.diaz.pk])
    listed = screens.browser.get(f"{account}?view=statements").content.decode()
    assert f'href="{paper}">{made.number}</a>' in listed


def test_a_drawer_is_opened_and_counted_on_screen(screens: Screens) -> None:
    door = str(screens.office.door.pk)
    status, _ = screens.send("drawer", form='id="drawer-form"', location_id=door, opening_float="100")
    assert status == 303
    drawer = CashDrawer.objects.get()
    page = screens.get("drawer")
    assert "after the count" in page
    status, _ = screens.send("drawer-count", drawer.pk, form='id="count-form"', counted="95")
    assert status == 303
    assert "$5.00 short" in screens.get("drawer")


def test_an_id_with_many_digits_is_no_card_number(screens: Screens) -> None:
    form = OpenDrawerForm(
        {"location_id": "01999999-9999-7999-8999-999999999999", "opening_float": "1"},
        locations=[("01999999-9999-7999-8999-999999999999", "Main St")],
    )
    assert form.is_valid()


def test_a_receipt_prints_to_the_patients_papers(screens: Screens) -> None:
    payment = screens.office.pay("5.00")
    status, there = screens.send("receipt-print", payment.pk, at="receipt", form="receipt-")
    assert (status, there.startswith("/papers/")) == (303, True)
    assert screens.browser.get(there).status_code == 200


def test_a_draft_of_a_locked_screen_keeps_no_card_number(screens: Screens) -> None:
    facts = {"amount": ["5.00"], "approval": ["4111 1111 1111 1111"]}
    user_id = new_id()
    drafts.keep_draft(user_id=user_id, form="/money/take/", fields=facts, now=screens.office.rosa.now)
    kept = drafts.draft_of(user_id=user_id, form="/money/take/")
    assert kept is not None
    assert kept.fields == {"amount": ["5.00"], "approval": [""]}


def test_complaint_19_money_paid_ahead_stands_in_the_banner(screens: Screens) -> None:
    diaz = screens.office.diaz.pk
    screens.office.pay("60.00", purpose="prepayment")
    for page in ("patients:patient-page", "coverage:coverage-add", "ledger:payment-take"):
        body = screens.browser.get(reverse(page, args=[diaz])).content.decode()
        banner = body[body.index('class="banner') :].partition("</section>")[0]
        assert 'credit</span> <b class="num">$60.00</b>' in banner
        assert 'owes</span> <b class="num">$0.00</b>' in banner


def test_a_refund_asks_for_what_tells_its_check_or_slip_and_for_words(screens: Screens) -> None:
    screens.office.pay("9.00")
    diaz = screens.office.diaz.pk
    for facts, says in (
        ({"method": "check", "reason": "error"}, "Type the number of the check."),
        ({"method": "card", "reason": "error"}, "Type the approval number"),
        ({"method": "cash", "reason": "other"}, "Say in words why it goes back."),
    ):
        status, page = screens.send("refund", diaz, form='id="act-form"', amount="4.00", **facts)
        assert (status, says in page) == (422, True)
    facts = {"method": "check", "reason": "other", "words": "moved away", "number": "2001"}
    assert screens.send("refund", diaz, form='id="act-form"', amount="4.00", **facts)[0] == 303
    assert LedgerEntry.objects.get(kind="refund").memo == "moved away, check 2001"


def test_what_is_paid_over_the_balance_is_said(screens: Screens) -> None:
    screens.office.charge("20.00")
    diaz = screens.office.diaz.pk
    asked = screens.get("payment-take", diaz)
    assert "data-autofocus" in asked
    assert 'data-due="20.00"' in asked
    approval = asked[asked.index("Approval number") :]
    assert "(optional)" not in approval[: approval.index("<input")]  # a card needs it
    screens.send("payment-take", diaz, form='id="payment-form"', amount="25.00", method="cash")
    said = screens.get("receipt", Payment.objects.get().pk)
    assert "$5.00 stays as credit." in said


def test_a_void_lists_what_goes_back_and_how(screens: Screens) -> None:
    card = {"card": "4.00", "card_brand": "Visa", "card_last4": "4242", "approval": "A1"}
    diaz = screens.office.diaz.pk
    typed = {"amount": "12.00", "cash": "8.00", **card}
    assert screens.send("payment-split", diaz, form='id="split-form"', **typed)[0] == 303
    payment = Payment.objects.filter(method="cash").get()
    screens.send("payment-void", payment.pk, form='id="act-form"', reason="wrong patient")
    said = screens.get("receipt", payment.pk)
    assert "Give back: $8.00 (Cash), $4.00 (Visa card ending 4242, approval A1)." in said
