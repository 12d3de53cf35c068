"""The library of plans: looked through, changed, and doubles put together."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import commands, library
from daysheet.coverage.library_forms import MergeForm, WholePlanForm, plan_facts
from daysheet.coverage.models import InsurancePlan
from daysheet.coverage.rules.injury import is_of_cases
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

GET_AND_POST = ("GET", "HEAD", "POST")
LIST, PLAN, MERGE = "coverage/plans.html", "coverage/library-plan.html", "coverage/plan-merge.html"
PLAN_FORM, MERGE_FORM = "_library_plan_form.html", "_plan_merge_form.html"


@screen(needs=Can.MANAGE_OFFICE)
def plans(request: Request) -> HttpResponse:
    """Show the plans that were entered, by what is looked for."""
    record(request.actor, "coverage.plans.viewed")
    return page(request, LIST, _list(request.GET.get("q", "")[:80]))


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def plan(request: Request, plan_id: UUID) -> HttpResponse:
    """Change a plan; every coverage by it follows."""
    held = _held(plan_id)
    form = WholePlanForm(request.POST or None, initial=plan_facts(held))
    context = _context(held)
    record(request.actor, "coverage.plan.viewed", held)
    if request.method != "POST":
        return page(request, PLAN, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PLAN, PLAN_FORM, form, context)
    try:
        commands.change_plan(
            request.actor, plan_id=plan_id, version=form_version(request) or 0, facts=form.facts()
        )
    except Refusal as no:
        return refused(request, PLAN, PLAN_FORM, form, no, context)
    return done(request, reverse("coverage:plans"), toast=_("Saved. Every coverage by this plan follows."))


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def merge(request: Request, plan_id: UUID) -> HttpResponse:
    """Put a plan that stands here twice into the other one."""
    held = _held(plan_id)
    form = MergeForm(request.POST or None, twins=library.twins(held))
    context = _context(held)
    record(request.actor, "coverage.plan.viewed", held)
    if request.method != "POST":
        return page(request, MERGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, MERGE, MERGE_FORM, form, context)
    try:
        merged = commands.merge_plans(request.actor, gone_id=plan_id, kept_id=form.chosen())
    except Refusal as no:
        return refused(request, MERGE, MERGE_FORM, form, no, context)
    undo = reverse("coverage:plan-merge-undo", args=[merged.pk])
    toast = _("%(gone)s is now %(kept)s.") % {"gone": merged.gone.name, "kept": merged.kept.name}
    return done(request, reverse("coverage:plans"), toast=toast, undo=(undo, _("Undo")))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def undo(request: Request, merge_id: UUID) -> HttpResponse:
    """Take two plans apart again."""
    try:
        commands.undo_merge(request.actor, merge_id=merge_id)
    except Refusal as no:
        return refused(request, LIST, "coverage/_plans.html", None, no, _list(""))
    return done(request, reverse("coverage:plans"), toast=_("The two plans are apart again."))


def _list(text: str) -> dict[str, Any]:
    rows = list(library.found(text)[: library.SHOWN + 1])
    return {
        "q": text,
        "plans": rows[: library.SHOWN],
        "has_more": len(rows) > library.SHOWN,
        "merges": list(library.merges()[:20]),
    }


def _context(held: InsurancePlan) -> dict[str, Any]:
    return {"plan": held, "version": held.version, "covers": library.covers(held)}


def _held(plan_id: UUID) -> InsurancePlan:
    held = library.plan(plan_id)
    if held is None or is_of_cases(held.kind):
        raise Http404
    return held
