"""A form of the office at the desk: read, answered, signed on the pad or by name."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.frontdesk import commands
from daysheet.frontdesk.at_desk import desk_of, frame
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients.rules import age
from daysheet.privacy import filling
from daysheet.privacy.forms import FillForm
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

OF_AGE = 18
"""Before that a parent or guardian is proposed; who may sign is the office's to judge."""
PAGE, PIECE = "frontdesk/fill_form.html", "_fill_form.html"


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def fill_form(request: Request, visit_id: UUID, key: str) -> HttpResponse:
    """Show a form to be signed or answered, and keep it."""
    at_hand = filling.form_at_hand(key)
    if at_hand is None or at_hand.is_retired:
        raise Http404
    desk = desk_of(visit_id, "check_in")
    asked = request.POST.get("language") or request.GET.get("language") or desk.patient.language
    language = "es" if asked == "es" else "en"
    start = {"signed_by": f"{desk.patient.given} {desk.patient.family}"}
    if age(desk.patient.born_on, on=request.office.today) < OF_AGE:
        start = {"signed_by": "", "relationship": "parent"}
    form = FillForm(
        request.POST or None, at_hand=at_hand, language=language, today=request.office.today, initial=start
    )
    facts: dict[str, Any] = frame(request, desk) | {"at_hand": at_hand, "language": language}
    record(request.actor, "frontdesk.form.viewed", desk.visit)
    if request.method != "POST":
        return page(request, PAGE, facts | {"form": form})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, facts)
    try:
        commands.fill_form(
            request.actor,
            visit_id=visit_id,
            key=key,
            edition=form_version(request) or 0,
            language=language,
            answers=form.answers(),
            **form.signature(),
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, facts)
    toast = _("Kept: %(form)s.") % {"form": at_hand.title}
    return done(request, reverse("frontdesk:check-in", args=[visit_id]), toast=toast)
