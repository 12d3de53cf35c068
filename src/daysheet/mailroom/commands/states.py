"""The state of an envelope, and what it belongs to: each change is a step in its history."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Model

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.mailroom.models import Envelope, EnvelopeEvent
from daysheet.mailroom.reading import patients_of


class EnvelopeIsUnknown(Refusal):
    """No envelope of this practice has that id."""


@command(needs=Can.SEND_MAIL)
def mark(by: Actor, /, *, envelope: Envelope, state: str, sentence: str) -> Envelope:
    """Say what the other side made of an envelope: accepted, rejected, and why in a sentence."""
    held = _locked(envelope.pk)
    held.state = Envelope.State(state)
    held.trouble = sentence if held.state == Envelope.State.REJECTED else ""
    held.save(update_fields=["state", "trouble"])
    _step(by, held, sentence)
    record(by, f"mailroom.envelope.{state}", held, patients=patients_of(held))
    return held


@command(needs=Can.SEND_MAIL)
def match_envelope(
    by: Actor,
    /,
    *,
    envelope: Envelope,
    patient_ids: Iterable[UUID] = (),
    reply_to_id: UUID | None = None,
    subject: Model | None = None,
) -> Envelope:
    """Say whom an incoming envelope is about, which of ours it answers, and to what it belongs."""
    held = _locked(envelope.pk)
    known = dict.fromkeys([*held.patient_ids, *(str(patient) for patient in patient_ids)])
    held.patient_ids = list(known)
    if reply_to_id is not None:
        held.reply_to_id = reply_to_id
    if subject is not None:
        held.subject_kind, held.subject_id = subject._meta.label_lower, subject.pk
    held.save(update_fields=["patient_ids", "reply_to", "subject_kind", "subject_id"])
    record(by, "mailroom.envelope.matched", held, patients=patients_of(held))
    return held


def _locked(envelope_id: UUID) -> Envelope:
    """Return the envelope, held until the commit."""
    locked = Envelope.objects.select_for_update(of=("self",)).select_related("partner")
    held = locked.filter(pk=envelope_id).first()
    if held is None:
        raise EnvelopeIsUnknown("That envelope is not in this office's mailroom.")
    return held


def _step(by: Actor, envelope: Envelope, sentence: str = "") -> None:
    """Add a step to an envelope's history and tell the open screens."""
    EnvelopeEvent.objects.create(
        envelope=envelope, at=by.now, state=envelope.state, by_name=by.name, sentence=sentence
    )
    announce(by.practice_id, "mail")
