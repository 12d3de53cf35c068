"""The drawer and the statements on screen."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands, queries
from daysheet.ledger.checks import over_or_short
from daysheet.ledger.forms import CountDrawerForm, OpenDrawerForm
from daysheet.ledger.models import CashDrawer
from daysheet.ledger.views.accounts import GET_AND_POST
from daysheet.practice import queries as practice
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen


@screen(needs=Can.TAKE_PAYMENT, methods=GET_AND_POST)
def drawer(request: Request) -> HttpResponse:
    """Show the day's drawers, and open one."""
    context = _drawers(request)
    form = OpenDrawerForm(request.POST or None, locations=context["locations"], initial=_here(request))
    if request.method != "POST":
        record(request.actor, "ledger.drawers.viewed")
        return page(request, "ledger/drawer.html", context | {"form": form})
    if not form.is_valid():
        return invalid(request, "ledger/drawer.html", "_drawer_form.html", form, context)
    try:
        location_id = UUID(form.cleaned_data["location_id"])
        commands.open_drawer(
            request.actor, location_id=location_id, opening_float=form.cleaned_data["opening_float"]
        )
    except Refusal as no:
        return refused(request, "ledger/drawer.html", "_drawer_form.html", form, no, context)
    return done(request, reverse("ledger:drawer"), toast=_("The drawer is open."))


@screen(needs=Can.TAKE_PAYMENT, methods=GET_AND_POST)
def drawer_count(request: Request, drawer_id: UUID) -> HttpResponse:
    """Count a drawer; what should lie in it is shown after the count."""
    row = CashDrawer.objects.select_related("location").filter(pk=drawer_id).first()
    if row is None:
        raise Http404
    form = CountDrawerForm(request.POST or None)
    context = {
        "title": _("Count the drawer at %(place)s") % {"place": row.location.name},
        "hint": _("Count first. What should lie in it is shown afterwards."),
        "back": reverse("ledger:drawer"),
        "patient": None,
        "who": None,
        "initials": "",
    }
    if request.method != "POST":
        record(request.actor, "ledger.drawers.viewed")
        return page(request, "ledger/act.html", context | {"form": form})
    if not form.is_valid():
        return invalid(request, "ledger/act.html", "_act_form.html", form, context)
    try:
        counted = commands.count_drawer(request.actor, drawer_id=drawer_id, **form.cleaned_data)
    except Refusal as no:
        return refused(request, "ledger/act.html", "_act_form.html", form, no, context)
    told = over_or_short(counted.over_short) if counted.over_short else _("exact")
    return done(request, reverse("ledger:drawer"), toast=_("Counted: %(how)s.") % {"how": told})


@screen(needs=Can.SEE_MONEY)
def statements(request: Request) -> HttpResponse:
    """Show who owes, when the last statement went, and make the next."""
    owing = Paginator(queries.who_owes(), 50).get_page(request.GET.get("page"))
    record(request.actor, "ledger.statements.viewed", patients=[row.patient_id for row in owing])
    context = {"owing": owing, "may_bill": request.actor.can(Can.SEND_STATEMENTS)}
    return page(request, "ledger/statements.html", context)


@screen(needs=Can.SEND_STATEMENTS, methods=("POST",))
def statement_make(request: Request, patient_id: UUID) -> HttpResponse:
    """Make a patient's statement as a paper."""
    try:
        made = commands.make_statement(request.actor, patient_id=patient_id)
    except Refusal as no:
        owing = Paginator(queries.who_owes(), 50).get_page(1)
        record(request.actor, "ledger.statements.viewed", patients=[row.patient_id for row in owing])
        context = {"owing": owing, "may_bill": True}
        return refused(request, "ledger/statements.html", "_statements.html", None, no, context)
    told = _("Statement %(number)s is made.") % {"number": made.number}
    return done(request, reverse("documents:document-view", args=[made.document_id]), toast=told)


def _drawers(request: Request) -> dict[str, Any]:
    day = queries.posting_day(request.actor.now)
    places = list(practice.locations())
    standing = queries.drawers(day)
    taken = {one.location_id for one in standing if one.row}
    return {
        "day": day,
        "drawers": standing,
        "locations": [(str(place.pk), place.name) for place in places if place.pk not in taken],
    }


def _here(request: Request) -> dict[str, str]:
    return {"location_id": str(request.office.location_id or "")}
