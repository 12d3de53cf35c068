"""Whether traffic with a payer may go by wire before its enrolment is approved, and what is said then."""

from typing import Literal, NamedTuple

WORDS = {"claims": "claims", "eligibility": "eligibility questions", "remittance": "remittances"}
STANDS = {
    "not_started": "has not been started",
    "sent": "was sent and is not approved yet",
    "at_payer": "lies with the payer and is not approved yet",
    "refused": "was refused",
    "ended": "has ended",
}
NEXT = {
    "not_started": "Start it on the page of enrollments.",
    "sent": "Ask how far it is.",
    "at_payer": "Ask the payer how far it is.",
    "refused": "Ask the payer why, and send it again.",
    "ended": "Start it again.",
}


class Told(NamedTuple):
    """What is said of traffic without an approved enrolment, and whether it stops."""

    sentence: str
    stops: bool


NOTHING = Told("", stops=False)


def told_of(payer: str, rule: str, what: Literal["claims", "eligibility", "remittance"], state: str) -> Told:
    """Return what a person is told before something goes to a payer; nothing where no enrolment is needed."""
    if rule not in ("warn", "block") or state == "approved":
        return NOTHING
    sentence = (
        f"{payer} takes {WORDS[what]} only from enrolled offices, and ours {STANDS[state]}. {NEXT[state]}"
    )
    return Told(sentence, stops=rule == "block")
