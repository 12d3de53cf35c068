"""What is done to bring a patient in who is due: a letter, a message, a call; each once, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from daysheet.documents.models import Document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.letters import commands as letters
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import Envelope
from daysheet.patients.models import Patient
from daysheet.practice.models import Office
from daysheet.schedule import messages, recall_words, recalls
from daysheet.schedule.commands.recalling import NoSuchRecall, RecallStands, _held, _let_paid_go_on
from daysheet.schedule.models import Recall, RecallContact, RecallStep
from daysheet.schedule.recalling import Step
from daysheet.schedule.recalls import Reach, RecallLine
from daysheet.schedule.reminding import CLOSES, GRACE, OPENS, awake_until, next_awake

MOST = 200
"""Letters and messages of one press; the next press goes on."""


class NothingIsDue(Refusal):
    """No step of the ladder has come, or it was done meanwhile."""


class HeHearsNothing(Refusal):
    """The recall is stopped, or the patient asks for no contact."""


@dataclass(slots=True)
class Sending:
    """One press of the button: a patient who is due for two things gets one letter, and one message."""

    by: Actor
    practice: Practice
    reached: Reach
    opens: time = OPENS
    closes: time = CLOSES
    sent: dict[tuple[UUID, str], dict[str, Any]] = field(default_factory=dict)

    def leave(self, patient: Patient, way: str, subject: Recall) -> dict[str, Any]:
        """Write to a patient by a way, and return what was made."""
        key = (patient.pk, way)
        if key not in self.sent:
            made = self._letter(patient) if way == "letter" else self._message(patient, way, subject)
            self.sent[key] = {"document" if way == "letter" else "envelope": made}
        return self.sent[key]

    def _letter(self, patient: Patient) -> Document:
        return letters.write_letter(self.by, patient_id=patient.pk, template="time_for_a_visit")

    def _message(self, patient: Patient, way: str, subject: Recall) -> Envelope:
        office = Office.objects.first()
        told = recall_words.OfOffice(
            office.legal_name if office else self.practice.name, office.phone if office else ""
        )
        language = messages.spoken(patient.language)
        leaves_at = next_awake(self.by.now + GRACE, self.opens, self.closes, self.practice.zone)
        # A try that fails in the evening is not repeated in the night: the step is done again, not the message.
        about: dict[str, Any] = {
            "subject": subject,
            "patient_ids": [patient.pk],
            "not_before": leaves_at,
            "not_after": awake_until(leaves_at, self.closes, self.practice.zone),
        }
        if way == "email":
            subject_line, text = recall_words.email(told, language)
            to = self.reached.email[patient.pk]
            return mailroom.post_email(self.by, to=to, subject_line=subject_line, text=text, **about)
        text = recall_words.sms(told, language)
        return mailroom.post_text(self.by, channel=way, to=self.reached.sms[patient.pk], text=text, **about)


@command(needs=Can.BOOK_APPOINTMENT)
def send_recall_step(by: Actor, /, *, recall_id: UUID, version: int | None) -> RecallContact:
    """Do the step that has come: write the letter, send the message.

    Raises NothingIsDue, HeHearsNothing, or StaleForm; a call is noted by note_recall_contact.
    """
    kept = _held(recall_id, version)
    line = _line(by, kept)
    if line.step is None or line.way == RecallStep.Way.CALL:
        raise NothingIsDue(_("Nothing is to be sent now: no step has come, or it is a call."))
    made = _send(_sending(by, [kept.patient_id]), line)
    record(by, "schedule.recall.step-done", made, way=made.way, days=made.days)
    announce(by.practice_id, "recalls")
    return made


@command(needs=Can.BOOK_APPOINTMENT)
def send_due_recalls(by: Actor, /) -> Sequence[RecallContact]:
    """Write every letter and message whose step has come; the calls are left to the desk."""
    _let_paid_go_on(by)
    made = _send_due(by, recalls.steps_to_do(today=_today(by), now=by.now, calls=False), OPENS, CLOSES)
    record(by, "schedule.recalls.sent", patients=[one.patient_id for one in made], contacts=len(made))
    announce(by.practice_id, "recalls")
    return made


@command(needs=Can.BOOK_APPOINTMENT)
def note_recall_contact(
    by: Actor, /, *, recall_id: UUID, version: int | None, way: str, outcome: str, words: str = ""
) -> RecallContact:
    """Note a call or another contact; when a step of the ladder has come, it is that step.

    Raises HeHearsNothing or StaleForm.
    """
    if way not in RecallStep.Way.values or outcome not in RecallContact.Outcome.values:
        raise Refusal(_("Say how it was done and what came of it."))
    kept = _held(recall_id, version)
    line = _line(by, kept)
    made = _keep(by, kept, line.step, way, outcome=outcome, words=words.strip())
    record(by, "schedule.recall.contact-noted", made, way=way, outcome=outcome)
    announce(by.practice_id, "recalls")
    return made


@command(needs=Can.BOOK_APPOINTMENT)
def take_back_recall_contact(by: Actor, /, *, contact_id: UUID) -> RecallContact:
    """Take back what was done: the step is to be done again; a message that has not left is stopped.

    Raises RecallStands when it was taken back before, or the message has left or reached nobody.
    """
    made = RecallContact.objects.select_for_update(of=("self",)).filter(pk=contact_id).first()
    if made is None:
        raise NoSuchRecall(_("That is not on the books."))
    if made.taken_back_at is not None:
        raise RecallStands(_("That was taken back already."))
    if recalls.has_fallen(made, by.now):
        raise RecallStands(_("This message reached nobody. Its step is to be done again as it is."))
    if made.envelope_id is not None:
        try:
            mailroom.stop_envelope(by, envelope_id=made.envelope_id)
        except mailroom.CannotBeStopped as no:
            raise RecallStands(_("This message has left already.")) from no
    if made.envelope_id is not None:  # one message may have been about two recalls
        together = RecallContact.objects.filter(envelope_id=made.envelope_id, taken_back_at__isnull=True)
        together.update(taken_back_at=by.now)
    made.taken_back_at = by.now
    made.save(update_fields=["taken_back_at"])
    record(by, "schedule.recall.contact-taken-back", made)
    announce(by.practice_id, "recalls")
    return made


def _send_due(by: Actor, due: QuerySet[Recall], opens: time, closes: time) -> Sequence[RecallContact]:
    """Write the letters and messages of recalls whose step has come, up to the most; calls are left alone."""
    practice = Practice.objects.get(pk=by.practice_id)
    rows = list(due.select_for_update(of=("self",), skip_locked=True)[: MOST * 5])
    lines = recalls.lines(rows, today=_today(by), now=by.now, ways=mail.ways_out(practice))
    to_send = [one for one in lines if one.step and one.way != RecallStep.Way.CALL][:MOST]
    sending = _sending(by, [one.recall.patient_id for one in to_send])
    sending.opens, sending.closes = opens, closes
    return [_send(sending, one) for one in to_send]


def _send(sending: Sending, line: RecallLine) -> RecallContact:
    made = sending.leave(line.recall.patient, line.way, line.recall)
    return _keep(sending.by, line.recall, line.step, line.way, outcome="sent", **made)


def _keep(by: Actor, kept: Recall, step: Step | None, way: str, **more: Any) -> RecallContact:
    if kept.due_on is None:
        raise NothingIsDue(_("This patient is not due. Set a day first."))
    if step is not None:
        _set_fallen_aside(by, kept, kept.due_on, step)
    twice = NothingIsDue(_("Somebody has just done this step. Look at it again."))
    with refusing(recall_step_is_done_once=twice):
        return RecallContact.objects.create(
            recall=kept,
            patient_id=kept.patient_id,
            due_on=kept.due_on,
            days=step.days if step else None,
            way=way,
            at=by.now,
            by_name=by.name,
            **more,
        )


def _set_fallen_aside(by: Actor, kept: Recall, due_on: date, step: Step) -> None:
    """Let a message that reached nobody be told beside the ladder, so that its step is done anew."""
    rows = RecallContact.objects.filter(recall=kept, due_on=due_on, days=step.days)
    rows.filter(recalls.fallen(by.now), taken_back_at__isnull=True).update(days=None)


def _line(by: Actor, kept: Recall) -> RecallLine:
    """Return a recall with its step. Raises HeHearsNothing or NothingIsDue."""
    today = _today(by)
    practice = Practice.objects.get(pk=by.practice_id)
    line = recalls.lines([kept], today=today, now=by.now, ways=mail.ways_out(practice))[0]
    if kept.patient.status in recalls.GONE:
        raise HeHearsNothing(_("This patient is marked as inactive or deceased. Check the chart first."))
    if line.no_recalls:
        raise HeHearsNothing(_("This patient asks not to be contacted about visits that come again."))
    if kept.stopped_on(today):
        raise HeHearsNothing(_("This recall is stopped. Let it go on first."))
    return line


def _sending(by: Actor, patient_ids: list[UUID]) -> Sending:
    practice = Practice.objects.get(pk=by.practice_id)
    return Sending(by, practice, recalls.reach(patient_ids, mail.ways_out(practice)))


def _today(by: Actor) -> date:
    return local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
