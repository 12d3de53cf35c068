"""Recalls that go out by themselves, on screen: the switch, and what went out on which day."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands, recalls
from daysheet.schedule.recall_sending_forms import RecallSendingForm, kept
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, FORM = "schedule/recall-sending.html", "_recall_sending_form.html"
DAYS = 30


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def sending(request: Request) -> HttpResponse:
    """Say whether letters and messages go out by themselves; show what went out."""
    row = recalls.sending()
    facts: dict[str, Any] = {
        "kept": row,
        "runs": list(recalls.runs()[:DAYS]),
        "wait": recalls.steps_never_done(
            today=request.office.today, now=request.actor.now, calls=False
        ).count(),
    }
    if request.method != "POST":
        record(request.actor, "schedule.recall-sending.viewed")
        return page(request, PAGE, facts | {"form": RecallSendingForm(initial=kept(row))})
    form = RecallSendingForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, FORM, form, facts)
    said = form.cleaned_data
    try:
        now = commands.keep_recall_sending(
            request.actor,
            is_on=said["goes"] == "yes",
            from_clock=said["from_clock"],
            to_clock=said["to_clock"],
            version=form_version(request),
        )
    except Refusal as no:
        return refused(request, PAGE, FORM, form, no, facts)
    toast = (
        _("They go out by themselves from now on.") if now.is_on else _("They wait for somebody to press.")
    )
    return done(request, reverse("schedule:recall-sending"), toast=toast)
