"""My work on screen: the list by time left, one item, and the four acts on it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.tasks import commands, elsewhere, queries, rules
from daysheet.tasks.forms import CloseForm, HandForm, NewItemForm, ReasonForm, SnoozeForm
from daysheet.tasks.models import WorkqueueItem
from daysheet.tasks.showing import group_titles, row_of
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen

GET_AND_POST = ("GET", "HEAD", "POST")
ACT, ACT_FORM = "tasks/act.html", "_act_form.html"


@screen(needs=Can.WORK_TASKS)
def my_work(request: Request) -> HttpResponse:
    """Show what waits for me and for my role, the least time left first."""
    whose = request.GET.get("whose", queries.MINE)
    kind = request.GET.get("kind", "")
    groups = queries.my_work(
        request.actor,
        whose=whose if whose in {queries.MINE, queries.ROLE, queries.ALL} else queries.MINE,
        kind=kind if kind in rules.KINDS else "",
        today=request.office.today,
        zone=request.office.zone,
    )
    shown = [line.item.patient_id for lines in groups.values() for line in lines if line.item.patient_id]
    record(request.actor, "tasks.work.viewed", patients=shown)
    told = [
        (key, title, is_open, [row_of(line) for line in groups[key]])
        for key, title, is_open in group_titles()
    ]
    total = sum(len(lines) for lines in groups.values())
    context = {
        "groups": told,
        "total": total,
        "next_step": practice.next_step() if not total and request.actor.can(Can.MANAGE_OFFICE) else None,
        "whose": whose,
        "kind": kind,
        "kinds": rules.KINDS,
    }
    return page(request, "tasks/my-work.html", context)


@screen(needs=Can.WORK_TASKS)
def item(request: Request, item_id: UUID) -> HttpResponse:
    """Show one item, its clock and all that happened to it."""
    found = _found(item_id)
    record(request.actor, "tasks.item.viewed", found)
    return page(request, "tasks/item.html", _facts(request, found))


@screen(needs=Can.WORK_TASKS, methods=GET_AND_POST)
def item_new(request: Request) -> HttpResponse:
    """Take down an item typed by hand."""
    today = request.office.today
    form = NewItemForm(
        request.POST if request.method == "POST" else None,
        today=today,
        initial={"role": request.actor.role, "due": today, "chart": request.GET.get("chart", "")},
    )
    if request.method != "POST":
        return page(request, "tasks/item-new.html", {"form": form})
    if not form.is_valid():
        return invalid(request, "tasks/item-new.html", "_new_form.html", form)
    patient = form.cleaned_data["chart"]
    try:
        commands.open_item(
            request.actor,
            kind="other",
            reason_code="BY-HAND",
            sentence=form.cleaned_data["sentence"],
            due_at=form.due_at(request.office.zone),
            source_of_due=_("set by %(name)s") % {"name": request.actor.name},
            role=form.cleaned_data["role"],
            patient_id=patient.pk if patient else None,
            link=reverse("patients:patient-page", args=[patient.pk]) if patient else "",
        )
    except Refusal as no:
        return refused(request, "tasks/item-new.html", "_new_form.html", form, no)
    return done(request, reverse("tasks:my-work"), toast=_("It is on the list."))


@screen(needs=Can.WORK_TASKS, methods=GET_AND_POST)
def item_snooze(request: Request, item_id: UUID) -> HttpResponse:
    """Put an item out of sight for a while, with a reason."""
    form = SnoozeForm(request.POST or None, today=request.office.today)

    def act() -> str:
        until = form.moment(request.actor.now, request.office.zone)
        reason = form.cleaned_data["reason"]
        commands.snooze_item(request.actor, item_id=item_id, until=until, reason=reason)
        return _("Snoozed. It stands under Snoozed until then.")

    return _act(request, item_id, form, act, _("Snooze"), _("Its clock runs on while it is out of sight."))


@screen(needs=Can.WORK_TASKS, methods=GET_AND_POST)
def item_hand_over(request: Request, item_id: UUID) -> HttpResponse:
    """Give an item to a colleague, with a reason and a way back."""
    form = HandForm(request.POST or None)

    def act() -> str:
        to, reason = UUID(form.cleaned_data["to"]), form.cleaned_data["reason"]
        handed = commands.hand_over(request.actor, item_id=item_id, to_membership_id=to, reason=reason)
        return _("Handed to %(name)s.") % {"name": handed.owner}

    return _act(request, item_id, form, act, _("Hand over"), _("Your colleague can hand it back to you."))


@screen(needs=Can.WORK_TASKS, methods=GET_AND_POST)
def item_hand_back(request: Request, item_id: UUID) -> HttpResponse:
    """Give an item back to the one who handed it over."""
    form = ReasonForm(request.POST or None)

    def act() -> str:
        returned = commands.hand_back(request.actor, item_id=item_id, reason=form.cleaned_data["reason"])
        if returned.owner is None:
            return _("Who handed it over does not work here any more: it is on the list of its role again.")
        return _("Returned to %(name)s.") % {"name": returned.owner}

    return _act(request, item_id, form, act, _("Hand back"), _("Say what is missing."))


@screen(needs=Can.WORK_TASKS, methods=GET_AND_POST)
def item_wait(request: Request, item_id: UUID) -> HttpResponse:
    """Say for whom an item waits."""
    form = ReasonForm(request.POST or None)

    def act() -> str:
        commands.wait_for(request.actor, item_id=item_id, reason=form.cleaned_data["reason"])
        return _("It waits for another now.")

    return _act(request, item_id, form, act, _("Wait for another"), _("Say for whom or what it waits."))


@screen(needs=Can.WORK_TASKS, methods=GET_AND_POST)
def item_close(request: Request, item_id: UUID) -> HttpResponse:
    """Close an item by saying how it was resolved."""
    form = CloseForm(request.POST or None, kind=_found(item_id).kind)

    def act() -> str:
        action, reason = form.cleaned_data["action"], form.cleaned_data["reason"]
        commands.close_item(request.actor, item_id=item_id, action_code=action, reason=reason)
        return _("Closed: %(how)s.") % {"how": rules.action_word(action)}

    return _act(request, item_id, form, act, _("Close"), _("The next person reads how it ended."))


@screen(needs=Can.WORK_TASKS, methods=("POST",))
def item_take(request: Request, item_id: UUID) -> HttpResponse:
    """Make an item one's own."""
    at = reverse("tasks:item", args=[item_id])
    return _press(request, item_id, commands.take_item, at, _("It is yours now."))


@screen(needs=Can.WORK_TASKS, methods=("POST",))
def item_wake(request: Request, item_id: UUID) -> HttpResponse:
    """Bring a snoozed or waiting item back into sight before its time."""
    return _press(
        request, item_id, commands.wake_item, reverse("tasks:my-work"), _("It is back on the list.")
    )


@screen(needs=Can.WORK_TASKS)
def patient_panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show what is open about a patient."""
    patient = Patient.objects.get(pk=patient_id)
    lines = queries.of_patient(
        patient_id, now=request.actor.now, today=request.office.today, zone=request.office.zone
    )
    record(request.actor, "tasks.patient.viewed", patient)
    context = {"rows": [row_of(line) for line in lines], "patient": patient}
    if is_htmx(request):
        return render(request, "tasks/_patient_panel.html", context)
    return page(request, "tasks/patient-panel.html", context)


def _act(request: Request, item_id: UUID, form: Any, act: Any, title: str, hint: str) -> HttpResponse:
    """Show the form of an act, or do it."""
    found = _found(item_id)
    context = {"item": found, "kind": rules.word_of(found.kind), "title": title, "hint": hint}
    record(request.actor, "tasks.item.viewed", found)
    if request.method != "POST":
        return page(request, ACT, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, ACT, ACT_FORM, form, context)
    try:
        toast = act()
    except Refusal as no:
        return refused(request, ACT, ACT_FORM, form, no, context)
    return done(request, reverse("tasks:my-work"), toast=toast)


def _press(request: Request, item_id: UUID, command: Any, back: str, toast: str) -> HttpResponse:
    """Do an act that needs no form, and go on; a refusal is told on the item's page."""
    found = _found(item_id)
    try:
        command(request.actor, item_id=item_id)
    except Refusal as no:
        record(request.actor, "tasks.item.viewed", found)
        return refused(request, "tasks/item.html", "_item.html", None, no, _facts(request, found))
    return done(request, back, toast=toast)


def _found(item_id: UUID) -> WorkqueueItem:
    found = queries.item(item_id)
    if found is None:
        raise Http404
    return found


def _facts(request: Request, found: WorkqueueItem) -> dict[str, Any]:
    me = queries.place_of(request.actor)
    return {
        "item": found,
        "kind": rules.word_of(found.kind),
        "how": rules.action_word(found.action_code) if found.action_code else "",
        "steps": queries.steps(found.pk),
        "still_waits": elsewhere.still_waits(found),
        "is_asleep": found.state == WorkqueueItem.State.WAITING
        or (found.snoozed_until is not None and found.snoozed_until > request.actor.now),
        "is_mine": me is not None and found.owner_id == me.pk,
    }
