"""Sending all that wait: the button says how many, more than a page asks once more, never more leave than were told."""

import pytest
from django.test import Client

from daysheet.claims import commands, queries
from daysheet.claims.models import Claim
from tests import make
from tests.claims.office import Loop
from tests.claims.test_claims_on_screen import body, browser
from tests.proofs.forms import PageForm, forms_of

pytestmark = pytest.mark.django_db
SEND, ASK = "/claims/send/", "/claims/send/all/"


def sends(client: Client, address: str) -> PageForm | None:
    """The form of a page that sends all, if there is one."""
    return next((one for one in forms_of(body(client, address), at=address) if one.action == SEND), None)


def press(client: Client, address: str) -> int:
    form = sends(client, address)
    assert form is not None
    return client.post(SEND, dict(form.body())).status_code


def states(loop: Loop) -> list[str]:
    with make.acting(loop.office):
        return sorted(Claim.objects.values_list("state", flat=True))


def test_the_button_says_how_many_it_sends_and_is_not_there_when_none_wait() -> None:
    loop = Loop()
    client = browser(loop)
    assert sends(client, "/claims/") is None
    for days in range(3):
        loop.made(days_ago=days)
    assert "Send 3 claims" in body(client, "/claims/")
    assert press(client, "/claims/") == 303
    assert states(loop) == ["sent"] * 3


def test_never_more_leave_than_the_button_said() -> None:
    loop = Loop()
    client = browser(loop)
    loop.made()
    form = sends(client, "/claims/")
    assert form is not None
    loop.made(days_ago=1)
    answer = client.post(SEND, dict(form.body()))
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "2 claims wait now, more than the button said." in shown
    assert "Send 2 claims" in shown
    assert states(loop) == ["made", "made"]


def test_who_sends_without_saying_how_many_sends_none() -> None:
    loop = Loop()
    loop.made()
    assert browser(loop).post(SEND, {}).status_code == 409
    assert states(loop) == ["made"]


def test_more_than_a_page_takes_a_second_step_that_says_number_and_effect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("daysheet.claims.views.PAGE", 2)
    loop = Loop()
    client = browser(loop)
    for days in range(3):
        loop.made(days_ago=days)
    first = body(client, "/claims/")
    assert sends(client, "/claims/") is None
    assert f'href="{ASK}"' in first
    step = body(client, ASK)
    for words in ("Send 3 claims", "They leave at once for 1 payer, $540.00 in all.", "not called back"):
        assert words in step
    assert step.index("data-autofocus") < step.index("Send 3 claims</button>")
    assert press(client, ASK) == 303
    assert states(loop) == ["sent"] * 3


def test_the_second_step_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daysheet.claims.views.PAGE", 2)
    loop = Loop()
    for days in range(3):
        loop.made(days_ago=days)
    answer = browser(loop).post(SEND, {"told": "3"})
    assert (answer.status_code, answer["Location"]) == (303, ASK)
    assert states(loop) == ["made"] * 3


def test_what_a_rule_stopped_is_counted_apart() -> None:
    loop = Loop()
    with make.acting(loop.office):
        loop.diaz.street = ""
        loop.diaz.save()
    loop.send(loop.made())
    with make.acting(loop.office):
        loop.diaz.street = "5 Elm St"
        loop.diaz.save()
        (one,) = queries.waiting()
    assert (one.claims, one.held) == (1, 1)
    assert "A rule stopped 1 of them before: it leaves only if nothing stops it now." in body(
        browser(loop), ASK
    )


def test_none_waiting_is_said_and_no_button_shown() -> None:
    loop = Loop()
    client = browser(loop)
    assert "No claim waits to be sent." in body(client, ASK)
    assert sends(client, ASK) is None


def test_the_job_of_the_night_sends_all_without_being_told() -> None:
    loop = Loop()
    loop.made()
    commands.send_due_claims(loop.by("system"))
    assert states(loop) == ["sent"]


def test_one_visit_to_make_a_claim_of_is_one_visit() -> None:
    loop = Loop()
    loop.visit()
    client = browser(loop)
    assert "Make claims of 1 visit<" in body(client, "/claims/")
    loop.visit(days_ago=1)
    assert "Make claims of 2 visits<" in body(client, "/claims/")
