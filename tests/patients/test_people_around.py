"""Who may bring, hear, sign and owe: the rule with its reasons, what is recorded, and the screens."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import AuditLine, Practice
from daysheet.patients import commands, people
from daysheet.patients.commands import RightFact
from daysheet.patients.models import Bringing, ContactRight, Patient, PatientContact
from daysheet.patients.rules import ContactFact
from daysheet.patients.rules.standing import Act, Person, Right, Subject, birthday, is_minor, may, of_age_on
from tests import cast, make
from tests.desk import hidden_fields, signed_in

TODAY = cast.MONDAY
CHILD = Subject(date(2018, 5, 1), "NY")
MOTHER = Person("Ana Diaz", "Mother")
LONG_AGO = date(2020, 1, 1)


def right(act: Act, says: str, **more: Any) -> Right:
    return Right(act, says, more.pop("from_on", LONG_AGO), **more)


def test_a_parent_of_a_minor_brings_hears_and_signs_while_no_paper_says_otherwise() -> None:
    answers = [may(act, MOTHER, CHILD, TODAY) for act in ("bring", "hear", "sign")]
    assert [one.word for one in answers] == ["yes", "yes", "yes"]
    assert {one.source for one in answers} == {"45 CFR 164.502(g)(3)"}
    assert "ask the manager" in answers[1].why
    assert may("owe", MOTHER, CHILD, TODAY).word == "ask"


def test_a_court_order_comes_before_the_relation() -> None:
    order = right("bring", "no", ordered_on=date(2025, 9, 3))
    answer = may("bring", Person("Luis Diaz", "Father", [order]), CHILD, TODAY)
    assert (answer.word, "September 3, 2025" in answer.why) == ("no", True)


@pytest.mark.parametrize("relation", ["Grandmother", "Stepfather", "Foster parent", "Case worker", ""])
def test_who_is_no_parent_needs_a_paper(relation: str) -> None:
    assert may("bring", Person("Kim", relation), CHILD, TODAY).word == "ask"
    assert may("hear", Person("Kim", relation), CHILD, TODAY).word == "no"
    placed = Person("Kim", relation, [right("bring", "yes")])
    assert may("bring", placed, CHILD, TODAY).word == "yes"


def test_a_right_holds_from_its_first_day_to_its_last() -> None:
    held = Person("Kim", "Aunt", [right("bring", "yes", from_on=TODAY, until_on=TODAY)])
    days = [date(2026, 3, 8), TODAY, date(2026, 3, 10)]
    assert [may("bring", held, CHILD, day).word for day in days] == ["ask", "yes", "ask"]


def test_the_eighteenth_birthday_ends_what_was_given_before() -> None:
    eve, day = date(2036, 4, 30), date(2036, 5, 1)
    father = Person("Luis", "Father", [right("hear", "yes")], may_hear_since=LONG_AGO)
    assert [may("hear", father, CHILD, one).word for one in (eve, day)] == ["yes", "no"]
    assert "May 1, 2036" in may("hear", father, CHILD, day).why
    given_by_the_adult = Person("Luis", "Father", [right("hear", "limits", from_on=day, topics=("times",))])
    told = may("hear", given_by_the_adult, CHILD, day)
    assert (told.word, told.topics) == ("limits", ("times",))


@pytest.mark.parametrize(
    ("state", "on", "minor"),
    [
        ("NY", date(2036, 5, 1), False),
        ("AL", date(2036, 5, 1), True),
        ("AL", date(2037, 5, 1), False),
        ("MS", date(2039, 4, 30), True),
        ("", date(2036, 4, 30), True),
        ("", date(2036, 5, 1), None),
        ("ZZ", date(2039, 5, 1), False),
    ],
)
def test_the_age_is_the_states_and_one_that_is_not_on_file_is_never_guessed(
    state: str, on: date, minor: bool | None
) -> None:
    subject = Subject(date(2018, 5, 1), state)
    assert is_minor(subject, on) is minor
    if minor is None:
        assert may("sign", MOTHER, subject, on).word == "ask"


def test_an_emancipated_minor_is_an_adult_here_and_a_leap_day_is_counted() -> None:
    free = Subject(date(2010, 5, 1), "NY", emancipated_on=date(2026, 1, 5))
    assert of_age_on(free) == date(2026, 1, 5)
    answer = may("hear", Person("Luis", "Father", [right("hear", "yes")]), free, TODAY)
    assert (answer.word, "emancipated" in answer.why) == ("no", True)
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)


def child(**more: Any) -> Patient:
    facts: dict[str, Any] = {"given": "Leo", "born_on": date(2018, 5, 1)}
    facts["contact"] = ContactFact("Ana Diaz", "Mother")
    return make.registered(**facts | more)


def test_a_new_word_ends_the_one_before_and_both_stay_to_be_seen(practice: Practice) -> None:
    make.location(state="NY")
    rosa, leo = cast.rosa(practice.pk), child()
    mother = leo.contacts.get()
    for says in ("yes", "no"):
        facts = [RightFact("bring", says)]
        commands.record_rights(rosa, contact_id=mother.pk, facts=facts, from_on=TODAY)
    assert list(ContactRight.objects.filter(ended_at=None).values_list("says", flat=True)) == ["no"]
    assert len(people.history(mother.pk)) == 2
    assert people.around(leo, today=TODAY)[0].answers["bring"].word == "no"
    commands.end_right(rosa, right_id=ContactRight.objects.get(ended_at=None).pk)
    assert people.around(leo, today=TODAY)[0].answers["bring"].word == "yes"
    with pytest.raises(commands.RightChangedMeanwhile):
        commands.end_right(rosa, right_id=people.history(mother.pk)[0].pk)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"facts": []}, ""),
        ({"facts": [RightFact("hear", "limits")]}, "topics"),
        ({"facts": [RightFact("fly", "yes")]}, "fly"),
        ({"until_on": date(2026, 1, 1)}, "until_on"),
        ({"ordered_on": date(2026, 1, 1)}, "paper"),
    ],
)
def test_what_cannot_be_a_right_is_refused(practice: Practice, more: dict[str, Any], field: str) -> None:
    facts: dict[str, Any] = {"facts": [RightFact("bring", "yes")], "from_on": TODAY} | more
    mother = child().contacts.get()
    with pytest.raises(commands.RightIsUnsound) as no:
        commands.record_rights(cast.rosa(practice.pk), contact_id=mother.pk, **facts)
    assert ContactRight.objects.count() == 0
    assert not field or field in no.value.fields


def test_the_front_sheet_keeps_the_other_people_and_never_gives_a_right_to_another(
    practice: Practice,
) -> None:
    rosa, leo = cast.rosa(practice.pk), child()
    commands.add_person(rosa, patient_id=leo.pk, name="Kim Roe, County Care", relationship="Case worker")
    told = ContactFact("Ana Diaz", "Mother", "+15552017720")
    commands.change_patient(rosa, patient_id=leo.pk, version=1, contact=told)
    assert PatientContact.objects.count() == 2
    mother = PatientContact.objects.get(name="Ana Diaz")
    commands.record_rights(rosa, contact_id=mother.pk, facts=[RightFact("sign", "yes")], from_on=TODAY)
    with pytest.raises(commands.UnsoundData, match="recorded what Ana Diaz may"):
        commands.change_patient(rosa, patient_id=leo.pk, version=2, contact=ContactFact("Eva Roe", "Aunt"))
    assert mother.rights.count() == 1


def test_the_desk_goes_on_with_a_reason_and_the_permission(practice: Practice) -> None:
    make.location(state="NY")
    leo, visit = child(), new_id()
    aunt = commands.add_person(cast.rosa(practice.pk), patient_id=leo.pk, name="Eva Roe", relationship="Aunt")
    facts: dict[str, Any] = {"patient_id": leo.pk, "visit_id": visit, "today": TODAY, "contact_id": aunt.pk}
    for by, because in ((cast.rosa(practice.pk), "mother on the phone"), (cast.ana(practice.pk), "")):
        with pytest.raises(commands.MayNotBring, match="Ask for it"):
            commands.note_bringing(by, because=because, **facts)
    assert Bringing.objects.count() == 0
    commands.note_bringing(cast.ana(practice.pk), because="mother on the phone", **facts)
    said = people.brought_to(visit)
    assert said
    assert (said.word, said.because, said.by_name) == ("ask", "mother on the phone", "Ana Petrov")
    assert AuditLine.objects.get(action="patients.bringing.noted").details["went_on"] is True


def test_care_in_an_emergency_never_waits(practice: Practice) -> None:
    leo = child()
    facts: dict[str, Any] = {"patient_id": leo.pk, "visit_id": new_id(), "today": TODAY, "name": "A teacher"}
    commands.note_bringing(cast.rosa(practice.pk), is_emergency=True, **facts)
    assert Bringing.objects.get().is_emergency
    with pytest.raises(NotPermitted):
        commands.note_bringing(cast.auditor(practice.pk), is_emergency=True, **facts)


@pytest.fixture
def desk(practice: Practice) -> Client:
    """Rosa's browser at the front desk."""
    return signed_in(make.member())


def test_a_person_is_added_and_given_rights_by_plain_forms(desk: Client) -> None:
    leo = child()
    page = reverse("patients:people", args=[leo.pk])
    body = desk.get(page).content.decode()
    assert "Ana Diaz (Mother)" in body
    new = hidden_fields(body, form='id="person-form"')
    empty = desk.post(
        page + "new/", new | {"name": "", "relationship": "Aunt"}, headers={"HX-Request": "true"}
    )
    assert (empty.status_code, "<!doctype" in empty.content.decode()) == (422, False)
    added = desk.post(page + "new/", new | {"name": "Eva Roe", "relationship": "Aunt", "_once": "b"})
    one = PatientContact.objects.get(name="Eva Roe")
    address = reverse("patients:person", args=[one.pk])
    assert (added.status_code, added["Location"]) == (303, address)
    form = hidden_fields(desk.get(address).content.decode(), form='id="rights-form"')
    nothing = desk.post(address, form)
    assert (nothing.status_code, "Say at least one thing" in nothing.content.decode()) == (409, True)
    said = {
        "bring": "yes",
        "hear": "limits",
        "topics": ["times"],
        "paper": "Letter of the mother",
        "_once": "c",
    }
    assert desk.post(address, form | said).status_code == 303
    shown = desk.get(address).content.decode()
    assert "Letter of the mother" in shown
    right_id = ContactRight.objects.get(act="bring").pk
    end = reverse("patients:right-end", args=[right_id])
    assert desk.post(end, hidden_fields(shown, form=f'action="{end}"')).status_code == 303
    assert ContactRight.objects.get(pk=right_id).ended_at
