"""What a person has to do before a visit because of its coverage: one matter, one act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

ACTS = {
    "none": "add",
    "bad_number": "card",
    "not_found": "card",
    "inactive": "card",
    "refused": "ask",
    "cannot_say": "ask",
    "silent": "ask",
    "other_payer": "first",
    "wrong_order": "order",
    "questions": "order",
    "not_connected": "told",
    "not_enrolled": "enrol",
    "due": "ask",
    "unasked": "ask",
}
"""The matters, the gravest first, and what is done: the card, a question, a call, the other payer first, the order."""
BEHIND_THE_ORDER = frozenset({"not_connected", "not_enrolled", "due", "unasked"})
"""Matters that are lighter than plans in a wrong order."""
_CARD_CODES = frozenset({"15", "58", "64", "65", "67", "68", "71", "72", "73", "75", "76", "77", "78"})
SOON = 1
"""Days before the visit from which a plan that nobody has asked needs a person."""


@dataclass(frozen=True, slots=True)
class Facts:
    """How the plan of a visit stands."""

    state: str
    """covered, inactive, not_found, cannot_say, unasked, none"""
    aaa_code: str = ""
    fault: str = ""
    is_connected: bool = True
    is_enrolled: bool = True
    is_silent: bool = False
    waits: bool = False
    is_retried: bool = False
    other_payer: str = ""
    """Whom the answer names and the patient has no card of."""
    is_due: bool = False


def need_of(facts: Facts, *, day: date, today: date) -> str:
    """Return the matter that needs a person, or empty text."""
    if facts.state == "none":
        return "none"
    if facts.fault:
        return "bad_number"
    if facts.waits or facts.is_retried:
        return ""
    if facts.state in ("inactive", "not_found"):
        return facts.state
    if facts.state == "cannot_say":
        if facts.is_silent:
            return "silent"
        return "refused" if facts.aaa_code else "cannot_say"
    if facts.state == "covered":
        if facts.other_payer:
            return "other_payer"
        if not facts.is_due:
            return ""
        if facts.is_connected and facts.is_enrolled:
            return "due"
    if (day - today).days > SOON:
        return ""
    if not facts.is_connected:
        return "not_connected"
    return "unasked" if facts.is_enrolled else "not_enrolled"


def act_of(kind: str, aaa_code: str = "", *, other: Mapping[str, Any] | None = None) -> str:
    """Return the one act of a matter; an ended plan whose answer names the next one is switched to it.

    So is one that another runs. Who pays after this plan (`is_after`) is entered behind it, anybody else before it.
    """
    if kind == "inactive" and other:
        return "switch"
    if kind == "other_payer" and other and other.get("is_manager"):
        return "switch"
    if kind == "other_payer" and other and other.get("is_after"):
        return "second"
    if kind == "refused" and aaa_code in _CARD_CODES:
        return "card"
    return ACTS[kind]
