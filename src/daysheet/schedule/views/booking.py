"""Booking and moving: one finder, one form, one act."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, cases, granted
from daysheet.coverage.granted import Granted
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.paper_form import WORKED_OUT
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.mailroom import queries as mail
from daysheet.patients import queries as patients
from daysheet.patients import reading
from daysheet.patients.models import Patient
from daysheet.schedule import commands, missed_fees, queries
from daysheet.schedule.confirming import was_confirmed
from daysheet.schedule.finder import Finder, finder, look, next_after
from daysheet.schedule.finder_forms import FinderForm, asked_without, say_why, typed_again
from daysheet.schedule.forms import BookForm
from daysheet.schedule.frame import day_of
from daysheet.schedule.held import held_by_others, say_held
from daysheet.schedule.models import Appointment
from daysheet.schedule.on_offer import out_to_others, say_asked
from daysheet.schedule.paying_self import may_pay_self
from daysheet.schedule.taking import say_demand, say_lack
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version
from daysheet.ui.words import day as say_day

TAKEN = (
    commands.SlotTaken,
    commands.RoomTaken,
    commands.ResourceTaken,
    commands.PatientIsElsewhere,
    commands.LanesAreFull,
    commands.NoRuleForIt,
    commands.TimeIsKept,
)
PAGE, PIECE = "schedule/book.html", "_book_form.html"
PIECE_OF_TIMES = "schedule/_book_form.html"


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def book(request: Request, patient_id: UUID) -> HttpResponse:
    """Find a time for a patient and book it."""
    return _choose(request, patients.patient_alone(patient_id), None)


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def move(request: Request, appointment_id: UUID) -> HttpResponse:
    """Find another time for an appointment and move it there."""
    moving = queries.appointment(appointment_id)
    if moving is None:
        raise Http404
    return _choose(request, moving.patient, moving)


@screen(needs=Can.BOOK_APPOINTMENT)
def slots(request: Request, patient_id: UUID) -> HttpResponse:
    """Show the times that fit what was just chosen (the piece of the booking page)."""
    patient = patients.patient_alone(patient_id)
    moving_id = read_id(request.GET.get("moving"))
    moving = queries.appointment(moving_id) if moving_id else None
    if moving is not None and moving.patient_id != patient_id:
        raise Http404
    record(request.actor, "schedule.slots.viewed", patient)
    facts = _facts(request, patient, moving, _asked(request, patient, moving, request.GET))
    form = _empty_form(request, patient, facts["finder"], moving)
    return page(request, PIECE_OF_TIMES, facts | {"form": form}, status=422 if facts["unread"] else 200)


def _choose(request: Request, patient: Patient, moving: Appointment | None) -> HttpResponse:
    if request.method != "POST":
        record(request.actor, "schedule.booking.viewed", patient)
        facts = _facts(request, patient, moving, _asked(request, patient, moving, request.GET))
        form = _empty_form(request, patient, facts["finder"], moving)
        return page(request, PAGE, facts | {"form": form}, status=422 if facts["unread"] else 200)
    asked = _asked(request, patient, moving, request.POST)
    open_cases = _cases(request, patient, moving)
    today, moves = request.office.today, moving is not None
    papers = _papers(request, patient, moving)
    form = BookForm(request.POST, finder=asked[0], today=today, cases=open_cases, papers=papers, moves=moves)
    # What fits is looked for only when the page is shown again: a booking that goes through needs none of it.
    if _is_unread(asked[1]) or not form.is_valid():
        return invalid(request, PAGE, PIECE, form, _facts(request, patient, moving, asked))
    try:
        reading.must_be_read(request, patient, "book")
        appointment = _with_names(_act(request, patient, moving, form), asked[0])
    except Refusal as no:
        facts = _facts(request, patient, moving, asked)
        return refused(request, PAGE, PIECE, form, no, facts | _after_refusal(request, patient, form, no))
    local = appointment.starts_at.astimezone(appointment.location.zone)
    said = (_("Moved to %(when)s with %(who)s.") if moving else _("Booked %(when)s with %(who)s.")) % {
        "when": f"{say_day(local.date())}, {local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}",
        "who": appointment.provider,
    }
    undo = reverse("schedule:appointment-undo", args=[appointment.id])
    return done(request, day_of(request, appointment), toast=said, undo=(undo, _("Undo")))


def _with_names(booked: Appointment, found: Finder) -> Appointment:
    """Put clinician and door, which the finder has read already, beside what was booked."""
    who = next((one for one in found.providers if one.pk == booked.provider_id), None)
    where = next((one for one in found.locations if one.pk == booked.location_id), None)
    if who is not None:
        booked.provider = who
    if where is not None:
        booked.location = where
    return booked


def _act(request: Request, patient: Patient, moving: Appointment | None, form: BookForm) -> Appointment:
    if moving is None:
        return commands.book_appointment(request.actor, patient_id=patient.id, **form.act())
    version = form_version(request)
    told = form.act() | form.moved()
    return commands.move_appointment(request.actor, appointment_id=moving.id, version=version, **told)


def _asked(
    request: Request, patient: Patient, moving: Appointment | None, typed: QueryDict
) -> tuple[Finder, FinderForm]:
    """Return what is asked for, and the form in which it was; what cannot be read is said and never passed over."""
    today = request.office.today
    found = finder(
        patient=patient,
        today=today,
        now=request.actor.now,
        zone=request.office.zone,
        location_id=request.office.location_id,
        moving=moving,
    )
    shown: dict[str, Any] = dict(typed_again(found)) | {
        "weekdays": [],
        "from_day": found.wanted["from_day"],
    }
    chosen = FinderForm(typed if "type" in typed else None, initial=shown, finder=found, today=today)
    if chosen.is_bound and chosen.is_valid():
        found.wanted = chosen.wanted()
    return found, chosen


def _is_unread(chosen: FinderForm) -> bool:
    """Return whether something that is asked for cannot be read: then no time is looked for, and none is booked."""
    return chosen.is_bound and not chosen.is_valid()


def _facts(
    request: Request, patient: Patient, moving: Appointment | None, asked: tuple[Finder, FinderForm]
) -> dict[str, Any]:
    """Return what the page shows: the finder with what fits, the patient, what the patient has."""
    found, chosen = asked
    now, zone = request.actor.now, request.office.zone
    restrictions = missed_fees.restrictions_on(patient.pk, request.office.today)
    unread = chosen if _is_unread(chosen) else None
    if unread is None:
        held = held_by_others(request.actor.user_id, since=now)
        look(found, patient=patient, now=now, held=held, offers=out_to_others(patient.pk, now))
    return {
        "unread": unread,
        "finder": found,
        "takes": say_demand(found.demand),
        "lacks": [*found.kept, *(say_lack(one) for one in found.lacks)],
        "typed": typed_again(found),
        "say_why": say_why,
        "say_asked": lambda choice: say_asked(choice.asked, choice.local.tzinfo),
        "say_held": lambda choice: say_held(choice.held, now, choice.local.tzinfo),
        "wider": [
            (words, asked_without(found, *names))
            for words, names in (
                (_("With anyone"), ("who", "team", "language")),
                (_("At any location"), ("where",)),
                (_("On any day, at any hour"), ("weekdays", "after", "before", "part")),
            )
            if any(value for name, value in typed_again(found) if name in names and value != "any")
        ],
        "may_email": bool(patient.email) and mail.email_leaves(),
        "may_pay_self": moving is None
        and may_pay_self(request.actor, patient.pk, found.wanted["from_day"] or request.office.today),
        "may_overbook": request.actor.can(Can.OVERBOOK),
        "chosen": chosen,
        "moving": moving,
        "zone": zone,
        "offered": [],
        "restrictions": restrictions,
        "way_past": missed_fees.way_past(request.actor, restrictions),
        "said": reading.read_out(request, patient, "book"),
        "hints": _hints(request, patient, found, moving),
    } | patients.around(request.actor, patient, today=request.office.today)


def _hints(request: Request, patient: Patient, found: Finder, moving: Appointment | None) -> list[str]:
    """Return what the plan needs for such a visit and does not have, or has hardly any more; it stops nobody."""
    if not request.actor.can(Can.SEE_COVERAGE):
        return []
    words = [found.type.name] if found.type else []
    today = request.office.today
    ids = (moving.authorization_id, moving.referral_id) if moving else ()
    by_hand = moving.by_hand if moving else ()
    day = found.wanted["from_day"] or today
    return granted.hints(patient.pk, day, words, today=today, under=ids, by_hand=by_hand)


def _after_refusal(request: Request, patient: Patient, form: BookForm, no: Refusal) -> dict[str, Any]:
    """Offer the next three that fit from the asked moment on, where that time cannot be had."""
    moment, where = form.cleaned_data.get("starts_at"), form.cleaned_data.get("location_id")
    if not isinstance(no, TAKEN) or moment is None:
        return {}
    now = request.actor.now
    door = next((one.zone for one in form.finder.locations if one.id == where), request.office.zone)
    around = {
        "patient": patient,
        "now": now,
        "held": held_by_others(request.actor.user_id, since=now),
        "offers": out_to_others(patient.pk, now),
    }
    since = max(now, moment)
    return {"offered": next_after(form.finder, since, local_day(since, door), **around)[:3]}


def _cases(request: Request, patient: Patient, moving: Appointment | None) -> list[InjuryCase]:
    """Return the cases that a new visit can be for; a moved one stays under its own."""
    if moving is not None or not request.actor.can(Can.SEE_COVERAGE):
        return []
    return cases.open_on(patient.pk, request.office.today)


def _papers(request: Request, patient: Patient, moving: Appointment | None) -> list[Granted]:
    """Return the authorizations and referrals that a new visit may count under; a moved one keeps its own."""
    if moving is not None or not request.actor.can(Can.SEE_COVERAGE):
        return []
    today = request.office.today
    rows = authorizing.ALL_OF_PATIENT(patient=patient.pk)
    return granted.granted([one for one in rows if one.ends_on is None or one.ends_on > today], today)


def _empty_form(request: Request, patient: Patient, found: Finder, moving: Appointment | None) -> BookForm:
    open_cases, papers = _cases(request, patient, moving), _papers(request, patient, moving)
    first = found.first
    initial: dict[str, Any] = {"slot": first.key if first else "other", "paper": WORKED_OUT}
    initial["confirm_by_email"] = moving is not None and was_confirmed(moving.pk)
    today, moves = request.office.today, moving is not None
    return BookForm(finder=found, today=today, cases=open_cases, papers=papers, moves=moves, initial=initial)
