"""Visits asked for from home, at the desk: what waits, one request with the free times, the answer, and its undo."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients import reading
from daysheet.patients.models import Patient
from daysheet.schedule import commands, missed_fees, requests
from daysheet.schedule.finder import EVERY_DAY, Finder, finder, look
from daysheet.schedule.finder_forms import FinderForm, say_why, typed_again
from daysheet.schedule.models import VisitRequest
from daysheet.schedule.request_forms import AnswerForm, DeclineForm
from daysheet.schedule.request_lines import came_of, request_line, request_lines, said_moment
from daysheet.schedule.slots import minute_of
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, ANSWER, DECLINE = "schedule/visit-request.html", "_visit_request.html", "_visit_decline_form.html"
GET_AND_POST = ("GET", "HEAD", "POST")
SHOWN = 40
"""Answered requests that are shown below those that wait."""


@screen(needs=Can.SEE_SCHEDULE)
def every(request: Request) -> HttpResponse:
    """Show what waits for an answer, and what was answered lately."""
    waits, over = list(requests.waiting()), list(requests.decided(request.actor.now)[:SHOWN])
    shown = [one.patient_id for one in (*waits, *over)]
    record(request.actor, "schedule.visit-requests.viewed", patients=shown)
    facts = {
        "waiting": request_lines(waits),
        "decided": request_lines(over),
        "zone": request.office.zone,
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
        "has_rules": requests.rules().exists(),
        "may_manage": request.actor.can(Can.MANAGE_OFFICE),
    }
    return page(request, "schedule/visit-requests.html", facts)


@screen(needs=Can.BOOK_APPOINTMENT, methods=GET_AND_POST)
def one(request: Request, visit_request_id: UUID) -> HttpResponse:
    """Show one request with the free times; book it, or offer another time."""
    row = _row(visit_request_id)
    if request.method != "POST":
        record(request.actor, "schedule.visit-request.viewed", row)
        facts = _facts(request, row)
        return page(request, PAGE, facts, status=422 if facts["unread"] else 200)
    form = AnswerForm(request.POST)
    if _is_unread(_asked(request, row)[1]) or not form.is_valid() or row.type_id is None:
        return invalid(request, PAGE, ANSWER, form, _facts(request, row) | {"answer": form})
    is_offer = form.cleaned_data["act"] == "offer"
    act = commands.offer_other_time if is_offer else commands.approve_request
    try:
        reading.must_be_read(request, row.patient, "book")
        kept = act(
            request.actor,
            request_id=row.pk,
            version=form_version(request),
            **form.time(_type_asked(request, row)),
        )
    except Refusal as no:
        return refused(request, PAGE, ANSWER, form, no, _facts(request, _row(row.pk)) | {"answer": form})
    said = _("The time is offered.") if is_offer else _("Booked.")
    return _answered(request, kept, said)


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def decline(request: Request, visit_request_id: UUID) -> HttpResponse:
    """Decline a request, with the reason that the patient reads."""
    row = _row(visit_request_id)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, DECLINE, form, _facts(request, row) | {"decline": form})
    try:
        kept = commands.decline_request(
            request.actor,
            request_id=row.pk,
            version=form_version(request),
            because=form.cleaned_data["because"],
        )
    except Refusal as no:
        return refused(request, PAGE, DECLINE, form, no, _facts(request, _row(row.pk)) | {"decline": form})
    return _answered(request, kept, _("Declined."))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def undo(request: Request, visit_request_id: UUID) -> HttpResponse:
    """Take the answer back; the request waits again."""
    row = _row(visit_request_id)
    try:
        commands.undo_decision(request.actor, request_id=row.pk)
    except Refusal as no:
        return refused(request, PAGE, ANSWER, None, no, _facts(request, _row(row.pk)))
    return done(request, _address(row.pk), toast=_("The request waits for an answer again."))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def send_link(request: Request, patient_id: UUID) -> HttpResponse:
    """Write to a patient where a visit is asked for."""
    who = Patient.objects.get(pk=patient_id)
    try:
        commands.send_asking_link(request.actor, patient_id=who.pk)
    except Refusal as no:
        facts = patients.around(request.actor, who, today=request.office.today)
        return refused(request, "schedule/asking-link.html", "schedule/asking-link.html", None, no, facts)
    return done(
        request,
        reverse("patients:patient-page", args=[who.pk]),
        toast=_("The link leaves in 3 minutes, or when the quiet hours end."),
    )


def _answered(request: Request, kept: VisitRequest, said: str) -> HttpResponse:
    """Go back to the list; say whether the patient is written to, and offer the way back."""
    told = (
        _("The message leaves in 3 minutes, or when the quiet hours end.")
        if kept.envelope_id
        else _("The patient cannot be written to: call. It stands on My work.")
    )
    undo = (reverse("schedule:visit-request-undo", args=[kept.pk]), _("Undo"))
    return done(request, reverse("schedule:visit-requests"), toast=f"{said} {told}", undo=undo)


def _facts(request: Request, row: VisitRequest) -> dict[str, Any]:
    found, chosen = _asked(request, row)
    asked_key, is_free = "", False
    unread = chosen if _is_unread(chosen) else None
    if row.state in requests.WAITING and unread is None:
        look(found, patient=row.patient, now=request.actor.now)
        asked_key, is_free = _asked_time(row, request)
    first = found.first
    return {
        "row": row,
        "line": request_line(row),
        "finder": found,
        "unread": unread,
        "chosen": chosen,
        "typed": typed_again(found),
        "say_why": say_why,
        "asked_key": asked_key,
        "asked_is_free": is_free,
        "asked_moment": said_moment(row.starts_at.astimezone(row.location.zone))
        if row.starts_at and row.location
        else "",
        "offered_moment": said_moment(row.offered_starts_at.astimezone(row.offered_location.zone))
        if row.offered_starts_at and row.offered_location
        else "",
        "came_of": came_of(row),
        "preselected": asked_key if is_free else (first.key if first else ""),
        "restrictions": missed_fees.restrictions_on(row.patient_id, request.office.today),
        "said": reading.read_out(request, row.patient, "book"),
        "answer": AnswerForm(),
        "decline": DeclineForm(),
        "zone": request.office.zone,
    } | patients.around(request.actor, row.patient, today=request.office.today)


def _asked_time(row: VisitRequest, request: Request) -> tuple[str, bool]:
    """Return the time that the patient chose as a form's word, and whether it is still free."""
    if row.starts_at is None or row.provider_id is None or row.location_id is None or row.type_id is None:
        return "", False
    time = (row.provider_id, row.location_id, row.starts_at)
    free = requests.is_free(row.type_id, row.patient, time, request.actor.now)
    return f"{row.provider_id}.{row.location_id}.{minute_of(row.starts_at)}", free


def _asked(request: Request, row: VisitRequest) -> tuple[Finder, FinderForm]:
    """Return the finder as the wish presets it, or as the desk set it since; what cannot be read is said."""
    today = request.office.today
    found = finder(
        patient=row.patient,
        today=today,
        now=request.actor.now,
        zone=request.office.zone,
        location_id=row.location_id or request.office.location_id,
        moving=None,
    )
    asked_day = row.starts_at.astimezone(request.office.zone).date() if row.starts_at else None
    found.wanted |= {
        "type": row.type_id or found.wanted["type"],
        "who": row.provider_id,
        "where": row.location_id,
        "from_day": max(today, asked_day or row.earliest_on or today),
        "part": row.part or "any",
        "weekdays": tuple(row.weekdays) or EVERY_DAY,
        "language": "",
    }
    shown: dict[str, Any] = dict(typed_again(found)) | {
        "weekdays": [str(one) for one in row.weekdays],
        "from_day": found.wanted["from_day"],
    }
    typed = request.POST if request.method == "POST" else request.GET
    chosen = FinderForm(typed if "type" in typed else None, initial=shown, finder=found, today=today)
    if chosen.is_bound and chosen.is_valid():
        found.wanted = chosen.wanted()
    return found, chosen


def _is_unread(chosen: FinderForm) -> bool:
    """Return whether something that is asked for cannot be read: then no time is looked for, and none is booked."""
    return chosen.is_bound and not chosen.is_valid()


def _type_asked(request: Request, row: VisitRequest) -> UUID:
    """Return the kind of visit that the desk has chosen in the finder."""
    kind = _asked(request, row)[0].type
    assert row.type_id is not None  # the view has looked
    return kind.pk if kind else row.type_id


def _row(request_id: UUID) -> VisitRequest:
    row = requests.request(request_id)
    if row is None:
        raise Http404
    return row


def _address(request_id: UUID) -> str:
    return reverse("schedule:visit-request", args=[request_id])
