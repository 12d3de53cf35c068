"""How a claim's state follows from its events, what a remittance line means, and how long each hop may take."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from uuid import UUID

from daysheet.charges.rules import mouth as mouths
from daysheet.charges.rules.facility import as_revenue_code
from daysheet.charges.rules.mouth import NOWHERE, Mouth
from daysheet.kernel.money import ZERO


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a claim, as far as its state goes."""

    kind: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimState:
    """Four readings of a claim: how far it came, what was decided, what is paid, whose turn it is."""

    progress: str = "made"
    """made, held, sent, acknowledged, accepted, rejected, adjudicated, replaced, void, closed"""
    adjudication: str = "none"
    """none, approved, denied, reversed, appealed"""
    paid: str = "unpaid"
    """unpaid, partly, paid"""
    whose_turn: str = "biller"
    """biller, clearinghouse, payer, patient, nobody"""
    has_proof_of_filing: bool = False

    @property
    def state(self) -> str:
        """Return the one word that a list shows and the claim keeps."""
        if self.progress != "adjudicated":
            return self.progress
        if self.adjudication in ("denied", "reversed", "appealed"):
            return self.adjudication
        return "partly_paid" if self.paid == "partly" else "paid"


_CHANGES: Mapping[str, Mapping[str, str]] = {
    "made": {"progress": "made", "whose_turn": "biller"},
    "edited": {"progress": "made", "whose_turn": "biller"},
    "line_on": {},
    "line_off": {},
    "scrub_stopped": {"progress": "held", "whose_turn": "biller"},
    "sent": {"progress": "sent", "whose_turn": "clearinghouse"},
    "ta1_accepted": {},
    "ta1_rejected": {"progress": "rejected", "whose_turn": "biller"},
    "received_999": {"progress": "acknowledged", "whose_turn": "payer"},
    "rejected_999": {"progress": "rejected", "whose_turn": "biller"},
    "received_277": {"progress": "acknowledged", "whose_turn": "payer"},
    "accepted_277": {"progress": "accepted", "whose_turn": "payer"},
    "rejected_277": {"progress": "rejected", "whose_turn": "biller"},
    "paid": {"progress": "adjudicated", "adjudication": "approved", "paid": "paid", "whose_turn": "nobody"},
    "partly_paid": {
        "progress": "adjudicated",
        "adjudication": "approved",
        "paid": "partly",
        "whose_turn": "biller",
    },
    "denied": {"progress": "adjudicated", "adjudication": "denied", "paid": "unpaid", "whose_turn": "biller"},
    "reversed": {
        "progress": "adjudicated",
        "adjudication": "reversed",
        "paid": "unpaid",
        "whose_turn": "payer",
    },
    "unposted": {"progress": "accepted", "adjudication": "none", "paid": "unpaid", "whose_turn": "biller"},
    "appealed": {"adjudication": "appealed", "whose_turn": "payer"},
    "forwarded": {},
    "replaced": {"progress": "replaced", "whose_turn": "nobody"},
    "voided": {"progress": "void", "whose_turn": "nobody"},
    "closed": {"progress": "closed", "whose_turn": "nobody"},
}
_GONE = frozenset({"replaced", "void", "closed"})
_BACKWARD = frozenset({"ta1_accepted", "received_999", "received_277", "accepted_277"})


def state_of(events: Iterable[Happened | str]) -> ClaimState:
    """Return the state that the events add up to, in the order in which they happened."""
    state = beneath = ClaimState()  # beneath: as it would stand if no other claim had ended it
    for event in events:
        happened = Happened(event) if isinstance(event, str) else event
        if happened.kind == "replacement_dropped":
            state = beneath
            continue
        state = _after(state, happened)
        if happened.kind not in {"replaced", "voided"}:
            beneath = _after(beneath, happened)
    return state


def _after(state: ClaimState, event: Happened) -> ClaimState:
    if event.kind == "accepted_277":
        state = replace(state, has_proof_of_filing=True)
    if state.progress in _GONE or (state.progress == "adjudicated" and event.kind in _BACKWARD):
        return state  # an answer that comes late, or an entry after the end, changes nothing
    if state.progress == "accepted" and event.kind in {"received_999", "received_277"}:
        return state
    state = replace(state, **_CHANGES.get(event.kind, {}))  # type: ignore[arg-type]
    if event.kind == "paid" and "PR" in event.codes:
        return replace(state, whose_turn="patient")
    return state


# --- Numbers ----------------------------------------------------------------------------------------


def control_of(number: int, practice_id: UUID) -> str:
    """Return CLM01 of a claim: its number and five signs that tell offices apart; it says nothing of the patient."""
    mark = blake2b(f"{practice_id}/{number}".encode(), digest_size=4).hexdigest().upper()[:5]
    return f"{number}X{mark}"


def line_control(control: str, line: int) -> str:
    """Return REF*6R of a line: the key by which the remittance names it."""
    return f"{control}-{line}"


def file_by(service_on: date, limit_days: int) -> date:
    """Return the last day on which the payer takes the claim."""
    return service_on + timedelta(days=limit_days)


# --- Clocks -----------------------------------------------------------------------------------------

PATIENCE: Mapping[str, timedelta] = {
    "sent": timedelta(days=1),  # TA1 and 999 come within minutes as a rule
    "acknowledged": timedelta(days=3),
    "accepted": timedelta(days=30),
    "reversed": timedelta(days=14),
    "appealed": timedelta(days=45),
}
WAITED_FOR = {
    "sent": "No acknowledgement (999) came back. Look in the outbox whether it left, then send it again.",
    "acknowledged": "The payer has not said whether it takes the claim (277CA). Ask the clearinghouse.",
    "accepted": "The payer took the claim and has not decided it. Ask the payer for its status.",
    "reversed": "The payer took its payment back and has not decided anew. Ask the payer.",
    "appealed": "The payer has not answered the appeal. Ask the payer.",
}


def alarm_at(word: str, since: datetime) -> datetime | None:
    """Return when a silent hop should be noticed; None when nobody else is awaited."""
    patience = PATIENCE.get(word)
    return since + patience if patience else None


# --- What a remittance says -------------------------------------------------------------------------

CONTRACTUAL = frozenset({"45", "24", "253", "237", "144"})
"""Reasons under CO that are the plan's price and no denial: contract, capitation, sequestration, incentive."""
SENT_ON = frozenset({"19", "20", "21"})
DENIED, REVERSED, PREDETERMINED = "4", "22", "25"


@dataclass(frozen=True, slots=True)
class Part:
    """One adjustment of a remitted claim."""

    line: str
    group: str
    reason: str
    amount: Decimal


def outcome(*, status: str, charge: Decimal, paid: Decimal, parts: Sequence[Part]) -> str:
    """Return the event that a remitted claim is: paid, partly paid, denied, or taken back."""
    if status == REVERSED:
        return "reversed"
    whole = sum((part.amount for part in parts if part.group in {"CO", "PI", "OA"}), ZERO)
    if status == DENIED or (paid == ZERO and whole == charge and denial_parts(parts)):
        return "denied"
    return "partly_paid" if denial_parts(parts) else "paid"


def denial_parts(parts: Sequence[Part]) -> list[Part]:
    """Return the adjustments that a person should look at: all of OA and PI, and CO beyond the plan's price."""
    return [
        part
        for part in parts
        if part.amount > 0
        and (part.group in {"OA", "PI"} or (part.group == "CO" and part.reason not in CONTRACTUAL))
    ]


def main_reason(parts: Sequence[Part]) -> str:
    """Return the code that a denial is filed under: the reason that took the most, as CO-16."""
    looked_at = denial_parts(parts) or [part for part in parts if part.amount > 0]
    if not looked_at:
        return ""
    sums: dict[str, Decimal] = {}
    for part in looked_at:
        code = f"{part.group}-{part.reason}"
        sums[code] = sums.get(code, ZERO) + part.amount
    return max(sums, key=lambda code: (sums[code], code))


NEXT_ACTIONS: Mapping[str, str] = {
    "16": "Find what is missing by the remark code, mend it on the claim, and send a replacement.",
    "18": "Look whether the first claim was paid; if so close this one, else ask the payer which it kept.",
    "22": "Ask the patient which plan pays first, put the plans in order, and bill the right one.",
    "24": "The plan pays this by a monthly fee: check the contract, then close.",
    "26": "Check from when the coverage holds; bill the plan that covered that day, or the patient.",
    "27": "Ask the plan again for the day of service; bill the plan that covered that day, or the patient.",
    "29": "Send the proof that it was filed in time (the 277CA) with an appeal; without proof write it off.",
    "31": "Compare the member id with the card, mend the coverage, and send the claim anew.",
    "50": "Ask the clinician for the reason of the care and appeal with the note.",
    "97": "Check whether a modifier tells the services apart; if so send a replacement, else write it off.",
    "109": "The claim went to the wrong payer: find the right one and bill it.",
    "151": "Check the units against the note; appeal with the note, or write the rest off.",
    "197": "Look for an authorization on file; send a replacement with its number, or appeal.",
    "204": "The plan does not cover this: tell the patient and bill the patient.",
}


def next_action(code: str) -> str:
    """Return what to do about a denial, by its reason."""
    return NEXT_ACTIONS.get(
        code.partition("-")[2], "Read the remittance, ask the payer, then correct or appeal."
    )


MENDED_HERE: Mapping[str, str] = {
    "5": "place_of_service",
    "15": "prior_authorization",
    "58": "place_of_service",
    "165": "referral",
    "197": "prior_authorization",
    "198": "prior_authorization",
    "243": "referral",
    "288": "referral",
}
"""Reasons that name a field of the claim itself."""


def field_to_mend(code: str) -> str:
    """Return the field of the claim that a denial's reason names, as CO-197 the authorization; else nothing."""
    return MENDED_HERE.get(code.partition("-")[2], "")


def negated(parts: Iterable[Part]) -> list[Part]:
    """Return adjustments the other way round, as a reversal says them."""
    return [replace(part, amount=-part.amount) for part in parts]


def is_mirror(taken_back: Sequence[Part], paid_back: Decimal, earlier: Sequence[Part], paid: Decimal) -> bool:
    """Return whether a reversal negates an earlier decision to the cent, adjustment by adjustment."""

    def sums(parts: Sequence[Part], sign: int) -> dict[tuple[str, str, str], Decimal]:
        found: dict[tuple[str, str, str], Decimal] = {}
        for part in parts:
            key = (part.line, part.group, part.reason)
            found[key] = found.get(key, ZERO) + sign * part.amount
        return {key: amount for key, amount in found.items() if amount}

    return -paid_back == paid and sums(taken_back, -1) == sums(earlier, 1)


# --- What a person posts of a claim that does not add up --------------------------------------------

HAND_GROUPS = ("CO", "OA", "PI", "PR")


@dataclass(frozen=True, slots=True)
class HandLine:
    """What a person posts for one line of a claim: paid, and what is taken off or left to the patient, by group."""

    control: str
    charge: Decimal
    paid: Decimal
    off: Mapping[str, Decimal]

    @property
    def apart(self) -> Decimal:
        """Return by how much the line misses its charge; zero when it adds up."""
        return self.paid + sum(self.off.values(), ZERO) - self.charge


# --- What a person corrects of a line --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line of a claim as it should be: known by its charge, for a replacement numbers its lines anew."""

    charge_id: UUID
    line: int
    code: str
    units: Decimal
    modifiers: tuple[str, ...]
    pointers: tuple[int, ...]
    mouth: Mouth = NOWHERE
    prosthesis: str = ""
    prior_placed_on: date | None = None
    revenue_code: str = ""
    """Of a facility's line."""

    def as_kept(self) -> "LineChange":
        """Return it with its letters as they are kept."""
        marks = tuple(one.strip().upper() for one in self.modifiers)
        revenue = as_revenue_code(self.revenue_code)
        return replace(self, code=self.code.strip().upper(), modifiers=marks, revenue_code=revenue)

    @property
    def words(self) -> str:
        """Return the line in a few signs, as it stands in the history: X0020-25, 2 units, diagnoses 1 2."""
        code = "-".join((self.code, *self.modifiers))
        units = f"{self.units.normalize():f} {'unit' if self.units == 1 else 'units'}"
        numbers = f"diagnoses {' '.join(str(one) for one in self.pointers)}" if self.pointers else ""
        revenue = f"revenue code {self.revenue_code}" if self.revenue_code else ""
        told = (code, units, numbers, mouths.typed(self.mouth), self._prosthesis, revenue)
        return ", ".join(one for one in told if one)

    @property
    def _prosthesis(self) -> str:
        if self.prosthesis == mouths.FIRST:
            return "first placement"
        if (day := self.prior_placed_on) is not None:
            return f"replaces the one of {day:%b} {day.day}, {day.year}"
        return "replacement" if self.prosthesis == mouths.REPLACEMENT else ""


def hand_parts(lines: Iterable[HandLine], reasons: Mapping[str, str]) -> list[Part]:
    """Return the adjustments that a person typed, each under the reason of its group."""
    return [
        Part(line.control, group, reasons.get(group, ""), line.off[group])
        for line in lines
        for group in HAND_GROUPS
        if line.off.get(group, ZERO)
    ]
