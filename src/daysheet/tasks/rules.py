"""How long an item has, in which group it stands, and by which words it is closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

GROUPS = ("overdue", "today", "week", "later", "waiting", "snoozed")

ACTIONS = {
    "done": "Done",
    "reached": "Reached, question answered",
    "not_reached": "Could not be reached, three tries",
    "corrected": "Corrected",
    "resent": "Sent again",
    "matched": "Matched by hand",
    "billed_patient": "Billed to the patient",
    "written_off": "Written off",
    "appealed": "Appealed",
    "not_needed": "Not needed any more",
    "duplicate": "Same as another item",
}
"""The action codes that a person chooses from; the code says how the item was resolved."""

MONEY = ("resent", "matched", "billed_patient", "written_off", "appealed")
OF_CALLS = frozenset(("red_flag", "call_back", "message", "voicemail", "unresolved_visit", "visit_request"))
"""The kinds of item that are about somebody to be spoken with."""

KINDS = {
    "red_flag": "Red flag",
    "call_back": "Call back",
    "message": "Message",
    "voicemail": "Voicemail",
    "denial": "Denial",
    "rejection": "Rejected claim",
    "parked_remittance": "Remittance to look at",
    "eligibility": "Coverage",
    "unresolved_visit": "Visit without outcome",
    "missing_charge": "Missing charge",
    "visit_request": "Asked for from home",
    "unmatched": "No match",
    "mail": "Mailroom",
    "estimate": "Estimate due",
    "card": "Card payment",
    "drawer": "Cash drawer",
    "estimate_over": "Bill over estimate",
    "estimate_discount": "Promised discount",
    "other": "To do",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """How an item's time stands: the tone of its mark, and the words."""

    tone: str
    words: str


def clock_of(due_at: datetime, *, now: datetime, day_end: datetime) -> Clock:
    """Return how much time an item has left, or by how much it is over."""
    if due_at < now:
        is_long = now - due_at >= timedelta(
            hours=48
        )  # from then on days of the calendar, as the other pages count
        words = f"{(day_end - due_at).days} days" if is_long else span(now - due_at)
        return Clock("stop", f"{words} over")
    if due_at < day_end:
        return Clock("attention", f"{span(due_at - now)} left")
    days = (due_at - day_end).days + 1
    return Clock("neutral", "tomorrow" if days == 1 else f"in {days} days")


def group_of(
    *, due_at: datetime, now: datetime, day_end: datetime, is_waiting: bool, snoozed_until: datetime | None
) -> str:
    """Return the group of My work in which an item stands.

    A snooze that has run out counts no more; snoozed and waiting items keep their clocks.
    """
    if snoozed_until is not None and snoozed_until > now:
        return "snoozed"
    if is_waiting:
        return "waiting"
    if due_at < now:
        return "overdue"
    if due_at < day_end:
        return "today"
    return "week" if due_at < day_end + timedelta(days=6) else "later"


def span(length: timedelta) -> str:
    """Return a length of time as the desk says it: 12 min, 2 h, 3 days."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} days"


def word_of(kind: str) -> str:
    """Return a kind in office words."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def actions_of(kind: str) -> dict[str, str]:
    """Return the action codes by which an item of a kind may be closed; all of them for what is typed by hand."""
    left_out = MONEY if kind in OF_CALLS else ()
    return {code: words for code, words in ACTIONS.items() if code not in left_out}


def action_word(code: str) -> str:
    """Return an action code in office words."""
    return ACTIONS.get(code, code.replace("_", " ").replace("-", " ").capitalize())
