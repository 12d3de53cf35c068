"""A patient asks for a visit from home: the link, the birth date, the wish, yes or no to another time, withdrawn."""

from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import links
from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import PortalLink
from daysheet.patients.models import Patient
from daysheet.practice.models import Location
from daysheet.schedule import request_words, requests
from daysheet.schedule.commands.asked import NotOnTheBooks
from daysheet.schedule.commands.booking import _take_turns, book_appointment
from daysheet.schedule.commands.outcome import cancel_appointment
from daysheet.schedule.commands.promising import SlotTaken
from daysheet.schedule.commands.reminding import CannotBeReached
from daysheet.schedule.commands.request_telling import PURPOSE, TO_CALL, _new_link, _tell
from daysheet.schedule.commands.telling import _keep_back
from daysheet.schedule.models import Appointment, SelfBooking, VisitRequest
from daysheet.schedule.models.asking import LONGEST_REASON
from daysheet.schedule.requesting import MOST_MISSES, answer_by, why_desk
from daysheet.schedule.requests import Wish
from daysheet.schedule.rules import PARTS, is_late_notice
from daysheet.tasks import commands as tasks

TASK = "visit_request"
BY_PATIENT = "Patient cannot come, said so from home"
State = VisitRequest.State
Time = tuple[UUID, UUID, datetime]
"""A free time: with whom, where, from when on."""


class NotToBeAsked(Refusal):
    """Patients may not ask for this kind of visit, or not this patient."""


class AskedAlready(Refusal):
    """It was asked, answered or withdrawn meanwhile; or the same kind of visit is asked for already."""


@command(needs=Can.BOOK_APPOINTMENT)
def offer_asking(by: Actor, /, *, patient_id: UUID) -> tuple[VisitRequest, str]:
    """Let a patient ask for a visit from home, and return the token of the link; an unused one before it ends.

    Raises NotToBeAsked.
    """
    held = _offered(by, patient_id)
    token = _new_link(by, held)
    record(by, "schedule.visit-request.offered", held)
    return held, token


@command(needs=Can.BOOK_APPOINTMENT)
def send_asking_link(by: Actor, /, *, patient_id: UUID) -> VisitRequest:
    """Write to a patient where a visit is asked for; the message leaves in three minutes, never in the quiet hours.

    Raises NotToBeAsked or CannotBeReached.
    """
    practice = Practice.objects.get(pk=by.practice_id)
    if not links.address_of("-", is_at_home=practice.is_demo or practice.is_training):
        raise CannotBeReached(
            _("Patients reach no address of this office, so no link can be sent. Call the patient.")
        )
    held = _offered(by, patient_id)
    held.envelope = _tell(by, held, request_words.invited)
    if held.envelope is None:
        raise CannotBeReached(
            _("No way is open to write to this patient. Call, or add an address to the chart.")
        )
    held.save(update_fields=["envelope"])
    record(by, "schedule.visit-request.link-sent", held)
    return held


@command(needs=Can.BOOK_APPOINTMENT)
def know_asker(by: Actor, /, *, request_id: UUID, born_on: date) -> bool:
    """Return whether a birth date is that of whoever may ask by a link; the third wrong one ends the links."""
    held = _held(request_id)
    if held.patient.born_on == born_on:
        VisitRequest.objects.filter(pk=held.pk).update(misses=0)
        record(by, "schedule.visit-request.opened", held)
        return True
    held.misses += 1
    held.save(update_fields=["misses"])
    if held.misses >= MOST_MISSES:
        _end_links(by, held)
    record(by, "schedule.visit-request.missed", held, misses=held.misses)
    return False


@command(needs=Can.BOOK_APPOINTMENT)
def ask_for_visit(
    by: Actor,
    /,
    *,
    request_id: UUID,
    type_id: UUID,
    wish: Wish,
    time: Time | None = None,
    reason: str = "",
) -> VisitRequest:
    """Ask for a visit: a free time that was chosen, or the days and hours that suit.

    By the rule of its kind it is booked at once, or the desk decides. Raises NotToBeAsked, AskedAlready; SlotTaken
    when the time is not free any more, and what booking refuses.
    """
    held = _held(request_id)
    if held.state != State.OFFERED:
        raise AskedAlready(_("You have asked already. Open the page again."))
    zone = Practice.objects.get(pk=by.practice_id).zone
    today = by.now.astimezone(zone).date()
    rule = next((one for one in requests.kinds_for(held.patient, today) if one.type_id == type_id), None)
    if rule is None:
        raise NotToBeAsked(_("You cannot ask for this visit here. Please call us."))
    if time is not None and not requests.is_open(rule, held.patient, time, by.now):
        raise SlotTaken(_("That time has just been taken. Choose another one."))
    _take(held, rule, wish, time, reason, by.now)
    asker = requests.asker(held.patient, type_id, by.now, zone)
    held.why_desk = why_desk(
        asker, is_at_once=rule.how == "at_once", most_missed=rule.most_missed, has_time=time is not None
    )
    if time is not None and not held.why_desk:
        _book_at_once(by, held, rule, time)
    else:
        _bring_to_desk(by, held)
    record(by, "schedule.visit-request.asked", held, state=held.state, why_desk=held.why_desk)
    announce(by.practice_id, "visit-requests")
    return held


@command(needs=Can.BOOK_APPOINTMENT)
def take_offered_time(by: Actor, /, *, request_id: UUID) -> VisitRequest:
    """Say yes to the time that the desk offers: it is booked. Raises AskedAlready, SlotTaken and what booking refuses."""
    held = _held(request_id)
    if held.state != State.PROPOSED:
        raise AskedAlready(_("This time is not offered any more. Open the page again."))
    assert held.type_id is not None  # the table says so of what was asked for
    assert held.offered_provider_id is not None
    assert held.offered_location_id is not None
    assert held.offered_starts_at is not None
    time = (held.offered_provider_id, held.offered_location_id, held.offered_starts_at)
    if not requests.is_free(
        held.type_id, held.patient, time, by.now
    ):  # nothing was kept: hours may have changed
        raise SlotTaken(_("That time has just been taken. Choose another one."))
    _keep_back(by, mail.waiting_about(held.pk))
    booked = book_appointment(
        by,
        patient_id=held.patient_id,
        provider_id=held.offered_provider_id,
        location_id=held.offered_location_id,
        type_id=held.type_id,
        starts_at=held.offered_starts_at,
        reason=held.reason,
        also_needs=requests.also_needs(held.patient),
        limit_reason=held.limit_reason,
    )
    _booked(by, held, booked)
    record(by, "schedule.visit-request.time-taken", held, appointment=str(booked.pk))
    announce(by.practice_id, "visit-requests")
    return held


@command(needs=Can.BOOK_APPOINTMENT)
def want_another_time(by: Actor, /, *, request_id: UUID) -> VisitRequest:
    """Say no to the time that the desk offers, or that it was taken: the desk looks again. Raises AskedAlready."""
    held = _held(request_id)
    if held.state != State.PROPOSED:
        raise AskedAlready(_("This time is not offered any more. Open the page again."))
    _keep_back(by, mail.waiting_about(held.pk))
    held.offered_starts_at = held.offered_provider = held.offered_location = None
    held.decided_at, held.decided_by = None, ""
    _bring_to_desk(by, held)
    record(by, "schedule.visit-request.another-wanted", held)
    announce(by.practice_id, "visit-requests")
    return held


@command(needs=Can.BOOK_APPOINTMENT)
def withdraw_request(by: Actor, /, *, request_id: UUID) -> VisitRequest:
    """Ask for the visit no more; what was booked is cancelled. Raises AskedAlready, and AlreadyOver once it began."""
    held = _held(request_id)
    if held.state not in (State.ASKED, State.PROPOSED, State.BOOKED):
        raise AskedAlready(_("There is nothing to take back."))
    booked = held.appointment
    if held.state == State.BOOKED and booked is not None:
        stands = requests.standing(booked)
        cancel_appointment(
            by,
            appointment_id=stands.pk,
            version=None,
            reason=BY_PATIENT,
            late=is_late_notice(stands.starts_at, by.now),
        )
    _keep_back(by, mail.waiting_about(held.pk))
    _close_items(by, held, "withdrawn")
    held.state, held.decided_at, held.decided_by = State.WITHDRAWN, by.now, by.name
    held.version += 1
    held.save()
    record(by, "schedule.visit-request.withdrawn", held)
    announce(by.practice_id, "visit-requests")
    return held


def _offered(by: Actor, patient_id: UUID) -> VisitRequest:
    """Return the row by which a patient may ask; one that was never used is taken again, its links end."""
    if not requests.rules().exists():
        raise NotToBeAsked(
            _("No kind of visit is open to asking from home. A manager opens one under Visit types.")
        )
    who = Patient.objects.select_for_update(of=("self",)).filter(pk=patient_id).first()
    if who is None:
        raise NotOnTheBooks(_("That patient is not on the books."))
    if who.status == Patient.Status.DECEASED:
        raise NotToBeAsked(_("This patient is marked as deceased. Check the chart before you write."))
    unused = VisitRequest.objects.select_related("patient").filter(patient_id=patient_id, state=State.OFFERED)
    held = unused.first()
    if held is None:
        made = VisitRequest.objects.create(patient_id=patient_id, made_at=by.now, made_by=by.name)
        return VisitRequest.objects.select_related("patient").get(pk=made.pk)
    _end_links(by, held)
    VisitRequest.objects.filter(pk=held.pk).update(made_at=by.now, made_by=by.name, misses=0)
    held.refresh_from_db()
    return held


def _held(request_id: UUID) -> VisitRequest:
    """Return a request, held until the commit, with what came of it by then: locked first, then read anew."""
    VisitRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
    held = VisitRequest.objects.select_related("patient", "appointment").filter(pk=request_id).first()
    if held is None:
        raise AskedAlready(_("That is not on the books."))
    return held


def _take(
    held: VisitRequest, rule: SelfBooking, wish: Wish, time: Time | None, reason: str, now: datetime
) -> None:
    """Write the wish into a request, as far as it can be one."""
    held.type_id, held.asked_at, held.reason = rule.type_id, now, " ".join(reason.split())[:LONGEST_REASON]
    held.provider_id, held.location_id = wish.provider_id, wish.location_id
    held.weekdays = sorted({one for one in wish.weekdays if 0 <= one <= 6})
    held.part = wish.part if wish.part in PARTS else "any"
    held.earliest_on = wish.earliest_on
    if time is not None:
        held.provider_id, held.location_id, held.starts_at = time
        if not Location.objects.filter(pk=held.location_id, closed_on=None).exists():
            raise SlotTaken(_("That time has just been taken. Choose another one."))


def _book_at_once(by: Actor, held: VisitRequest, rule: SelfBooking, time: Time) -> None:
    """Book what was chosen; where so many were booked from home for that day already, the desk decides.

    Whoever counts waits for the clinician's turn first: two who ask at once are counted one after the other.
    """
    provider_id, location_id, starts_at = time
    _take_turns(provider_id, held.patient_id, None)
    if not requests.is_open(rule, held.patient, time, by.now):
        raise SlotTaken(_("That time has just been taken. Choose another one."))
    day = starts_at.astimezone(Location.objects.get(pk=location_id).zone).date()
    if requests.booked_from_home(rule.type_id, [day]).get((provider_id, day), 0) >= rule.most_a_day:
        held.why_desk = VisitRequest.Why.FULL
        _bring_to_desk(by, held)
        return
    booked = book_appointment(
        by,
        patient_id=held.patient_id,
        provider_id=provider_id,
        location_id=location_id,
        type_id=rule.type_id,
        starts_at=starts_at,
        reason=held.reason,
        also_needs=requests.also_needs(held.patient),
    )
    held.was_at_once = True
    _booked(by, held, booked)


def _booked(by: Actor, held: VisitRequest, booked: Appointment) -> None:
    """Note what came of a request, and tell the patient."""
    _close_items(by, held, "done")
    held.state, held.appointment = State.BOOKED, booked
    held.decided_at, held.decided_by, held.version = by.now, by.name, held.version + 1
    place = Location.objects.get(pk=booked.location_id)
    held.envelope = _tell(by, held, request_words.booked, at=booked.starts_at, place=place)
    held.save()


def _bring_to_desk(by: Actor, held: VisitRequest) -> None:
    """Put a request before the desk, with its clock."""
    held.state, held.version = State.ASKED, held.version + 1
    twice = AskedAlready(_("You have asked for this visit already. We will answer soon."))
    with refusing(visit_of_a_kind_is_asked_for_once=twice):
        held.save()
    practice = Practice.objects.get(pk=by.practice_id)
    tasks.open_item(
        by,
        kind=TASK,
        reason_code=f"REQUEST-{held.why_desk.upper()}",
        sentence=_("A patient asks for a visit from home: approve it, offer another time or decline."),
        due_at=answer_by(by.now, practice.zone),
        source_of_due=_("office rule: the next weekday"),
        role="receptionist",
        subject=held,
        patient_id=held.patient_id,
        link=reverse("schedule:visit-request", args=[held.pk]),
    )


def _close_items(by: Actor, held: VisitRequest, action_code: str) -> None:
    """Close what waits for the desk about a request."""
    for kind in (TASK, TO_CALL):
        tasks.close_items_of(by, subject_id=held.pk, kind=kind, action_code=action_code)


def _end_links(by: Actor, held: VisitRequest) -> None:
    live = PortalLink.objects.filter(
        subject_id=held.pk, purpose=PURPOSE, used_at=None, revoked_at=None, expires_at__gt=by.now
    )
    for link_id in live.order_by("id").values_list("pk", flat=True):
        mailroom.revoke_link(by, link_id=link_id)
