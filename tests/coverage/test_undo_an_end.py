"""A plan that was ended or switched by mistake goes on; an ended one can be mended and asked."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from daysheet.coverage import commands, queries
from daysheet.coverage.models import Coverage, EligibilityInquiry
from daysheet.formats import x12
from daysheet.kernel import clock
from daysheet.kernel.errors import StaleForm
from tests import cast, desk, make
from tests.coverage.answering import ACTIVE, reply, take_in

pytestmark = pytest.mark.django_db
OTHER = x12.Benefit(
    "R", service_types=("30",), others=(x12.Party("HARBOR HMO", id_qualifier="PI", id="HARB1", entity="PR"),)
)


def carded() -> Coverage:
    return make.coverage(make.patient(), make.plan(by_partner=make.partner()))


def pressed_undo(browser: Any, page: str) -> Any:
    """Press the undo that a page offers."""
    at = page.partition("/end/undo/")[0].rpartition('"')[2]
    at += "/end/undo/" + page.partition("/end/undo/")[2].partition('"')[0]
    return browser.get(browser.post(at, desk.hidden_fields(page, form=f'action="{at}"'))["Location"])


def test_an_end_is_undone_from_the_toast(office: Any) -> None:
    card, browser = carded(), desk.signed_in(make.member())
    at = reverse("coverage:coverage-end", args=[card.pk])
    fields = desk.hidden_fields(browser.get(at).content.decode(), form='id="coverage-form"')
    page = browser.get(browser.post(at, fields | {"last_day": "3/9/2026"})["Location"]).content.decode()
    card.refresh_from_db()
    assert card.ends_on == date(2026, 3, 10)
    said = pressed_undo(browser, page).content.decode()
    card.refresh_from_db()
    assert card.ends_on is None
    assert "stands as before" in said


def test_an_undo_is_refused_when_another_plan_took_the_place_or_the_days_were_changed(office: Any) -> None:
    card, rosa = carded(), cast.rosa(office.pk)
    ended = commands.end_coverage(rosa, coverage_id=card.pk, ends_on=date(2026, 3, 10), version=1)
    make.coverage(card.patient, make.plan("Harbor", "H1"), starts_on=date(2026, 3, 10))
    with pytest.raises(commands.RankIsTaken):
        commands.undo_end(rosa, coverage_id=card.pk, version=ended.version, ends_on=None)
    with pytest.raises(StaleForm):
        commands.undo_end(rosa, coverage_id=card.pk, version=1, ends_on=None)


def test_a_way_back_that_was_changed_is_refused(office: Any) -> None:
    card, browser = carded(), desk.signed_in(make.member())
    at = reverse("coverage:coverage-end", args=[card.pk])
    fields = desk.hidden_fields(browser.get(at).content.decode(), form='id="coverage-form"')
    answer = browser.post(reverse("coverage:coverage-end-undo", args=[card.pk]) + "?was=x", fields)
    assert (answer.status_code, "damaged" in answer.content.decode()) == (409, True)


def test_a_switch_is_undone_whole(office: Any) -> None:
    card, browser = carded(), desk.signed_in(make.member())
    asked = commands.ask_eligibility(cast.rosa(office.pk), coverage_id=card.pk, service_on=cast.MONDAY)
    take_in(office.pk, reply(asked, ACTIVE, OTHER))
    plan = make.plan("Harbor HMO", "HARB1", by_partner=make.partner("Harbor", their_id="HARBOR"))
    at = reverse("coverage:payer-switch", args=[asked.pk, 2])
    fields = desk.hidden_fields(browser.get(at).content.decode(), form='id="switch-form"')
    told = {"plan": str(plan.pk), "member_id": "HM77", "from_on": "3/9/2026"}
    page = browser.get(browser.post(at, fields | told)["Location"]).content.decode()
    assert queries.coverage_on(card.patient_id, cast.MONDAY).plan == plan  # type: ignore[union-attr]
    pressed_undo(browser, page)
    (left,) = queries.coverages(card.patient_id)
    assert (left.pk, left.ends_on) == (card.pk, None)


def test_a_past_plan_shows_its_number_and_can_be_mended_and_asked_for_its_days(office: Any) -> None:
    card, browser = carded(), desk.signed_in(make.member())
    today = clock.local_day(clock.system_now(), office.zone)
    Coverage.objects.filter(pk=card.pk).update(ends_on=today - timedelta(days=9))
    body = browser.get(reverse("coverage:patient-panel", args=[card.patient_id])).content.decode()
    at = reverse("coverage:eligibility-ask-day", args=[card.pk])
    for words in ("Past (1)", "XJ4001", reverse("coverage:coverage-edit", args=[card.pk]), at):
        assert words in body
    form = browser.get(at).content.decode()
    last = today - timedelta(days=10)
    assert f'value="{last.month}/{last.day}/{last.year}"' in form
    fields = desk.hidden_fields(form, form='id="coverage-form"')
    answer = browser.post(at, fields | {"service_on": f"{last:%m/%d/%Y}"})
    assert answer.status_code == 303
    assert EligibilityInquiry.objects.get().service_on == last
