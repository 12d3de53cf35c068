"""A minor at check-in: who brings the patient is asked, and who may not sign is told so."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.frontdesk import commands
from daysheet.kernel.errors import Refusal
from daysheet.patients import commands as patients
from daysheet.patients.commands import RightFact
from daysheet.patients.models import Bringing, PatientContact
from daysheet.patients.people import MayNotSign
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast
from tests.desk import hidden_fields
from tests.house import House, appointment, desk


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def visit(house: House) -> Visit:
    """The patient is a child of eight, with a father whom a court has forbidden to bring her."""
    house.diaz.born_on = date(2018, 5, 1)
    house.diaz.save()
    facts = {"patient_id": house.diaz.pk, "relationship": "Father", "name": "Luis Diaz"}
    father = patients.add_person(house.rosa, **facts)
    patients.add_person(house.rosa, **facts | {"name": "Ana Diaz", "relationship": "Mother"})
    no = [RightFact("bring", "no"), RightFact("sign", "no")]
    patients.record_rights(
        house.rosa, contact_id=father.pk, facts=no, from_on=cast.MONDAY, ordered_on=cast.MONDAY, paper="Order"
    )
    return visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)


def bring(rosa: Client, visit: Visit, **said: Any) -> Any:
    page = f"/desk/visits/{visit.pk}/check-in/"
    body = rosa.get(page).content.decode()
    return rosa.post(page + "bringing/", hidden_fields(body, form='id="bringing-form"') | said)


def test_check_in_waits_until_somebody_is_named(rosa: Client, visit: Visit) -> None:
    page = f"/desk/visits/{visit.pk}/check-in/"
    body = rosa.get(page).content.decode()
    ended = rosa.post(page, hidden_fields(body, form='id="desk-end"'))
    assert (ended.status_code, "say who brings the patient" in ended.content.decode()) == (409, True)


def test_who_may_not_is_told_why_and_the_mother_may(rosa: Client, visit: Visit) -> None:
    father, mother = (PatientContact.objects.get(name=name) for name in ("Luis Diaz", "Ana Diaz"))
    refused = bring(rosa, visit, contact=str(father.pk))
    body = refused.content.decode()
    assert refused.status_code == 409
    assert "It is recorded that Luis Diaz may not. Court order of March 9, 2026." in body
    assert Bringing.objects.count() == 0
    assert bring(rosa, visit, contact="nobody").status_code == 422
    assert bring(rosa, visit, contact=str(mother.pk)).status_code == 303
    assert Bringing.objects.get().name == "Ana Diaz"


def test_who_may_not_sign_does_not(house: House, visit: Visit) -> None:
    with pytest.raises(MayNotSign, match="Luis Diaz may not"):
        commands.sign_notice(house.rosa, visit_id=visit.pk, signed_by="luis  diaz")
    assert isinstance(MayNotSign("x"), Refusal)
    assert commands.sign_notice(house.rosa, visit_id=visit.pk, signed_by="Ana Diaz").signed_by == "Ana Diaz"


def test_of_an_adult_nobody_is_asked_who_brings_them(rosa: Client, house: House) -> None:
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    page = f"/desk/visits/{visit.pk}/check-in/"
    assert "Who brings the patient" not in rosa.get(page).content.decode()
    assert rosa.post(page + "bringing/", {"contact": ""}).status_code == 409


# --- A child in the care of an agency ---------------------------------------------------------------------


@pytest.fixture
def in_care(house: House, visit: Visit) -> PatientContact:
    """The child is in care, placed with Joan Reed, who may consent to routine care."""
    patients.record_care(
        house.rosa,
        patient_id=house.diaz.pk,
        agency="Hampden Children's Services",
        worker="Nell Byrne",
        worker_phone="+14135550181",
        foster_name="Joan Reed",
        routine="foster",
        more="agency",
        owes="medicaid",
        hear=["agency", "foster"],
        parents_rights="ended",
        from_on=date(2025, 11, 3),
    )
    return PatientContact.objects.get(name="Joan Reed")


def test_the_care_is_read_out_at_check_in_and_who_fosters_brings_the_child(
    rosa: Client, visit: Visit, in_care: PatientContact
) -> None:
    body = rosa.get(f"/desk/visits/{visit.pk}/check-in/").content.decode()
    assert (
        "Routine care: the foster parent. More than routine: the agency. Ask Nell Byrne, (413) 555-0181."
        in body
    )
    assert "Bill Medicaid, never the foster parent." in body
    for page in ("payment-take", "payment-split", "card-take"):
        body = rosa.get(reverse(f"ledger:{page}", args=[visit.patient_id])).content.decode()
        assert "Bill Medicaid, never the foster parent." in body
        assert "More than routine" not in body
    assert bring(rosa, visit, contact=str(in_care.pk)).status_code == 303
    assert Bringing.objects.get().word == "limits"


def test_a_mother_whose_rights_have_ended_neither_brings_nor_signs(
    rosa: Client, house: House, visit: Visit, in_care: PatientContact
) -> None:
    mother = PatientContact.objects.get(name="Ana Diaz")
    refused = bring(rosa, visit, contact=str(mother.pk))
    assert (refused.status_code, "rights have ended" in refused.content.decode()) == (409, True)
    with pytest.raises(MayNotSign, match="rights have ended"):
        commands.sign_notice(house.rosa, visit_id=visit.pk, signed_by="Ana Diaz")


def test_the_care_is_read_out_when_a_visit_is_booked(
    rosa: Client, house: House, in_care: PatientContact
) -> None:
    body = rosa.get(f"/schedule/book/{house.diaz.pk}/").content.decode()
    assert "In care of Hampden Children&#39;s Services; placed with Joan Reed" in body
    assert "No court order is on file: ask the agency for it." in body
