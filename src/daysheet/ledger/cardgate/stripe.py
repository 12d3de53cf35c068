"""Stripe over HTTP: payment intents captured by hand, refunds, saved cards. Only tokens pass, never a card number.

A terminal is driven by the company's server (`terminal/readers`): the office's own network is not asked.

The library of the company is not used: a few addresses and a form body need none, and it would load at every start.
"""

import http.client
import json
import ssl
from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from daysheet.ledger.cardgate import CardAnswer, CardWish, NoAnswer

LIVE = "https://api.stripe.com"
SECONDS = 20
BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover"}


@dataclass(frozen=True, slots=True)
class Stripe:
    """The company's interface, with the office's secret key."""

    secret: str
    base: str = LIVE

    def ask(self, wish: CardWish) -> CardAnswer:
        """Do what is wished; the company does the same key once."""
        if wish.verb == "authorize":
            return self._authorize(wish)
        if wish.verb == "save":
            return self._save(wish)
        if wish.verb in {"present", "look", "stop"}:
            return self._on_page(wish) if wish.page else self._at_terminal(wish)
        ref = quote(wish.ref, safe="")
        if wish.verb == "capture":
            return self._intent(self._post(f"payment_intents/{ref}/capture", {}, wish.key), "succeeded")
        if wish.verb == "cancel":
            return self._intent(self._post(f"payment_intents/{ref}/cancel", {}, wish.key), "canceled")
        told = self._post("refunds", {"payment_intent": wish.ref, "amount": _cents(wish.amount)}, wish.key)
        is_done = told.get("status") in {"succeeded", "pending"}
        sentence = "" if is_done else _why(told)
        return CardAnswer(is_done=is_done, ref=str(told.get("id", "")), sentence=sentence, code=_code(told))

    def _authorize(self, wish: CardWish) -> CardAnswer:
        customer, _dot, method = wish.token.rpartition("/")
        facts = {
            "amount": _cents(wish.amount),
            "currency": "usd",
            "payment_method": method,
            "capture_method": "manual",
            "confirm": "true",
            "payment_method_types[]": "card",
            "expand[]": "latest_charge",
        }
        if wish.keeps_card and not customer:
            made = self._post("customers", {}, f"{wish.key}:customer")
            if "error" in made:
                return CardAnswer(is_done=False, sentence=_why(made), code=_code(made))
            customer = str(made["id"])
            facts["setup_future_usage"] = "off_session"
        elif customer:
            facts["off_session"] = "true"
        if customer:
            facts["customer"] = customer
        told = self._intent(self._post("payment_intents", facts, wish.key), "requires_capture")
        return _with_token(told, f"{customer}/{method}") if wish.keeps_card and told.is_done else told

    def _save(self, wish: CardWish) -> CardAnswer:
        made = self._post("customers", {}, f"{wish.key}:customer")
        if "error" in made:
            return CardAnswer(is_done=False, sentence=_why(made), code=_code(made))
        where = f"payment_methods/{quote(wish.token, safe='')}/attach"
        told = self._post(where, {"customer": str(made["id"])}, wish.key)
        if "error" in told:
            return CardAnswer(is_done=False, sentence=_why(told), code=_code(told))
        brand, last4, expires = _card(told.get("card") or {})
        token = f"{made['id']}/{told['id']}"
        return CardAnswer(
            is_done=True, ref=str(told["id"]), brand=brand, last4=last4, expires=expires, token=token
        )

    def _at_terminal(self, wish: CardWish) -> CardAnswer:
        reader, ref = quote(wish.reader, safe=""), quote(wish.ref, safe="")
        if wish.verb == "look":
            return self._look(reader, ref)
        facts = {
            "amount": _cents(wish.amount),
            "currency": "usd",
            "capture_method": "manual",
            "payment_method_types[]": "card_present",
        }
        if wish.verb == "stop":
            if not ref:  # the same key finds what was asked, or makes one that is called off at once
                found = self._post("payment_intents", facts, wish.began)
                if not found.get("id"):
                    return CardAnswer(is_done=True)
                ref = quote(str(found["id"]), safe="")
            self._post(f"terminal/readers/{reader}/cancel_action", {}, f"{wish.key}:reader")
            return self._intent(self._post(f"payment_intents/{ref}/cancel", {}, wish.key), "canceled")
        made = self._post("payment_intents", facts, wish.key)
        if "error" in made or not made.get("id"):
            return CardAnswer(is_done=False, sentence=_why(made), code=_code(made))
        where = f"terminal/readers/{reader}/process_payment_intent"
        told = self._post(where, {"payment_intent": str(made["id"])}, f"{wish.key}:reader")
        is_done = "error" not in told
        if not is_done:  # a terminal that timed out may have heard it: what it would take is called off
            self._post(f"payment_intents/{quote(str(made['id']), safe='')}/cancel", {}, f"{wish.key}:undone")
        sentence, code = ("", "") if is_done else (_why(told), _code(told))
        return CardAnswer(is_done=is_done, ref=str(made["id"]), sentence=sentence, code=code)

    def _on_page(self, wish: CardWish) -> CardAnswer:
        """Open, look at or close a page of the company's own (Checkout): the card is typed there and approved by hand."""
        facts = {
            "mode": "payment",
            "success_url": wish.back,
            "cancel_url": wish.back,
            "client_reference_id": (wish.began or wish.key).partition(":")[0],
            "payment_method_types[]": "card",
            "payment_intent_data[capture_method]": "manual",
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": "usd",
            "line_items[0][price_data][unit_amount]": _cents(wish.amount),
            "line_items[0][price_data][product_data][name]": "Payment to the office",
        }
        ref = quote(wish.ref, safe="")
        if wish.verb == "look":
            return self._look_at_page(ref)
        if wish.verb == "stop" and ref:
            told = self._post(f"checkout/sessions/{ref}/expire", {}, wish.key)
            return CardAnswer(is_done=told.get("status") == "expired", ref=wish.ref)
        made = self._post("checkout/sessions", facts, wish.began or wish.key)
        if "error" in made or not made.get("id"):
            return CardAnswer(is_done=wish.verb == "stop", sentence=_why(made), code=_code(made))
        if wish.verb == "stop":  # the same key has found what was asked, or made one that is closed at once
            return self._on_page(replace(wish, ref=str(made["id"])))
        return CardAnswer(is_done=True, ref=str(made["id"]), page_url=str(made.get("url") or ""))

    def _look_at_page(self, ref: str) -> CardAnswer:
        told = self._get(f"checkout/sessions/{ref}?expand[]=payment_intent.latest_charge")
        if told.get("status") == "expired":
            return CardAnswer(is_done=False, ref=ref, outcome="timed_out")
        intent = told.get("payment_intent")
        if told.get("status") != "complete" or not isinstance(intent, dict):
            return CardAnswer(is_done=False, ref=ref, outcome="waiting")
        return self._intent(intent, "requires_capture")

    def _look(self, reader: str, ref: str) -> CardAnswer:
        """Return how far a terminal is: what the payment has come to counts, then what the terminal says of it."""
        intent = self._get(f"payment_intents/{ref}?expand[]=latest_charge")
        if intent.get("status") == "requires_capture":
            return self._intent(intent, "requires_capture")
        if intent.get("status") == "canceled":
            return CardAnswer(is_done=False, ref=ref, outcome="cancelled")
        if intent.get("status") != "requires_payment_method":
            return CardAnswer(is_done=False, ref=ref, outcome="waiting")
        told = self._get(f"terminal/readers/{reader}")
        action = told.get("action") or {}
        is_ours = (action.get("process_payment_intent") or {}).get("payment_intent") == ref
        # One that has just succeeded is found in the payment at the next look: that was read before it.
        if "error" in told or (is_ours and action.get("status") != "failed"):
            return CardAnswer(is_done=False, ref=ref, outcome="waiting")
        if intent.get("last_payment_error"):
            return CardAnswer(is_done=False, ref=ref, sentence=_why(intent), code=_code(intent))
        if not is_ours:
            return CardAnswer(is_done=False, ref=ref, outcome="cancelled")
        code, sentence = str(action.get("failure_code") or ""), str(action.get("failure_message") or "")[:300]
        late = "timeout" in code or "timed_out" in code
        return CardAnswer(
            is_done=False, ref=ref, sentence=sentence, code=code, outcome="timed_out" if late else "cancelled"
        )

    def _intent(self, told: dict[str, Any], wanted: str) -> CardAnswer:
        if told.get("status") != wanted:
            return CardAnswer(
                is_done=False, ref=str(told.get("id", "")), sentence=_why(told), code=_code(told)
            )
        charge = told.get("latest_charge")
        how = (charge.get("payment_method_details") or {}) if isinstance(charge, dict) else {}
        paid_by = how.get("card") or how.get("card_present") or {}
        receipt = paid_by.get("receipt") or {}
        chip = [
            str(receipt.get(name) or "") for name in ("application_preferred_name", "dedicated_file_name")
        ]
        until = paid_by.get("capture_before")
        brand, last4, expires = _card(paid_by)
        ref = str(told["id"])
        return CardAnswer(
            is_done=True,
            ref=ref,
            approval=str(paid_by.get("authorization_code") or receipt.get("authorization_code") or ref[-6:]),
            brand=brand,
            last4=last4,
            expires=expires,
            capture_before=datetime.fromtimestamp(int(until), UTC) if until else None,
            read_by=str(paid_by.get("read_method") or ""),
            application=" ".join(filter(None, chip))[:120],
        )

    def _post(self, path: str, facts: dict[str, str], key: str) -> dict[str, Any]:
        """Send a form with its key."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": key}
        return self._ask("POST", path, urlencode(facts), headers)

    def _get(self, path: str) -> dict[str, Any]:
        """Look at a thing of the company; nothing is changed by it."""
        return self._ask("GET", path, None, {})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> dict[str, Any]:
        """Ask; what is no sound answer of the company is no answer."""
        place = urlsplit(self.base)
        if place.scheme == "https":
            line: http.client.HTTPConnection = http.client.HTTPSConnection(
                place.netloc, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            line = http.client.HTTPConnection(place.netloc, timeout=SECONDS)
        key = "Basic " + b64encode(f"{self.secret}:".encode()).decode()
        try:
            line.request(method, f"/v1/{path}", body, headers | {"Authorization": key})
            answer = line.getresponse()
            told = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as lost:
            raise NoAnswer("The card company did not answer.") from lost
        finally:
            line.close()
        if not isinstance(told, dict) or answer.status >= 500 or answer.status in {409, 429}:
            raise NoAnswer("The card company could not answer.")
        return told


def _with_token(told: CardAnswer, token: str) -> CardAnswer:
    return replace(told, token=token)


def _cents(amount: Decimal) -> str:
    return str(int(amount * 100))


def _card(card: dict[str, Any]) -> tuple[str, str, str]:
    """Return brand, last four digits and expiry, as far as the company tells them."""
    year, month = card.get("exp_year"), card.get("exp_month")
    last4 = str(card.get("last4") or "")
    brand = BRANDS.get(str(card.get("brand", "")), "Other") if last4 else ""
    return brand, last4, f"{int(month):02d}/{year}" if year and month else ""


def _why(told: dict[str, Any]) -> str:
    """Return the company's own sentence; it holds no card number."""
    error = told.get("error") or told.get("last_payment_error") or {}
    return (
        str(error.get("message") or "The card company did not do it.")[:300]
        if isinstance(error, dict)
        else ""
    )


def _code(told: dict[str, Any]) -> str:
    """Return the short word for why: the bank's own where there is one, else the company's."""
    error = told.get("error") or told.get("last_payment_error") or {}
    return str(error.get("decline_code") or error.get("code") or "")[:60] if isinstance(error, dict) else ""
