"""What a payer's refusal to answer (AAA) means at the desk: verdict, sentence, next act."""

from dataclasses import dataclass

from daysheet.formats import x12

NOT_FOUND, CANNOT_SAY = "not_found", "cannot_say"


@dataclass(frozen=True, slots=True)
class Advice:
    """A refusal in our words, and what to do next."""

    verdict: str
    sentence: str
    next_action: str


_CARD = "Compare member id, name and birth date with the card, mend what differs, ask again."
_LATER = "Ask again later; the card's data stay as they are. If it is urgent, call the number on the card."
_OFFICE = "Show this to the biller: the payer does not know the office or the clinician under this number."
_PAYER_ID = "Show this to the manager: the payer's id is mended on the payer's page, under Payers."
_DAY = "Check the day of service and ask again."

_ADVICE: dict[str, Advice] = {
    "15": Advice(NOT_FOUND, "The plan needs one more fact to find the member.", _CARD),
    "42": Advice(CANNOT_SAY, "The plan cannot answer at this moment.", _LATER),
    "57": Advice(CANNOT_SAY, "The plan cannot read the day of service.", _DAY),
    "58": Advice(NOT_FOUND, "The plan cannot use the birth date that was sent.", _CARD),
    "62": Advice(CANNOT_SAY, "The day of service lies outside what the plan answers for.", _DAY),
    "63": Advice(
        CANNOT_SAY, "The plan does not answer for days to come.", "Ask again on the day of the visit."
    ),
    "64": Advice(NOT_FOUND, "The plan cannot use the member id that was sent.", _CARD),
    "65": Advice(NOT_FOUND, "The plan cannot use the name that was sent.", _CARD),
    "67": Advice(NOT_FOUND, "The plan does not find this patient.", _CARD),
    "68": Advice(
        NOT_FOUND, "The plan has the patient's number twice.", "Call the plan; the number on the card helps."
    ),
    "71": Advice(
        NOT_FOUND,
        "The plan has another birth date for this member.",
        "Ask the patient for the birth date, mend it here or have the plan mend it, ask again.",
    ),
    "72": Advice(NOT_FOUND, "The plan does not know this member id.", _CARD),
    "73": Advice(
        NOT_FOUND,
        "The plan has this member id under another name.",
        "Write the name as it stands on the card (former name, two family names), ask again.",
    ),
    "75": Advice(NOT_FOUND, "The plan knows no member with this number.", _CARD),
    "76": Advice(
        NOT_FOUND, "The plan has this member id twice.", "Call the plan; the number on the card helps."
    ),
    "77": Advice(
        NOT_FOUND,
        "The plan finds the subscriber but not the patient.",
        "Check the patient's birth date and relation to the subscriber, ask again.",
    ),
    "78": Advice(NOT_FOUND, "The plan does not find the member in the group named.", _CARD),
    "79": Advice(CANNOT_SAY, "The clearinghouse does not know this payer id.", _PAYER_ID),
    "80": Advice(CANNOT_SAY, "The plan's own system did not answer.", _LATER),
}
_OF_OFFICE = frozenset({"41", "43", "44", "45", "46", "47", "48", "50", "51", "52", "53"})


def advice_on(rejections: tuple[x12.Rejection, ...]) -> tuple[str, Advice]:
    """Return the code that decides among the refusals of an answer, and what it means; the closest level wins."""
    decisive = _decisive(rejections)
    return decisive.reason, advice(decisive.reason, decisive.follow_up)


def follow_up_of(rejections: tuple[x12.Rejection, ...]) -> str:
    """Return what the payer asks for after the refusal that decides (AAA04)."""
    return _decisive(rejections).follow_up


def _decisive(rejections: tuple[x12.Rejection, ...]) -> x12.Rejection:
    near = {"dependent": 0, "subscriber": 1, "provider": 2, "payer": 3}
    return min(rejections, key=lambda one: near.get(one.level, 4))


def advice(code: str, follow_up: str = "") -> Advice:
    """Return what one code means; a code not known here is shown with its own words and never hidden."""
    known = _ADVICE.get(code)
    if known is not None:
        return known
    words = x12.label("aaa", code) or f"Code {code}, which is not known here"
    said = words[:1].lower() + words[1:]
    then = x12.label("follow_up", follow_up)
    if code in _OF_OFFICE:
        return Advice(CANNOT_SAY, f"The plan does not answer this office: {said}.", _OFFICE)
    return Advice(CANNOT_SAY, f"The plan did not answer: {said}.", f"{then}." if then else _LATER)
