"""The cash drawers on screen: opened, carried from, counted, closed, approved, opened again."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.documents.models import PrintStation
from daysheet.documents.station_here import station_here
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO
from daysheet.ledger import coins, commands, queries
from daysheet.ledger.checks import over_or_short
from daysheet.ledger.forms import (
    CarryForm,
    CloseDrawerForm,
    CountDrawerForm,
    DeskRulesForm,
    OpenDrawerForm,
    ReasonForm,
)
from daysheet.ledger.models import CashDrawer
from daysheet.ledger.views.accounts import GET_AND_POST
from daysheet.practice import queries as practice
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.forms import Form
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

ACT, ACT_FORM = "ledger/act.html", "_act_form.html"
ONE, ONE_ACTS = "ledger/drawer-page.html", "_drawer_acts.html"


@screen(needs=Can.TAKE_PAYMENT, methods=GET_AND_POST)
def drawer(request: Request) -> HttpResponse:
    """Show the day's drawers, and open one."""
    context = _drawers(request)
    station = station_here(request)
    form = OpenDrawerForm(
        request.POST or None,
        locations=context["locations"],
        station=station.name if station else "",
        initial=_here(request, station),
    )
    if request.method != "POST":
        record(request.actor, "ledger.drawers.viewed")
        return page(request, "ledger/drawer.html", context | {"form": form})
    if not form.is_valid():
        return invalid(request, "ledger/drawer.html", "_drawer_form.html", form, context)
    facts = form.cleaned_data | {"location_id": UUID(form.cleaned_data["location_id"])}
    facts["station_id"] = station.pk if facts.pop("at_station", False) and station else None
    try:
        opened = commands.open_drawer(request.actor, **facts)
    except Refusal as no:
        return refused(request, "ledger/drawer.html", "_drawer_form.html", form, no, context)
    return done(request, _at(opened.pk), toast=_("The drawer is open."))


@screen(needs=Can.TAKE_PAYMENT)
def drawer_page(request: Request, drawer_id: UUID) -> HttpResponse:
    """Show a drawer: how it stands, what went through it, its counts, and what may be done with it."""
    row = _row(drawer_id)
    record(request.actor, "ledger.drawers.viewed")
    return page(request, ONE, _one(request, row) | {"form": CloseDrawerForm(initial={"reason": row.reason})})


@screen(needs=Can.TAKE_PAYMENT, methods=GET_AND_POST)
def drawer_count(request: Request, drawer_id: UUID) -> HttpResponse:
    """Count a drawer; what should lie in it is shown after the count."""
    row = _row(drawer_id)
    form = CountDrawerForm(request.POST or None)
    context = {"row": row, "rules": queries.desk_rules()}
    if request.method != "POST":
        record(request.actor, "ledger.drawers.viewed")
        return page(request, "ledger/drawer-count.html", context | {"form": form})
    if not form.is_valid():
        return invalid(request, "ledger/drawer-count.html", "_count_form.html", form, context)
    try:
        counted = commands.count_drawer(
            request.actor,
            drawer_id=drawer_id,
            version=form_version(request) or 0,
            counted=form.cleaned_data["counted"],
            pieces=form.pieces(),
        )
    except Refusal as no:
        return refused(request, "ledger/drawer-count.html", "_count_form.html", form, no, context)
    told = over_or_short(counted.over_short) if counted.over_short else _("exact")
    return done(request, _at(drawer_id), toast=_("Counted: %(how)s.") % {"how": told})


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def drawer_close(request: Request, drawer_id: UUID) -> HttpResponse:
    """Close a counted drawer, or ask a second person to."""
    form = CloseDrawerForm(request.POST)
    if not form.is_valid():
        return invalid(request, ONE, ONE_ACTS, form, _one(request, _row(drawer_id)))
    version, reason = form_version(request) or 0, form.cleaned_data["reason"]
    try:
        row = commands.close_drawer(request.actor, drawer_id=drawer_id, version=version, reason=reason)
    except Refusal as no:
        return refused(request, ONE, ONE_ACTS, form, no, _one(request, _row(drawer_id)))
    told = _("The drawer is closed.") if row.closed_at else _("The drawer waits for a second person.")
    return done(request, _at(drawer_id), toast=told)


@screen(needs=Can.CLOSE_DAY, methods=("POST",))
def drawer_approve(request: Request, drawer_id: UUID) -> HttpResponse:
    """Close a drawer that waits, as a second person."""
    try:
        commands.approve_drawer(request.actor, drawer_id=drawer_id, version=form_version(request) or 0)
    except Refusal as no:
        facts = _one(request, _row(drawer_id)) | {"form": CloseDrawerForm()}
        return refused(request, ONE, ONE_ACTS, None, no, facts)
    return done(request, _at(drawer_id), toast=_("Approved: the drawer is closed."))


@screen(needs=Can.TAKE_PAYMENT, methods=GET_AND_POST)
def drawer_drop(request: Request, drawer_id: UUID) -> HttpResponse:
    """Carry cash from a drawer to the safe."""
    hint = _("Count what you take out. What should be left is shown after the count of the drawer.")
    return _act(
        request,
        drawer_id,
        CarryForm(request.POST or None, initial={"counted_by": request.actor.name}),
        (_("Drop to the safe"), hint, _("Dropped to the safe.")),
        lambda facts, _version: commands.drop_cash(request.actor, drawer_id=drawer_id, **facts),
    )


@screen(needs=Can.TAKE_PAYMENT, methods=GET_AND_POST)
def drawer_pay_in(request: Request, drawer_id: UUID) -> HttpResponse:
    """Carry change from the safe into a drawer."""
    return _act(
        request,
        drawer_id,
        CarryForm(request.POST or None, initial={"counted_by": request.actor.name}),
        (_("Pay in"), _("Change from the safe or the bank."), _("Paid in.")),
        lambda facts, _version: commands.pay_in(request.actor, drawer_id=drawer_id, **facts),
    )


@screen(needs=Can.CLOSE_DAY_OPEN, methods=GET_AND_POST)
def drawer_reopen(request: Request, drawer_id: UUID) -> HttpResponse:
    """Open a closed drawer again, with a reason."""
    return _act(
        request,
        drawer_id,
        ReasonForm(request.POST or None),
        (_("Open it again"), _("It is counted and closed anew."), _("The drawer is open again.")),
        lambda facts, version: commands.reopen_drawer(
            request.actor, drawer_id=drawer_id, version=version, **facts
        ),
    )


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def desk_rules(request: Request) -> HttpResponse:
    """Say how drawers are counted, and what a returned check costs."""
    kept = queries.desk_rules()
    names = ("is_blind", "reason_from", "approve_from", "check_fee")
    form = DeskRulesForm(request.POST or None, initial={name: getattr(kept, name) for name in names})
    context = _bare(_("Rules of the desk"), "", reverse("ledger:drawer"), version=kept.version)
    context["label"] = _("Keep the rules")
    if request.method != "POST":
        record(request.actor, "ledger.drawers.viewed")
        return page(request, ACT, context | {"form": form})
    if not form.is_valid():
        return invalid(request, ACT, ACT_FORM, form, context)
    try:
        commands.set_desk_rules(request.actor, version=form_version(request) or 0, **form.cleaned_data)
    except Refusal as no:
        return refused(request, ACT, ACT_FORM, form, no, context)
    return done(request, reverse("ledger:drawer"), toast=_("The rules are kept."))


def _act(
    request: Request,
    drawer_id: UUID,
    form: Form,
    words: tuple[str, str, str],
    act: Callable[[dict[str, Any], int], object],
) -> HttpResponse:
    """Show a form about a drawer, and do its act; the words are its title, its hint and its toast."""
    row, (title, hint, toast) = _row(drawer_id), words
    context = _bare(f"{title}: {row.name}", hint, _at(drawer_id), version=row.version) | {"label": title}
    if request.method != "POST":
        record(request.actor, "ledger.drawers.viewed")
        return page(request, ACT, context | {"form": form})
    if not form.is_valid():
        return invalid(request, ACT, ACT_FORM, form, context)
    try:
        act(form.cleaned_data, form_version(request) or 0)
    except Refusal as no:
        return refused(request, ACT, ACT_FORM, form, no, context)
    return done(request, _at(drawer_id), toast=toast)


def _row(drawer_id: UUID) -> CashDrawer:
    row = queries.drawer_row(drawer_id)
    if row is None:
        raise Http404
    return row


def _at(drawer_id: UUID) -> str:
    return reverse("ledger:drawer-page", args=[drawer_id])


def _bare(title: str, hint: str, back: str, *, version: int) -> dict[str, Any]:
    nobody = {"patient": None, "who": None, "initials": ""}
    return {"title": title, "hint": hint, "back": back, "version": version, **nobody}


def _drawers(request: Request) -> dict[str, Any]:
    day, rules = queries.posting_day(request.actor.now), queries.desk_rules()
    drawers = queries.drawers(day)
    return {
        "day": day,
        "rules": rules,
        "drawers": drawers,
        "left_open": queries.drawers_left_open(day),
        "locations": _doors(drawers),
        "may_set": request.actor.can(Can.MANAGE_OFFICE),
        "may_deposit": request.actor.can(Can.CLOSE_DAY),
    }


def _doors(drawers: Sequence[queries.Drawer]) -> list[tuple[str, str]]:
    """Return the doors to choose from; one whose drawer stands open says that only one's own can be opened beside it."""
    has_one = {one.location_id for one in drawers if one.row and one.row.keeper_id is None}
    beside = _("open already: only your own")
    return [
        (str(place.pk), f"{place.name} ({beside})" if place.pk in has_one else place.name)
        for place in practice.locations()
    ]


def _one(request: Request, row: CashDrawer) -> dict[str, Any]:
    """Return what the page of a drawer shows; while it is counted blind, nothing that adds up to its contents."""
    rules, actor = queries.desk_rules(), request.actor
    is_hidden = rules.is_blind and row.counted is None
    off = row.over_short or ZERO
    is_mine = actor.user_id in (row.counted_by_id, row.closed_by_id)
    state = row.state
    return {
        "row": row,
        "rules": rules,
        "state": state,
        "is_hidden": is_hidden,
        "expected": None if is_hidden else queries.drawer_expected(row),
        "is_stale": state == "counted" and row.expected != queries.drawer_expected(row),
        "needs_reason": abs(off) >= rules.reason_from,
        "needs_another": abs(off) >= rules.approve_from,
        "moves": queries.drawer_moves(row),
        "counts": queries.drawer_counts(row),
        "cash": [] if is_hidden else queries.drawer_cash(row),
        "coins": coins.WORDS,
        "may_approve": state == "waiting" and not is_mine and actor.can(Can.CLOSE_DAY),
        "may_reopen": row.asked_at is not None and row.deposit is None and actor.can(Can.CLOSE_DAY_OPEN),
        "may_deposit": actor.can(Can.CLOSE_DAY),
    }


def _here(request: Request, station: PrintStation | None) -> dict[str, str]:
    at = station.location_id if station else None
    return {"location_id": str(at or request.office.location_id or "")}
