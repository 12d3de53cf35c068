"""Registering opens a chart; what looks like a known person is shown before anything is saved."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import AuditLine, Practice
from daysheet.patients import commands, queries
from daysheet.patients.models import Guarantor, Patient, PatientKey
from daysheet.patients.rules import ContactFact, GuarantorFact, PhoneFact
from tests import cast, make


def register(practice: Practice, by: Actor | None = None, **facts: object) -> Patient:
    given = {"family": "Diaz", "given": "Maria", "born_on": date(1962, 3, 14), **facts}
    return commands.register_patient(by or cast.rosa(practice.pk), **given)  # type: ignore[arg-type]


def test_a_new_patient_gets_the_next_chart_number_and_owes_for_herself(practice: Practice) -> None:
    first = register(practice)
    second = register(practice, family="Okafor", given="Joy", born_on=date(1975, 5, 5))
    assert (first.chart_number, second.chart_number) == (10001, 10002)
    assert Guarantor.objects.get(patient=first).is_self
    assert first.registered_at == cast.NOW


def test_phones_contact_and_guarantor_are_kept_with_what_is_allowed(practice: Practice) -> None:
    made = register(
        practice,
        phones=[
            PhoneFact("+15552010142", may_text=True),
            PhoneFact("+15552010143", "home", may_leave_message=True),
        ],
        contact=ContactFact("Luis Diaz", "spouse", "+15552010144", may_hear=True),
        guarantor=GuarantorFact("Luis Diaz", "spouse", city="Albany"),
    )
    whole = queries.patient(made.pk)
    assert [(p.number, p.kind, p.may_text, p.may_leave_message, p.rank) for p in whole.phones.all()] == [
        ("+15552010142", "mobile", True, False, 1),
        ("+15552010143", "home", False, True, 2),
    ]
    assert [(c.name, c.relationship, c.may_hear) for c in whole.contacts.all()] == [
        ("Luis Diaz", "spouse", True)
    ]
    assert (whole.guarantor.is_self, whole.guarantor.name, whole.guarantor.city) == (
        False,
        "Luis Diaz",
        "Albany",
    )


def test_registering_writes_one_line_in_the_diary_that_names_the_patient(practice: Practice) -> None:
    made = register(practice)
    line = AuditLine.objects.get(practice_id=practice.pk)
    assert (line.action, line.actor_name, line.patient_ids) == (
        "patients.patient.registered",
        "Rosa Marin",
        [made.pk],
    )


def test_a_strong_likeness_is_refused_until_somebody_says_why_not(practice: Practice) -> None:
    register(practice, phones=[PhoneFact("+15552010142")])
    with pytest.raises(commands.MayBeKnown) as refusal:
        register(practice, given="Mia", phones=[PhoneFact("+15552010142")])
    assert refusal.value.fields == {"different_because": "Say why this is a different person."}
    assert Patient.objects.count() == 1
    other = register(
        practice, given="Mia", phones=[PhoneFact("+15552010142")], different_because="Seen both IDs"
    )
    assert Patient.objects.count() == 2
    line = AuditLine.objects.filter(subject_id=other.pk).get()
    assert line.details == {"different_because": "Seen both IDs"}


def test_a_twin_is_shown_but_may_be_registered_at_once(practice: Practice) -> None:
    register(practice, phones=[PhoneFact("+15552010142")])
    twin = register(practice, given="Luis", phones=[PhoneFact("+15552010142")])
    assert twin.chart_number == 10002
    alike = queries.possible_duplicates(family="Diaz", given="Carmen", born_on=date(1962, 3, 14))
    assert [one.why[0] for one in alike] == ["may be a twin: another given name"] * 2
    assert [one.is_strong for one in alike] == [False, False]


def test_who_comes_with_a_number_of_another_system_is_a_person_of_its_own(practice: Practice) -> None:
    register(practice)
    register(practice, identifiers=[("old chart", "A-77")])
    with pytest.raises(commands.NumberIsTaken):
        register(practice, given="Luis", identifiers=[("old chart", "A-77")])
    assert Patient.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        (
            {"family": " \u202e "},
            "family",
            "Write the name. One that is not known yet can be written as Unknown.",
        ),
        (
            {"family": "\u200b\u200d"},
            "family",
            "Write the name. One that is not known yet can be written as Unknown.",
        ),
        ({"given": "x" * 300}, "given", "At most 120 letters."),
        ({"born_on": date(2026, 3, 10)}, "born_on", "A birth date cannot be in the future. Check the year."),
        ({"born_on": date(1895, 1, 2)}, "born_on", "That would be more than 130 years ago. Check the year."),
        ({"email": "maria at home"}, "email", "Write an e-mail address such as name@example.org."),
        ({"sex": "Z"}, "sex", "Choose one of the list."),
        (
            {"phones": [PhoneFact("201-0142")]},
            "phone",
            "Write a telephone number with its area code, such as (555) 201-0142.",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_leaves_no_trace(
    practice: Practice, facts: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(commands.UnsoundData) as refusal:
        register(practice, **facts)
    assert refusal.value.fields == {field: sentence}
    assert Patient.objects.count() == PatientKey.objects.count() == 0
    assert not AuditLine.objects.filter(practice_id=practice.pk).exists()


def test_born_today_is_not_in_the_future_even_when_it_is_tomorrow_in_london(practice: Practice) -> None:
    late = cast.NOW.replace(day=10, hour=3)  # 11 pm on March 9 in New York
    born = commands.register_patient(
        cast.rosa(practice.pk, late), family="Diaz", given="Baby", born_on=date(2026, 3, 9)
    )
    assert born.born_on == date(2026, 3, 9)
    with pytest.raises(commands.UnsoundData):
        commands.register_patient(
            cast.rosa(practice.pk, late), family="Roy", given="Baby", born_on=date(2026, 3, 10)
        )


@pytest.mark.parametrize(
    ("family", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("مريم الدياز", "مريم الدياز"),
        ("Di\x00az\x07", "Di az"),
        ("Diaz \U0001f642", "Diaz \U0001f642"),
        ("\u202eza\u202ciD", "zaiD"),
        ("Ñuñez\u0301 ", "Ñuñeź"),
        ("'; drop table patient; --", "'; drop table patient; --"),
        ("%s {0} ${x} %(a)s", "%s {0} ${x} %(a)s"),
    ],
)
def test_strange_names_are_kept_as_text_and_found_again(practice: Practice, family: str, kept: str) -> None:
    made = register(practice, family=family)
    assert Patient.objects.get().family == kept
    hits = queries.search(text=f"{kept} maria", today=cast.MONDAY)
    assert [hit.patient.pk for hit in hits] == [made.pk]


@pytest.mark.parametrize(
    "who",
    [cast.carla, cast.auditor, cast.omar, cast.insurance_clerk, cast.dr_lee],
    ids=lambda who: who.__name__,
)
def test_a_role_that_may_not_edit_changes_nothing(practice: Practice, who: Callable[[UUID], Actor]) -> None:
    with pytest.raises(NotPermitted):
        register(practice, by=who(practice.pk))
    assert Patient.objects.count() == 0
    assert not AuditLine.objects.filter(practice_id=practice.pk).exists()


def test_the_number_of_statements_does_not_grow_with_the_look_alikes(practice: Practice) -> None:
    make.registered(given="Luisa")
    with CaptureQueriesContext(connection) as one:
        register(practice, given="Luis", born_on=date(1990, 1, 1))
    for place in range(9):
        make.registered(given="Luisa", born_on=date(1980, 1, 1 + place))
    with CaptureQueriesContext(connection) as many:
        register(practice, given="Luis", born_on=date(1995, 1, 1))
    assert len(many) == len(one)
