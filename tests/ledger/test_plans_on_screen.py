"""Payment plans and what may not be asked, at the desk: every page opens, every form works without script."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.urls import reverse

from daysheet.ledger import commands, queries
from daysheet.ledger.models import AskedAnyway, Payment, PaymentPlan
from tests import desk, make
from tests.ledger.conftest import furnish
from tests.ledger.test_money_on_screen import Screens
from tests.ledger.test_payment_plans import STROKES, sign

HTMX = {"HX-Request": "true"}


@pytest.fixture
def screens(db: None) -> Iterator[Screens]:
    """Ana's browser; Ms. Diaz owes $150.00."""
    with make.acting(make.practice(clock_at=None)) as practice:
        office = furnish(practice)
        office.charge("150.00")
        yield Screens(office, desk.signed_in(make.member("office_manager", "ana", at=office.door)))


@pytest.fixture
def running(screens: Screens) -> PaymentPlan:
    """Three instalments, the first one today."""
    today = queries.posting_day(screens.office.practice.now())
    by = screens.office.rosa.at(screens.office.practice.now())
    plan = commands.offer_plan(
        by, patient_id=screens.office.diaz.pk, amount=Decimal(150), every="month", first_on=today, count=3
    )
    return commands.sign_plan(by, plan_id=plan.pk, version=1, signed_by="Maria Diaz", strokes=STROKES)


def test_a_plan_from_the_account_to_its_signature(screens: Screens) -> None:
    diaz = screens.office.diaz.pk
    assert "Payment plan" in screens.get("account", diaz)
    facts = {"amount": "150", "every": "month", "count": "3", "first_on": "+2w", "grace_days": "5"}
    status, there = screens.send("plan-offer", diaz, form='id="plan-form"', **facts)
    plan = PaymentPlan.objects.get()
    assert (status, there) == (303, reverse("ledger:payment-plan", args=[plan.pk]))
    page = screens.get("payment-plan", plan.pk)
    assert "I owe $150.00 and pay it in 3 parts" in page
    assert page.count("$50.00") == 3
    status, there = screens.send(
        "plan-sign",
        plan.pk,
        at="payment-plan",
        form='id="sign-plan-form"',
        signed_by="Maria Diaz",
        strokes="",
        agrees="on",
    )
    assert status == 303
    plan.refresh_from_db()
    assert (plan.state, plan.relationship) == ("running", "")
    assert "The signed agreement" in screens.get("payment-plan", plan.pk)


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"count": "3", "each": "50"}, 422, "one of the two"),
        ({"count": ""}, 422, "one of the two"),
        ({"amount": "150.01"}, 409, "Only $150.00 may be asked"),
        ({"first_on": "1/2/2020"}, 409, "of today or later"),
        ({"amount": "-5"}, 422, "without a minus sign"),
        ({"grace_days": "61"}, 422, "60"),
    ],
)
def test_what_is_wrong_with_the_terms_is_said_and_stays(
    screens: Screens, typed: dict[str, str], status: int, sentence: str
) -> None:
    facts = {"amount": "150", "every": "month", "count": "3", "first_on": "+2w", "grace_days": "5"} | typed
    told, page = screens.send("plan-offer", screens.office.diaz.pk, form='id="plan-form"', **facts)
    assert (told, sentence in page) == (status, True), page[:3000]
    assert f'value="{facts["amount"]}"' in page
    assert not PaymentPlan.objects.exists()


def test_no_signature_is_said_on_the_page(screens: Screens) -> None:
    by = screens.office.rosa.at(screens.office.practice.now())
    today = queries.posting_day(by.now)
    plan = commands.offer_plan(
        by, patient_id=screens.office.diaz.pk, amount=Decimal(150), every="week", first_on=today, count=5
    )
    page = screens.get("payment-plan", plan.pk)
    assert "12 CFR 1026.2(a)(17)" in page
    status, page = screens.send(
        "plan-sign", plan.pk, at="payment-plan", form='id="sign-plan-form"', signed_by="Maria", strokes=""
    )
    assert (status, "tick that the typed name is the signature" in page) == (409, True)
    assert 'value="Maria"' in page
    form = f'action="{reverse("ledger:plan-drop", args=[plan.pk])}"'
    assert screens.send("plan-drop", plan.pk, at="payment-plan", form=form)[0] == 303
    assert PaymentPlan.objects.get().state == "dropped"


def test_the_instalment_is_proposed_and_taken(screens: Screens, running: PaymentPlan) -> None:
    diaz = screens.office.diaz.pk
    page = screens.get("payment-take", diaz, purpose="plan")
    assert 'value="50.00"' in page
    hidden = desk.hidden_fields(page, form='id="payment-form"')
    url = reverse("ledger:payment-take", args=[diaz])
    answer = screens.browser.post(url, hidden | {"amount": "50.00", "method": "cash"})
    assert answer.status_code == 303
    assert Payment.objects.get().purpose == "plan"
    page = screens.get("payment-plan", running.pk)
    assert "kept" in page
    assert "Payments that fill it" in page


def test_what_is_under_the_plan_is_not_asked_again(screens: Screens, running: PaymentPlan) -> None:
    page = screens.get("payment-take", screens.office.diaz.pk)
    assert "$150.00 more is under a plan" in page
    assert 'value="150.00"' not in page
    assert running.state == "running"


def test_the_list_shows_what_is_due(screens: Screens, running: PaymentPlan) -> None:
    page = screens.get("payment-plans")
    assert "$50.00 due today" in page
    assert "No instalment is due today." not in page
    assert "Plans" in screens.get("payment-plans", view="late")
    assert f"chart {screens.office.diaz.chart_number}" in screens.get("payment-plans", view="all")
    assert running.number == 1


def test_a_plan_is_ended_with_a_reason(screens: Screens, running: PaymentPlan) -> None:
    send = {"at": "payment-plan", "form": 'id="end-plan-form"'}
    status, _page = screens.send("plan-end", running.pk, reason="", **send)
    assert status == 422
    assert screens.send("plan-end", running.pk, reason="moved away", **send)[0] == 303
    assert "moved away" in screens.get("payment-plan", running.pk)


def test_a_piece_comes_back_to_a_piece(screens: Screens, running: PaymentPlan) -> None:
    page = screens.get("payment-plan", running.pk)
    hidden = desk.hidden_fields(page, form='id="end-plan-form"')
    url = reverse("ledger:plan-end", args=[running.pk])
    answer = screens.browser.post(url, hidden | {"reason": ""}, headers=HTMX)
    assert answer.status_code == 422
    assert answer.content.decode().lstrip().startswith('<div id="payment-plan"')


def test_a_card_that_is_not_named_is_asked_for(screens: Screens, running: PaymentPlan) -> None:
    page = screens.get("payment-plan", running.pk)
    hidden = desk.hidden_fields(page, form='id="end-plan-form"')
    url = reverse("ledger:plan-charge", args=[running.pk])
    answer = screens.browser.post(url, hidden)
    assert (answer.status_code, "No kept card is named" in answer.content.decode()) == (409, True)
    url = reverse("ledger:plan-card", args=[running.pk])
    hidden.pop("_once", None)
    assert screens.browser.post(url, hidden | {"card_id": ""}).status_code == 303


def test_a_change_is_offered_beside_the_plan_that_runs(screens: Screens, running: PaymentPlan) -> None:
    assert "A plan runs already" in screens.get("plan-offer", screens.office.diaz.pk)
    by = screens.office.rosa.at(screens.office.practice.now())
    again = commands.offer_plan(
        by,
        patient_id=screens.office.diaz.pk,
        amount=Decimal(100),
        every="month",
        first_on=queries.posting_day(by.now),
        count=2,
    )
    sign(screens.office, again)
    assert "Replaced by another" in screens.get("payment-plan", running.pk)


def test_what_medicaid_keeps_back_is_listed_lifted_and_kept_back_again(screens: Screens) -> None:
    diaz = screens.office.diaz
    assert "No balance stands against a rule" in screens.get("protected")
    make.coverage(diaz, make.plan("Sunrise Medicaid", "SUNRISE", kind="medicaid"))
    assert "Medicaid (Sunrise Medicaid) pays in full" in screens.get("protected")
    assert "Do not ask for $150.00" in screens.get("account", diaz.pk)
    assert "$150.00 of $150.00 may not be asked" in screens.get("payment-take", diaz.pk)
    facts = {"service_on": "2026-03-09", "why": "not_covered", "said": " "}
    status, _page = screens.send("ask-anyway", diaz.pk, form='id="act-form"', **facts)
    assert status == 422
    status, there = screens.send("ask-anyway", diaz.pk, form='id="act-form"', **facts | {"said": "paper 7"})
    assert (status, there) == (303, reverse("ledger:protected"))
    lifted = AskedAnyway.objects.get()
    assert "paper 7" in screens.get("protected")
    send = {"at": "", "form": 'id="lifted-acts"'}
    hidden = desk.hidden_fields(screens.get("protected"), form=send["form"])
    url = reverse("ledger:asking-end", args=[lifted.pk])
    assert screens.browser.post(url, hidden).status_code == 303
    hidden = desk.hidden_fields(screens.get("protected"), form=send["form"])
    answer = screens.browser.post(url, hidden)
    assert (answer.status_code, "That was ended already." in answer.content.decode()) == (409, True)


def test_more_than_may_be_asked_is_refused_on_the_form(screens: Screens) -> None:
    diaz = screens.office.diaz.pk
    make.coverage(screens.office.diaz, make.plan("Sunrise Medicaid", "SUNRISE", kind="medicaid"))
    status, page = screens.send("payment-take", diaz, form='id="payment-form"', amount="20", method="cash")
    assert (status, "Take nothing." in page, 'value="20"' in page) == (409, True, True)
    assert not Payment.objects.exists()
