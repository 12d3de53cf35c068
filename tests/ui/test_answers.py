"""The endings of a view, for htmx and for a plain form."""

from typing import Any
from uuid import UUID

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.core import signing
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory

from daysheet.kernel.errors import Refusal, WrongPractice
from daysheet.ui import answers, tokens
from daysheet.ui.forms import Form, MoneyField
from daysheet.ui.htmx import trigger

NORTHSIDE = UUID("018f0000-0000-7000-8000-000000000001")
SOUTHSIDE = UUID("018f0000-0000-7000-8000-000000000002")


class Actor:
    """Only what a token asks of an actor."""

    def __init__(self, practice_id: UUID) -> None:
        self.practice_id = practice_id


class Pay(Form):
    """One amount."""

    amount = MoneyField(label="Amount")


@pytest.fixture
def pieces(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page and its piece, drawn from memory."""
    from jinja2 import DictLoader

    jinja = engines["jinja2"].env
    ours = {
        "pay/desk.html": "<html>{% include 'pay/_form.html' %}</html>",
        "pay/_form.html": "<form id='pay'>{{ refusal or '' }}|{{ form.amount.value() if form else '' }}|"
        "{{ form.amount.errors|join if form else '' }}</form>",
        "pay/_row.html": "<tr id='row-1'><td>{{ text }}</td></tr>",
    }
    loader = jinja.loader
    monkeypatch.setattr(
        jinja,
        "loader",
        type(
            "Both",
            (DictLoader,),
            {
                "get_source": lambda s, e, n: (
                    DictLoader(ours).get_source(e, n) if n in ours else loader.get_source(e, n)
                )
            },
        )(ours),
    )
    jinja.cache.clear()


def a_request(*, htmx: bool, data: dict[str, str] | None = None, practice: UUID = NORTHSIDE) -> HttpRequest:
    headers = {"HX-Request": "true"} if htmx else {}
    request = RequestFactory(headers=headers).post("/pay/", data or {})
    request.actor = Actor(practice)  # type: ignore[attr-defined]
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def test_a_plain_form_that_succeeded_is_sent_on_with_303(pieces: None) -> None:
    answer = answers.done(a_request(htmx=False), "/day/", "pay/_row.html", {"text": "paid"})
    assert (answer.status_code, answer["Location"], answer.content) == (303, "/day/", b"")


def test_htmx_gets_the_changed_piece_and_the_others_out_of_band(pieces: None) -> None:
    request = a_request(htmx=True)
    answer = answers.done(
        request,
        "/day/",
        "pay/_row.html",
        {"text": "paid"},
        toast="Paid.",
        undo=("/undo/", "Undo"),
        also=[("pay/_row.html", {"text": "other"})],
    )
    body = answer.content.decode()
    assert answer.status_code == 200
    assert body.startswith(
        "<tr id='row-1'><td>paid</td></tr><tr hx-swap-oob=\"true\" id='row-1'><td>other</td></tr>"
    )
    assert 'id="toasts" hx-swap-oob="beforeend"' in body
    assert 'action="/undo/"' in body
    assert "HX-Request" in answer["Vary"]


def test_without_a_piece_htmx_is_led_to_the_page(pieces: None) -> None:
    answer = answers.done(a_request(htmx=True), "/day/", toast="Paid.")
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/day/")


def test_a_toast_with_its_way_back_survives_the_303(pieces: None) -> None:
    request = a_request(htmx=False)
    answers.done(request, "/day/", toast="Paid.", undo=("/undo/", "Undo"))
    assert answers.toasts(request) == [answers.Toast("Paid.", "/undo/", "Undo")]


@pytest.mark.parametrize(("htmx", "whole"), [(True, False), (False, True)])
def test_a_form_with_mistakes_comes_back_with_422_and_all_that_was_typed(
    pieces: None, htmx: bool, whole: bool
) -> None:
    request = a_request(htmx=htmx, data={"amount": "-5"})
    answer = answers.invalid(request, "pay/desk.html", "_form.html", Pay(request.POST))
    body = answer.content.decode()
    assert answer.status_code == 422
    assert body.startswith("<html>") is whole
    assert "|-5|Write the amount without a minus sign." in body


@pytest.mark.parametrize(("htmx", "whole"), [(True, False), (False, True)])
def test_a_refusal_comes_back_with_409_its_sentence_and_all_that_was_typed(
    pieces: None, htmx: bool, whole: bool
) -> None:
    request = a_request(htmx=htmx, data={"amount": "500"})
    form = Pay(request.POST)
    assert form.is_valid()
    no = Refusal("That is more than is owed.", amount="At most $42.40.")
    answer = answers.refused(request, "pay/desk.html", "pay/_form.html", form, no)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert body.startswith("<html>") is whole
    assert "That is more than is owed.|500|At most $42.40." in body


def test_what_a_person_typed_is_never_markup(pieces: None) -> None:
    request = a_request(htmx=True, data={"amount": "<script>alert(1)</script>"})
    answer = answers.invalid(request, "pay/desk.html", "_form.html", Pay(request.POST))
    assert b"<script>" not in answer.content


def test_a_token_tells_practice_subject_and_version() -> None:
    token = tokens.new_form_token(a_request(htmx=False), "patient-1", 7)
    request = a_request(htmx=False, data={"_form": token, "_once": "key-1"})
    assert tokens.read_form_token(request) == tokens.FormToken(NORTHSIDE, "patient-1", "7")
    assert tokens.once_key(request) == "key-1"
    tokens.check_practice(request)


def test_a_form_of_another_practice_is_refused() -> None:
    token = tokens.new_form_token(a_request(htmx=False))
    with pytest.raises(WrongPractice, match=r"belongs to another practice\. Nothing was saved\."):
        tokens.check_practice(a_request(htmx=False, data={"_form": token}, practice=SOUTHSIDE))


@pytest.mark.parametrize(
    "token",
    ["nonsense", "a:b", signing.Signer(salt="other").sign_object(["", "", ""])],
    ids=["a word", "two words", "of another door"],
)
def test_a_forged_token_is_refused(token: str) -> None:
    with pytest.raises(tokens.TokenIsForged, match="Reload it"):
        tokens.read_form_token(a_request(htmx=False, data={"_form": token}))


def test_a_form_without_a_token_tells_nothing() -> None:
    assert tokens.read_form_token(a_request(htmx=False)) is None


def test_two_forms_never_share_a_key() -> None:
    assert len({tokens.new_once_key() for _ in range(1000)}) == 1000


def test_events_for_the_page_add_up() -> None:
    answer = trigger(trigger(answers.HttpResponse(), "saved"), "counted", n=3)
    assert answer["HX-Trigger"] == '{"saved": {}, "counted": {"n": 3}}'
