"""Rules of a visit: which state may follow which, what undo goes back to, and what must be done at the desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

NEXT: dict[str, tuple[str, ...]] = {
    "arrived": ("checked_in", "lwobs"),
    "checked_in": ("roomed", "with_provider", "lwobs"),
    "roomed": ("with_provider", "ready_for_checkout", "lwobs"),
    "with_provider": ("ready_for_checkout", "roomed"),
    "ready_for_checkout": ("checked_out", "with_provider"),
}
"""What may follow a state. What is not named here is over, or was undone."""
BY_ITS_OWN_ACT = {"checked_in": "Check in", "checked_out": "Check out", "lwobs": "Left without being seen"}
"""States that ask for more than a move."""
OVER = ("checked_out", "lwobs", "undone")
LONG_WAIT: dict[str, tuple[int, int]] = {
    "arrived": (10, 20),
    "checked_in": (15, 30),
    "roomed": (15, 30),
    "with_provider": (40, 60),
    "ready_for_checkout": (5, 15),
}
"""Minutes in a state after which the wait is long, then very long, as shipped."""
STEP_WORDS = {
    "identity": "Identity",
    "demographics": "Phone and address",
    "coverage": "Coverage today",
    "card": "Insurance card",
    "photo_id": "Photo ID",
    "authorization": "Authorization or referral",
    "telehealth_consent": "Consent to the visit by video or phone",
    "privacy_notice": "Notice of privacy practices",
    "old_balance": "Balance from before",
    "copay": "Copay",
    "charges": "Charge slip",
    "follow_up": "Follow-up",
    "hand_over": "Orders and referrals to hand over",
    "balance": "Balance",
}


class Stamp(NamedTuple):
    """What a flow event tells the rules."""

    to_state: str
    is_undo: bool


def may_follow(state: str, to: str) -> bool:
    """Return whether a visit in a state may go on to another."""
    return to in NEXT.get(state, ())


def standing_stamps(stamps: Sequence[Stamp]) -> list[int]:
    """Return which stamps still stand, oldest first: each undo takes the last one away."""
    standing: list[int] = []
    for place, stamp in enumerate(stamps):
        if not stamp.is_undo:
            standing.append(place)
        elif standing:
            standing.pop()
    return standing


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step that a visit of a kind needs at a stage."""

    stage: str
    kind: str
    is_required: bool
    on_file: bool = False
    """Done before the patient came, such as a notice signed last year."""
    often: str = ""
    last_on: date | None = None
    """When it was done last: with `often` the reason why it is due, or is not."""


AT_THE_END = (
    StepPlan("check_out", "charges", is_required=True),
    StepPlan("check_out", "follow_up", is_required=True),
    StepPlan("check_out", "hand_over", is_required=False),
    StepPlan("check_out", "balance", is_required=False),
)
"""The ordered to-do of a check-out; that of a check-in comes from the office's rules (due.py)."""


def still_open(steps: Iterable[tuple[str, bool, str]]) -> list[str]:
    """Return the words of the required steps that are open, given (words, is required, state) in order."""
    return [words for words, required, state in steps if required and state == "open"]
