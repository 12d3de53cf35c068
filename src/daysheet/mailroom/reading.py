"""An envelope's content as a person reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from uuid import UUID

from daysheet.mailroom import texts
from daysheet.mailroom.models import Envelope


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail as it stands on the page."""

    to: str
    subject: str
    text: str


LETTERS = ("email", *texts.CHANNELS)
"""Kinds that are words to a person."""


def letter_of(envelope: Envelope) -> Letter | None:
    """Return the head and the text of an e-mail, a text message or a call; None for what is no letter."""
    if envelope.kind in texts.REPLIES:
        reply = texts.read_reply(bytes(envelope.content))
        return Letter(reply.sender, "", reply.text) if reply else None
    if envelope.kind not in LETTERS:
        return None
    if envelope.kind != "email":
        said = texts.unpacked(bytes(envelope.content))
        return Letter(said.to, "", said.text)
    kept = message_from_bytes(bytes(envelope.content), policy=default)
    body = kept.get_body()
    return Letter(str(kept["To"]), str(kept["Subject"]), body.get_content() if body is not None else "")


def patients_of(envelope: Envelope) -> list[UUID]:
    """Return whom an envelope is about, as far as known."""
    return [UUID(patient) for patient in envelope.patient_ids]


@dataclass(frozen=True, slots=True)
class TelephoneLine:
    """A text or call as it lies in the test telephone."""

    channel: str
    to: str
    text: str
    at: datetime | None


def telephone_lines(envelopes: Iterable[Envelope]) -> list[TelephoneLine]:
    """Return what lies in the test telephone, in words."""
    found = []
    for one in envelopes:
        said = texts.unpacked(bytes(one.content))
        found.append(TelephoneLine(one.kind, said.to, said.text, one.sent_at))
    return found
