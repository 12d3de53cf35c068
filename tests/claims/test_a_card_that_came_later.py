"""A card that comes after the visit: the visit of yesterday goes under its plan by a press, and back by the undo."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.charges.models import Charge
from daysheet.claims import commands as claims
from daysheet.claims import queries as to_bill
from daysheet.coverage import commands as coverage
from daysheet.coverage.models import Coverage
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.jobs import holding
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.visits import commands
from daysheet.visits.models import Visit
from tests import make
from tests.claims.office import Loop
from tests.desk import hidden_fields, signed_in

pytestmark = pytest.mark.django_db
YESTERDAY = 1


@pytest.fixture
def loop() -> Iterator[Loop]:
    """An office where Ms. Diaz came yesterday without a card."""
    loop = Loop()
    with make.acting(loop.office), holding():
        Coverage.objects.all().delete()
        yield loop


def without_card(loop: Loop) -> Visit:
    loop.coverage = None  # type: ignore[assignment]
    return loop.visit(days_ago=YESTERDAY)


def bring_card(loop: Loop, visit: Visit, **more: Any) -> Coverage:
    facts = {"member_id": "XJ4001", "starts_on": visit.service_on - timedelta(days=60)} | more
    return coverage.add_coverage(loop.by("rosa"), patient_id=loop.diaz.pk, plan_id=loop.plan.pk, **facts)


def stands(loop: Loop) -> tuple[Decimal, Decimal, Decimal]:
    held = books.balance(loop.diaz.pk)
    return held.insurance, held.owes, held.credit


def desk(loop: Loop) -> Client:
    return signed_in(make.member(at=loop.door))


def put(loop: Loop, visit: Visit, who: str = "rosa") -> Visit:
    visit.refresh_from_db()
    return commands.put_visit_under_plan(loop.by(who), visit_id=visit.pk, version=visit.version)


def test_the_patients_page_offers_it_and_one_press_puts_the_visit_under_the_plan(loop: Loop) -> None:
    visit = without_card(loop)
    ledger.take_payment(
        loop.by("rosa"), patient_id=loop.diaz.pk, amount=Decimal(180), method="check", check_number="7",
        location_id=loop.door.pk,
    )  # fmt: skip
    assert stands(loop) == (0, 0, 0)
    browser, address = desk(loop), reverse("visits:visit-plan", args=[visit.pk])
    panel = reverse("visits:patient-panel", args=[loop.diaz.pk])
    assert address not in browser.get(panel).text
    assert "No plan is to be named" in browser.get(address).text
    card = bring_card(loop, visit)
    shown = browser.get(panel).text
    assert "Blue PPO held that day" in shown
    assert address in shown
    page = browser.get(address).text
    assert "XJ4001" in page
    answer = browser.post(address, hidden_fields(page, form='id="visit-plan-form"'))
    assert answer.status_code == 303
    visit.refresh_from_db()
    assert visit.coverage_id == card.pk
    assert stands(loop) == (180, 0, 180)
    assert to_bill.visits_to_bill() == [visit.pk]

    said = browser.get(panel).text  # with what the press left to say
    assert "held that day" not in said
    undo = said.split(reverse("visits:visit-plan-undo", args=[visit.pk]))[1].split('"')[0]
    back = reverse("visits:visit-plan-undo", args=[visit.pk]) + undo.replace("&amp;", "&")
    assert "damaged" in browser.post(back + "x").text
    assert browser.post(back).status_code == 303
    visit.refresh_from_db()
    assert (visit.coverage_id, stands(loop)) == (None, (0, 0, 0))
    assert to_bill.visits_to_bill() == []
    assert browser.post(back).status_code == 409  # once


def test_what_is_not_whole_any_more_stays_with_the_patient(loop: Loop) -> None:
    visit = without_card(loop)
    ledger.write_off(loop.by("ana"), patient_id=loop.diaz.pk, amount=Decimal(30), reason="Discount")
    bring_card(loop, visit)
    with pytest.raises(commands.PayerStays, match="written off or moved by hand"):
        put(loop, visit)
    visit.refresh_from_db()
    assert visit.coverage_id is None
    assert stands(loop) == (0, 150, 0)


def test_a_claim_that_was_made_keeps_the_visit_where_it_is(loop: Loop) -> None:
    visit = without_card(loop)
    card = bring_card(loop, visit)
    now = put(loop, visit)
    claims.make_claim(loop.by(), visit_id=visit.pk)
    with pytest.raises(commands.PayerStays, match="is made for another payer"):
        commands.undo_put_under_plan(
            loop.by("rosa"), visit_id=visit.pk, version=now.version, was=None, copay_due=None
        )
    coverage.mark_entered_in_error(
        loop.by("rosa"), coverage_id=card.pk, version=card.version, reason="Another patient's"
    )
    bring_card(loop, visit, member_id="XJ4002")
    with pytest.raises(commands.PayerStays, match="is made for another payer"):
        put(loop, visit)
    assert set(Charge.objects.values_list("visit__coverage", flat=True)) == {card.pk}


def test_a_plan_of_other_days_and_a_visit_paid_for_already_are_refused(loop: Loop) -> None:
    visit = without_card(loop)
    card = bring_card(loop, visit, starts_on=visit.service_on + timedelta(days=1))
    with pytest.raises(commands.NoPlanOfTheDay, match="No plan of this patient holds"):
        put(loop, visit)
    coverage.mark_entered_in_error(loop.by("rosa"), coverage_id=card.pk, version=1, reason="Wrong day")
    bring_card(loop, visit)
    with pytest.raises(StaleForm):
        commands.put_visit_under_plan(loop.by("rosa"), visit_id=visit.pk, version=visit.version + 7)
    with pytest.raises(NotPermitted):
        put(loop, visit, "auditor")
    put(loop, visit)
    with pytest.raises(commands.NoPlanOfTheDay, match="already"):
        put(loop, visit)
