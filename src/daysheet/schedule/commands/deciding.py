"""The desk decides on a visit that was asked for from home: booked, another time offered, declined; each undone."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import Envelope
from daysheet.practice.models import Location
from daysheet.schedule import request_words, requests
from daysheet.schedule.commands.asked import _must_be_given, _on_the_books
from daysheet.schedule.commands.booking import SlotIsPast, book_appointment, undo_booking
from daysheet.schedule.commands.keeping import _mind_hours
from daysheet.schedule.commands.request_telling import _ask_the_desk_to_call, _tell
from daysheet.schedule.commands.requesting import _booked, _bring_to_desk, _close_items
from daysheet.schedule.commands.restricting import _mind_rules
from daysheet.schedule.commands.telling import _keep_back
from daysheet.schedule.messages import Words
from daysheet.schedule.models import VisitRequest
from daysheet.schedule.requesting import answer_by

State = VisitRequest.State


class DecidedMeanwhile(Refusal):
    """Somebody else answered the request, or the patient withdrew it."""


class PatientWasTold(Refusal):
    """The message has left: what the patient knows is not simply undone."""


@command(needs=Can.BOOK_APPOINTMENT)
def approve_request(
    by: Actor,
    /,
    *,
    request_id: UUID,
    version: int | None,
    provider_id: UUID,
    location_id: UUID,
    type_id: UUID,
    starts_at: datetime,
    limit_reason: str = "",
) -> VisitRequest:
    """Book the visit that a patient asked for, and tell the patient.

    Raises DecidedMeanwhile or StaleForm, and what book_appointment raises.
    """
    held = _undecided(by, request_id, version)
    booked = book_appointment(
        by,
        patient_id=held.patient_id,
        provider_id=provider_id,
        location_id=location_id,
        type_id=type_id,
        starts_at=starts_at,
        reason=held.reason,
        also_needs=requests.also_needs(held.patient),
        limit_reason=limit_reason,
    )
    _booked(by, held, booked)
    _or_call(by, held)
    record(by, "schedule.visit-request.approved", held, appointment=str(booked.pk))
    announce(by.practice_id, "visit-requests")
    return held


@command(needs=Can.BOOK_APPOINTMENT)
def offer_other_time(
    by: Actor,
    /,
    *,
    request_id: UUID,
    version: int | None,
    provider_id: UUID,
    location_id: UUID,
    type_id: UUID,
    starts_at: datetime,
    limit_reason: str = "",
) -> VisitRequest:
    """Offer another time than the one asked for; the patient says yes or no. The time is not kept until then.

    Raises DecidedMeanwhile, StaleForm, SlotIsPast, and what the office has said of the kind or the patient;
    DecidedMeanwhile also where the patient has a request of its own for that kind.
    """
    held = _undecided(by, request_id, version)
    if starts_at <= by.now:
        raise SlotIsPast(_("That time has already gone by. Choose a later one."))
    there = _on_the_books(held.patient_id, provider_id, location_id, type_id, None)
    place = Location.objects.get(pk=location_id)
    day = local_day(starts_at, place.zone)
    where = {"provider_id": provider_id, "location_id": location_id}
    ends_at = starts_at + timedelta(minutes=there.minutes)
    # The patient's yes books within the hours alone, and with who gives the visit, whoever offers.
    _must_be_given(there)
    _mind_hours(by, day, "", None, **where, starts_at=starts_at, ends_at=ends_at)
    held.limit_reason = _mind_rules(by, there, held.patient_id, day, limit_reason.strip(), is_walk_in=False)
    _close_items(by, held, "done")
    if held.asked_type_id is None and held.type_id != type_id:
        held.asked_type_id = held.type_id
    held.state, held.type_id = State.PROPOSED, type_id
    held.offered_starts_at, held.offered_provider_id = starts_at, provider_id
    held.offered_location_id = location_id
    held.decided_at, held.decided_by, held.version = by.now, by.name, held.version + 1
    held.envelope = _tell(by, held, request_words.other_time, at=starts_at, place=place)
    asked = DecidedMeanwhile(_("The patient has asked for that kind of visit too. Answer that request."))
    with refusing(visit_of_a_kind_is_asked_for_once=asked):
        held.save()
    _or_call(by, held)
    record(by, "schedule.visit-request.time-offered", held, at=starts_at.isoformat())
    announce(by.practice_id, "visit-requests")
    return held


@command(needs=Can.BOOK_APPOINTMENT)
def decline_request(by: Actor, /, *, request_id: UUID, version: int | None, because: str) -> VisitRequest:
    """Decline a request, with the reason that the patient reads. Raises DecidedMeanwhile or StaleForm."""
    if because not in VisitRequest.Because.values:
        raise Refusal(_("Choose why it is declined."), because=_("Choose a reason."))
    held = _undecided(by, request_id, version)
    _close_items(by, held, "done")
    held.state, held.because = State.DECLINED, because
    held.decided_at, held.decided_by, held.version = by.now, by.name, held.version + 1
    held.envelope = _tell(by, held, partial(_declined, because=because))
    held.save()
    _or_call(by, held)
    record(by, "schedule.visit-request.declined", held, because=because)
    announce(by.practice_id, "visit-requests")
    return held


@command(needs=Can.BOOK_APPOINTMENT)
def undo_decision(by: Actor, /, *, request_id: UUID) -> VisitRequest:
    """Take an answer back: the request waits for the desk again, its visit is off the book, its message stays here.

    Where a time was offered for another kind of visit, the kind that the patient asked for stands again.
    Raises PatientWasTold when the patient knows already that the visit is booked, and DecidedMeanwhile.
    """
    held = _locked(request_id)
    if held.state not in (State.BOOKED, State.PROPOSED, State.DECLINED) or held.was_at_once:
        raise DecidedMeanwhile(_("There is no answer of the desk to take back. Look at the request again."))
    if held.state == State.BOOKED and (_has_left(held) or _was_taken(held)):
        raise PatientWasTold(_("The patient was told already. Move or cancel the visit from its own page."))
    if held.state == State.BOOKED and held.appointment_id is not None:
        undo_booking(by, appointment_id=held.appointment_id)
    _keep_back(by, mail.waiting_about(held.pk))
    was = held.state
    _close_items(by, held, "taken back")
    _ask_as_before(held)
    held.appointment = held.offered_starts_at = held.offered_provider = held.offered_location = None
    held.because, held.limit_reason, held.envelope = "", "", None
    held.decided_at, held.decided_by = None, ""
    _bring_to_desk(by, held)
    record(by, "schedule.visit-request.answer-taken-back", held, was=was)
    announce(by.practice_id, "visit-requests")
    return held


def _ask_as_before(held: VisitRequest) -> None:
    """Let the kind that the patient asked for stand again. Raises DecidedMeanwhile where it was asked for anew."""
    if held.asked_type_id is None:
        return
    asked = VisitRequest.objects.filter(patient_id=held.patient_id, type_id=held.asked_type_id)
    if asked.filter(state__in=(State.ASKED, State.PROPOSED)).exclude(pk=held.pk).exists():
        raise DecidedMeanwhile(
            _("The patient has asked for the first kind of visit again meanwhile. Answer that request.")
        )
    held.type_id, held.asked_type_id = held.asked_type_id, None


def _undecided(by: Actor, request_id: UUID, version: int | None) -> VisitRequest:
    """Return a request that waits for the desk, or for the patient's yes; a message about another time stays here."""
    held = _locked(request_id)
    if held.state not in (State.ASKED, State.PROPOSED):
        raise DecidedMeanwhile(
            _("This request was answered or withdrawn meanwhile. Nothing was changed. Look at it again.")
        )
    if version is not None and held.version != version:
        raise StaleForm(_("This request has gone on meanwhile. Look at it again, then decide."))
    _keep_back(by, mail.waiting_about(held.pk) if held.state == State.PROPOSED else [])
    return held


def _locked(request_id: UUID) -> VisitRequest:
    """Return a request, held until the commit: locked first, then read anew."""
    VisitRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
    held = VisitRequest.objects.select_related("patient", "appointment").filter(pk=request_id).first()
    if held is None:
        raise DecidedMeanwhile(_("That is not on the books."))
    return held


def _or_call(by: Actor, held: VisitRequest) -> None:
    """Put before the desk that a patient who cannot be written to has to be called."""
    if held.envelope is None:
        zone = Practice.objects.get(pk=by.practice_id).zone
        _ask_the_desk_to_call(by, held, answer_by(by.now, zone))


def _has_left(held: VisitRequest) -> bool:
    """Return whether the message has left, or is leaving at this moment; one that waits stays so until the commit."""
    if held.envelope_id is None:
        return False
    told = Envelope.objects.select_for_update().get(pk=held.envelope_id)
    is_leaving = told.state == Envelope.State.QUEUED and not told.can_be_stopped
    return told.state in ("sent", "accepted") or is_leaving


def _was_taken(held: VisitRequest) -> bool:
    """Return whether the patient said yes to the time that the desk had offered."""
    return held.appointment is not None and held.appointment.starts_at == held.offered_starts_at


def _declined(facts: request_words.AskFacts, language: str, *, because: str) -> Words:
    return request_words.declined(facts, because, language)
