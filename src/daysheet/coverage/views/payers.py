"""The office's payers and their plans."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import commands, merging, queries
from daysheet.coverage.models import Payer
from daysheet.coverage.payer_forms import ChangePayerForm, PayerForm, PayerMergeForm, PlanForm
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.practice import queries as practice
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen

GET_AND_POST = ("GET", "HEAD", "POST")
PAYER, LIST = "coverage/payer.html", "coverage/payers.html"
MERGE, MERGE_FORM = "coverage/payer-merge.html", "_payer_merge_form.html"


@screen(needs=Can.MANAGE_OFFICE)
def payers(request: Request) -> HttpResponse:
    """Show the payers, how envelopes reach them, and their plans."""
    record(request.actor, "coverage.payers.viewed")
    return page(request, LIST, _list() | {"next_step": practice.next_step()})


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def payer_add(request: Request) -> HttpResponse:
    """Enter a payer."""
    form = PayerForm(request.POST or None)
    context = {"title": _("Add a payer"), "label": _("Add the payer"), "payer": None}
    if request.method != "POST":
        return page(request, PAYER, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PAYER, "_payer_form.html", form, context)
    try:
        added = commands.add_payer(request.actor, **form.facts())
    except Refusal as no:
        return refused(request, PAYER, "_payer_form.html", form, no, context)
    toast = _("%(name)s added. Now its plans.") % {"name": added.name}
    return done(request, reverse("coverage:payer", args=[added.pk]), toast=toast)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def payer(request: Request, payer_id: UUID) -> HttpResponse:
    """Change how the office deals with a payer; see and add its plans."""
    found = _payer(payer_id)
    names = (
        "name", "payer_id", "filing_code", "filing_limit_days", "appeal_limit_days", "phone", "enrolment_rule",
        "is_active",
    )  # fmt: skip
    first = {name: getattr(found, name) for name in names} | {"partner": str(found.partner_id or "")}
    form = ChangePayerForm(request.POST or None, initial=first)
    context = _context(found)
    if request.method != "POST":
        return page(request, PAYER, {"form": form, "next_step": practice.next_step(), **context})
    if not form.is_valid():
        return invalid(request, PAYER, "_payer_form.html", form, context)
    facts = form.facts()
    try:
        commands.change_payer(request.actor, payer_id=payer_id, wire_id=facts.pop("payer_id"), **facts)
    except Refusal as no:
        return refused(request, PAYER, "_payer_form.html", form, no, context)
    return done(request, reverse("coverage:payers"), toast=_("Saved."))


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def payer_merge(request: Request, payer_id: UUID) -> HttpResponse:
    """Put a payer that stands here twice into the other one, after a look at what goes over."""
    found = _payer(payer_id)
    form = PayerMergeForm(request.POST or None, others=merging.others(found))
    counted = merging.look(found)
    context = {
        "payer": found,
        "goes": [one for one in counted if not one.stays],
        "stays": [one for one in counted if one.stays],
    }
    record(request.actor, "coverage.payer.viewed", found)
    if request.method != "POST":
        return page(request, MERGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, MERGE, MERGE_FORM, form, context)
    said = form.cleaned_data
    try:
        merged = commands.merge_payers(
            request.actor, gone_id=payer_id, kept_id=UUID(said["kept"]), reason=said["reason"]
        )
    except Refusal as no:
        return refused(request, MERGE, MERGE_FORM, form, no, context)
    toast = _("%(gone)s is now %(kept)s.") % {"gone": found.name, "kept": merged.kept.name}
    undo = (reverse("coverage:payer-merge-undo", args=[merged.pk]), _("Undo"))
    return done(request, reverse("coverage:payer", args=[merged.kept_id]), toast=toast, undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def payer_merge_undo(request: Request, payer_merge_id: UUID) -> HttpResponse:
    """Take two payers apart again."""
    try:
        commands.undo_payer_merge(request.actor, merge_id=payer_merge_id)
    except Refusal as no:
        return refused(request, LIST, "_payer_merges.html", None, no, _list())
    return done(request, reverse("coverage:payers"), toast=_("The two payers are apart again."))


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def plan_add(request: Request, payer_id: UUID) -> HttpResponse:
    """Enter a plan of a payer."""
    found = _payer(payer_id)
    form = PlanForm(request.POST or None)
    context = {"payer": found}
    if request.method != "POST":
        return page(request, "coverage/plan.html", {"form": form, **context})
    if not form.is_valid():
        return invalid(request, "coverage/plan.html", "_plan_form.html", form, context)
    data = form.cleaned_data
    try:
        added = commands.add_plan(
            request.actor,
            payer_id=payer_id,
            name=data["plan_name"],
            kind=data["kind"],
            office_copay=data["office_copay"],
            needs_authorization=data["needs_authorization"],
            needs_referral=data["needs_referral"],
        )
    except Refusal as no:
        return refused(request, "coverage/plan.html", "_plan_form.html", form, no, context)
    toast = _("%(name)s added.") % {"name": added.name}
    return done(request, reverse("coverage:payer", args=[payer_id]), toast=toast)


def _list() -> dict[str, Any]:
    return {"payers": list(queries.payers()), "merges": list(merging.merges()[:20])}


def _payer(payer_id: UUID) -> Payer:
    found = queries.payer(payer_id)
    if found is None:
        raise Http404
    return found


def _context(found: Payer) -> dict[str, Any]:
    plans = list(found.plans.order_by("name"))
    return {"title": found.name, "label": _("Save"), "payer": found, "plans": plans}
