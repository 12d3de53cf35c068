"""A form of the office at the desk: read, answered, signed on the pad or by name."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from markupsafe import Markup

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
BODY = "frontdesk/_fill_form_body.html"


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
    facts: dict[str, Any] = frame(request, desk) | {"at_hand": at_hand, "language": language}
    facts["drawn"] = _drawn(request, facts)
    record(request.actor, "frontdesk.form.viewed", desk.visit)
    with translation.override(language):
        form = FillForm(
            request.POST or None,
            at_hand=at_hand,
            language=language,
            today=request.office.today,
            initial=start,
        )
        is_sound = form.is_valid()
    if request.method != "POST":
        return page(request, PAGE, facts | {"form": form})
    if not is_sound:
        return invalid(request, PAGE, PIECE, form, facts)
    try:
        with translation.override(language):
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


def _drawn(request: Request, facts: dict[str, Any]) -> Callable[[FillForm, str | None], Markup]:
    """Return how the form is drawn: in its own language, whatever the rest of the page speaks."""

    def draw(form: FillForm, refusal: str | None) -> Markup:
        with translation.override(facts["language"]):
            said = render_to_string(BODY, facts | {"form": form, "refusal": refusal}, request)
        return Markup(said)  # noqa: S704 - our own template, which escapes what it is given

    return draw
