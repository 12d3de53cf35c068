"""What becomes of a message that has not left when its visit is given up, or the patient wants no such message."""

from uuid import UUID

from django.db.models import Q

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import queries as mail
from daysheet.patients.models import Patient
from daysheet.schedule import messages, reminders
from daysheet.schedule.commands.offer_messages import _heed_wish_for_offers
from daysheet.schedule.commands.reminding import _next_channel
from daysheet.schedule.commands.telling import _keep_answers_back
from daysheet.schedule.models import Appointment, RecallContact, Reminder, ReminderVisit, ReminderWish

WAITS = Q(
    state=Reminder.State.ON_ITS_WAY,
    envelope__state="queued",
    envelope__next_try_at__isnull=False,
)


def _let_reminders_go(by: Actor, gone: Appointment) -> None:
    """Stop the messages that still wait to leave and are about visits that are given up, this one the last of them.

    A message that is about others too goes without this one. Their rules have not reminded of these visits then: one
    that stands again is reminded as any other.
    """
    about = list(Reminder.objects.filter(WAITS, visits__appointment=gone).values_list("pk", flat=True))
    # The visit is held already; then the message, its envelope, its link: the order of every act on a message.
    for held in Reminder.objects.select_for_update(of=("self",)).filter(pk__in=about).order_by("pk"):
        others = reminders.appointments_of(held.pk)
        is_read = held.link is not None and held.link.opened_at is not None
        if (others and is_read) or not _is_kept_back(by, held.envelope_id):
            continue
        if others:
            _go_without(by, held, gone, others[0].patient)
            continue
        if held.link is not None and held.link.is_live(by.now):
            mailroom.revoke_link(by, link_id=held.link.pk)
        held.state, held.version = Reminder.State.STOPPED, held.version + 1
        held.save(update_fields=["state", "version"])
        ReminderVisit.objects.filter(reminder=held).update(rule=None)
    _keep_answers_back(by, gone)


def _go_without(by: Actor, held: Reminder, gone: Appointment, first: Patient) -> None:
    """Let a message that was kept back go anew, without a visit that is given up."""
    ReminderVisit.objects.filter(reminder=held, appointment=gone).delete()
    held.patient, held.language = first, messages.spoken(first.language)
    held.channels_left = [held.channel, *held.channels_left]
    _next_channel(by, Practice.objects.get(pk=by.practice_id), held)


def _heed_wish(by: Actor, wish: ReminderWish) -> None:
    """Keep back what still waits to leave and the patient does not want: it goes by the next way, if one is left."""
    if not (wish.no_email or wish.no_reminders):
        return
    mine = Reminder.objects.filter(WAITS, visits__patient_id=wish.patient_id)
    asked = RecallContact.objects.filter(
        patient_id=wish.patient_id, taken_back_at__isnull=True, envelope__state="queued"
    )
    if not wish.no_reminders:
        mine, asked = mine.filter(channel="email"), asked.filter(way="email")
    ids = set(mine.values_list("pk", flat=True))
    visits = Appointment.objects.filter(reminded__reminder_id__in=ids)
    list(visits.select_for_update(of=("self",)).order_by("id"))
    practice = Practice.objects.get(pk=by.practice_id)
    for held in Reminder.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"):
        if _is_kept_back(by, held.envelope_id):
            held.channels_left = [held.channel, *held.channels_left]  # others whom it is about may want it so
            _next_channel(by, practice, held)
        if held.state == Reminder.State.STOPPED and held.link is not None and held.link.is_live(by.now):
            mailroom.revoke_link(by, link_id=held.link.pk)
    _heed_wish_for_offers(by, wish.patient_id, all_of_them=wish.no_reminders)
    for envelope_id in set(asked.values_list("envelope_id", flat=True)):
        if _is_kept_back(by, envelope_id):
            about = RecallContact.objects.filter(envelope_id=envelope_id, taken_back_at__isnull=True)
            about.update(taken_back_at=by.now)


def _is_kept_back(by: Actor, envelope_id: UUID | None) -> bool:
    """Stop an envelope and return that it is stopped; one that is leaving at this moment leaves."""
    waits = mail.those_that_wait([envelope_id]) if envelope_id else []
    for one in waits:
        mailroom.stop_envelope(by, envelope_id=one)
    return bool(waits)
