"""The phone desk, the call log, a new call, and what stands on every page while somebody calls."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel import clock
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.phones import commands, ending, queries, showing
from daysheet.phones.forms import LogForm, NewCallForm
from daysheet.phones.models import Call
from daysheet.tasks import queries as work
from daysheet.tasks.queries import Line
from daysheet.tasks.showing import row_of as work_row
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen

GET_AND_POST = ("GET", "HEAD", "POST")
ROWS = 50
SEARCH_BACK = timedelta(days=90)
"""How far back a name that nobody identified is looked for."""
CALL = "phones.call"
NEW, NEW_FORM = "phones/call-new.html", "_new_form.html"


@screen(needs=Can.ANSWER_PHONES)
def desk(request: Request) -> HttpResponse:
    """Show who is on the phone, who waits for a call back, voicemails, messages, the last calls."""
    return page(request, "phones/desk.html", _desk(request))


@screen(needs=Can.ANSWER_PHONES, keeps_awake=False)
def desk_list(request: Request) -> HttpResponse:
    """Show the desk's rows alone: what an open desk fetches when something changed."""
    return page(request, "phones/_desk.html", _desk(request))


@screen(needs=Can.ANSWER_PHONES, keeps_awake=False)
def panel_list(request: Request) -> HttpResponse:
    """Show what stands on every page: how many calls ring, and the reader's own."""
    found = queries.panel(request.actor)
    shown = [call.patient_id for call in found.mine if call.patient_id]
    record(request.actor, "phones.panel.viewed", patients=shown)
    return page(request, "phones/_panel.html", {"panel": found})


@screen(needs=Can.ANSWER_PHONES, methods=GET_AND_POST)
def call_new(request: Request) -> HttpResponse:
    """Take a call that no telephone system reports: it goes on, it is done already, or it waits for a call back."""
    form = NewCallForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return page(request, NEW, {"form": form})
    if not form.is_valid():
        return invalid(request, NEW, NEW_FORM, form)
    then = request.POST.get("then", "open")
    then = then if then in ("open", "done", "call_back") else "open"
    try:
        call = commands.log_call(request.actor, then=then, **form.facts())
    except Refusal as no:
        return refused(request, NEW, NEW_FORM, form, no)
    if then == "open":
        return done(request, reverse("phones:call", args=[call.pk]))
    toast = _("Call %(n)s is written down.") % {"n": call.number}
    return done(request, reverse("phones:desk"), toast=toast, undo=ending.way_back(call))


@screen(needs=Can.ANSWER_PHONES, methods=GET_AND_POST)
def log(request: Request) -> HttpResponse:
    """Show the call log, newest first, narrowed by day, outcome, reason and person; a name or number is posted."""
    typed = request.POST.get("q", "") if request.method == "POST" else ""
    text = typed.replace("\0", " ").strip()[:100]  # the database takes no NUL
    form = LogForm(request.GET or None, today=request.office.today)
    is_sound = form.is_valid() if form.is_bound else True
    told: dict[str, Any] = {"form": form, "text": text, "filtered": bool(request.GET.keys() - {"page"})}
    if text:
        since = request.actor.now - SEARCH_BACK
        rows = queries.found(text, today=request.office.today, since=since)
        told |= {"shown": None, "total": len(rows), "more": len(rows) == queries.FOUND}
    else:
        shown = Paginator(queries.log(form.filters(), zone=request.office.zone), ROWS).get_page(
            request.GET.get("page")
        )
        rows = list(shown)
        told |= {"shown": shown, "total": shown.paginator.count, "more": False}
    record(request.actor, "phones.log.viewed", patients={row.patient_id for row in rows if row.patient_id})
    told["rows"] = _rows(rows)
    return page(request, "phones/log.html", told, status=200 if is_sound else 422)


@screen(needs=Can.ANSWER_PHONES)
def patient_panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show the calls about a patient."""
    patient = Patient.objects.get(pk=patient_id)
    record(request.actor, "phones.patient.viewed", patient)
    told = {"patient": patient, "rows": _rows(queries.of_patient(patient_id))}
    if is_htmx(request):
        return render(request, "phones/_patient_panel.html", told)
    around = patients.around(request.actor, patient, today=request.office.today)
    return page(request, "phones/patient-panel.html", told | around)


def _rows(calls: list[Call]) -> list[tuple[Call, str, str]]:
    return [(call, showing.STATES[Call.State(call.state)], showing.word_of(call)) for call in calls]


def _work(request: Request, kind: str, whose: str) -> list[Line]:
    """Return what is open of a kind, without what sleeps."""
    today, zone = request.office.today, request.office.zone
    groups = work.my_work(request.actor, whose=whose, kind=kind, today=today, zone=zone)
    return [line for lines in groups.values() for line in lines if not line.is_asleep]


def _desk(request: Request) -> dict[str, Any]:
    since = clock.day_bounds(request.office.today, request.office.zone)[0]
    found = queries.desk(now=request.actor.now, since=since)
    messages = _work(request, "message", work.MINE)
    # Who is to be called because of a reminder, an offer or a visit has no call yet.
    to_call = [line for line in _work(request, "call_back", work.ALL) if line.item.subject_kind != CALL]
    named = [line.item.patient_id for line in (*messages, *to_call) if line.item.patient_id]
    record(request.actor, "phones.desk.viewed", patients=list(dict.fromkeys([*found.patient_ids, *named])))
    groups = [
        ("open", _("On the phone"), found.on_the_phone),
        ("waiting", _("Call backs"), found.waiting),
        ("voicemail", _("Voicemails"), found.voicemails),
        ("abandoned", _("Hung up before an answer"), found.gave_up),
        ("last", _("Last calls"), found.last),
    ]
    rows: dict[str, list[Any]] = {
        key: [showing.row_of(line) for line in lines] for key, _title, lines in groups
    }
    both: list[tuple[datetime, Any]] = [
        (one.call.due_at or request.actor.now, row)
        for one, row in zip(found.waiting, rows["waiting"], strict=True)
    ]
    both += [(line.item.due_at, work_row(line)) for line in to_call]
    rows["waiting"] = [row for _due, row in sorted(both, key=lambda one: one[0])][: queries.QUEUE]
    return {
        "groups": [(key, title, rows[key]) for key, title, _lines in groups],
        "messages": [work_row(line) for line in messages],
        "has_reasons": queries.reasons().exists(),
        "now": request.actor.now,
        "today": found.today,
        "most": queries.QUEUE,
        "refusal": None,
    }
