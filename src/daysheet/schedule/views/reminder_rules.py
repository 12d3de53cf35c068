"""The rules of reminders on screen: listed, begun with the usual ones, kept, taken out of use."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.mailroom import queries as mailroom
from daysheet.schedule import commands, queries, reminders
from daysheet.schedule.models import ReminderRule
from daysheet.schedule.reminder_forms import RuleForm, kept
from daysheet.schedule.reminder_lines import WAYS, hours, ways
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE = "schedule/reminder-rules.html"
RULE, RULE_FORM = "schedule/reminder-rule.html", "_reminder_rule_form.html"
GET_AND_POST = ("GET", "HEAD", "POST")


@screen(needs=Can.MANAGE_OFFICE)
def every(request: Request) -> HttpResponse:
    """Show when patients are written to, and by which ways."""
    record(request.actor, "schedule.reminder-rules.viewed")
    return page(request, PAGE, _facts(request))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def usual(request: Request) -> HttpResponse:
    """Begin with the usual rules."""
    commands.take_usual_reminder_rules(request.actor)
    return done(request, reverse("schedule:reminder-rules"), toast=_("The usual rules are there."))


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def add(request: Request) -> HttpResponse:
    """Add a rule."""
    return _rule(request, None)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def change(request: Request, reminder_rule_id: UUID) -> HttpResponse:
    """Say a rule anew."""
    found = reminders.rule(reminder_rule_id)
    if found is None:
        raise Http404
    return _rule(request, found)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def use(request: Request, reminder_rule_id: UUID) -> HttpResponse:
    """Take a rule out of use, or into use again."""
    is_active = request.POST.get("use") == "again"
    try:
        commands.use_reminder_rule(
            request.actor, rule_id=reminder_rule_id, version=form_version(request), is_active=is_active
        )
    except Refusal as no:
        return refused(request, PAGE, "_reminder_rules.html", None, no, _facts(request))
    toast = _("The rule is in use again.") if is_active else _("The rule is used no more.")
    return done(request, reverse("schedule:reminder-rules"), toast=toast)


def _rule(request: Request, found: ReminderRule | None) -> HttpResponse:
    types = list(queries.types())
    facts: dict[str, Any] = {"rule": found}
    if request.method != "POST":
        begins = kept(found) if found else {"from_clock": "9:00 am", "to_clock": "8:00 pm", "unit": "days"}
        return page(request, RULE, facts | {"form": RuleForm(types=types, initial=begins)})
    form = RuleForm(request.POST, types=types)
    if not form.is_valid():
        return invalid(request, RULE, RULE_FORM, form, facts)
    named: dict[str, Any] = {"rule_id": found.pk, "version": form_version(request)} if found else {}
    try:
        commands.keep_reminder_rule(request.actor, **form.rule(), **named)
    except Refusal as no:
        return refused(request, RULE, RULE_FORM, form, no, facts)
    return done(request, reverse("schedule:reminder-rules"), toast=_("The rule is kept."))


def _facts(request: Request) -> dict[str, Any]:
    open_ways = mailroom.ways_out(Practice.objects.get(pk=request.actor.practice_id))
    return {
        "rules": [(one, ways(one.channels), hours(one)) for one in reminders.rules()],
        "retired": list(reminders.retired_rules()),
        "closed_ways": ways(way for way in WAYS if way not in open_ways),
    }
