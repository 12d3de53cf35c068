"""A change keeps the old value, renews what search knows, and never overwrites somebody else's."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import AuditLine, Practice
from daysheet.patients import commands, queries
from daysheet.patients.models import ChartItem, Patient, PatientChange, PatientKey
from daysheet.patients.rules import ChartFact, ContactFact, GuarantorFact, PhoneFact
from tests import cast, make


def change(practice: Practice, patient: Patient, by: Actor | None = None, **facts: Any) -> Patient:
    facts.setdefault("version", 1)
    return commands.change_patient(by or cast.rosa(practice.pk), patient_id=patient.pk, **facts)


def found(text: str) -> list[int]:
    return [hit.patient.chart_number for hit in queries.search(text=text, today=cast.MONDAY)]


def test_a_change_keeps_old_and_new_and_raises_the_version(practice: Practice) -> None:
    diaz = make.registered(street="1 Oak St")
    changed = change(practice, diaz, street="2 Elm St", needs_interpreter=True, sex="F")
    assert (changed.street, changed.needs_interpreter, changed.version) == ("2 Elm St", True, 2)
    kept = PatientChange.objects.get()
    assert (kept.by_name, kept.at) == ("Rosa Marin", cast.NOW)
    assert kept.fields == {
        "street": ["1 Oak St", "2 Elm St"],
        "needs_interpreter": ["False", "True"],
        "sex": ["U", "F"],
    }
    line = AuditLine.objects.get(action="patients.patient.changed")
    assert (line.patient_ids, line.details) == ([diaz.pk], {"fields": ["needs_interpreter", "sex", "street"]})


def test_what_is_not_told_stays(practice: Practice) -> None:
    diaz = make.registered(contact=ContactFact("Luis Diaz"), preferred="Mia")
    changed = change(practice, diaz, city="Albany")
    whole = queries.patient(changed.pk)
    assert (whole.preferred, whole.phones.get().number, whole.contacts.get().name) == (
        "Mia",
        "+15552010142",
        "Luis Diaz",
    )


def test_a_form_that_changes_nothing_raises_no_version(practice: Practice) -> None:
    diaz = make.registered()
    assert change(practice, diaz, family="Diaz").version == 1
    assert PatientChange.objects.count() == 0
    assert AuditLine.objects.filter(action="patients.patient.left-as-it-was").count() == 1


def test_a_new_name_and_a_new_phone_are_found_and_the_old_phone_is_not(practice: Practice) -> None:
    diaz = make.registered()
    change(practice, diaz, family="Lopez", former_family="Diaz", phones=[PhoneFact("+15559998888")])
    assert [found("lopez"), found("diaz"), found("8888"), found("0142")] == [[10001], [10001], [10001], []]


def test_a_street_alone_leaves_the_keys_as_they_are(practice: Practice) -> None:
    diaz = make.registered()
    before = set(PatientKey.objects.values_list("pk", flat=True))
    change(practice, diaz, street="2 Elm St")
    assert set(PatientKey.objects.values_list("pk", flat=True)) == before


def test_contact_and_guarantor_changes_stand_in_the_history(practice: Practice) -> None:
    diaz = make.registered()
    change(
        practice,
        diaz,
        contact=ContactFact("Luis Diaz", "spouse"),
        guarantor=GuarantorFact("Ana Diaz", "mother"),
    )
    assert PatientChange.objects.get().fields == {
        "contact": ["", "Luis Diaz spouse"],
        "guarantor": ["", "Ana Diaz mother"],
    }
    change(practice, diaz, version=2, is_own_guarantor=True)
    assert queries.patient(diaz.pk).guarantor.is_self


def test_an_old_version_is_refused_with_what_the_chart_says(practice: Practice) -> None:
    diaz = make.registered()
    change(practice, diaz, cast.ana(practice.pk), street="2 Elm St")
    with pytest.raises(commands.ChangedMeanwhile) as refusal:
        change(practice, diaz, street="3 Ash St", city="Albany")
    assert refusal.value.sentence.startswith("Ana Petrov changed this patient while your form was open.")
    assert refusal.value.fields == {"street": "2 Elm St", "city": ""}
    diaz.refresh_from_db()
    assert (diaz.street, diaz.city, diaz.version) == ("2 Elm St", "", 2)


def test_an_impossible_value_changes_nothing(practice: Practice) -> None:
    diaz = make.registered()
    with pytest.raises(commands.UnsoundData):
        change(practice, diaz, street="2 Elm St", born_on=date(2099, 1, 1))
    diaz.refresh_from_db()
    assert (diaz.street, diaz.version, PatientChange.objects.count()) == ("", 1, 0)


@pytest.mark.parametrize(
    "who", [cast.auditor, cast.carla, cast.dr_lee, cast.omar], ids=lambda who: who.__name__
)
def test_a_role_that_may_not_edit_changes_nothing(practice: Practice, who: Callable[[UUID], Actor]) -> None:
    diaz = make.registered()
    lines = AuditLine.objects.count()
    with pytest.raises(NotPermitted):
        change(practice, diaz, who(practice.pk), street="2 Elm St")
    with pytest.raises(NotPermitted):
        commands.set_status(who(practice.pk), patient_id=diaz.pk, version=1, status="inactive")
    diaz.refresh_from_db()
    assert (diaz.street, diaz.status, AuditLine.objects.count()) == ("", "active", lines)


def test_history_is_never_changed(practice: Practice) -> None:
    diaz = make.registered()
    change(practice, diaz, street="2 Elm St")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PatientChange.objects.update(by_name="Nobody")


def test_a_death_keeps_its_day_and_life_takes_it_back(practice: Practice) -> None:
    diaz = make.registered()
    rosa = cast.rosa(practice.pk)
    dead = commands.set_status(
        rosa, patient_id=diaz.pk, version=1, status="deceased", deceased_on=date(2026, 3, 1)
    )
    assert (dead.status, dead.deceased_on) == ("deceased", date(2026, 3, 1))
    shown = queries.banner(rosa, diaz.pk, today=date(2030, 1, 1))
    assert (shown["is_deceased"], shown["age"]) == (True, 63)
    alive = commands.set_status(rosa, patient_id=diaz.pk, version=2, status="active")
    assert (alive.status, alive.deceased_on) == ("active", None)


def test_chart_items_come_once_however_often_they_are_brought(practice: Practice) -> None:
    diaz = make.registered()
    items = [ChartFact("allergy", "Penicillin", source="a/1"), ChartFact("condition", "Asthma", source="a/2")]
    for _ in range(2):
        commands.add_chart_items(cast.ana(practice.pk), patient_id=diaz.pk, items=[*items, items[0]])
    assert sorted(ChartItem.objects.values_list("label", flat=True)) == ["Asthma", "Penicillin"]


def test_the_banner_shows_money_to_those_who_may_see_it(practice: Practice) -> None:
    diaz = make.registered(preferred="Mia", middle="J", suffix="III")
    queries.banner_parts.append(
        lambda ids, now, today: {one: {"owes": 4240, "coverage": [("eligible", "Covered")]} for one in ids}
    )
    try:
        told = queries.banner(cast.rosa(practice.pk), diaz.pk, today=cast.MONDAY)
        assert (told["given"], told["preferred"], told["age"], told["owes"]) == (
            "Maria J III",
            "Mia",
            63,
            4240,
        )
        assert "owes" not in queries.banner(cast.dr_lee(practice.pk), diaz.pk, today=cast.MONDAY)
        assert "coverage" not in queries.banner(cast.omar(practice.pk), diaz.pk, today=cast.MONDAY)
    finally:
        queries.banner_parts.pop()
