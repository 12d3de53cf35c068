"""The way to Stripe, against a recorded server of our own: what is sent, what is made of each answer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import pytest

from daysheet.ledger.cardgate import CardWish, NoAnswer, Verb
from daysheet.ledger.cardgate.advice import what_next
from daysheet.ledger.cardgate.stripe import Stripe

CARD = {"brand": "visa", "last4": "4242", "exp_month": 7, "exp_year": 2031}
INTENT = {
    "id": "pi_abc123",
    "status": "requires_capture",
    "latest_charge": {
        "payment_method_details": {
            "card": CARD | {"capture_before": 1772600000, "authorization_code": "A1B2C3"}
        }
    },
}


@dataclass
class Company:
    """The recorded server: it answers by path and remembers what it was sent."""

    answers: dict[str, tuple[int, Any]]
    base: str = ""
    heard: list[tuple[str, dict[str, str], str]] = field(default_factory=list)

    def gate(self) -> Stripe:
        return Stripe("sk_test_key", self.base)


@pytest.fixture
def company() -> Iterator[Company]:
    held = Company({})

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            sent = dict(parse_qsl(self.rfile.read(size).decode()))
            held.heard.append((self.path, sent, self.headers["Idempotency-Key"]))
            status, answer = held.answers.get(self.path, (404, {"error": {"message": "No such thing."}}))
            body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.headers["Idempotency-Key"] = ""
            self.do_POST()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    held.base = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    yield held
    server.shutdown()
    server.server_close()


def wish(verb: Any, **more: Any) -> CardWish:
    return CardWish(verb=verb, key=f"k:{verb}:1", amount=Decimal("40.50"), **more)


def test_a_card_is_authorized_by_its_token_and_captured_by_hand(company: Company) -> None:
    company.answers["/v1/payment_intents"] = 200, INTENT
    told = company.gate().ask(wish("authorize", token="pm_card_visa"))
    assert (told.is_done, told.ref, told.brand, told.last4, told.expires) == (
        True,
        "pi_abc123",
        "Visa",
        "4242",
        "07/2031",
    )
    assert told.approval == "A1B2C3"
    assert told.capture_before == datetime.fromtimestamp(1772600000, UTC)
    [(_path, sent, key)] = company.heard
    assert key == "k:authorize:1"
    assert (sent["amount"], sent["capture_method"], sent["payment_method"]) == (
        "4050",
        "manual",
        "pm_card_visa",
    )


def test_a_card_is_kept_with_a_customer_and_used_again_off_session(company: Company) -> None:
    company.answers["/v1/payment_intents"] = 200, INTENT
    company.answers["/v1/customers"] = 200, {"id": "cus_1"}
    told = company.gate().ask(wish("authorize", token="pm_1", keeps_card=True))
    assert told.token == "cus_1/pm_1"
    assert company.heard[-1][1]["setup_future_usage"] == "off_session"
    assert company.heard[0][2] != company.heard[1][2]
    company.gate().ask(wish("authorize", token=told.token))
    assert company.heard[-1][1]["customer"] == "cus_1"
    assert company.heard[-1][1]["off_session"] == "true"


def test_a_card_is_saved_without_money(company: Company) -> None:
    company.answers["/v1/customers"] = 200, {"id": "cus_1"}
    company.answers["/v1/payment_methods/pm_1/attach"] = 200, {"id": "pm_1", "card": CARD}
    told = company.gate().ask(wish("save", token="pm_1"))
    assert (told.is_done, told.token, told.last4) == (True, "cus_1/pm_1", "4242")


@pytest.mark.parametrize(
    ("verb", "path", "answer"),
    [
        ("capture", "/v1/payment_intents/pi_1/capture", INTENT | {"status": "succeeded"}),
        ("cancel", "/v1/payment_intents/pi_1/cancel", {"id": "pi_1", "status": "canceled"}),
        ("refund", "/v1/refunds", {"id": "re_1", "status": "succeeded"}),
    ],
    ids=["capture", "cancel", "refund"],
)
def test_what_was_authorized_is_captured_let_go_or_given_back(
    company: Company, verb: str, path: str, answer: dict[str, Any]
) -> None:
    company.answers[path] = 200, answer
    assert company.gate().ask(wish(verb, ref="pi_1")).is_done


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("authorize", "/v1/payment_intents"),
        ("save", "/v1/customers"),
        ("capture", "/v1/payment_intents/pi_1/capture"),
        ("refund", "/v1/refunds"),
    ],
    ids=["authorize", "save", "capture", "refund"],
)
def test_a_refusal_is_said_in_the_company_s_words(company: Company, verb: str, path: str) -> None:
    company.answers[path] = 402, {"error": {"message": "Your card was declined.", "code": "card_declined"}}
    told = company.gate().ask(wish(verb, token="pm_1", ref="pi_1"))
    assert (told.is_done, told.sentence) == (False, "Your card was declined.")


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, {}), (409, {"error": {}}), (429, {"error": {}}), (200, "not json"), (200, "[]")],
    ids=["broken", "same key at work", "too many", "no json", "a list"],
)
def test_what_is_no_sound_answer_is_asked_again_later(company: Company, status: int, answer: Any) -> None:
    company.answers["/v1/payment_intents"] = status, answer
    with pytest.raises(NoAnswer):
        company.gate().ask(wish("authorize", token="pm_1"))


def test_a_dead_line_is_no_answer() -> None:
    with pytest.raises(NoAnswer):
        Stripe("sk_test_key", "http://127.0.0.1:1").ask(wish("authorize", token="pm_1"))


# --- A terminal, driven by the company's server -----------------------------------------------------------
# The shapes are the company's published ones, recorded by hand: no real terminal has been asked.

READER = "/v1/terminal/readers/tmr_1"
LOOK = "/v1/payment_intents/pi_1?expand[]=latest_charge"
PRESENT = {
    "brand": "mastercard",
    "last4": "4444",
    "exp_month": 11,
    "exp_year": 2029,
    "read_method": "contact_emv",
    "receipt": {
        "application_preferred_name": "MASTERCARD",
        "dedicated_file_name": "A0000000041010",
        "authorization_code": "Z9Y8X7",
    },
}


def action(status: str, intent: str = "pi_1", **more: Any) -> dict[str, Any]:
    held = {"type": "process_payment_intent", "process_payment_intent": {"payment_intent": intent}}
    return {"id": "tmr_1", "action": held | {"status": status} | more}


def at_reader(verb: str, **more: Any) -> CardWish:
    return wish(verb, reader="tmr_1", **more)


def test_a_terminal_is_asked_for_an_amount(company: Company) -> None:
    company.answers["/v1/payment_intents"] = 200, {"id": "pi_1", "status": "requires_payment_method"}
    company.answers[f"{READER}/process_payment_intent"] = 200, action("in_progress")
    told = company.gate().ask(at_reader("present"))
    assert (told.is_done, told.ref) == (True, "pi_1")
    (_made, facts, key), (_where, sent, other) = company.heard
    assert facts == {
        "amount": "4050",
        "currency": "usd",
        "capture_method": "manual",
        "payment_method_types[]": "card_present",
    }
    assert sent == {"payment_intent": "pi_1"}
    assert key != other


def test_a_terminal_that_cannot_ask_says_why(company: Company) -> None:
    company.answers["/v1/payment_intents"] = 200, {"id": "pi_1", "status": "requires_payment_method"}
    no = {"error": {"code": "terminal_reader_offline", "message": "Reader is offline."}}
    company.answers[f"{READER}/process_payment_intent"] = 400, no
    company.answers["/v1/payment_intents/pi_1/cancel"] = 200, {"id": "pi_1", "status": "canceled"}
    told = company.gate().ask(at_reader("present"))
    assert (told.is_done, told.code, told.sentence) == (
        False,
        "terminal_reader_offline",
        "Reader is offline.",
    )
    assert "Look whether the terminal is on" in what_next("present", told.code)
    assert company.heard[-1][0] == "/v1/payment_intents/pi_1/cancel"  # it may have heard us all the same


def test_what_was_asked_and_never_answered_is_found_by_its_key_and_called_off(company: Company) -> None:
    company.answers["/v1/payment_intents"] = 200, {"id": "pi_1", "status": "requires_payment_method"}
    company.answers[f"{READER}/cancel_action"] = 200, action("failed")
    company.answers["/v1/payment_intents/pi_1/cancel"] = 200, {"id": "pi_1", "status": "canceled"}
    told = company.gate().ask(at_reader("stop", began="charge:present:1"))
    assert (told.is_done, told.ref) == (True, "pi_1")
    assert [key for path, _sent, key in company.heard if path == "/v1/payment_intents"] == [
        "charge:present:1"
    ]


def test_a_card_held_to_it_is_approved_with_what_a_receipt_shows(company: Company) -> None:
    charge = {"payment_method_details": {"card_present": PRESENT}}
    company.answers[LOOK] = 200, {"id": "pi_1", "status": "requires_capture", "latest_charge": charge}
    told = company.gate().ask(at_reader("look", ref="pi_1"))
    assert (told.is_done, told.brand, told.last4, told.approval) == (True, "Mastercard", "4444", "Z9Y8X7")
    assert (told.read_by, told.application) == ("contact_emv", "MASTERCARD A0000000041010")


@pytest.mark.parametrize(
    ("intent", "reader", "outcome", "code"),
    [
        ({}, action("in_progress"), "waiting", ""),
        ({"status": "processing"}, action("in_progress"), "waiting", ""),
        ({"status": "canceled"}, action("failed"), "cancelled", ""),
        ({}, action("failed", failure_code="customer_canceled"), "cancelled", "customer_canceled"),
        (
            {},
            action("failed", failure_code="terminal_reader_timeout"),
            "timed_out",
            "terminal_reader_timeout",
        ),
        ({}, action("in_progress", intent="pi_of_another"), "cancelled", ""),
        ({}, {"id": "tmr_1", "action": None}, "cancelled", ""),
        ({}, action("succeeded"), "waiting", ""),
        ({}, {"error": {"code": "testmode_charges_only"}}, "waiting", ""),
        (
            {"last_payment_error": {"message": "Declined.", "decline_code": "insufficient_funds"}},
            action("failed"),
            "",
            "insufficient_funds",
        ),
    ],
    ids=[
        "waits",
        "at work",
        "cancelled",
        "red button",
        "timed out",
        "asks another",
        "nothing",
        "approved since",
        "cannot see",
        "declined",
    ],
)
def test_what_a_terminal_came_to(
    company: Company, intent: dict[str, Any], reader: dict[str, Any], outcome: str, code: str
) -> None:
    company.answers[LOOK] = 200, {"id": "pi_1", "status": "requires_payment_method"} | intent
    company.answers[READER] = 200, reader
    told = company.gate().ask(at_reader("look", ref="pi_1"))
    assert (told.is_done, told.outcome, told.code) == (False, outcome, code)


def test_cancelling_stops_the_terminal_and_the_payment(company: Company) -> None:
    company.answers[f"{READER}/cancel_action"] = 200, action("failed")
    company.answers["/v1/payment_intents/pi_1/cancel"] = 200, {"id": "pi_1", "status": "canceled"}
    assert company.gate().ask(at_reader("stop", ref="pi_1")).is_done
    assert [path for path, _sent, _key in company.heard] == [
        f"{READER}/cancel_action",
        "/v1/payment_intents/pi_1/cancel",
    ]


def test_a_terminal_at_work_with_the_card_is_not_cancelled(company: Company) -> None:
    company.answers[f"{READER}/cancel_action"] = 400, {"error": {"code": "terminal_reader_busy"}}
    company.answers["/v1/payment_intents/pi_1/cancel"] = 400, {"error": {"message": "It is being processed."}}
    told = company.gate().ask(at_reader("stop", ref="pi_1"))
    assert (told.is_done, told.sentence) == (False, "It is being processed.")


# --- The company's own page (Checkout), in its published shapes, recorded by hand ---------------------------

SESSION = "/v1/checkout/sessions"


def on_page(verb: Verb, ref: str = "", **more: Any) -> CardWish:
    return CardWish(
        verb, f"k:{verb}:1", Decimal("30.00"), ref=ref, page=True, back="https://o.example/p/here/3/", **more
    )


def test_a_page_of_the_companys_own_asks_for_the_card_and_no_number_meets_us(company: Company) -> None:
    company.answers[SESSION] = 200, {"id": "cs_1", "url": "https://pay.example/cs_1", "status": "open"}
    told = company.gate().ask(on_page("present"))
    assert (told.is_done, told.ref, told.page_url) == (True, "cs_1", "https://pay.example/cs_1")
    [(_path, sent, key)] = company.heard
    assert key == "k:present:1"
    assert (sent["mode"], sent["line_items[0][price_data][unit_amount]"]) == ("payment", "3000")
    assert sent["payment_intent_data[capture_method]"] == "manual"
    assert sent["success_url"] == sent["cancel_url"] == "https://o.example/p/here/3/"


@pytest.mark.parametrize(
    ("said", "outcome"),
    [({"status": "open"}, "waiting"), ({"status": "expired"}, "timed_out")],
)
def test_a_page_that_waits_or_is_closed_is_said_so(company: Company, said: Any, outcome: str) -> None:
    company.answers[f"{SESSION}/cs_1?expand[]=payment_intent.latest_charge"] = 200, said
    told = company.gate().ask(on_page("look", "cs_1"))
    assert (told.is_done, told.outcome) == (False, outcome)


def test_a_card_that_was_typed_on_the_page_is_found_at_the_company(company: Company) -> None:
    said = {"status": "complete", "payment_intent": INTENT}
    company.answers[f"{SESSION}/cs_1?expand[]=payment_intent.latest_charge"] = 200, said
    told = company.gate().ask(on_page("look", "cs_1"))
    assert (told.is_done, told.ref, told.brand, told.last4) == (True, "pi_abc123", "Visa", "4242")


def test_a_page_is_closed_and_one_whose_answer_was_lost_is_found_by_its_key(company: Company) -> None:
    company.answers[SESSION] = 200, {"id": "cs_1", "url": "https://pay.example/cs_1"}
    company.answers[f"{SESSION}/cs_1/expire"] = 200, {"id": "cs_1", "status": "expired"}
    assert company.gate().ask(on_page("stop", "cs_1")).is_done
    assert company.gate().ask(on_page("stop", began="k:present:1")).is_done
    assert [key for _path, _sent, key in company.heard] == ["k:stop:1", "k:present:1", "k:stop:1"]
    company.answers[f"{SESSION}/cs_1/expire"] = 400, {"error": {"message": "It is complete."}}
    assert not company.gate().ask(on_page("stop", "cs_1")).is_done
