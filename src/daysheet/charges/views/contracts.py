"""What estimates are made from: contract rows, usual services, what self-pay takes off."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.charges import commands, estimating
from daysheet.charges.forms import EstimatePolicyForm, RateForm, UsualServiceForm
from daysheet.charges.showing import plain
from daysheet.coverage import queries as coverage
from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.schedule import queries as schedule
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

GET_AND_POST = ("GET", "HEAD", "POST")
RATES, RATE_FORM = "charges/rates.html", "_rate_form.html"
USUAL, USUAL_FORM = "charges/usual.html", "_usual_form.html"
POLICY_FORM = "_estimate_policy_form.html"


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def rates(request: Request) -> HttpResponse:
    """Show what contracts allow, and set a row."""
    posted = request.POST if request.method == "POST" else None
    form = RateForm(
        posted, payers=_payers(), today=request.office.today, initial={"starts_on": request.office.today}
    )
    context = {"rates": list(estimating.rates(request.office.today))}
    if posted is None:
        return page(request, RATES, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, RATES, RATE_FORM, form, context)
    try:
        rate = commands.set_rate(request.actor, **form.facts())
    except Refusal as no:
        return refused(request, RATES, RATE_FORM, form, no, context)
    return done(request, reverse("charges:rates"), toast=_("%(code)s is set.") % {"code": rate.code})


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def rate_remove(request: Request, rate_id: UUID) -> HttpResponse:
    """Take out a row of a contract."""
    try:
        commands.remove_rate(request.actor, rate_id=rate_id)
    except Refusal as no:
        context = _rates(request)
        return refused(request, RATES, "_rates.html", context["form"], no, context)
    return done(request, reverse("charges:rates"), toast=_("Taken out."))


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def usual(request: Request) -> HttpResponse:
    """Show what kinds of visit usually have, and add a service."""
    posted = request.POST if request.method == "POST" else None
    form = UsualServiceForm(posted, types=_types())
    if posted is None:
        return page(request, USUAL, {**_usual(), "form": form})
    if not form.is_valid():
        return invalid(request, USUAL, USUAL_FORM, form, _usual())
    try:
        put = commands.set_usual_service(request.actor, **form.facts())
    except Refusal as no:
        return refused(request, USUAL, USUAL_FORM, form, no, _usual())
    return done(request, reverse("charges:usual"), toast=_("%(code)s is usual now.") % {"code": put.code})


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def usual_remove(request: Request, usual_id: UUID) -> HttpResponse:
    """Take a service out of what a kind of visit usually has."""
    try:
        commands.remove_usual_service(request.actor, usual_id=usual_id)
    except Refusal as no:
        context = {**_usual(), "form": UsualServiceForm(types=_types())}
        return refused(request, USUAL, "_usual_list.html", context["form"], no, context)
    return done(request, reverse("charges:usual"), toast=_("Taken out."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def policy(request: Request) -> HttpResponse:
    """Say what self-pay takes off, and who else may send a bill."""
    form = EstimatePolicyForm(request.POST)
    context = {**_usual(), "form": UsualServiceForm(types=_types()), "policy_form": form}
    if not form.is_valid():
        return invalid(request, USUAL, POLICY_FORM, context["form"], context)
    try:
        commands.set_estimate_policy(request.actor, version=form_version(request) or 0, **form.cleaned_data)
    except Refusal as no:
        return refused(request, USUAL, POLICY_FORM, context["form"], no, context)
    return done(request, reverse("charges:usual"), toast=_("Saved."))


def _rates(request: Request) -> dict[str, Any]:
    today = request.office.today
    return {
        "rates": list(estimating.rates(today)),
        "form": RateForm(payers=_payers(), today=today, initial={"starts_on": today}),
    }


def _payers() -> list[tuple[str, str]]:
    found = [("", _("Choose"))]
    for payer in coverage.payers():
        found.append((str(payer.pk), payer.name))
        found += [(f"{payer.pk}.{plan.pk}", f"{payer.name}: {plan.name}") for plan in payer.plans.all()]
    return found


def _types() -> list[tuple[str, str]]:
    return [("", _("Choose")), *((str(one.pk), one.name) for one in schedule.types())]


def _usual() -> dict[str, Any]:
    held = estimating.policy()
    initial = {"discount_percent": plain(held.discount_percent), "others_note": held.others_note}
    return {
        "usual": list(estimating.usual([one.pk for one in schedule.types()])),
        "policy": held,
        "policy_form": EstimatePolicyForm(initial=initial, auto_id="policy_%s"),
    }
