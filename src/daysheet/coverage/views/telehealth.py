"""What each payer wants of visits by video and phone: the table of all, and one."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import commands, queries, telehealth
from daysheet.coverage.telehealth_forms import TelehealthForm, wanted_facts
from daysheet.coverage.telehealth_rule import TelehealthRule
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "coverage/telehealth-rule.html", "_telehealth_form.html"
ALL = "coverage/telehealth.html"


@screen(needs=Can.SEND_CLAIMS)
def table(request: Request) -> HttpResponse:
    """Show every payer with the place of service and the modifier that it wants."""
    record(request.actor, "coverage.telehealth-rules.viewed")
    return page(request, ALL, _table())


@screen(needs=Can.SEND_CLAIMS, methods=("GET", "HEAD", "POST"))
def rule(request: Request, payer_id: UUID, mode: str) -> HttpResponse:
    """Write down what a payer wants."""
    payer = queries.payer(payer_id)
    if payer is None or mode not in TelehealthRule.Mode.values:
        raise Http404
    held = telehealth.rule(payer_id, mode)
    now = telehealth.wanted(payer_id, payer.filing_code, mode)
    form = TelehealthForm(request.POST or None, initial=wanted_facts(now, is_own=held is not None))
    context = {
        "payer": payer,
        "mode": mode,
        "words": TelehealthRule.Mode(mode).label,
        "held": held,
        "now": now,
        "version": held.version if held else 0,
    }
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context)
    try:
        commands.set_telehealth_rule(
            request.actor,
            payer_id=payer_id,
            mode=mode,
            version=form_version(request) or 0,
            **form.cleaned_data,
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context)
    return done(request, reverse("coverage:telehealth"), toast=_("Saved."))


@screen(needs=Can.SEND_CLAIMS, methods=("POST",))
def rule_drop(request: Request, payer_id: UUID, mode: str) -> HttpResponse:
    """Go back to what is shipped."""
    try:
        commands.drop_telehealth_rule(request.actor, payer_id=payer_id, mode=mode)
    except Refusal as no:
        return refused(request, ALL, ALL, None, no, _table())
    return done(request, reverse("coverage:telehealth"), toast=_("What is shipped holds again."))


def _table() -> dict[str, object]:
    return {"rows": telehealth.table(), "modes": TelehealthRule.Mode.choices}
