"""What a person has to do before a visit because of its coverage: one matter, one act."""

from dataclasses import dataclass
from datetime import date

ACTS = {
    "none": "add",
    "bad_number": "card",
    "not_found": "card",
    "inactive": "card",
    "refused": "ask",
    "cannot_say": "ask",
    "silent": "ask",
    "other_payer": "switch",
    "not_connected": "told",
    "due": "ask",
    "unasked": "ask",
}
"""The matters, the gravest first, and what is done about each: open the card, ask again, switch, add a card, call."""
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
        if facts.is_connected:
            return "due"
    if (day - today).days > SOON:
        return ""
    return "unasked" if facts.is_connected else "not_connected"


def act_of(kind: str, aaa_code: str = "", *, names_other: bool = False) -> str:
    """Return the one act of a matter; an ended plan whose answer names the next one is switched to it."""
    if kind == "inactive" and names_other:
        return "switch"
    if kind == "refused" and aaa_code in _CARD_CODES:
        return "card"
    return ACTS[kind]
