"""What goes out: queued in the same transaction as the fact that caused it, delivered by a job."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.mail import EmailMessage
from django.db.models import Model

from daysheet.formats import x12
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import new_id
from daysheet.kernel.jobs import later
from daysheet.kernel.numbers import next_number
from daysheet.mailroom import queries, routes, rules, texts
from daysheet.mailroom.commands.partners import PartnerIsUnknown, _email_partner
from daysheet.mailroom.commands.states import _locked, _step
from daysheet.mailroom.models import Envelope, TradingPartner
from daysheet.mailroom.reading import patients_of


class CannotBeStopped(Refusal):
    """Only what has not left can be stopped."""


class CannotBeResent(Refusal):
    """Only what left, or should have left, can be sent again."""


@command(needs=Can.WORK)
def post_envelope(
    by: Actor,
    /,
    *,
    kind: str,
    partner_id: UUID,
    content: bytes,
    control_number: str = "",
    subject: Model | None = None,
    patient_ids: Sequence[UUID] = (),
    reply_to_id: UUID | None = None,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Envelope:
    """Put an envelope into the outbox; a job delivers it after the commit, or between two moments."""
    partner = TradingPartner.objects.filter(pk=partner_id, is_active=True).first()
    if partner is None:
        raise PartnerIsUnknown("That partner is not known to this office, or no longer used.")
    envelope = Envelope.objects.create(
        number=next_number("envelope"),
        direction=Envelope.Direction.OUT,
        kind=kind,
        partner=partner,
        state=Envelope.State.QUEUED,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        control_number=control_number or x12.look_at(content).control_number,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        patient_ids=[str(patient) for patient in patient_ids],
        reply_to_id=reply_to_id,
        created_at=by.now,
        next_try_at=not_before or by.now,
        not_after=not_after,
    )
    _step(by, envelope, f"For {partner.name}, {len(content):,} bytes.")
    record(by, "mailroom.envelope.posted", envelope, patients=patient_ids, kind=kind, number=envelope.number)
    _deliver_later(by, envelope, not_before)
    return envelope


@command(needs=Can.WORK)
def post_email(
    by: Actor,
    /,
    *,
    to: str,
    subject_line: str,
    text: str,
    subject: Model | None = None,
    patient_ids: Sequence[UUID] = (),
    not_before: datetime | None = None,
    attachments: Sequence[tuple[str, bytes, str]] = (),
    not_after: datetime | None = None,
) -> Envelope:
    """Put an e-mail into the outbox; its words never join a name with a reason of visit.

    `attachments` are papers that the patient asked to get so: name, bytes, media type.
    """
    number = f"<{new_id()}@daysheet.invalid>"
    mail = EmailMessage(
        subject_line, text, to=[to], headers={"Message-ID": number, "Date": _mail_date(by.now)}
    )
    for name, held, media_type in attachments:
        mail.attach(name, held, media_type)
    record(by, "mailroom.email.written", subject, patients=patient_ids)
    return post_envelope(
        by,
        kind="email",
        partner_id=_email_partner().pk,
        content=mail.message().as_bytes(),
        control_number=number,
        subject=subject,
        patient_ids=patient_ids,
        not_before=not_before,
        not_after=not_after,
    )


@command(needs=Can.SEND_MAIL)
def begin_delivery(by: Actor, /, *, envelope_id: UUID) -> Envelope | None:
    """Take an envelope for one try to deliver it; None when there is nothing to deliver now.

    For some minutes no other worker takes it: whoever stops in the middle is followed after that.
    """
    envelope = _locked(envelope_id)
    due = envelope.next_try_at is not None and envelope.next_try_at <= by.now
    if envelope.direction != Envelope.Direction.OUT or envelope.state != Envelope.State.QUEUED or not due:
        record(by, "mailroom.envelope.left-alone", envelope, state=envelope.state)
        return None
    if envelope.not_after is not None and by.now >= envelope.not_after:
        _end(by, envelope, "failed", "The hours in which it may be sent are over.")
        return None
    if _is_unwanted(envelope):
        _end(by, envelope, "failed", "Whoever holds this number wants no more messages.")
        if envelope.not_after is None:
            routes.tell_stuck(by, envelope)
        return None
    envelope.attempts += 1
    # While a try is under way nothing stops it: the trouble of the one before is over.
    envelope.next_try_at, envelope.trouble = by.now + rules.LEASE, ""
    envelope.save(update_fields=["attempts", "next_try_at", "trouble"])
    record(by, "mailroom.envelope.tried", envelope, patients=patients_of(envelope), attempt=envelope.attempts)
    return envelope


@command(needs=Can.SEND_MAIL)
def note_delivered(by: Actor, /, *, envelope_id: UUID, sentence: str) -> Envelope:
    """Say that an envelope has left the house."""
    envelope = _locked(envelope_id)
    envelope.state, envelope.sent_at = Envelope.State.SENT, by.now
    envelope.next_try_at, envelope.trouble = None, ""
    envelope.save(update_fields=["state", "sent_at", "next_try_at", "trouble"])
    _step(by, envelope, sentence)
    record(by, "mailroom.envelope.sent", envelope, patients=patients_of(envelope), number=envelope.number)
    return envelope


@command(needs=Can.SEND_MAIL)
def note_not_delivered(by: Actor, /, *, envelope_id: UUID, sentence: str) -> Envelope:
    """Say why a try failed: the next ones follow ever later, until a person is asked."""
    envelope = _locked(envelope_id)
    envelope.trouble = sentence
    wait = rules.wait_before_next_try(envelope.attempts)
    is_too_late = envelope.not_after is not None and by.now + wait >= envelope.not_after
    if envelope.attempts >= rules.MOST_TRIES or is_too_late:
        envelope.state, envelope.next_try_at = Envelope.State.FAILED, None
    else:
        envelope.next_try_at = by.now + wait
        _deliver_later(by, envelope, envelope.next_try_at)
    envelope.save(update_fields=["state", "next_try_at", "trouble"])
    _step(by, envelope, sentence)
    record(
        by, "mailroom.envelope.not-sent", envelope, patients=patients_of(envelope), attempt=envelope.attempts
    )
    if envelope.state == Envelope.State.FAILED and envelope.not_after is None:
        routes.tell_stuck(by, envelope)  # what has a last moment is followed by the room that sent it
    return envelope


@command(needs=Can.SEND_MAIL)
def keep_here(by: Actor, /, *, envelope_id: UUID, sentence: str) -> Envelope:
    """Leave an envelope in the outbox, since no way out is open: it can be read, printed and sent later."""
    envelope = _locked(envelope_id)
    envelope.attempts, envelope.next_try_at, envelope.trouble = 0, None, sentence
    envelope.save(update_fields=["attempts", "next_try_at", "trouble"])
    _step(by, envelope, sentence)
    record(by, "mailroom.envelope.kept-here", envelope, patients=patients_of(envelope))
    return envelope


@command(needs=Can.WORK)
def stop_envelope(by: Actor, /, *, envelope_id: UUID) -> Envelope:
    """Keep an envelope from leaving: it stays, and goes nowhere.

    Raises CannotBeStopped when it has left, or is leaving at this moment.
    """
    envelope = _locked(envelope_id)
    if not envelope.can_be_stopped:
        raise CannotBeStopped("This has left already, or is leaving at this moment.")
    said = "Stopped before it left." if envelope.attempts == 0 else "Stopped: it is not tried again."
    return _end(by, envelope, "stopped", said)


@command(needs=Can.SEND_MAIL)
def resend_envelope(by: Actor, /, *, envelope_id: UUID) -> Envelope:
    """Send the kept bytes once more, under the control number they have; nothing is numbered anew.

    Raises CannotBeResent; also for what was stopped, or speaks of an hour that has gone by.
    """
    envelope = _locked(envelope_id)
    if envelope.direction != Envelope.Direction.OUT:
        raise CannotBeResent("This envelope came in; only what the office sends can be sent again.")
    if envelope.state == Envelope.State.ACCEPTED:
        raise CannotBeResent(
            "The other side has accepted this envelope; sending it again would only double it."
        )
    if envelope.state == Envelope.State.QUEUED and not envelope.is_kept_here:
        raise CannotBeResent("This envelope is on its way already.")
    if envelope.state == Envelope.State.STOPPED:
        raise CannotBeResent("This was stopped: what it says does not hold any more. Write anew.")
    if envelope.not_after is not None and by.now >= envelope.not_after:
        raise CannotBeResent("The hours in which it may be sent are over. Write anew, or call.")
    envelope.state, envelope.attempts = Envelope.State.QUEUED, 0
    envelope.next_try_at, envelope.trouble = by.now, ""
    envelope.save(update_fields=["state", "attempts", "next_try_at", "trouble"])
    _step(by, envelope, "To be sent again: the same bytes, the same control number.")
    record(by, "mailroom.envelope.resent", envelope, patients=patients_of(envelope), number=envelope.number)
    _deliver_later(by, envelope, None)
    return envelope


def _is_unwanted(envelope: Envelope) -> bool:
    """Return whether whoever a text or a call goes to has said stop since it was queued."""
    if envelope.kind not in texts.CHANNELS:
        return False
    return queries.wants_none(envelope.kind, texts.unpacked(bytes(envelope.content)).to)


def _end(by: Actor, envelope: Envelope, state: str, sentence: str) -> Envelope:
    envelope.state, envelope.next_try_at, envelope.trouble = Envelope.State(state), None, sentence
    envelope.save(update_fields=["state", "next_try_at", "trouble"])
    _step(by, envelope, sentence)
    record(by, f"mailroom.envelope.{state}", envelope, patients=patients_of(envelope))
    return envelope


def _deliver_later(by: Actor, envelope: Envelope, at: datetime | None) -> None:
    later("mailroom.deliver_envelope", at=at, practice_id=by.practice_id, envelope_id=envelope.pk)


def _mail_date(at: datetime) -> str:
    return at.strftime("%a, %d %b %Y %H:%M:%S +0000")
