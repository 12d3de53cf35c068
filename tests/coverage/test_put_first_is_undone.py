"""A plan that was put before the others is taken out again, and all stands as it stood."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse

from daysheet.coverage import commands, queries
from daysheet.coverage.models import (
    Authorization,
    Coverage,
    EligibilityInquiry,
    EligibilityResponse,
    PayingFacts,
)
from daysheet.formats import x12
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast, desk, make
from tests.coverage.answering import ACTIVE, COPAY, reply, take_in
from tests.coverage.test_another_payer_first import FIRST, answered, harbor, put, ranks

pytestmark = pytest.mark.django_db
QMB = x12.Benefit("1", service_types=("30",), insurance_type="QM")
THURSDAY = cast.MONDAY + timedelta(days=3)


def undo(office: Any, done: commands.Switched) -> list[Coverage]:
    return commands.undo_put_first(cast.rosa(office.pk), coverage_id=done.new.pk)


def standing() -> list[tuple[Any, ...]]:
    return sorted((one[1], one[0], one[2], str(one[3])) for one in ranks_now())


def ranks_now() -> list[tuple[str, int, Any, Any]]:
    rows = Coverage.objects.select_related("plan").filter(entered_in_error_at=None)
    return [(one.plan.name, one.rank, one.starts_on, one.ends_on) for one in rows]


def test_the_toast_takes_it_back_whole(office: Any) -> None:
    asked = answered(office, FIRST)
    before, plan = standing(), harbor()
    browser = desk.signed_in(make.member())
    address = reverse("coverage:payer-first", args=[asked.pk, 3])
    sent = desk.hidden_fields(browser.get(address).text, form='id="switch-form"') | {
        "plan": str(plan.pk), "member_id": "HM77", "from_on": "3/9/2026", "relationship": "self",
    }  # fmt: skip
    page = browser.get(browser.post(address, sent)["Location"]).text
    at = reverse("coverage:payer-first-undo", args=[Coverage.objects.get(plan=plan).pk])
    assert at in page
    fields = desk.hidden_fields(page, form=f'action="{at}"')
    said = browser.get(browser.post(at, fields)["Location"]).text
    assert "Harbor HMO was taken out; the plans pay as before." in said
    assert standing() == before
    assert browser.post(at, fields).status_code == 303
    assert standing() == before


def test_what_the_plan_said_for_the_month_stands_as_it_stood(office: Any) -> None:
    asked = answered(office, FIRST, QMB)
    who, next_month = asked.patient_id, cast.MONDAY + timedelta(days=40)
    rosa = cast.rosa(office.pk)
    later = commands.ask_eligibility(rosa, coverage_id=asked.coverage_id, service_on=next_month)
    take_in(office.pk, reply(later, ACTIVE, COPAY))
    paper = Authorization.objects.create(
        patient=asked.patient, coverage=asked.coverage, kind="prior", number="A1", starts_on=cast.MONDAY
    )

    def read() -> list[Any]:
        held = Coverage.objects.get(pk=asked.coverage_id)
        told = [queries.standing_of([held], day)[held.pk] for day in (cast.MONDAY, THURSDAY, next_month)]
        qmb = [queries.qmb_answer(who, one) is not None for one in (cast.MONDAY, THURSDAY, next_month)]
        rows = [
            sorted(of.objects.values_list("pk", flat=True))
            for of in (EligibilityInquiry, EligibilityResponse)
        ]
        return [standing(), qmb, *rows, [(one.state, one.is_qmb, one.answer) for one in told]]

    before = read()
    done = put(office, asked, harbor(), from_on=THURSDAY)
    assert EligibilityInquiry.objects.count() == 4
    (back,) = undo(office, done)
    assert back.pk == asked.coverage_id
    assert read() == before
    paper.refresh_from_db()
    assert paper.coverage_id == asked.coverage_id
    again = put(office, asked, done.new.plan, from_on=THURSDAY)
    assert queries.qmb_answer(who, THURSDAY) is not None
    undo(office, again)
    assert read() == before


def test_plans_that_only_changed_their_rank_get_it_back_in_order(office: Any) -> None:
    asked = answered(office, FIRST, starts_on=cast.MONDAY)
    make.coverage(
        asked.patient, make.plan("Sunrise", "SUN"), rank=2, ends_on=cast.MONDAY + timedelta(days=99)
    )
    before = standing()
    done = put(office, asked, harbor())
    assert [one[1] for one in ranks()] == [2, 1, 2, 3]
    assert [one.rank for one in undo(office, done)] == [1, 2]
    assert standing() == before


def test_who_is_in_the_house_follows(office: Any) -> None:
    asked = answered(office, FIRST)
    at = make.location()
    here = visits.walk_in(
        cast.rosa(office.pk),
        patient_id=asked.patient_id,
        provider_id=make.provider(at=at).pk,
        location_id=at.pk,
    )
    assert here.coverage_id == asked.coverage_id
    done = put(office, asked, harbor())
    here.refresh_from_db()
    assert here.coverage_id == done.new.pk
    undo(office, done)
    here.refresh_from_db()
    assert here.coverage_id == asked.coverage_id


def refused(office: Any, done: commands.Switched, why: str) -> None:
    before = standing()
    with pytest.raises(commands.PlansAreUsed, match=why):
        undo(office, done)
    assert standing() == before


def test_it_is_refused_once_a_plan_has_answered(office: Any) -> None:
    done = put(office, answered(office, FIRST), make.plan("Harbor HMO", "HARB1"))
    rosa = cast.rosa(office.pk)
    question = commands.ask_eligibility(rosa, coverage_id=done.old.pk, service_on=cast.MONDAY)
    take_in(office.pk, reply(question, ACTIVE))
    refused(office, done, r"Blue PPO has answered since. Mend the plans by hand")


def test_it_is_refused_once_a_visit_that_is_over_goes_by_it(office: Any) -> None:
    asked = answered(office, FIRST)
    done, at, rosa = put(office, asked, harbor()), make.location(), cast.rosa(office.pk)
    here = visits.walk_in(
        rosa, patient_id=asked.patient_id, provider_id=make.provider(at=at).pk, location_id=at.pk
    )
    Visit.objects.filter(pk=here.pk).update(service_on=F("service_on") - timedelta(days=1))
    refused(office, done, "The visit of Mar 8, 2026 goes by Harbor HMO")


def test_it_is_refused_once_a_paper_or_a_question_names_it(office: Any) -> None:
    asked = answered(office, FIRST)
    done = put(office, asked, harbor())
    Authorization.objects.create(
        patient=asked.patient, coverage=done.new, kind="prior", number="B2", starts_on=cast.MONDAY
    )
    PayingFacts.objects.create(
        patient=asked.patient, ordered_id=done.old.pk, asked_at=cast.NOW, asked_by="Rosa"
    )
    refused(office, done, "Authorization B2 was entered since. Who pays first was asked since")


def test_it_is_refused_when_a_plan_was_changed_or_nothing_was_put_first(office: Any) -> None:
    asked, rosa = answered(office, FIRST), cast.rosa(office.pk)
    done = put(office, asked, harbor())
    with pytest.raises(NotPermitted):
        commands.undo_put_first(cast.auditor(office.pk), coverage_id=done.new.pk)
    with pytest.raises(commands.CoverageIsUnknown, match="nothing to put back"):
        commands.undo_put_first(rosa, coverage_id=done.old.pk)
    commands.end_coverage(rosa, coverage_id=done.old.pk, ends_on=THURSDAY, version=done.old.version)
    before = standing()
    with pytest.raises(StaleForm, match="changed since"):
        undo(office, done)
    assert standing() == before
