"""The office's own rules of check-in: on the manager's page, and at the next arrival."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.documents import commands as documents
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.visits import commands, queries
from daysheet.visits.models import CheckInRule, VisitStep
from daysheet.visits.wording import why
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk
from tests.pictures import picture

PAGE = "/visits/check-in/"


@pytest.fixture
def ana(house: House) -> Client:
    return desk(house, "office_manager", "ana")


def test_without_a_word_of_the_office_the_shipped_rules_are_shown(ana: Client) -> None:
    body = ana.get(PAGE).content.decode()
    for words in ("Photo ID", "once", "as shipped", "Insurance card", "once, and again when it changes"):
        assert words in body


def test_a_manager_adds_a_rule_and_drops_it_and_takes_it_up_again(ana: Client, house: House) -> None:
    fields = hidden_fields(ana.get(PAGE).content.decode(), form='id="rule-form"')
    typed = {"kind": "photo_id", "often": "yearly", "is_required": "on", "type_id": "", "youngest": "18"}
    assert ana.post(PAGE, fields | typed).status_code == 303
    rule = CheckInRule.objects.get()
    assert (rule.kind, rule.often, rule.is_required, rule.youngest) == ("photo_id", "yearly", True, 18)
    body = ana.get(PAGE).content.decode()
    assert "every kind of visit, from age 18" in body
    commands.drop_check_in_rule(house.ana, rule_id=rule.pk)
    assert "every kind of visit, from age 18" not in ana.get(PAGE).content.decode()
    commands.take_up_check_in_rule(house.ana, rule_id=rule.pk)
    assert "every kind of visit, from age 18" in ana.get(PAGE).content.decode()


def test_what_cannot_be_is_refused_and_everything_typed_is_still_there(ana: Client) -> None:
    fields = hidden_fields(ana.get(PAGE).content.decode(), form='id="rule-form"')
    typed = {"kind": "card", "often": "yearly", "type_id": "", "youngest": "40", "oldest": "20"}
    answer = ana.post(PAGE, fields | typed, HTTP_HX_REQUEST="true")
    assert answer.status_code == 409
    assert 'value="40"' in answer.content.decode()
    assert not CheckInRule.objects.exists()


def test_two_rules_for_the_same_patients_are_one_too_many(ana: Client, house: House) -> None:
    commands.add_check_in_rule(house.ana, kind="card", often="yearly", is_required=True)
    with pytest.raises(commands.RuleStandsAlready):
        commands.add_check_in_rule(house.ana, kind="card", often="once", is_required=False)
    assert CheckInRule.objects.count() == 1


def test_a_rule_changed_meanwhile_is_not_overwritten(house: House) -> None:
    rule = commands.add_check_in_rule(house.ana, kind="card", often="yearly", is_required=True)
    said = {"often": "once", "is_required": False}
    commands.change_check_in_rule(house.ana, rule_id=rule.pk, version=1, **said)
    with pytest.raises(StaleForm):
        commands.change_check_in_rule(house.ana, rule_id=rule.pk, version=1, often="never", is_required=True)
    rule.refresh_from_db()
    assert (rule.often, rule.version) == ("once", 2)


def test_a_rule_is_changed_on_its_page_and_keeps_a_retired_kind_of_visit(ana: Client, house: House) -> None:
    kind = make.visit_type("Physical", 40, is_active=False)
    rule = commands.add_check_in_rule(
        house.ana, kind="card", often="yearly", is_required=True, type_id=kind.pk
    )
    page = f"{PAGE}{rule.pk}/"
    body = ana.get(page).content.decode()
    assert f'value="{kind.pk}" selected' in body
    fields = hidden_fields(body, form='id="rule-form"')
    typed = {"often": "once", "type_id": str(kind.pk), "youngest": "3", "oldest": ""}
    assert ana.post(page, fields | typed).status_code == 303
    rule.refresh_from_db()
    assert (rule.often, rule.is_required, rule.youngest, rule.type_id) == ("once", False, 3, kind.pk)
    stale = ana.post(page, fields | {"_once": "another"} | typed, HTTP_HX_REQUEST="true")
    assert (stale.status_code, 'id="rule-form"' in stale.content.decode()) == (409, True)


def test_who_may_not_manage_the_office_changes_nothing(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.add_check_in_rule(house.rosa, kind="card", often="never", is_required=False)
    assert not CheckInRule.objects.exists()


def step(visit_id: UUID, kind: str) -> VisitStep:
    return queries.steps(visit_id, "check_in").get(kind=kind)


def test_a_required_step_keeps_the_patient_from_being_checked_in(house: House) -> None:
    commands.add_check_in_rule(house.ana, kind="photo_id", often="once", is_required=True)
    visit = commands.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    with pytest.raises(commands.StepsAreOpen, match="Photo ID"):
        commands.check_in(house.rosa, visit_id=visit.id)


def test_a_rule_of_another_kind_of_visit_or_age_asks_nothing(house: House) -> None:
    other = make.visit_type("Physical", 40)
    commands.add_check_in_rule(house.ana, kind="photo_id", often="once", is_required=True, type_id=other.pk)
    visit = commands.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    assert not queries.steps(visit.id).filter(kind="photo_id").exists()


def test_a_photo_id_on_file_is_not_asked_for_again_and_its_day_is_told(house: House) -> None:
    long_ago = house.rosa.at(cast.NOW - timedelta(days=126))
    documents.file_document(
        long_ago, patient_id=house.diaz.pk, kind="photo_id", title="Licence", content=picture()
    )
    visit = commands.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    found = step(visit.id, "photo_id")
    assert (found.state, found.last_on) == ("done", date(2025, 11, 3))
    assert why(found) == "last done Nov 3, 2025; asked once"


def test_a_card_of_another_coverage_is_asked_for_again(house: House) -> None:
    old = make.coverage(house.diaz, make.plan(), ends_on=cast.MONDAY)
    documents.file_document(
        house.rosa.at(cast.NOW - timedelta(days=30)),
        patient_id=house.diaz.pk,
        kind="card_front",
        title="Card",
        content=picture(),
        subject=old,
    )
    make.coverage(house.diaz, make.plan("Sunrise", "SUN1"), starts_on=cast.MONDAY)
    visit = commands.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    assert step(visit.id, "card").state == "open"


def test_the_list_costs_the_same_however_many_rules(ana: Client, house: House) -> None:
    for first in range(5):
        commands.add_check_in_rule(
            house.ana, kind="card", often="yearly", is_required=True, youngest=first * 20
        )
    ana.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        ana.get(PAGE)
    commands.add_check_in_rule(house.ana, kind="photo_id", often="yearly", is_required=True)
    with CaptureQueriesContext(connection) as many:
        ana.get(PAGE)
    assert len(few) == len(many)
