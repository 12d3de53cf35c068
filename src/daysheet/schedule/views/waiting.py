"""The waitlist on screen: who waits, put on the list, one entry, changed, taken off, put back."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.schedule import commands, offers_out, queries, recalls, waitlist
from daysheet.schedule.models import Appointment, Recall, WaitlistEntry
from daysheet.schedule.offer_lines import offer_lines, sent_words
from daysheet.schedule.showing import wait_line
from daysheet.schedule.wishes import LeaveForm, ListForm, WaitForm, first_wish, kept_wish
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

ROWS = 50
GET_AND_POST = ("GET", "HEAD", "POST")
ADD, ADD_FORM = "schedule/wait.html", "_wait_form.html"
ENTRY, ENTRY_PIECE = "schedule/waiting.html", "_waiting.html"


@screen(needs=Can.SEE_SCHEDULE)
def everyone(request: Request) -> HttpResponse:
    """Show who waits in the order of asking, page by page."""
    form = ListForm(request.GET, types=queries.types(), providers=practice.providers())
    wanted = form.wanted()
    shown = Paginator(waitlist.entries(**wanted), ROWS).get_page(request.GET.get("page"))
    rows = list(shown.object_list)
    record(request.actor, "schedule.waitlist.viewed", patients=[row.patient_id for row in rows])
    names, zone = waitlist.names_of(rows), request.office.zone
    live = offers_out.live_by([row.id for row in rows if row.state == "offered"])
    asked = {entry_id: sent_words(one, zone) for entry_id, one in live.items()}
    facts = {
        "filters": form,
        "is_filtered": any(wanted.values()),
        "shown": shown,
        "lines": [wait_line(row, names, request.actor.now, asked=asked.get(row.id, "")) for row in rows],
        "is_closed": wanted["state"] in ("booked", "withdrawn", "expired"),
        "zone": zone,
    }
    return page(request, "schedule/waitlist.html", facts)


@screen(needs=Can.BOOK_APPOINTMENT, methods=GET_AND_POST)
def add(request: Request, patient_id: UUID) -> HttpResponse:
    """Put a patient on the list who found no time that suits, or is due for a visit."""
    return _put_on(request, Patient.objects.get(pk=patient_id), None, "asked")


@screen(needs=Can.BOOK_APPOINTMENT, methods=GET_AND_POST)
def add_for_appointment(request: Request, appointment_id: UUID) -> HttpResponse:
    """Let who is booked wait for an earlier time, and who cancelled for another one."""
    found = queries.appointment(appointment_id)
    if found is None:
        raise Http404
    return _put_on(request, found.patient, found, "booked" if found.booking == "scheduled" else "cancelled")


@screen(needs=Can.SEE_SCHEDULE)
def entry(request: Request, waitlist_entry_id: UUID) -> HttpResponse:
    """Show what a patient waits for and what was offered."""
    found = _found(waitlist_entry_id)
    record(request.actor, "schedule.waitlist-entry.viewed", found)
    return page(request, ENTRY, _facts(request, found))


@screen(needs=Can.BOOK_APPOINTMENT, methods=GET_AND_POST)
def change(request: Request, waitlist_entry_id: UUID) -> HttpResponse:
    """Say anew what a patient would take; the turn stays."""
    found = _found(waitlist_entry_id)
    facts = _facts(request, found)
    form = _form(request, kept_wish(found))
    if request.method != "POST":
        record(request.actor, "schedule.waitlist-entry.viewed", found)
        return page(request, ADD, facts | {"form": form})
    if not form.is_valid():
        return invalid(request, ADD, ADD_FORM, form, facts)
    try:
        commands.change_waitlist_entry(
            request.actor, entry_id=found.id, version=form_version(request), **form.wish()
        )
    except Refusal as no:
        return refused(request, ADD, ADD_FORM, form, no, facts)
    return done(request, _address(found), toast=_("The entry is changed; the turn stays."))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def withdraw(request: Request, waitlist_entry_id: UUID) -> HttpResponse:
    """Take a patient off the list, with the reason."""
    found = _found(waitlist_entry_id)
    form = LeaveForm(request.POST)
    if not form.is_valid():
        return invalid(request, ENTRY, ENTRY_PIECE, form, _facts(request, found))
    try:
        commands.withdraw_from_waitlist(
            request.actor,
            entry_id=found.id,
            version=form_version(request),
            because=form.cleaned_data["because"],
        )
    except Refusal as no:
        return refused(request, ENTRY, ENTRY_PIECE, form, no, _facts(request, found))
    undo = reverse("schedule:waitlist-put-back", args=[found.id])
    return done(request, reverse("schedule:waitlist"), toast=_("Taken off the list."), undo=(undo, _("Undo")))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def put_back(request: Request, waitlist_entry_id: UUID) -> HttpResponse:
    """Let a closed entry wait again in its old turn."""
    found = _found(waitlist_entry_id)
    try:
        commands.put_back_on_waitlist(request.actor, entry_id=found.id)
    except Refusal as no:
        return refused(request, ENTRY, ENTRY_PIECE, None, no, _facts(request, found))
    return done(request, _address(found), toast=_("Waits again, in the old turn."))


def _put_on(request: Request, patient: Patient, about: Appointment | None, source: str) -> HttpResponse:
    due = _due(request, patient)
    start = first_wish(
        type_id=about.type_id if about else due.type.visit_type_id if due else None,
        provider_id=about.provider_id if about else patient.usual_provider_id,
        reason=about.reason if about else "",
    )
    if due:
        start |= {"source": "recall", "reason": due.type.name}
    form = _form(request, start, asks_source=about is None)
    facts = {
        **patients.around(request.actor, patient, today=request.office.today),
        "about": about,
        "source": source,
        "entry": None,
    }
    if request.method != "POST":
        record(request.actor, "schedule.waitlist-form.viewed", patient)
        return page(request, ADD, facts | {"form": form})
    if not form.is_valid():
        return invalid(request, ADD, ADD_FORM, form, facts)
    moves_id = about.id if about and source == "booked" else None
    chosen = form.cleaned_data.get("source", source)
    try:
        made = commands.add_to_waitlist(
            request.actor, patient_id=patient.id, source=chosen, moves_id=moves_id, **form.wish()
        )
    except Refusal as no:
        return refused(request, ADD, ADD_FORM, form, no, facts)
    return done(request, _address(made), toast=_("On the waitlist."))


def _due(request: Request, patient: Patient) -> Recall | None:
    """Return the recall for which a patient is put on the list, where it is the patient's own."""
    asked = read_id(request.GET.get("recall"))
    found = recalls.recall(asked) if asked else None
    return found if found is not None and found.patient_id == patient.pk else None


def _form(request: Request, start: dict[str, Any], *, asks_source: bool = False) -> WaitForm:
    return WaitForm(
        request.POST if request.method == "POST" else None,
        initial=start,
        types=queries.types(),
        providers=practice.providers(),
        locations=practice.locations(),
        asks_source=asks_source,
        today=request.office.today,
    )


def _facts(request: Request, found: WaitlistEntry) -> dict[str, Any]:
    offers = list(waitlist.offers_of(found.id))
    return {
        **patients.around(request.actor, found.patient, today=request.office.today),
        "entry": found,
        "about": found.moves,
        "source": found.source,
        "line": wait_line(found, waitlist.names_of([found]), request.actor.now),
        "offers": offer_lines(offers, {}, {}, request.actor.now, zone=request.office.zone),
        "leave": LeaveForm(),
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
        "zone": request.office.zone,
    }


def _found(entry_id: UUID) -> WaitlistEntry:
    found = waitlist.entry(entry_id)
    if found is None:
        raise Http404
    return found


def _address(found: WaitlistEntry) -> str:
    return reverse("schedule:waitlist-entry", args=[found.id])
