"""The billing desk on screen: every page opens, says what stands where, and its acts work without script."""

from datetime import date

import pytest
from django.test import Client

from daysheet.claims.models import Claim
from tests import make
from tests.claims.office import Loop
from tests.desk import hidden_fields, signed_in

pytestmark = pytest.mark.django_db


def browser(loop: Loop, role: str = "biller", name: str = "ben") -> Client:
    with make.acting(loop.office):
        return signed_in(make.member(role, name))


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_the_list_shows_each_claim_with_its_state_and_whose_turn_it_is() -> None:
    loop = Loop()
    claim = loop.sent()
    shown = body(browser(loop), "/claims/")
    assert f">{claim.number}</a>" in shown
    assert "Accepted" in shown
    assert "DIAZ, Maria" in shown


def test_the_saved_filters_show_only_their_claims() -> None:
    loop = Loop()
    claim = loop.sent()
    client = browser(loop)
    assert f">{claim.number}</a>" in body(client, "/claims/?group=with-payer")
    assert f">{claim.number}</a>" not in body(client, "/claims/?group=denied")
    assert f">{claim.number}</a>" not in body(client, "/claims/?age=30")


def test_a_claim_page_shows_its_way_its_lines_and_its_history() -> None:
    loop = Loop()
    claim = loop.sent()
    shown = body(browser(loop), f"/claims/{claim.pk}/")
    for words in ("Payer accepted", "X0020", "M54.50", "File taken (999)", claim.control):
        assert words in shown


def test_what_stops_a_claim_is_shown_with_its_source() -> None:
    loop = Loop()
    with make.acting(loop.office):
        loop.diaz.street = ""
        loop.diaz.save()
    claim = loop.made()
    loop.send(claim)
    shown = body(browser(loop), f"/claims/{claim.pk}/")
    assert "street and city are missing" in shown
    assert "TR3 837P 2010BA N3, N4" in shown


def test_a_denied_claim_says_why_and_is_on_the_list_of_denials() -> None:
    loop = Loop()
    loop.enroll(fault="denied_co_16")
    claim = loop.sent()
    loop.pay()
    client = browser(loop)
    shown = body(client, f"/claims/{claim.pk}/")
    assert "CO-16" in shown
    assert 'class="banner' in shown
    assert f">{claim.number}</a>" in body(client, "/claims/denials/?page=9")


def test_a_remittance_page_shows_that_it_balances_and_what_was_posted() -> None:
    loop = Loop()
    loop.meet_deductible()
    loop.sent()
    loop.pay()
    client = browser(loop)
    (remittance,) = loop.remittances()
    assert "BLUE10000001" in body(client, "/claims/remittances/")
    shown = body(client, f"/claims/remittances/{remittance.pk}/")
    assert "$76.80" in shown
    assert "Balances: claims 76.80 less adjustments at provider level 0.00 = 76.80." in shown


def test_correct_and_resend_works_as_a_plain_form() -> None:
    loop = Loop()
    loop.enroll(fault="rejected_a7")
    claim = loop.sent()
    client = browser(loop)
    page = body(client, f"/claims/{claim.pk}/")
    sent = client.post(
        f"/claims/{claim.pk}/correct/",
        hidden_fields(page, form='id="correct-form"')
        | {"place_of_service": "11", "prior_authorization": "", "because": "x"},
    )
    assert sent.status_code == 303
    assert loop.again(claim).state == "sent"


def test_a_tick_that_names_no_claim_sends_nothing() -> None:
    loop = Loop()
    claim = loop.made()
    answer = browser(loop).post("/claims/send/", {"claim": "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"})
    assert answer.status_code == 409
    assert loop.again(claim).state == "made"


def test_a_form_that_was_opened_before_somebody_elses_change_changes_nothing() -> None:
    loop = Loop()
    loop.enroll(fault="rejected_a7")
    claim = loop.sent()
    client = browser(loop)
    fields = hidden_fields(body(client, f"/claims/{claim.pk}/"), form='id="reason-form"')
    with make.acting(loop.office):
        Claim.objects.filter(pk=claim.pk).update(version=99)
    answer = client.post(f"/claims/{claim.pk}/close/", fields | {"reason": "no more work"})
    assert answer.status_code == 409
    assert loop.again(claim).state == "rejected"


def test_whoever_may_not_send_sees_no_button_and_is_refused() -> None:
    loop = Loop()
    claim = loop.made()
    auditor = browser(loop, "auditor", "ines")
    page = body(auditor, f"/claims/{claim.pk}/")
    assert "correct-form" not in page
    assert auditor.post("/claims/send/", {}).status_code in {400, 403, 409}
    assert loop.again(claim).state == "made"


def test_the_patient_panel_is_a_piece_and_a_page() -> None:
    loop = Loop()
    claim = loop.sent()
    client = browser(loop)
    address = f"/claims/of/{claim.patient_id}/"
    assert body(client, address).lstrip().startswith("<!doctype html>") or "<html" in body(client, address)
    piece = client.get(address, HTTP_HX_REQUEST="true").content.decode()
    assert piece.strip().startswith('<section class="card box" id="claims-panel"')


def test_a_parked_remittance_says_by_how_much() -> None:
    loop = Loop()
    loop.enroll(fault="unbalanced")
    loop.sent()
    loop.pay(date(2026, 3, 25))
    (remittance,) = loop.remittances()
    assert "$10.00 too much" in body(browser(loop), f"/claims/remittances/{remittance.pk}/")


def test_a_long_list_costs_no_more_statements_than_a_short_one() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    loop = Loop()
    loop.sent()
    client = browser(loop)
    body(client, "/claims/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        body(client, "/claims/")
    for days in range(1, 6):
        loop.made(days_ago=days)
    with CaptureQueriesContext(connection) as six:
        body(client, "/claims/")
    assert len(six) == len(one)


def test_a_claim_page_tells_what_a_denial_means_and_until_when() -> None:
    loop = Loop()
    loop.enroll(fault="denied_co_16")
    claim = loop.sent()
    loop.pay()
    shown = body(browser(loop), f"/claims/{claim.pk}/")
    assert "Information missing (CO-16)." in shown
    assert "payer: appeal 180 days" in shown
