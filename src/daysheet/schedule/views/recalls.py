"""Recalls on screen: who is due, one patient's recall, and what is done about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.schedule import commands, recall_lines, recalls
from daysheet.schedule.models import Recall
from daysheet.schedule.recall_forms import ContactForm, NewRecallForm, RecallDayForm, SilenceForm, StopForm
from daysheet.ui import forms as ui
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

ROWS = 50
GET_AND_POST = ("GET", "HEAD", "POST")
LIST, LIST_PIECE = "schedule/recalls.html", "_recalls.html"
ONE, ONE_PIECE = "schedule/recall.html", "_recall.html"
NEW, NEW_FORM = "schedule/recall-add.html", "_recall_add_form.html"


@screen(needs=Can.SEE_SCHEDULE)
def every(request: Request) -> HttpResponse:
    """Show who is due: overdue, this month, next month, to be won back, stopped."""
    return page(request, LIST, _list(request))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def send(request: Request) -> HttpResponse:
    """Write every letter and message that has come."""
    try:
        made = commands.send_due_recalls(request.actor)
    except Refusal as no:
        return refused(request, LIST, LIST_PIECE, None, no, _list(request))
    said = ngettext("%(n)d letter or message written.", "%(n)d letters and messages written.", len(made))
    return done(request, reverse("schedule:recalls"), toast=said % {"n": len(made)})


@screen(needs=Can.SEE_SCHEDULE)
def one(request: Request, recall_id: UUID) -> HttpResponse:
    """Show one patient's recall, what was done, and what may be done."""
    found = _found(recall_id)
    record(request.actor, "schedule.recall.viewed", found)
    return page(request, ONE, _facts(request, found))


@screen(needs=Can.BOOK_APPOINTMENT, methods=GET_AND_POST)
def add(request: Request, patient_id: UUID) -> HttpResponse:
    """Let a patient be due on a day that a person sets."""
    patient = Patient.objects.get(pk=patient_id)
    today = request.office.today
    form = NewRecallForm(request.POST or None, types=recalls.types(), today=today)
    facts = patients.around(request.actor, patient, today=today)
    if request.method != "POST":
        record(request.actor, "schedule.recall-form.viewed", patient)
        return page(request, NEW, facts | {"form": form})
    if not form.is_valid():
        return invalid(request, NEW, NEW_FORM, form, facts)
    said = form.cleaned_data
    try:
        made = commands.set_recall_day(
            request.actor,
            patient_id=patient.pk,
            type_id=UUID(said["type"]),
            due_on=said["due_on"],
            reason=said["reason"],
            version=0,
            every_months=said["every_months"] or commands.AS_IT_IS,
        )
    except Refusal as no:
        return refused(request, NEW, NEW_FORM, form, no, facts)
    return done(request, reverse("schedule:recall", args=[made.pk]), toast=_day_kept(patient.pk))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def step(request: Request, recall_id: UUID) -> HttpResponse:
    """Do the step that has come: write the letter, send the message."""
    found, undo = _found(recall_id), None
    try:
        made = commands.send_recall_step(request.actor, recall_id=found.pk, version=form_version(request))
    except Refusal as no:
        return refused(request, ONE, ONE_PIECE, None, no, _facts(request, found))
    undo = (reverse("schedule:recall-contact-undo", args=[made.pk]), _("Undo"))
    return done(
        request, _back(request, found), toast=_("Done: %(way)s.") % {"way": made.get_way_display()}, undo=undo
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def contact(request: Request, recall_id: UUID) -> HttpResponse:
    """Note what came of a call."""
    form = ContactForm(request.POST)
    return _act(
        request,
        recall_id,
        "contact",
        form,
        lambda found: commands.note_recall_contact(
            request.actor, recall_id=found.pk, version=form_version(request), **form.cleaned_data
        ),
        _("Noted."),
        undo=lambda made: reverse("schedule:recall-contact-undo", args=[made.pk]),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def contact_undo(request: Request, recall_contact_id: UUID) -> HttpResponse:
    """Take a contact back."""
    made = recalls.contact(recall_contact_id)
    if made is None:
        raise Http404
    found = _found(made.recall_id)
    try:
        commands.take_back_recall_contact(request.actor, contact_id=made.pk)
    except Refusal as no:
        return refused(request, ONE, ONE_PIECE, None, no, _facts(request, found))
    return done(request, reverse("schedule:recall", args=[found.pk]), toast=_("Taken back."))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def day(request: Request, recall_id: UUID) -> HttpResponse:
    """Set the due day by hand, or go back to the one that follows from the last visit."""
    form = RecallDayForm(request.POST, today=request.office.today)
    return _act(
        request,
        recall_id,
        "day",
        form,
        lambda found: commands.set_recall_day(
            request.actor,
            patient_id=found.patient_id,
            type_id=found.type_id,
            version=form_version(request),
            **form.cleaned_data,
        ),
        _("The day is kept."),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def stop(request: Request, recall_id: UUID) -> HttpResponse:
    """Let the patient hear no more of it, with the reason."""
    form = StopForm(request.POST, today=request.office.today)
    return _act(
        request,
        recall_id,
        "stop",
        form,
        lambda found: commands.stop_recall(
            request.actor, recall_id=found.pk, version=form_version(request), **form.cleaned_data
        ),
        _("Stopped."),
        undo=lambda made: reverse("schedule:recall-reactivate", args=[made.pk]),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def reactivate(request: Request, recall_id: UUID) -> HttpResponse:
    """Let a recall that was stopped go on."""
    return _act(
        request,
        recall_id,
        "",
        None,
        lambda found: commands.reactivate_recall(
            request.actor, recall_id=found.pk, version=form_version(request)
        ),
        _("It goes on."),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def silence(request: Request, recall_id: UUID) -> HttpResponse:
    """Note that the patient asks for no contact about any recall."""
    form = SilenceForm(request.POST)
    return _act(
        request,
        recall_id,
        "silence",
        form,
        lambda found: commands.want_no_recalls(
            request.actor, patient_id=found.patient_id, reason=form.cleaned_data["reason"]
        ),
        _("Noted: no contact about recalls."),
        undo=lambda _made: reverse("schedule:recall-speak", args=[recall_id]),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def speak(request: Request, recall_id: UUID) -> HttpResponse:
    """Note that the patient may be contacted again."""
    return _act(
        request,
        recall_id,
        "",
        None,
        lambda found: commands.want_recalls_again(request.actor, patient_id=found.patient_id),
        _("The patient may be contacted again."),
    )


def _day_kept(patient_id: UUID) -> str:
    """Return what is said of a set day: whoever asks for no contact will not hear of it."""
    if recalls.asks_for_none(patient_id):
        return _("The day is kept. The patient asks for no contact about recalls: nobody will call.")
    return _("The day is kept.")


def _act(
    request: Request,
    recall_id: UUID,
    name: str,
    form: ui.Form | None,
    act: Callable[[Recall], Any],
    toast: str,
    undo: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """Do one act on a recall; what is wrong is said on its page, with what was typed."""
    found = _found(recall_id)
    facts = _facts(request, found) | ({f"{name}_form": form} if name else {})
    if form is not None and not form.is_valid():
        return invalid(request, ONE, ONE_PIECE, form, facts)
    try:
        made = act(found)
    except Refusal as no:
        return refused(request, ONE, ONE_PIECE, form, no, facts)
    way_back = (undo(made), _("Undo")) if undo else None
    return done(request, _back(request, found), toast=toast, undo=way_back)


def _back(request: Request, found: Recall) -> str:
    """Return to the list it was pressed on, else to the recall."""
    if request.POST.get("on") == "list":
        return reverse("schedule:recalls")
    return reverse("schedule:recall", args=[found.pk])


def _list(request: Request) -> dict[str, Any]:
    asked: dict[str, Any] = {"today": request.office.today, "now": request.actor.now}
    chosen = request.GET.get("list", "")
    name = chosen if chosen in recall_lines.LIST_WORDS else "overdue"
    type_id = read_id(request.GET.get("type"))
    types = list(recalls.types())
    shown = Paginator(recalls.listed(name, **asked, type_id=type_id), ROWS).get_page(request.GET.get("page"))
    rows = list(shown.object_list)
    record(request.actor, "schedule.recalls.viewed", patients=[row.patient_id for row in rows])
    return {
        "shown": shown,
        "lines": recall_lines.lines(request, rows),
        "name": name,
        "counts": recalls.counts(**asked),
        "words": recall_lines.LIST_WORDS,
        "called": recall_lines.CALLED,
        "types": types,
        "type_id": type_id,
        "to_do": recalls.steps_to_do(**asked).count() if name != "stopped" else 0,
        "goes": bool((kept := recalls.sending()) and kept.is_on),
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
        "may_manage": request.actor.can(Can.MANAGE_OFFICE),
    }


def _facts(request: Request, found: Recall) -> dict[str, Any]:
    today = request.office.today
    line = recall_lines.lines(request, [found])[0]
    return {
        **patients.around(request.actor, found.patient, today=today),
        "recall": found,
        "line": line,
        "ladder": recall_lines.ladder(found, line.row, today, request.actor.now),
        "done_before": recall_lines.said(recalls.contacts_of([found.pk]), request.actor.now),
        "silent": recalls.asks_for_none(found.patient_id),
        "is_stopped": found.stopped_on(today),
        "day_form": RecallDayForm(
            initial={
                "due_on": found.own_due_on,
                "reason": found.own_reason,
                "every_months": found.own_every_months,
            },
            today=today,
        ),
        "stop_form": StopForm(today=today),
        "contact_form": ContactForm(initial={"way": "call", "outcome": "spoke"}),
        "silence_form": SilenceForm(),
        "zone": request.office.zone,
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
    }


def _found(recall_id: UUID) -> Recall:
    found = recalls.recall(recall_id)
    if found is None:
        raise Http404
    return found
