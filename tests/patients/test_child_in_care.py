"""A child in foster care: who may bring, hear, sign and owe, what is read out, and the page."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import Practice
from daysheet.patients import alerts, care, commands, people, queries
from daysheet.patients.models import ChildInCare, Guarantor, Patient, PatientContact
from daysheet.patients.rules import ContactFact, GuarantorFact
from daysheet.patients.rules.care import InCare, lines_of
from daysheet.patients.rules.standing import Person, Right, Subject, may
from tests import cast, make
from tests.desk import hidden_fields, signed_in

TODAY = cast.MONDAY
BORN = date(2018, 5, 1)
SINCE = date(2025, 11, 3)
HELD = InCare(
    "Hampden Children's Services",
    SINCE,
    agency_phone="(413) 555-0180",
    worker="Nell Byrne",
    worker_phone="(413) 555-0181",
    worker_until_on=date(2026, 6, 30),
    foster="Joan Reed",
    routine="foster",
    more="agency",
    owes="medicaid",
    hear=("agency", "foster"),
    ordered_on=date(2025, 11, 1),
    paper="Order of placement",
)
JOAN, NELL, MOTHER = (
    Person("Joan Reed", "Foster parent"),
    Person("Nell Byrne", "Caseworker"),
    Person("Ana Diaz", "Mother"),
)


def words(person: Person, held: InCare = HELD, day: date = TODAY) -> list[str]:
    subject = Subject(BORN, "NY", in_care=held)
    return [may(act, person, subject, day).word for act in ("bring", "hear", "sign", "owe")]


def test_each_person_around_a_child_in_care_may_what_the_agencys_papers_say() -> None:
    assert words(JOAN) == ["limits", "yes", "limits", "no"]
    assert words(NELL) == ["yes", "yes", "yes", "no"]
    assert words(MOTHER) == ["ask", "no", "ask", "ask"]
    assert words(Person("Kim", "Aunt")) == ["ask", "no", "ask", "ask"]


def test_whom_to_ask_for_more_stands_in_the_answer_with_the_phone() -> None:
    answer = may("bring", JOAN, Subject(BORN, "NY", in_care=HELD), TODAY)
    assert "For more, ask the agency: Nell Byrne, (413) 555-0181." in answer.why
    assert "Court order of November 1, 2025." in answer.why
    assert answer.source == "45 CFR 164.502(g)(3)"


def test_who_fosters_brings_the_child_also_where_the_agency_alone_consents() -> None:
    assert words(JOAN, replace(HELD, routine="agency")) == ["limits", "yes", "ask", "no"]


def test_a_former_foster_parent_may_nothing() -> None:
    assert words(Person("Bea Lowe", "Foster parent")) == ["no", "no", "no", "no"]
    assert words(Person("Bea Lowe", "Foster parent"), replace(HELD, foster="")) == ["ask", "ask", "ask", "no"]


def test_parents_whose_rights_have_ended_may_nothing_and_those_who_kept_them_what_the_papers_say() -> None:
    assert words(MOTHER, replace(HELD, parents_rights="ended"))[:3] == ["no", "no", "no"]
    kept = replace(HELD, parents_rights="kept", more="parents", hear=("parents",), owes="parents")
    assert words(MOTHER, kept) == ["yes", "yes", "yes", "yes"]


def test_an_older_yes_ends_with_the_parents_rights_and_with_the_placement() -> None:
    said = (
        Right("hear", "yes", SINCE + timedelta(days=30)),
        Right("sign", "yes", SINCE + timedelta(days=30)),
    )
    mother, former = replace(MOTHER, rights=said), Person("Kate Moss", "Foster mother", rights=said)
    assert words(mother)[1:3] == ["yes", "yes"]
    assert words(mother, replace(HELD, parents_rights="ended"))[1:3] == ["no", "no"]
    assert words(former)[1:3] == ["no", "no"]


def test_what_was_given_before_the_child_came_into_care_does_not_hold_and_a_no_stays() -> None:
    before, after = SINCE - timedelta(days=1), SINCE
    old, new = [Person("Ana Diaz", "Mother", [Right("bring", "yes", day)]) for day in (before, after)]
    assert (words(old)[0], words(new)[0]) == ("ask", "yes")
    barred = Person("Nell Byrne", "Caseworker", [Right("hear", "no", before)])
    assert words(barred)[1] == "no"


def test_care_that_is_over_or_of_an_adult_changes_nothing() -> None:
    over = replace(HELD, until_on=TODAY - timedelta(days=1))
    assert words(MOTHER, over) == ["yes", "yes", "yes", "ask"]
    assert words(MOTHER, day=date(2036, 5, 1)) == ["no", "no", "no", "ask"]
    assert may("owe", JOAN, Subject(BORN, "NY"), TODAY).word == "no"  # fostering alone never makes one owe


def test_a_caseworker_whose_time_is_over_is_not_whom_to_ask() -> None:
    day = date(2026, 7, 1)
    assert HELD.caller(TODAY) == "Nell Byrne, (413) 555-0181"
    assert HELD.caller(day) == "Hampden Children's Services, (413) 555-0180"
    said = " ".join(line for _tone, line in lines_of(HELD, day))
    assert "was the caseworker until June 30, 2026: ask the agency who is now" in said


def test_what_is_read_out_says_who_consents_who_is_told_who_pays_and_what_is_missing() -> None:
    lines = lines_of(HELD, TODAY)
    assert lines[0] == ("attention", "In care of Hampden Children's Services; placed with Joan Reed")
    said = " ".join(line for _tone, line in lines)
    assert "Routine care: the foster parent. More than routine: the agency." in said
    assert "Bill Medicaid, never the foster parent." in said
    assert "No court order" not in said
    bare = lines_of(InCare("County", SINCE), TODAY, foster_owes=True)
    assert ("attention", "No court order is on file: ask the agency for it.") in bare
    assert ("stop", "The front sheet names the foster parent as the one who owes: mend it.") in bare


def child(**more: Any) -> Patient:
    facts: dict[str, Any] = {"given": "Leo", "born_on": BORN, "contact": ContactFact("Ana Diaz", "Mother")}
    return make.registered(**facts | more)


def placed(practice: Practice, leo: Patient, **more: Any) -> ChildInCare:
    facts: dict[str, Any] = {
        "agency": "Hampden Children's Services",
        "from_on": SINCE,
        "foster_name": "Joan Reed",
    }
    facts |= {"routine": "foster", "more": "agency", "owes": "medicaid", "hear": ["agency", "foster"]}
    return commands.record_care(cast.rosa(practice.pk), patient_id=leo.pk, **facts | more)


def test_a_new_word_ends_the_one_before_and_what_was_ended_stands_again(practice: Practice) -> None:
    make.location(state="NY")
    rosa, leo = cast.rosa(practice.pk), child()
    first = placed(practice, leo)
    joan = PatientContact.objects.get(name="Joan Reed")
    second = placed(practice, leo, agency="State Services", foster_name="", foster_id=joan.pk)
    assert [one.pk for one in ChildInCare.objects.filter(ended_at=None)] == [second.pk]
    with pytest.raises(commands.CareStands):
        commands.reopen_care(rosa, care_id=first.pk)
    leo.refresh_from_db()
    assert leo.is_in_care
    commands.end_care(rosa, care_id=second.pk, because="back with the mother")
    leo.refresh_from_db()
    assert (leo.is_in_care, care.lines(leo, today=TODAY)) == (False, [])
    with pytest.raises(commands.CareStands):
        commands.end_care(rosa, care_id=second.pk, because="again")
    commands.reopen_care(rosa, care_id=second.pk)
    leo.refresh_from_db()
    assert care.lines(leo, today=TODAY)[0].words.startswith("In care of State Services")
    assert len(care.history(leo.pk)) == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"agency": " "}, "agency"),
        ({"owes": "foster"}, "owes"),
        ({"routine": "aunt"}, "routine"),
        ({"hear": ["neighbour"]}, "hear"),
        ({"until_on": date(2025, 1, 1)}, "until_on"),
        ({"ordered_on": date(2025, 11, 1)}, "paper"),
        ({"foster_name": ""}, "foster"),
        ({"parents_rights": "ended", "hear": ["parents"]}, "hear"),
        ({"parents_rights": "ended", "more": "parents"}, "routine"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_trace(
    practice: Practice, wrong: dict[str, Any], field: str
) -> None:
    leo = child()
    with pytest.raises(commands.CareIsUnsound) as no:
        placed(practice, leo, **wrong)
    assert field in no.value.fields
    assert not ChildInCare.objects.exists()


def test_a_person_around_another_patient_cannot_foster_this_one(practice: Practice) -> None:
    other, leo = make.registered("Quill", contact=ContactFact("Bea Lowe", "Foster parent")), child()
    with pytest.raises(commands.CareIsUnsound):
        placed(practice, leo, foster_name="", foster_id=other.contacts.get().pk)


def test_who_may_not_change_charts_records_no_care(practice: Practice) -> None:
    leo = child()
    with pytest.raises(NotPermitted):
        commands.record_care(cast.auditor(practice.pk), patient_id=leo.pk, agency="County", from_on=TODAY)
    assert not ChildInCare.objects.exists()


def test_who_fosters_becomes_guarantor_only_when_it_is_recorded_that_they_owe(practice: Practice) -> None:
    make.location(state="NY")
    rosa, leo = cast.rosa(practice.pk), child()
    placed(practice, leo)
    leo.refresh_from_db()
    foster = GuarantorFact(name="Joan Reed", relationship="Foster parent")
    with pytest.raises(commands.UnsoundData) as no:
        commands.change_patient(rosa, patient_id=leo.pk, version=leo.version, guarantor=foster)
    assert "does not owe by it" in no.value.sentence
    joan = PatientContact.objects.get(name="Joan Reed")
    owes = [commands.RightFact("owe", "yes")]
    commands.record_rights(rosa, contact_id=joan.pk, facts=owes, from_on=TODAY, paper="Signed on paper")
    commands.change_patient(rosa, patient_id=leo.pk, version=leo.version, guarantor=foster)
    assert Guarantor.objects.get(patient=leo).name == "Joan Reed"
    assert not any("mend it" in one.words for one in care.lines(leo, today=TODAY))


def test_a_guarantor_from_before_who_fosters_is_said_to_be_wrong(practice: Practice) -> None:
    leo = child(guarantor=GuarantorFact(name="Joan Reed", relationship="Friend"))
    placed(practice, leo)
    leo.refresh_from_db()
    assert any("mend it" in one.words for one in care.lines(leo, today=TODAY))


def test_it_is_read_out_when_booking_at_check_in_and_on_a_call_and_its_chip_stands_in_the_banner(
    practice: Practice,
) -> None:
    make.location(state="NY")
    rosa, leo = cast.rosa(practice.pk), child()
    placed(practice, leo)
    leo.refresh_from_db()
    said = {
        place: alerts.read_out(rosa, leo, place, today=TODAY).care for place in ("book", "check_in", "call")
    }
    assert {place: bool(lines) for place, lines in said.items()} == {
        "book": True,
        "check_in": True,
        "call": True,
    }
    money = [line.words for line in alerts.read_out(rosa, leo, "money", today=TODAY).care]
    assert money == ["Bill Medicaid, never the foster parent."]
    assert not alerts.read_out(rosa, leo, "check_out", today=TODAY).care
    chips = queries.banner(rosa, leo.pk, today=TODAY)["alerts"]
    assert chips == [("attention", "In care of Hampden Children's Services; placed with Joan Reed")]
    answers = {one.contact.name: one.answers for one in people.around(leo, today=TODAY)}
    assert [answers["Joan Reed"][act].word for act in ("bring", "hear", "sign", "owe")] == [
        "limits", "yes", "limits", "no",
    ]  # fmt: skip


def test_who_is_not_in_care_costs_no_statement(practice: Practice, django_assert_num_queries: Any) -> None:
    leo = child()
    with django_assert_num_queries(0):
        assert care.lines(leo, today=TODAY) == []


def test_the_page_records_ends_and_takes_the_ending_back(practice: Practice) -> None:
    make.office()
    make.location(state="NY")
    leo = child()
    client = signed_in(make.member())
    page = reverse("patients:care", args=[leo.pk])
    body = client.get(page).content.decode()
    said = {
        "agency": "Hampden Children's Services",
        "agency_phone": "(413) 555-0180",
        "foster_name": "Joan Reed",
    }
    said |= {
        "routine": "foster",
        "more": "agency",
        "owes": "medicaid",
        "parents_rights": "ask",
        "hear": "agency",
    }
    wrong = client.post(page, hidden_fields(body, form='id="care-form"') | said | {"agency": ""})
    assert (wrong.status_code, "Joan Reed" in wrong.content.decode()) == (422, True)
    done = client.post(page, hidden_fields(body, form='id="care-form"') | said)
    assert (done.status_code, ChildInCare.objects.filter(ended_at=None).count()) == (303, 1)
    shown = client.get(reverse("patients:people", args=[leo.pk])).content.decode()
    assert "Bill Medicaid, never the foster parent." in shown
    held = ChildInCare.objects.get()
    assert (
        client.get(reverse("patients:patient-page", args=[leo.pk])).content.decode().count("In care of") == 1
    )
    end = reverse("patients:care-end", args=[held.pk])
    body = client.get(page).content.decode()
    assert client.post(end, hidden_fields(body, form='id="care-end-form"')).status_code == 422
    client.post(end, hidden_fields(body, form='id="care-end-form"') | {"because": "adopted"})
    assert not ChildInCare.objects.filter(ended_at=None).exists()
    body = client.get(page).content.decode()
    reopen = reverse("patients:care-reopen", args=[held.pk])
    client.post(reopen, hidden_fields(body, form=f'action="{reopen}"'))
    assert ChildInCare.objects.filter(ended_at=None).exists()
