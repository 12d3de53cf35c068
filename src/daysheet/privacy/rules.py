"""Which notices and consents an office asks for, and until when a signature counts. Pure."""

from dataclasses import dataclass
from datetime import date

EDITION = "2026"
WORDS = {
    # 45 CFR 164.520(c)(2)(ii): acknowledgment at the first visit, once per edition of the notice
    "npp": "Notice of privacy practices",
    "treatment": "Consent to treatment",
    "assignment_of_benefits": "Assignment of benefits",
    "texting": "Consent to text messages",
}
ASKED_OF_ALL = ("npp", "treatment", "assignment_of_benefits")
REASONS = (
    "Patient declined to sign",
    "Emergency, will ask later",
    "Could not sign, nobody to sign for the patient",
    "Patient is a minor, no parent here",
)


@dataclass(frozen=True, slots=True)
class Signed:
    """What is known of one notice: its edition, the day, or the reason for none."""

    kind: str
    edition: str
    signed_on: date | None
    refused_because: str
    is_withdrawn: bool = False


def missing(known: list[Signed], *, edition: str = EDITION) -> list[str]:
    """Return the kinds that are neither signed nor refused with a reason in this edition."""
    settled = {one.kind for one in known if one.edition == edition and not one.is_withdrawn}
    return [kind for kind in ASKED_OF_ALL if kind not in settled]
