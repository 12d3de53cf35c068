"""What the payer looks at before it takes a claim in: who it is for, and whether it can be read at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from hashlib import blake2b
from unicodedata import normalize

from daysheet.payer.rules.decision import ClaimedLine

PAYMENTS_START = time(6, 0)
"""When a payer's payments of a day go out, on its own wall clock."""


class Level(StrEnum):
    """How high up in the acknowledgement a refusal stands; it holds for everything below."""

    BATCH = "batch"
    PROVIDER = "provider"
    CLAIM = "claim"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a claim is not taken in (277CA STC): category, status, whom it concerns, and where it is said."""

    category: str
    code: str
    entity: str = ""
    level: Level = Level.CLAIM
    words: str = ""


REFUSALS = {
    "rejected_batch": Refused("A3", "24", "41", Level.BATCH, "The sender is not known here"),
    "rejected_provider": Refused(
        "A7", "562", "85", Level.PROVIDER, "The billing provider's number is not known here"
    ),
    "rejected_line": Refused("A7", "454", "", Level.LINE, "A procedure code is not valid"),
    "rejected_a3": Refused("A3", "116", "PR", Level.CLAIM, "This claim belongs to another payer"),
    "rejected_a6": Refused("A6", "562", "82", Level.CLAIM, "The rendering provider's number is missing"),
    "rejected_a7": Refused("A7", "255", "", Level.CLAIM, "A diagnosis code is not valid"),
    "rejected_a8": Refused(
        "A8", "187", "", Level.CLAIM, "The service dates contradict the rest of the claim"
    ),
    "not_found": Refused("A3", "33", "IL", Level.CLAIM, "No member with this number"),
    "birth_date": Refused("A7", "158", "QC", Level.CLAIM, "The birth date differs from the member's"),
    "no_original": Refused("A7", "464", "PR", Level.CLAIM, "The claim to be replaced is not known here"),
}


def likeness(*, payer_id: str, member_id: str, lines: Sequence[ClaimedLine]) -> str:
    """Return what two copies of one claim have in common: the member, the days, the codes and the charges."""
    parts = [payer_id, member_id]
    for line in lines:
        parts += [str(line.served_on), line.code, ".".join(line.modifiers), str(line.units), str(line.charge)]
        parts += (
            [line.where] if line.where else []
        )  # two fillings of one price are two where the teeth differ
        parts += (
            [line.revenue_code] if line.revenue_code else []
        )  # the facility's bill is not the clinician's
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def is_npi(number: str) -> bool:
    """Return whether the ten digits end in their own check digit (Luhn over 80840 and the number)."""
    if len(number) != 10 or not number.isascii() or not number.isdigit():
        return False
    digits = [int(sign) for sign in reversed("80840" + number)]
    total = sum(digits[0::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return total % 10 == 0


def is_too_late(*, served_on: date, received_on: date, limit_days: int) -> bool:
    """Return whether a claim came in after the filing limit."""
    return (received_on - served_on).days > limit_days


def plain_name(name: str) -> str:
    """Return a name as it is compared: basic letters only, upper case, as the wire writes it."""
    decomposed = normalize("NFKD", name).upper()
    return "".join(sign for sign in decomposed if sign.isascii() and sign.isalpha())


def pay_day(received_on: date, delay_days: int) -> date:
    """Return the day of the payment: after the delay, and never on a weekend."""
    day = received_on + timedelta(days=delay_days)
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() >= 5 else 0)
