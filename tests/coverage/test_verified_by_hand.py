"""A plan that is asked by phone or on a portal: who said what is an answer, and both clocks start anew."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from daysheet.coverage import batches, commands, protecting, queries
from daysheet.coverage.models import Coverage, EligibilityResponse
from daysheet.formats import x12
from daysheet.kernel.models import AuditLine
from tests import cast, desk, make
from tests.coverage.answering import ACTIVE, COPAY, reply, take_in

pytestmark = pytest.mark.django_db
JANE = {"verdict": "eligible", "way": "phone", "told_by": "Jane", "reference": "C-77"}


def aetna() -> Coverage:
    return make.coverage(make.patient(), make.plan("Aetna", "AET1"))


def note(office: Any, card: Coverage, **more: Any) -> Any:
    return commands.note_told(
        cast.rosa(office.pk),
        coverage_id=card.pk,
        service_on=cast.MONDAY,
        told=commands.Told(**JANE | more),
    )


def test_a_call_is_an_answer_with_who_said_it_and_sets_both_clocks(office: Any) -> None:
    card = aetna()
    note(office, card, is_benefits=True, copay=Decimal("35.00"), deductible_left=Decimal(200))
    standing = queries.standing_of([card], cast.MONDAY)[card.pk]
    assert (standing.state, standing.copay) == ("covered", Decimal("35.00"))
    due, why = queries.copay_due(card.patient_id, cast.MONDAY)
    assert (due, "by phone, Jane, reference C-77" in why) == (Decimal("35.00"), True)
    card.refresh_from_db()
    assert (card.enrollment_verified_at, card.benefits_verified_at) == (cast.NOW, cast.NOW)
    assert AuditLine.objects.get(action="coverage.eligibility.told").patient_ids == [card.patient_id]


def test_a_call_speaks_of_the_card_as_it_is_now(office: Any) -> None:
    card = aetna()
    Coverage.objects.filter(pk=card.pk).update(card_version=2)
    note(office, card)
    assert queries.standing_of([card], cast.MONDAY)[card.pk].state == "covered"


def test_a_call_about_the_coverage_alone_leaves_the_clock_of_the_benefits(office: Any) -> None:
    card = aetna()
    note(office, card)
    card.refresh_from_db()
    assert (card.enrollment_verified_at, card.benefits_verified_at) == (cast.NOW, None)


def test_what_was_not_asked_stays_as_the_plan_said_it_and_a_qmb_stays_one(office: Any) -> None:
    card = make.coverage(make.patient(), make.plan(by_partner=make.partner()))
    asked = commands.ask_eligibility(cast.rosa(office.pk), coverage_id=card.pk, service_on=cast.MONDAY)
    qmb = x12.Benefit("1", service_types=("30",), insurance_type="QM")
    take_in(office.pk, reply(asked, ACTIVE, COPAY, qmb))
    assert queries.qmb_answer(card.patient_id, cast.MONDAY) is not None
    by_hand = note(office, card)
    said = EligibilityResponse.objects.get(inquiry=by_hand)
    assert said.copay == Decimal("20.00")
    assert queries.qmb_answer(card.patient_id, cast.MONDAY) == said
    assert protecting.protection_on(card.patient_id, cast.MONDAY) is not None
    body = desk.signed_in(make.member()).get(reverse("coverage:eligibility-answer", args=[by_hand.pk]))
    assert "Collect nothing from the patient (QMB)" in body.content.decode()


@pytest.mark.parametrize(
    ("more", "field"),
    [({"told_by": " "}, "told_by"), ({"verdict": ""}, "verdict"), ({"way": "fax"}, "way"),
     ({"copay": Decimal(5)}, "is_benefits"), ({"is_benefits": True, "copay": Decimal(-5)}, "copay")],
)  # fmt: skip
def test_what_cannot_be_is_refused(office: Any, more: dict[str, Any], field: str) -> None:
    card = aetna()
    with pytest.raises(commands.NotSaidSo) as no:
        note(office, card, **more)
    assert field in no.value.fields
    assert not EligibilityResponse.objects.exists()


def test_the_list_of_what_needs_a_person_lets_a_verified_plan_go_until_it_is_due(office: Any) -> None:
    card = aetna()

    def kind(on: Any, today: Any) -> str:
        found = batches.needs([(card.patient_id, on)], today=today, zone=office.zone)
        return found[card.patient_id, on][0].kind if found else ""

    assert kind(cast.MONDAY, cast.MONDAY) == "not_connected"
    note(office, card)
    assert kind(cast.MONDAY, cast.MONDAY) == ""
    later = cast.MONDAY + timedelta(days=32)
    assert kind(later, later) == "not_connected"


def test_the_panel_leads_to_the_form_and_shows_both_days(office: Any) -> None:
    card, browser = aetna(), desk.signed_in(make.member())
    at = reverse("coverage:eligibility-told", args=[card.pk])
    panel = reverse("coverage:patient-panel", args=[card.patient_id])
    assert at in browser.get(panel).content.decode()
    sent = desk.hidden_fields(browser.get(at).content.decode(), form='id="coverage-form"') | JANE
    wrong = browser.post(at, sent | {"service_on": "3/9/2026", "copay": "25"})
    assert (wrong.status_code, "were asked as well" in wrong.content.decode()) == (409, True)
    answer = browser.post(
        at, sent | {"service_on": "3/9/2026", "copay": "25", "is_benefits": "on", "_once": "x"}
    )
    assert answer.status_code == 303
    body = browser.get(panel).content.decode()
    assert "Coverage verified" in body
    assert "benefits verified" in body
    told = reverse("coverage:eligibility-answer", args=[EligibilityResponse.objects.get().inquiry_id])
    page = browser.get(told).content.decode()
    for words in ("Jane", "C-77", "By phone", "$25.00"):
        assert words in page
    assert "Every line of the answer" not in page
