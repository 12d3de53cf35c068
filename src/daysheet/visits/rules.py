"""Rules of a visit: which state may follow which, what undo goes back to, and what must be done at the desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
STEP_WORDS = {
    "identity": "Identity",
    "demographics": "Phone and address",
    "coverage": "Coverage today",
    "privacy_notice": "Notice of privacy practices",
    "copay": "Copay",
    "charges": "Charge slip",
    "follow_up": "Follow-up",
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


def steps_of(*, takes_copay: bool, is_covered: bool, has_notice: bool) -> list[StepPlan]:
    """Return the ordered to-do of a visit, by its type and by what is known of the patient."""
    return [
        StepPlan("check_in", "identity", is_required=True),
        StepPlan("check_in", "demographics", is_required=True),
        StepPlan("check_in", "coverage", is_required=is_covered),
        # 45 CFR 164.520(c)(2)(ii): acknowledgment at the first visit, or the reason why there is none.
        StepPlan("check_in", "privacy_notice", is_required=True, on_file=has_notice),
        *([StepPlan("check_in", "copay", is_required=is_covered)] if takes_copay else []),
        StepPlan("check_out", "charges", is_required=True),
        StepPlan("check_out", "follow_up", is_required=True),
        StepPlan("check_out", "balance", is_required=False),
    ]


def still_open(steps: Iterable[tuple[str, bool, str]]) -> list[str]:
    """Return the words of the required steps that are open, given (kind, is required, state) in order."""
    return [STEP_WORDS.get(kind, kind) for kind, required, state in steps if required and state == "open"]
