"""A card whose plan is not in the library is kept as written; a case names an insurer that is not listed."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from daysheet.coverage import commands, queries
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.models import Coverage, InsurancePlan, Payer
from daysheet.kernel import clock
from daysheet.tasks.models import WorkqueueItem
from tests import cast, desk, make

pytestmark = pytest.mark.django_db
CARD = {"member_id": "W99", "rank": "1", "starts_on": "1/1/2026", "relationship": "self", "plan": ""}


def post(browser: Any, at: str, form: str, typed: dict[str, str]) -> Any:
    return browser.post(at, desk.hidden_fields(browser.get(at).content.decode(), form=form) | typed)


def test_a_card_of_an_unlisted_plan_is_kept_and_a_manager_completes_it(office: Any) -> None:
    patient, browser = make.patient(), desk.signed_in(make.member())
    at = reverse("coverage:coverage-add", args=[patient.pk])
    told = CARD | {"unlisted_payer": "Aetna", "unlisted_plan": "Gold"}
    assert post(browser, at, 'id="coverage-form"', told).status_code == 303
    held = Coverage.objects.get()
    assert (held.plan.payer.name, held.plan.payer.payer_id, held.plan.name) == ("Aetna", "", "Gold")
    panel = browser.get(reverse("coverage:patient-panel", args=[patient.pk])).content.decode()
    assert "not in the library yet" in panel
    item = WorkqueueItem.objects.get()
    assert (item.role, item.link) == ("office_manager", reverse("coverage:payer", args=[held.plan.payer_id]))
    manager = desk.signed_in(make.member("office_manager", "ana"))
    payer = {
        "name": "Aetna", "payer_id": "60054", "filing_code": "CI", "filing_limit_days": "90",
        "appeal_limit_days": "180", "enrolment_rule": "none", "is_active": "on",
    }  # fmt: skip
    assert post(manager, item.link, 'id="payer-form"', payer).status_code == 303
    item.refresh_from_db()
    assert item.state == WorkqueueItem.State.CLOSED


def test_two_unlisted_payers_stand_side_by_side_and_one_name_is_one_payer(office: Any) -> None:
    rosa = cast.rosa(office.pk)
    facts = {"member_id": "W9", "starts_on": cast.MONDAY}
    for name in ("Aetna", "Cigna", " aetna "):
        commands.add_unlisted_coverage(rosa, patient_id=make.patient().pk, unlisted_payer=name, card=facts)
    assert sorted(Payer.objects.values_list("name", flat=True)) == ["Aetna", "Cigna"]
    assert InsurancePlan.objects.count() == 2
    assert {one.name for one in queries.plans()} == {"Aetna", "Cigna"}


def test_a_typed_plan_that_is_not_known_says_what_to_do_and_both_at_once_is_too_much(office: Any) -> None:
    patient, browser, plan = make.patient(), desk.signed_in(make.member()), make.plan()
    at = reverse("coverage:coverage-add", args=[patient.pk])
    unknown = post(browser, at, 'id="coverage-form"', CARD | {"plan": "Aetna"})
    assert (unknown.status_code, "not listed" in unknown.content.decode()) == (422, True)
    both = CARD | {"plan": plan.name, "unlisted_payer": "Aetna"}
    assert post(browser, at, 'id="coverage-form"', both).status_code == 422
    assert not Coverage.objects.exists()


def test_a_case_asks_once_more_about_a_payer_of_health_plans_and_takes_one_that_is_not_listed(
    office: Any,
) -> None:
    patient, browser, plan = make.patient(), desk.signed_in(make.member()), make.plan()
    day = clock.local_day(clock.system_now(), office.zone) - timedelta(days=7)
    at = reverse("coverage:case-add", args=[patient.pk])
    told = {
        "kind": "work", "happened_on": day.isoformat(), "body_part": "left wrist", "employer": "Bakery Inc",
        "payer": str(plan.payer_id), "claim_number": "1",
    }  # fmt: skip
    warned = post(browser, at, 'id="case-form"', told)
    assert (warned.status_code, "payer of health plans" in warned.content.decode()) == (422, True)
    assert post(browser, at, 'id="case-form"', told | {"is_meant": "on"}).status_code == 303
    named = told | {"payer": "", "insurer": "Granite State", "claim_number": "2"}
    assert post(browser, at, 'id="case-form"', named).status_code == 303
    assert InjuryCase.objects.get(claim_number="2").payer.name == "Granite State"
    assert WorkqueueItem.objects.get().role == "office_manager"
    bare = post(browser, at, 'id="case-form"', told | {"payer": ""})
    assert (bare.status_code, "This payer of health plans" in bare.content.decode()) == (422, False)
