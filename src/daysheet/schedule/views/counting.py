"""Under which authorization or referral a coming visit counts: chosen by hand, or none with a reason; taken back."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, by_hand, cases
from daysheet.coverage.granted import Granted, granted, hints
from daysheet.coverage.paper_form import PaperForm
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.schedule import commands, queries
from daysheet.schedule.models import Appointment
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "schedule/authorization.html", "_authorization_form.html"


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def appointment_authorization(request: Request, appointment_id: UUID) -> HttpResponse:
    """Show what could hold a coming visit, with what is left of each, and choose one, or none with a reason."""
    found = _found(appointment_id)
    form, facts = PaperForm(request.POST or None, papers=_papers(found)), _facts(request, found)
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **facts})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, facts)
    try:
        version = form_version(request) or 0
        chosen = commands.count_appointment_under(
            request.actor, appointment_id=appointment_id, version=version, **form.said()
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, facts)
    undo = (reverse("schedule:appointment-authorization-undo", args=[appointment_id]), _("Undo"))
    return done(request, _back(found), toast=_said(request, chosen), undo=undo)


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def appointment_authorization_undo(request: Request, appointment_id: UUID) -> HttpResponse:
    """Take back what was last said by hand."""
    found = _found(appointment_id)
    try:
        commands.undo_count_of_appointment(request.actor, appointment_id=appointment_id)
    except Refusal as no:
        form = PaperForm(papers=_papers(found))
        return refused(request, PAGE, PIECE, form, no, _facts(request, found))
    return done(request, _back(found), toast=_("Taken back."))


def _papers(found: Appointment) -> list[Granted]:
    rows = authorizing.authorizations(found.patient_id)
    grants, case, day = map(authorizing.grant_of, rows), _case(found), found.on_day
    fitting = {one.id for one in grants if one.holds(day) and one.pays(day, case)}
    return granted([one for one in rows if one.pk in fitting], day)


def _case(found: Appointment) -> UUID | None:
    return cases.payers_of({found.pk: found.on_day}).get(found.pk)


def _facts(request: Request, found: Appointment) -> dict[str, Any]:
    record(request.actor, "schedule.appointment-authorization.viewed", found)
    return {
        **patients.around(request.actor, found.patient, today=request.office.today),
        "appointment": found,
        "under": by_hand.papers_of(found),
        "said_by_hand": by_hand.words_of(found),
        "back": _back(found),
        "zone": found.location.zone,
    }


def _said(request: Request, chosen: Appointment) -> str:
    """Return what it counts under now, and what is to be warned of."""
    under = by_hand.papers_of(chosen)
    words = [
        _("It counts under %(papers)s.") % {"papers": ", ".join(map(str, under))}
        if under
        else _("It counts under none.")
    ]
    ids = (chosen.authorization_id, chosen.referral_id)
    today = request.office.today
    words += hints(
        chosen.patient_id,
        chosen.on_day,
        [chosen.type.name],
        today=today,
        under=ids,
        by_hand=chosen.by_hand,
        case=_case(chosen),
    )
    return " ".join(words)


def _found(appointment_id: UUID) -> Appointment:
    found = queries.appointment(appointment_id)
    if found is None:
        raise Http404
    return found


def _back(found: Appointment) -> str:
    return reverse("schedule:appointment", args=[found.pk])
