"""What patients answer to a reminder: by link, text or key; each can be taken back at the desk."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.mailroom import commands as mailroom
from daysheet.schedule import offers_out, reminders
from daysheet.schedule.commands.asked import NotOnTheBooks
from daysheet.schedule.commands.offers_by_link import _want_a_call
from daysheet.schedule.commands.outcome import (
    cancel_appointment,
    reopen_appointment,
    set_confirmation,
)
from daysheet.schedule.models import Appointment, Reminder, ReminderVisit
from daysheet.schedule.reminding import CALL, CANNOT, CONFIRM, REPLY_WITHIN, START, STOP, reads_as
from daysheet.schedule.rules import is_late_notice
from daysheet.tasks import commands as tasks
from daysheet.ui.words import day as say_day

ANSWERS = (CONFIRM, CANNOT, CALL)
LONGEST_WORDS = 480
BY_PATIENT = "Patient cannot come, said so by the reminder"
CALL_WITHIN = timedelta(hours=4)
SAID = {CONFIRM: "confirmed", CALL: "callback", CANNOT: "none"}
OPENABLE = ("cancelled", "late_cancelled")


class AlreadyAnswered(Refusal):
    """The visit was answered for, is over, or is not booked any more."""


@command(needs=Can.BOOK_APPOINTMENT)
def answer_reminder(
    by: Actor,
    /,
    *,
    reminder_id: UUID,
    answer: str,
    visit_id: UUID | None = None,
    how: str = "link",
    press: str = "",
    after: str = "",
) -> list[ReminderVisit]:
    """Take what a patient answers for one visit of a message, or for all that are open; the first answer counts.

    Who knows what was answered (`after`) may answer anew, each answer once: who said yes falls ill. When nothing is
    left to answer, the link is used up.
    Raises AlreadyAnswered.
    """
    if answer not in ANSWERS:
        raise Refusal(_("Choose one of the answers."))
    held = _held(reminder_id)
    visits = list(reminders.visits_of(held.pk))
    meant = [one for one in visits if visit_id in (None, one.pk) and _may_say(one, answer, after, by.now)]
    if not meant:
        raise AlreadyAnswered(_("There is an answer already, or the visit is not planned any more."))
    link = held.link
    if link is not None and link.is_live(by.now) and not _is_left(visits, meant, answer, by.now):
        mailroom.use_link(by, link_id=link.pk, press=press)
    for one in meant:
        _answer(by, one, answer, how)
    if answer == CALL:
        _ask_a_person(by, held, Reminder.Asks.CALL)
    held.version += 1
    held.save(update_fields=["asks", "settled_at", "settled_by", "version"])
    record(
        by,
        "schedule.reminder.answered",
        held,
        patients=[one.patient_id for one in meant],
        answer=answer,
        how=how,
    )
    announce(by.practice_id, "reminders")
    return meant


@command(needs=Can.BOOK_APPOINTMENT)
def take_back_answer(by: Actor, /, *, reminder_visit_id: UUID) -> ReminderVisit:
    """Take an answer back: a visit that was cancelled by it stands again, if its time is still free.

    Raises AlreadyAnswered when there is none, and what reopening raises.
    """
    found = ReminderVisit.objects.select_related("reminder").filter(pk=reminder_visit_id).first()
    if found is None or not found.answer:
        raise AlreadyAnswered(_("There is no answer to take back."))
    _held(found.reminder_id)
    one = ReminderVisit.objects.select_for_update(of=("self",)).select_related("appointment").get(pk=found.pk)
    if one.answer == CANNOT and one.appointment.booking in OPENABLE:
        reopen_appointment(by, appointment_id=one.appointment_id)
    if one.appointment.booking in ("scheduled", *OPENABLE):
        set_confirmation(by, appointment_id=one.appointment_id, confirmation="none")
    old, one.answer, one.answered_at, one.answered_how = one.answer, "", None, ""
    if one.earlier:
        before = one.earlier.pop()
        one.answer, one.answered_how = before["answer"], before["how"]
        one.answered_at = datetime.fromisoformat(before["at"])
        if one.appointment.booking in ("scheduled", *OPENABLE):
            set_confirmation(by, appointment_id=one.appointment_id, confirmation=SAID[one.answer])
    one.save(update_fields=["answer", "answered_at", "answered_how", "earlier"])
    if old == CALL:
        Reminder.objects.filter(pk=one.reminder_id, asks=Reminder.Asks.CALL).update(asks="")
        tasks.close_items_of(by, subject_id=one.reminder_id, kind="call_back", action_code="taken back")
    record(by, "schedule.reminder.answer-taken-back", one, answer=old)
    announce(by.practice_id, "reminders")
    return one


@command(needs=Can.BOOK_APPOINTMENT)
def settle_reminder(by: Actor, /, *, reminder_id: UUID) -> Reminder:
    """Take a message off the list of those to be called: somebody has dealt with it."""
    settled = _settle(by, reminder_id, at=by.now, name=by.name, verb="settled")
    tasks.close_items_of(by, subject_id=reminder_id, kind="call_back", action_code="called")
    return settled


@command(needs=Can.BOOK_APPOINTMENT)
def open_reminder_again(by: Actor, /, *, reminder_id: UUID) -> Reminder:
    """Put a message back on the list of those to be called."""
    opened = _settle(by, reminder_id, at=None, name="", verb="opened-again")
    if opened.asks:
        _ask_a_person(by, opened, opened.asks)
    return opened


@command(needs=Can.BOOK_APPOINTMENT)
def hear_reply(by: Actor, /, *, channel: str, sender: str, text: str) -> str:
    """Take what came back to a text or a call, and say in a sentence what came of it.

    It answers the last message that went to the very number it comes from; a stop is heard from any number.
    What no rule understands is put before a person.
    """
    meaning = reads_as(text)
    if meaning == STOP:
        mailroom.opt_out(by, channel=channel, address=sender)
    if meaning == START:
        mailroom.opt_in(by, channel=channel, address=sender)
    found = reminders.waiting_for_reply(channel, sender, by.now - REPLY_WITHIN)
    about = offers_out.written_to(channel, sender, by.now - REPLY_WITHIN)
    record(by, "schedule.reply.heard", found, meaning=meaning, channel=channel)
    if meaning == START:
        return "Wants messages again."
    if meaning == STOP and "cancel" not in text.lower():
        return "Wants no more messages by this channel."
    words = " ".join(text.split())[:LONGEST_WORDS]
    if about is not None and (found is None or about.made_at > found.made_at):
        # A yes to a time that came free, or is gone by now, is no yes to the visit that a message reminded of.
        said = _("Answered an offered time in words. Read it, then call.")
        _want_a_call(by, about.offer, about, said, wrote=words)
        return "It answers an offered time: the patient is to be called."
    if found is None:
        raise NotOnTheBooks("No message went to that number lately. Find out who it is.")
    held = _held(found.pk)
    if meaning in ANSWERS and any(reminders.is_open(one, by.now) for one in reminders.visits_of(held.pk)):
        answer_reminder(by, reminder_id=held.pk, answer=meaning, how=channel)
        return f"Answered: {meaning}."
    _ask_a_person(by, held, Reminder.Asks.WROTE)
    held.wrote = words
    held.version += 1
    held.save()
    announce(by.practice_id, "reminders")
    return "A person must read it: it is on the list of patients to be called."


def _answer(by: Actor, one: ReminderVisit, answer: str, how: str) -> None:
    appointment = one.appointment
    if answer == CANNOT:
        cancel_appointment(
            by,
            appointment_id=appointment.pk,
            version=None,
            reason=BY_PATIENT,
            late=is_late_notice(appointment.starts_at, by.now),
        )
    else:
        set_confirmation(by, appointment_id=appointment.pk, confirmation=SAID[answer])
    if one.answer and one.answered_at:
        before = {"answer": one.answer, "at": one.answered_at.isoformat(), "how": one.answered_how}
        one.earlier = [*one.earlier, before]
    one.answer, one.answered_at, one.answered_how = answer, by.now, how
    one.save(update_fields=["answer", "answered_at", "answered_how", "earlier"])


def _may_say(one: ReminderVisit, answer: str, after: str, now: datetime) -> bool:
    if one.answer != after:
        return False
    return answer in reminders.later_answers(one, now) if after else reminders.is_open(one, now)


def _is_left(
    visits: Sequence[ReminderVisit], meant: Sequence[ReminderVisit], answer: str, now: datetime
) -> bool:
    """Return whether something can still be said by the link after an answer for some of its visits."""
    if answer != CANNOT and meant:
        return True
    return any(
        reminders.is_open(one, now) or reminders.later_answers(one, now) for one in visits if one not in meant
    )


def _ask_a_person(by: Actor, held: Reminder, asks: str) -> None:
    """Put a message on the list of those to be called, and on the desk's work list with its clock."""
    held.asks, held.settled_at, held.settled_by = Reminder.Asks(asks), None, ""
    said = {"call": _("asks for a call"), "wrote": _("answered in words that a person must read")}[asks]
    tasks.open_item(
        by,
        kind="call_back",
        reason_code=f"REMINDER-{asks.upper()}",
        sentence=_("Reminder of %(day)s: %(said)s.") % {"day": say_day(held.on_day), "said": said},
        due_at=by.now + CALL_WITHIN,
        source_of_due=_("office rule: four hours"),
        role="receptionist",
        subject=held,
        patient_id=held.patient_id,
        link=reverse("schedule:to-call"),
    )


def _settle(by: Actor, reminder_id: UUID, *, at: datetime | None, name: str, verb: str) -> Reminder:
    held = _held(reminder_id)
    if (held.settled_at is None) == (at is None):
        raise AlreadyAnswered(_("Somebody has done this already."))
    held.settled_at, held.settled_by, held.version = at, name, held.version + 1
    held.save(update_fields=["settled_at", "settled_by", "version"])
    record(by, f"schedule.reminder.{verb}", held)
    announce(by.practice_id, "reminders")
    return held


def _held(reminder_id: UUID) -> Reminder:
    """Return a message, held until the commit: of two answers at once the second sees the first.

    Its visits are held before it, as the desk does that gives a visit up: another order, and the two wait for each other.
    """
    visits = Appointment.objects.filter(reminded__reminder_id=reminder_id)
    list(visits.select_for_update(of=("self",)).order_by("id"))
    held = Reminder.objects.select_for_update(of=("self",)).filter(pk=reminder_id).first()
    if held is None:
        raise AlreadyAnswered(_("That message is not on the books."))
    return held
