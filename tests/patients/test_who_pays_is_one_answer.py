"""The overview, the statement and the page of the people say the same of who is told and who pays."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from daysheet.kernel.models import Practice
from daysheet.ledger import papers
from daysheet.patients import commands, queries
from daysheet.patients.models import Patient, PatientContact
from daysheet.patients.paying import who_pays
from daysheet.patients.rules import ContactFact, GuarantorFact
from tests import cast, make
from tests.desk import signed_in

TODAY = cast.MONDAY
MOTHER = ContactFact("Ana Diaz", "Mother")
pytestmark = pytest.mark.django_db


def child(**more: Any) -> Patient:
    make.location(state="NY")
    facts: dict[str, Any] = {"given": "Leo", "born_on": date(2018, 5, 1), "contact": MOTHER}
    return make.registered(**facts | more)


def records(practice: Practice, act: str, says: str = "yes", **more: Any) -> None:
    facts = [commands.RightFact(act, says, **more)]
    ana = PatientContact.objects.get(name="Ana Diaz")
    commands.record_rights(
        cast.rosa(practice.pk), contact_id=ana.pk, facts=facts, from_on=TODAY, paper="Signed on paper"
    )


def in_care(practice: Practice, leo: Patient, owes: str, **more: Any) -> Patient:
    facts: dict[str, Any] = {"agency": "Hampden Children's Services", "from_on": TODAY - timedelta(days=90)}
    facts |= {"foster_name": "Joan Reed", "routine": "foster", "hear": ["agency"], "owes": owes}
    commands.record_care(cast.rosa(practice.pk), patient_id=leo.pk, **facts | more)
    return queries.patient(leo.pk)


def overview(leo: Patient) -> str:
    client = signed_in(make.member("receptionist", "rosa"))
    body = client.get(reverse("patients:patient-page", args=[leo.pk])).content.decode()
    found = re.search(r'id="around".*?</section>', body, re.DOTALL)
    assert found
    return html.unescape(re.sub(r"<[^>]+>", " ", found[0]))


def to(leo: Patient) -> list[str]:
    return papers._addressee(queries.patient(leo.pk), TODAY)


def test_a_mother_is_told_because_the_patient_is_a_minor(practice: Practice) -> None:
    assert "May be told about visits and care" in overview(child())


def test_what_is_recorded_of_her_decides(practice: Practice) -> None:
    leo = child()
    records(practice, "hear", "no")
    assert "Tell nothing but that we called" in overview(leo)


def test_limits_are_named(practice: Practice) -> None:
    leo = child()
    records(practice, "hear", "limits", topics=("times", "money"))
    assert "May be told of: Times of visits, Money" in overview(leo)


def test_who_is_recorded_to_owe_pays_and_is_sent_the_statement(practice: Practice) -> None:
    leo = child(street="12 Main St", city="Ludlow", state="NY", zip="10001")
    assert to(leo)[0] == "Leo Diaz"
    records(practice, "owe")
    assert "Ana Diaz (Mother)" in overview(leo)
    assert to(leo) == ["Ana Diaz", "12 Main St", "Ludlow, NY 10001"]


def test_the_guarantor_of_the_front_sheet_stays_the_first(practice: Practice) -> None:
    leo = child(guarantor=GuarantorFact(name="Rico Diaz", relationship="Father"))
    records(practice, "owe")
    assert "Rico Diaz (Father)" in overview(leo)
    assert to(leo)[0] == "Rico Diaz"


@pytest.mark.parametrize(
    ("owes", "words"),
    [("agency", "the agency"), ("medicaid", "Medicaid"), ("ask", "not known: ask the agency")],
)
def test_of_a_child_in_care_the_agency_is_written_to_and_never_the_child_or_who_fosters(
    practice: Practice, owes: str, words: str
) -> None:
    leo = child(guarantor=GuarantorFact(name="Joan Reed", relationship="Friend"))
    leo = in_care(practice, leo, owes)
    said = overview(leo)
    assert f"Pays {words}" in re.sub(r"\s+", " ", said)
    assert "Joan Reed (Friend)" not in said
    assert to(leo) == ["Hampden Children's Services"]


def test_where_the_parents_owe_by_order_they_are_written_to(practice: Practice) -> None:
    leo = in_care(practice, child(street="9 Elm St"), "parents")
    assert (who_pays(leo, today=TODAY).name, to(leo)) == ("Ana Diaz", ["Ana Diaz"])


def test_an_adult_pays_alone(practice: Practice) -> None:
    leo = child(born_on=date(1980, 5, 1), street="12 Main St")
    assert "the patient" in overview(leo)
    assert to(leo) == ["Leo Diaz", "12 Main St"]
