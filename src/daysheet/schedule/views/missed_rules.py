"""The fees of missed visits on screen: listed, kept, asked no more."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands, missed_fees, queries
from daysheet.schedule.models import MissedFeeRule
from daysheet.schedule.office_forms import FeeRuleForm
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "schedule/missed-fee-rules.html", "_missed_fee_rules.html"
RULE, RULE_FORM = "schedule/missed-fee-rule.html", "_missed_fee_rule_form.html"
GET_AND_POST = ("GET", "HEAD", "POST")


@screen(needs=Can.MANAGE_OFFICE)
def every(request: Request) -> HttpResponse:
    """Show what missed visits cost."""
    record(request.actor, "schedule.missed-fee-rules.viewed")
    return page(request, PAGE, _facts())


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def add(request: Request) -> HttpResponse:
    """Add a fee."""
    return _rule(request, None)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def change(request: Request, missed_fee_rule_id: UUID) -> HttpResponse:
    """Say a fee anew."""
    found = missed_fees.rule(missed_fee_rule_id)
    if found is None:
        raise Http404
    return _rule(request, found)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def use(request: Request, missed_fee_rule_id: UUID) -> HttpResponse:
    """Ask a fee no more, or again."""
    is_active = request.POST.get("use") == "again"
    try:
        commands.use_missed_fee_rule(
            request.actor, rule_id=missed_fee_rule_id, version=form_version(request), is_active=is_active
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts())
    toast = _("The fee is in use again.") if is_active else _("The fee is asked no more.")
    return done(request, reverse("schedule:missed-fee-rules"), toast=toast)


def _rule(request: Request, found: MissedFeeRule | None) -> HttpResponse:
    types = list(queries.types())
    facts: dict[str, Any] = {"rule": found}
    if request.method != "POST":
        begins = _kept(found) if found else {"forgiven": 1}
        return page(request, RULE, facts | {"form": FeeRuleForm(types=types, initial=begins)})
    form = FeeRuleForm(request.POST, types=types)
    if not form.is_valid():
        return invalid(request, RULE, RULE_FORM, form, facts)
    named: dict[str, Any] = {"rule_id": found.pk, "version": form_version(request)} if found else {}
    try:
        commands.keep_missed_fee_rule(request.actor, **form.facts(), **named)
    except Refusal as no:
        return refused(request, RULE, RULE_FORM, form, no, facts)
    return done(request, reverse("schedule:missed-fee-rules"), toast=_("The fee is kept."))


def _kept(found: MissedFeeRule) -> dict[str, Any]:
    return {
        "type": str(found.type_id or ""),
        "outcome": found.outcome,
        "forgiven": found.forgiven,
        "amount": found.amount,
    }


def _facts() -> dict[str, Any]:
    return {"rules": list(missed_fees.rules()), "retired": list(missed_fees.retired_rules())}
