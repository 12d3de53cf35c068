"""The desk watches a patient's own check-in, helps, calls in, and decides on what was proposed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ledger import queries as books
from daysheet.mailroom.models import Envelope
from daysheet.patients import queries as patients
from daysheet.portal import commands, queries, rules
from daysheet.portal.beside import barred, said_of
from daysheet.portal.models import SelfCheckIn
from daysheet.portal.qr import drawn
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "portal/desk_watch.html", "_desk_watch.html"
FIELD_WORDS = {
    "phone": gettext_lazy("Phone"),
    "street": gettext_lazy("Street"),
    "city": gettext_lazy("City"),
    "state": gettext_lazy("State"),
    "zip": gettext_lazy("ZIP code"),
    "email": gettext_lazy("Email"),
}


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def offer_visit(request: Request, visit_id: UUID) -> HttpResponse:
    """Hand out a code for a patient who is here."""
    row = commands.offer_for_visit(request.actor, visit_id=visit_id)
    return done(request, _address(row.pk))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def offer_appointment(request: Request, appointment_id: UUID) -> HttpResponse:
    """Hand out a code for an appointment of today."""
    row = commands.offer_for_appointment(request.actor, appointment_id=appointment_id)
    return done(request, _address(row.pk))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def send_link(request: Request, appointment_id: UUID) -> HttpResponse:
    """Send the link to the own check-in now, from the check-in or from the appointment."""
    visit = queries.visit_here(appointment_id)
    here = reverse("schedule:appointment", args=[appointment_id])
    here = reverse("frontdesk:check-in", args=[visit]) if visit else here
    return _sent(here, lambda: commands.send_link(request.actor, appointment_id=appointment_id), request)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def send_visit_link(request: Request, visit_id: UUID) -> HttpResponse:
    """Send the link to the own check-in now to a patient who is here, booked or not."""
    here = reverse("frontdesk:check-in", args=[visit_id])
    return _sent(here, lambda: commands.send_link_for_visit(request.actor, visit_id=visit_id), request)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def show_link(request: Request, visit_id: UUID) -> HttpResponse:
    """Show a new link as a code of squares, to be scanned from the desk's screen by the patient's phone."""
    try:
        row, address = commands.show_link(request.actor, visit_id=visit_id)
    except Refusal as no:
        return done(request, reverse("frontdesk:check-in", args=[visit_id]), toast=no.sentence)
    facts = _facts(request, _row(row.pk)) | {"picture": drawn(address), "visit_id": visit_id}
    return page(request, "portal/desk_link.html", facts)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def link_back(request: Request, self_check_in_id: UUID) -> HttpResponse:
    """Take a link back that was just sent."""
    row = _row(self_check_in_id)
    commands.take_link_back(request.actor, row_id=row.pk)
    return done(request, _address(row.pk), toast=_("The link opens nothing any more."))


@screen(needs=Can.MOVE_PATIENT)
def watch(request: Request, self_check_in_id: UUID) -> HttpResponse:
    """Show the code, how far the patient is, and what was proposed beside the chart."""
    row = _row(self_check_in_id)
    record(request.actor, "portal.self-check-in.viewed", row, patients=[row.patient_id])
    return page(request, PAGE, _facts(request, row))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def act(request: Request, self_check_in_id: UUID) -> HttpResponse:
    """Take over, give back, call in, take a code back."""
    row = _row(self_check_in_id)
    acts: dict[str, tuple[Callable[..., SelfCheckIn], str]] = {
        "help": (commands.help_patient, _("The patient's screen says that the desk helps.")),
        "give_back": (commands.give_back, _("The patient goes on alone.")),
        "call_in": (commands.call_in, _("The patient's phone says: please come in.")),
        "take_back_call": (commands.take_back_call, _("The patient waits on.")),
        "take_back": (commands.take_offer_back, _("Code and link open nothing any more.")),
        "put_back": (commands.put_changes_back, _("The chart is as it was.")),
        "leave": (commands.leave_as_it_is, _("The chart stays as it is.")),
    }
    found = acts.get(request.POST.get("act", ""))
    if found is None:
        raise Http404
    try:
        found[0](request.actor, row_id=row.pk)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, row))
    return done(request, _address(row.pk), f"portal/{PIECE}", _facts(request, _row(row.pk)), toast=found[1])


@screen(needs=Can.EDIT_PATIENTS, methods=("POST",))
def changes(request: Request, self_check_in_id: UUID) -> HttpResponse:
    """Take over the changes that were ticked."""
    row = _row(self_check_in_id)
    fields = request.POST.getlist("take")
    try:
        commands.take_over_changes(
            request.actor, row_id=row.pk, version=form_version(request) or 0, fields=fields
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, row) | {"ticked": fields})
    toast = _("Taken over into the chart.")
    return done(request, _address(row.pk), f"portal/{PIECE}", _facts(request, _row(row.pk)), toast=toast)


def _facts(request: Request, row: SelfCheckIn) -> dict[str, Any]:
    seen = queries.watched(row)
    return {
        "row": row,
        "seen": seen,
        "sign": said_of(row, request.actor.now),
        "ticked": [one.field for one in seen.open_changes],
        "field_words": FIELD_WORDS,
        "version": seen.patient.version,
        "may_edit": request.actor.can(Can.EDIT_PATIENTS),
        "insurance": row.said.get(rules.INSURANCE, ""),
        "photo_id": row.said.get(rules.PHOTO_ID, ""),
        "id_sent": bool(queries.id_sent(row)),
        "guardian": row.said.get(rules.GUARDIAN),
        "barred": barred(row),
        "own_payments": books.own_payments_of(row.pk, row.patient_id),
        "has_code": bool(row.code) and row.code_until is not None and row.code_until > request.actor.now,
        "put_back": bool(row.said.get("before")) and "taken" in row.settled.values(),
        "zone": request.office.zone,
        **patients.around(request.actor, seen.patient, today=request.office.today),
    }


def _sent(here: str, send: Callable[[], Envelope], request: Request) -> HttpResponse:
    try:
        sent = send()
    except Refusal as no:
        return done(request, here, toast=no.sentence)
    way = _("by text") if sent.kind == "sms" else _("by e-mail")
    undo = reverse("portal:link-back", args=[sent.subject_id])
    toast = _("The link to the own check-in is sent %(way)s.") % {"way": way}
    return done(request, here, toast=toast, undo=(undo, _("Undo")))


def _row(row_id: UUID) -> SelfCheckIn:
    row = queries.self_check_in(row_id)
    if row is None:
        raise Http404
    return row


def _address(row_id: UUID) -> str:
    return reverse("portal:watch", args=[row_id])
