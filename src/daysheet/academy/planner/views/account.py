"""One's own plan with one's account: what is kept, what one brings, and forgetting it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.academy import commands, queries
from daysheet.academy.planner import words
from daysheet.academy.planner.forms.plan import STATES
from daysheet.academy.planner.reading import read_plan
from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "academy/kept_plan.html", "_kept_plan.html"


@screen(needs=Can.WORK)
def plan_kept(request: Request) -> HttpResponse:
    """Show the plan kept with the account, and beside it the one that came along in the address."""
    return page(request, PAGE, _told(request, request.GET))


@screen(needs=Can.WORK, methods=("POST",))
def plan_keep(request: Request) -> HttpResponse:
    """Keep the plan that came along."""
    try:
        commands.keep_plan(request.actor, words=request.POST, version=form_version(request) or 0)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _told(request, request.POST))
    return done(request, reverse("academy:plan-kept"), toast=_("Your plan is kept with your account."))


@screen(needs=Can.WORK, methods=("POST",))
def plan_forget(request: Request) -> HttpResponse:
    """Forget the plan kept with the account."""
    try:
        commands.forget_plan(request.actor, version=form_version(request) or 0)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _told(request, {}))
    return done(request, reverse("academy:plan-kept"), toast=_("Your plan is forgotten."))


def _told(request: Request, brought: Mapping[str, Any]) -> dict[str, Any]:
    kept = queries.kept_plan(user_id=request.actor.user_id)
    mine = _summary(request, kept.words if kept else {})
    came = _summary(request, brought)
    return {
        "mine": mine,
        "brought": came if came["words"] != mine["words"] else {"words": {}},
        "is_same": bool(mine["words"]) and came["words"] == mine["words"],
        "version": kept.version if kept else 0,
        "kept_on": kept.kept_at.astimezone(request.office.zone).date() if kept else None,
    }


def _summary(request: Request, said: Mapping[str, Any]) -> dict[str, Any]:
    plan = read_plan(said, today=request.office.today)
    told, states = words.steps(), dict(STATES)
    return {
        "words": plan.kept,
        "query": urlencode(plan.kept),
        "name": plan.kept.get("name", ""),
        "steps": [(told[step.key].title, states[step.state], step.by) for step in plan.steps],
        "hours": sum(plan.sums.values()),
    }
