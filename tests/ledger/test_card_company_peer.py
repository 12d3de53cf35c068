"""The way to Stripe against localstripe, a card company with a memory that others wrote: what we ask is understood."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPConnection
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlencode

import pytest

from daysheet.ledger.cardgate import CardWish, NoAnswer
from daysheet.ledger.cardgate.stripe import Stripe
from tests.patience import free_port, until

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(not find_spec("localstripe"), reason="localstripe is not installed"),
]
GOOD = "4242424242424242"
REFUSED = "4000000000000341"
"""The peer's own test number: it can be kept, and every charge on it is declined."""
NOT_KEPT = "4000000000000002"
"""The peer's own test number: it is declined when it is to be kept."""
SECRET = "sk_test_key"
WAIT = 120


@dataclass
class Peer:
    """The other program, and how the tests look into it."""

    port: int

    def gate(self) -> Stripe:
        return Stripe(SECRET, f"http://127.0.0.1:{self.port}")

    def told(self, method: str, path: str, **facts: str) -> dict[str, Any]:
        """Ask it as the browser of the patient or its own desk would."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        key = b64encode(f"{SECRET}:".encode()).decode()
        headers = {"Authorization": f"Basic {key}", "Content-Type": "application/x-www-form-urlencoded"}
        with closing(line):
            line.request(method, f"/v1/{path}", urlencode(facts) or None, headers)
            answer: dict[str, Any] = json.loads(line.getresponse().read())
        return answer

    def card(self, number: str) -> str:
        """Return the token that the company's own field in the browser makes of a card."""
        facts = {"number": number, "exp_month": "7", "exp_year": "2031", "cvc": "123"}
        asked = {f"card[{name}]": value for name, value in facts.items()}
        return str(self.told("POST", "payment_methods", type="card", **asked)["id"])


def answers(found: Peer, running: subprocess.Popen[bytes]) -> bool:
    assert running.poll() is None, "localstripe ended"
    try:
        found.told("GET", "customers")
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "localstripe", "--from-scratch", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        found = Peer(port)
        until(lambda: answers(found, running), within=WAIT, why=lambda: "localstripe does not answer")
        yield found
        running.kill()


def wish(verb: Any, **more: Any) -> CardWish:
    return CardWish(verb=verb, key=f"k:{verb}:1", amount=Decimal("40.50"), **more)


def test_what_is_held_is_taken_and_goes_back(peer: Peer) -> None:
    gate = peer.gate()
    held = gate.ask(wish("authorize", token=peer.card(GOOD)))
    assert held.is_done
    assert held.approval
    there = peer.told("GET", f"payment_intents/{held.ref}")
    assert (there["status"], there["amount"], there["currency"]) == ("requires_capture", 4050, "usd")
    taken = gate.ask(wish("capture", ref=held.ref))
    assert taken.is_done
    assert peer.told("GET", f"payment_intents/{held.ref}")["status"] == "succeeded"
    back = gate.ask(wish("refund", ref=held.ref))
    assert (back.is_done, back.sentence) == (True, "")
    there = peer.told("GET", f"refunds/{back.ref}")
    assert (there["amount"], there["payment_intent"]) == (4050, held.ref)


def test_what_was_let_go_cannot_be_taken(peer: Peer) -> None:
    gate = peer.gate()
    held = gate.ask(wish("authorize", token=peer.card(GOOD)))
    assert gate.ask(wish("cancel", ref=held.ref)).is_done
    assert peer.told("GET", f"payment_intents/{held.ref}")["status"] == "canceled"
    assert not gate.ask(wish("capture", ref=held.ref)).is_done


def test_a_declined_card_says_so_in_the_companys_words(peer: Peer) -> None:
    told = peer.gate().ask(wish("authorize", token=peer.card(REFUSED)))
    assert not told.is_done
    assert "declined" in told.sentence
    assert told.code == "card_declined"


def test_a_card_is_kept_and_charged_when_the_patient_is_gone(peer: Peer) -> None:
    gate = peer.gate()
    kept = gate.ask(wish("save", token=peer.card(GOOD)))
    assert (kept.is_done, kept.brand, kept.last4, kept.expires) == (True, "Visa", "4242", "07/2031")
    customer, _slash, method = kept.token.partition("/")
    there = peer.told("GET", f"payment_methods?customer={customer}&type=card")
    assert [one["id"] for one in there["data"]] == [method]
    later = gate.ask(wish("authorize", token=kept.token))
    assert later.is_done
    assert peer.told("GET", f"payment_intents/{later.ref}")["customer"] == customer


def test_a_card_that_is_declined_is_not_kept(peer: Peer) -> None:
    told = peer.gate().ask(wish("save", token=peer.card(NOT_KEPT)))
    assert not told.is_done
    assert told.token == ""
    assert "declined" in told.sentence


def test_a_wrong_reference_is_refused_in_words(peer: Peer) -> None:
    for verb in ("capture", "cancel", "refund"):
        told = peer.gate().ask(wish(verb, ref="pi_nobody"))
        assert not told.is_done
        assert told.sentence


def test_a_company_that_is_gone_is_no_answer(peer: Peer) -> None:
    gone = free_port()
    with pytest.raises(NoAnswer):
        Stripe(SECRET, f"http://127.0.0.1:{gone}").ask(wish("authorize", token="pm_card"))
