"""The insurance clerk's desk: claims received, what was answered, payments sent, members and their faults."""

from datetime import date

import pytest
from django.test import Client

from daysheet.payer.models import Member, ReceivedClaim
from tests import make
from tests.desk import hidden_fields, signed_in
from tests.payer.office import EXERCISE, VISIT, PayerDesk, batch, claim, inquiry

pytestmark = pytest.mark.django_db


def clerk(desk: PayerDesk, role: str = "insurance_clerk") -> Client:
    with make.acting(desk.practice):
        return signed_in(make.member(role, "ida"))


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def working_desk() -> PayerDesk:
    desk = PayerDesk()
    desk.enroll()
    desk.take(desk.envelope([inquiry()], 1))
    desk.take(desk.envelope([batch(claim("C1", VISIT, EXERCISE))], 2))
    return desk


def test_the_desk_lists_claims_with_what_became_of_them() -> None:
    shown = body(clerk(working_desk()), "/insurance/")
    for words in ("BLUE100000001", "Decided, not paid", "XJ4001", "$180.00"):
        assert words in shown


def test_a_claim_shows_its_decision_line_by_line() -> None:
    desk = working_desk()
    with make.acting(desk.practice):
        received = ReceivedClaim.objects.get()
    shown = body(clerk(desk), f"/insurance/claims/{received.pk}/")
    for words in ("X0020", "CO-45", "$36.00", "PR-3"):
        assert words in shown


def test_payments_questions_and_members_have_their_pages() -> None:
    desk = working_desk()
    desk.pay(date(2026, 3, 25))
    client = clerk(desk)
    assert "BLUE10000001" in body(client, "/insurance/payments/")
    assert "Covered" in body(client, "/insurance/questions/")
    assert "Diaz, Maria" in body(client, "/insurance/members/")


def test_the_clerk_names_a_fault_by_a_plain_form() -> None:
    desk = working_desk()
    client = clerk(desk)
    page = body(client, "/insurance/members/")
    with make.acting(desk.practice):
        member = Member.objects.get()
    fields = hidden_fields(page, form='id="members-acts"') | {"fault": "denied_co_16"}
    assert client.post(f"/insurance/members/{member.pk}/fault/", fields).status_code == 303
    with make.acting(desk.practice):
        assert Member.objects.get().fault == "denied_co_16"


def test_a_member_is_found_and_a_fault_leads_back_to_the_page_it_was_set_on() -> None:
    desk = working_desk()
    client = clerk(desk)
    assert "Diaz, Maria" in body(client, "/insurance/members/?q=diaz+mar")
    assert "No member is called so." in body(client, "/insurance/members/?q=nobody")
    with make.acting(desk.practice):
        member = Member.objects.get()
    page = body(client, "/insurance/members/?q=diaz")
    fields = hidden_fields(page, form='id="members-acts"') | {"fault": "", "page": "3"}
    answer = client.post(f"/insurance/members/{member.pk}/fault/", fields)
    assert answer["Location"] == "/insurance/members/?q=diaz&page=3"


def test_the_office_manager_has_no_key_to_the_insurance_desk() -> None:
    desk = working_desk()
    assert clerk(desk, "office_manager").get("/insurance/").status_code == 403
