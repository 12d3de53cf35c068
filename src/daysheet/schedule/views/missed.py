"""Visits that were not kept: a person follows each up, or says why not."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.schedule import commands, followers, missed_fees, queries, waitlist
from daysheet.schedule.models import Appointment
from daysheet.schedule.wishes import NoMoreForm
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

ROWS = 50
CLOSE, CLOSE_FORM = "schedule/missed-close.html", "_missed_form.html"


@screen(needs=Can.SEE_SCHEDULE)
def visits(request: Request) -> HttpResponse:
    """Show the visits that were not kept and not followed up."""
    kind = request.GET.get("kind", "")
    now, rules = request.actor.now, missed_fees.as_rules()
    may_charge = request.actor.can(Can.ENTER_CHARGES)
    sees_fees = may_charge or request.actor.can(Can.SEE_MONEY)
    unpaid = missed_fees.undecided(rules, now) if sees_fees else None
    found = waitlist.missed(now, kind=kind, unpaid=unpaid)
    shown = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = list(shown.object_list)
    record(request.actor, "schedule.missed.viewed", patients=[row.patient_id for row in rows])
    facts = {
        "fees": _fees(rows) if sees_fees else None,
        "asks_fee": bool(rules),
        "shown": shown,
        "rows": rows,
        "kind": kind,
        "phones": waitlist.phones_of([row.patient_id for row in rows]),
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
        "may_charge": may_charge,
    }
    return page(request, "schedule/missed.html", facts)


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def close(request: Request, appointment_id: UUID) -> HttpResponse:
    """Follow one up no more, with the reason."""
    found = _found(appointment_id)
    facts = _facts(request, found)
    if request.method != "POST":
        record(request.actor, "schedule.appointment.viewed", found)
        return page(request, CLOSE, facts | {"form": NoMoreForm()})
    form = NoMoreForm(request.POST)
    if not form.is_valid():
        return invalid(request, CLOSE, CLOSE_FORM, form, facts)
    try:
        commands.close_missed(
            request.actor,
            appointment_id=found.id,
            version=form_version(request),
            because=form.cleaned_data["because"],
        )
    except Refusal as no:
        return refused(request, CLOSE, CLOSE_FORM, form, no, facts)
    undo = reverse("schedule:missed-open", args=[found.id])
    return done(request, reverse("schedule:missed"), toast=_("Off the list."), undo=(undo, _("Undo")))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def open_again(request: Request, appointment_id: UUID) -> HttpResponse:
    """Put one back among those to be followed up."""
    found = _found(appointment_id)
    try:
        commands.open_missed(request.actor, appointment_id=found.id)
    except Refusal as no:
        return refused(request, CLOSE, CLOSE_FORM, NoMoreForm(), no, _facts(request, found))
    return done(request, reverse("schedule:missed"), toast=_("On the list again."))


def _fees(rows: list[Appointment]) -> dict[UUID, tuple[str, str]]:
    """Return what was decided about the fee of each, as the rooms above tell it."""
    found: dict[UUID, tuple[str, str]] = {}
    for told in followers.fee_words if rows else ():
        found |= told([row.pk for row in rows])
    return found


def _facts(request: Request, found: Appointment) -> dict[str, Any]:
    around = patients.around(request.actor, found.patient, today=request.office.today)
    return {"appointment": found, "zone": found.location.zone, **around}


def _found(appointment_id: UUID) -> Appointment:
    found = queries.appointment(appointment_id)
    if found is None:
        raise Http404
    return found
