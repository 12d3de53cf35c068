"""Which kinds of visit patients may ask for from home: said, ended, begun again."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands
from daysheet.schedule.models import AppointmentType, SelfBooking
from daysheet.schedule.request_forms import SelfBookingForm
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, FORM = "schedule/self-booking.html", "_self_booking_form.html"


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def rule(request: Request, type_id: UUID) -> HttpResponse:
    """Show what is done when a patient asks for a kind of visit from home, and say it anew."""
    told = _told(type_id)
    if request.method != "POST":
        form = SelfBookingForm(initial=SelfBookingForm.kept(told["kind"], told["rule"]))
        return page(request, PAGE, told | {"form": form})
    form = SelfBookingForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, FORM, form, context=told)
    try:
        commands.keep_self_booking(
            request.actor, type_id=type_id, version=form_version(request), **form.cleaned_data
        )
    except Refusal as no:
        return refused(request, PAGE, FORM, form, no, context=told)
    return done(request, reverse("schedule:types"), toast=_("Patients may ask for this visit from home."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def use(request: Request, type_id: UUID) -> HttpResponse:
    """Let patients ask for a kind of visit no more, or again."""
    is_active = request.POST.get("use") == "yes"
    told = _told(type_id)
    form = SelfBookingForm(initial=SelfBookingForm.kept(told["kind"], told["rule"]))
    try:
        commands.use_self_booking(request.actor, type_id=type_id, is_active=is_active)
    except Refusal as no:
        return refused(request, PAGE, FORM, form, no, context=told)
    toast = (
        _("Patients may ask for this visit from home.")
        if is_active
        else _("Patients cannot ask for it any more; what was asked for stays.")
    )
    return done(request, reverse("schedule:types"), toast=toast)


def _told(type_id: UUID) -> dict[str, Any]:
    kind = AppointmentType.objects.get(pk=type_id)
    held = SelfBooking.objects.filter(type=kind).first()
    return {"kind": kind, "rule": held, "version": held.version if held else 0}
