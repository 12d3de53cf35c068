"""What an alert is, for whom, where it is read out, and until when it stands. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from daysheet.kernel.access import Can

AUDIENCES: dict[str, Can] = {
    "everybody": Can.SEE_PATIENTS,
    "desk": Can.MOVE_PATIENT,
    "phones": Can.ANSWER_PHONES,
    "billing": Can.SEE_CLAIMS,
    "clinical": Can.SEE_CHART,
}
"""For whom an alert is, and what a person must be allowed to do to be one of them."""
PLACES = ("book", "check_in", "call", "check_out", "money")
TONES = ("attention", "stop", "neutral")
LONGEST = 200
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class AlertFact:
    """What is said in an alert, to whom, where, how loud and until when."""

    words: str
    audience: str = "everybody"
    tone: str = "attention"
    until_on: date | None = None
    places: tuple[str, ...] = ()
    must_confirm: bool = False


def stands(until_on: date | None, *, today: date) -> bool:
    """Return whether an alert still stands; its last day is one of its days."""
    return until_on is None or today <= until_on


def ends_soon(until_on: date | None, *, today: date) -> bool:
    """Return whether an alert ends within two weeks."""
    return until_on is not None and today <= until_on <= today + SOON


def trouble(fact: AlertFact, *, today: date) -> dict[str, str]:
    """Return what is wrong with an alert: a key for each field."""
    wrong = {}
    if not fact.words:
        wrong["words"] = "empty"
    elif len(fact.words) > LONGEST:
        wrong["words"] = "long"
    if fact.audience not in AUDIENCES:
        wrong["audience"] = "choose"
    if fact.tone not in TONES:
        wrong["tone"] = "choose"
    if not set(fact.places) <= set(PLACES):
        wrong["places"] = "choose"
    elif fact.must_confirm and not fact.places:
        wrong["places"] = "where"
    if not stands(fact.until_on, today=today):
        wrong["until_on"] = "past"
    return wrong
