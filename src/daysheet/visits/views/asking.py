"""What is asked at check-in: the rules listed, added, changed, dropped."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.schedule import queries as schedule
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version
from daysheet.visits import asked, commands
from daysheet.visits.forms import RuleForm
from daysheet.visits.models import CheckInRule

LIST, ONE, PIECE = "visits/check-in-rules.html", "visits/check-in-rule.html", "_rule_form.html"


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def check_in_rules(request: Request) -> HttpResponse:
    """Show what is asked at check-in, and add a rule."""
    told: dict[str, Any] = {"steps": asked.asked_steps()}
    form = _form(request.POST or None, initial={"kind": request.GET.get("step", "")})
    if request.method != "POST":
        return page(request, LIST, told | {"form": form})
    if not form.is_valid():
        return invalid(request, LIST, PIECE, form, told)
    try:
        rule = commands.add_check_in_rule(request.actor, **form.said())
    except Refusal as no:
        return refused(request, LIST, PIECE, form, no, told)
    undo = reverse("visits:rule-drop", args=[rule.pk])
    return done(request, _here(), toast=_("From the next arrival on it is asked."), undo=(undo, _("Undo")))


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def rule_change(request: Request, rule_id: UUID) -> HttpResponse:
    """Show one rule, and say it anew."""
    rule = CheckInRule.objects.select_related("type").filter(pk=rule_id).first()
    if rule is None:
        raise Http404
    told: dict[str, Any] = {"rule": rule, "words": asked.steps_to_ask().get(rule.kind, rule.kind)}
    if request.method != "POST":
        start = {name: getattr(rule, name) for name in RuleForm.base_fields}
        return page(request, ONE, told | {"form": _form(None, initial=start, rule=rule)})
    posted = request.POST.copy()
    posted["kind"] = rule.kind
    form = _form(posted, initial={}, rule=rule)
    if not form.is_valid():
        return invalid(request, ONE, PIECE, form, told)
    said = form.said()
    said.pop("kind")
    try:
        commands.change_check_in_rule(request.actor, rule_id=rule_id, version=form_version(request), **said)
    except Refusal as no:
        return refused(request, ONE, PIECE, form, no, told)
    return done(request, _here(), toast=_("The rule holds from the next arrival on."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def rule_drop(request: Request, rule_id: UUID) -> HttpResponse:
    """Let a rule go."""
    commands.drop_check_in_rule(request.actor, rule_id=rule_id)
    undo = reverse("visits:rule-take-up", args=[rule_id])
    return done(request, _here(), toast=_("The rule is dropped."), undo=(undo, _("Undo")))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def rule_take_up(request: Request, rule_id: UUID) -> HttpResponse:
    """Let a dropped rule hold again."""
    try:
        commands.take_up_check_in_rule(request.actor, rule_id=rule_id)
    except Refusal as no:
        return done(request, _here(), toast=no.sentence)
    return done(request, _here(), toast=_("The rule holds again."))


def _here() -> str:
    return reverse("visits:check-in-rules")


def _form(data: Any, *, initial: dict[str, Any], rule: CheckInRule | None = None) -> RuleForm:
    types, steps = list(schedule.types()), asked.steps_to_ask()
    if rule is not None:  # a rule keeps its kind of visit and its form, though they may be retired
        steps = {rule.kind: rule.kind} | steps
        types += [rule.type] if rule.type and rule.type not in types else []
    return RuleForm(data, steps=steps, types=types, initial=initial)
