"""Visits by video: the office's own addresses, and the link of one visit."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.practice import queries as practice
from daysheet.schedule import commands, meetings, queries
from daysheet.schedule.meeting_forms import AddressForm, LinkForm
from daysheet.schedule.remote import VIDEO
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen

GET_AND_POST = ("GET", "HEAD", "POST")
PAGE, PIECE = "schedule/meetings.html", "_address_form.html"
LINK_PAGE, LINK_PIECE = "schedule/meeting.html", "_link_form.html"


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def addresses(request: Request) -> HttpResponse:
    """Show at which addresses the office meets patients by video, and set one."""
    form = AddressForm(request.POST or None, providers=practice.providers())
    told = {"addresses": meetings.addresses()}
    if request.method != "POST":
        return page(request, PAGE, told | {"form": form})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, told)
    try:
        commands.set_meeting_address(request.actor, **form.said())
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, told)
    return done(request, reverse("schedule:meetings"), toast=_("Visits by video meet there from now on."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def address_drop(request: Request, address_id: UUID) -> HttpResponse:
    """Let an address go."""
    commands.drop_meeting_address(request.actor, address_id=address_id)
    return done(request, reverse("schedule:meetings"), toast=_("The address is dropped."))


@screen(needs=Can.BOOK_APPOINTMENT, methods=GET_AND_POST)
def link(request: Request, appointment_id: UUID) -> HttpResponse:
    """Type the link of one visit by video."""
    found = queries.appointment(appointment_id)
    if found is None or found.type.mode != VIDEO:
        raise Http404
    now = meetings.meeting_of(found)
    form = LinkForm(request.POST or None, initial={"link": now.link if now.is_typed else ""})
    told = {
        "appointment": found,
        "meeting": now,
        "zone": found.location.zone,
        **patients.around(request.actor, found.patient, today=request.office.today),
    }
    record(request.actor, "schedule.appointment.viewed", found)
    if request.method != "POST":
        return page(request, LINK_PAGE, told | {"form": form})
    if not form.is_valid():
        return invalid(request, LINK_PAGE, LINK_PIECE, form, told)
    try:
        commands.set_meeting_link(request.actor, appointment_id=appointment_id, **form.cleaned_data)
    except Refusal as no:
        return refused(request, LINK_PAGE, LINK_PIECE, form, no, told)
    return done(request, reverse("schedule:appointment", args=[appointment_id]), toast=_("The link is kept."))
