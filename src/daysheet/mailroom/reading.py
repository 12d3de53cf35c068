"""An envelope's content as a person reads it."""

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from uuid import UUID

from daysheet.mailroom.models import Envelope


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail as it stands on the page."""

    to: str
    subject: str
    text: str


def letter_of(envelope: Envelope) -> Letter:
    """Return the head and the text of an e-mail."""
    kept = message_from_bytes(bytes(envelope.content), policy=default)
    body = kept.get_body()
    return Letter(str(kept["To"]), str(kept["Subject"]), body.get_content() if body is not None else "")


def patients_of(envelope: Envelope) -> list[UUID]:
    """Return whom an envelope is about, as far as known."""
    return [UUID(patient) for patient in envelope.patient_ids]
