"""What can go wrong at the payer: every fault has a name, and is drawn from the content alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b


class Stage(StrEnum):
    """Where a fault shows."""

    MEMBER = "member"  # the 271, and the claims of that member
    LINE_DOWN = "line_down"  # the 271 once
    ANSWER = "answer"  # the 271 alone; the claims of that member go as they would
    FILE = "file"  # TA1 or 999 of the whole file, once
    RECEIPT = "receipt"  # 277CA, once
    DECISION = "decision"  # the claim payment
    PAYMENT = "payment"  # the 835 that carries it


@dataclass(frozen=True, slots=True)
class Fault:
    """A thing that goes wrong, by name, and what an insurance clerk calls it."""

    stage: Stage
    words: str


FAULTS: Mapping[str, Fault] = {
    "inactive": Fault(Stage.MEMBER, "The coverage has ended"),
    "not_found": Fault(Stage.MEMBER, "No member with this number"),
    "birth_date": Fault(Stage.MEMBER, "The birth date differs"),
    "cannot_answer": Fault(Stage.LINE_DOWN, "The payer cannot answer now"),
    "cannot_answer_once": Fault(Stage.ANSWER, "The payer cannot answer at first, then does"),
    "system_down": Fault(Stage.ANSWER, "The payer's own system does not answer"),
    "no_answer": Fault(Stage.ANSWER, "The payer stays silent"),
    "lost_trace": Fault(Stage.ANSWER, "The answer names another question"),
    "office_unknown": Fault(Stage.ANSWER, "The payer does not know the office"),
    "member_id": Fault(Stage.ANSWER, "The member id differs"),
    "member_name": Fault(Stage.ANSWER, "The name differs"),
    "wrong_day": Fault(Stage.ANSWER, "The payer does not answer for that day"),
    "cannot_say": Fault(Stage.ANSWER, "The answer does not say whether the member is covered"),
    "ended": Fault(Stage.ANSWER, "The plan ended before the day"),
    "begins_later": Fault(Stage.ANSWER, "The plan begins after the day"),
    "other_payer": Fault(Stage.ANSWER, "Another payer has to pay first"),
    "managed_care": Fault(Stage.ANSWER, "A managed-care organization runs the plan"),
    "primary_care": Fault(Stage.ANSWER, "A primary care provider is named"),
    "visits_limited": Fault(Stage.ANSWER, "Visits are limited, and some are left"),
    "not_a_benefit": Fault(Stage.ANSWER, "Urgent care is not covered"),
    "family": Fault(Stage.ANSWER, "Sums of the family beside those of the person"),
    "network_unsaid": Fault(Stage.ANSWER, "No line names a network"),
    "several_services": Fault(Stage.ANSWER, "One line speaks for several services and both networks"),
    "unknown_line": Fault(Stage.ANSWER, "A line that nobody knows, with a message"),
    "qmb": Fault(Stage.ANSWER, "Qualified Medicare Beneficiary: the patient owes nothing"),
    "ta1_errors": Fault(Stage.FILE, "The interchange is taken with errors"),
    "ta1_rejected": Fault(Stage.FILE, "The interchange is refused"),
    "set_with_errors": Fault(Stage.FILE, "The set is taken with errors"),
    "set_rejected": Fault(Stage.FILE, "The set is refused"),
    "rejected_batch": Fault(Stage.RECEIPT, "Refused as a batch"),
    "rejected_provider": Fault(Stage.RECEIPT, "Refused for the billing provider"),
    "rejected_line": Fault(Stage.RECEIPT, "Refused for a line"),
    "rejected_a3": Fault(Stage.RECEIPT, "Refused: cannot be processed"),
    "rejected_a6": Fault(Stage.RECEIPT, "Refused: information missing"),
    "rejected_a7": Fault(Stage.RECEIPT, "Refused: information invalid"),
    "rejected_a8": Fault(Stage.RECEIPT, "Refused: fields contradict each other"),
    "forwarded": Fault(Stage.RECEIPT, "Passed on before it is taken"),
    "denied_co_16": Fault(Stage.DECISION, "Denied: information missing"),
    "denied_co_18": Fault(Stage.DECISION, "Denied: the same claim again"),
    "denied_co_26": Fault(Stage.DECISION, "Denied: before the coverage began"),
    "denied_co_27": Fault(Stage.DECISION, "Denied: after the coverage ended"),
    "denied_co_29": Fault(Stage.DECISION, "Denied: filed too late"),
    "denied_co_50": Fault(Stage.DECISION, "Denied: not medically necessary"),
    "denied_co_97": Fault(Stage.DECISION, "Denied: part of another service"),
    "denied_pr_204": Fault(Stage.DECISION, "Denied: not a benefit of this plan, the patient pays"),
    "deductible": Fault(Stage.DECISION, "All of it counts toward the deductible"),
    "partial": Fault(Stage.DECISION, "Paid in part"),
    "zero_pay": Fault(Stage.DECISION, "Covered by a monthly fee, nothing is paid"),
    "bundled": Fault(Stage.DECISION, "Lines joined into one"),
    "crossed_over": Fault(Stage.DECISION, "Paid and sent on to the second plan"),
    "interest": Fault(Stage.DECISION, "Paid late, with interest"),
    "reversal": Fault(Stage.DECISION, "Paid, later taken back and paid anew"),
    "take_back": Fault(Stage.DECISION, "Overpaid, the difference held back from a later payment"),
    "unbalanced": Fault(Stage.PAYMENT, "The payment does not add up"),
    "unbalanced_claim": Fault(Stage.PAYMENT, "One claim of the payment does not add up"),
}


def known(name: str) -> bool:
    """Return whether a fault has that name."""
    return name in FAULTS


def is_of(name: str, stage: Stage) -> bool:
    """Return whether the named fault shows at that stage."""
    return name in FAULTS and FAULTS[name].stage is stage


@dataclass(frozen=True, slots=True)
class Chance:
    """The dice of a twin: a seed, and how much of each profile's rates counts."""

    seed: str = ""
    percent: int = 0

    def draw(self, rates: Mapping[str, int], stage: Stage, *content: str) -> str:
        """Return the fault that this content draws at a stage, or empty text."""
        if not self.percent:
            return ""
        text = "\x1f".join((self.seed, stage.value, *content))
        thrown = int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) % 100_000
        reach = 0
        for name in sorted(rates):
            if is_of(name, stage):
                reach += rates[name] * self.percent
                if thrown < reach:
                    return name
        return ""
