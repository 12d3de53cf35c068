"""Terminals of the card company on screen: which there are, one cancelled, a practice card held to one."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.documents import queries as documents
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.ledger import commands, queries
from daysheet.ledger.forms import TerminalForm
from daysheet.ledger.models import CardTerminal
from daysheet.ledger.views.accounts import GET_AND_POST
from daysheet.ledger.views.cards import PAGE, PIECE, _charge, _do, _facts
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

LIST, ONE, ONE_FORM = "ledger/card-terminals.html", "ledger/card-terminal.html", "_card_terminal_form.html"


@screen(needs=Can.MANAGE_OFFICE)
def terminals(request: Request) -> HttpResponse:
    """Show the terminals, and at which station each stands."""
    return page(request, LIST, _list())


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def terminal_add(request: Request) -> HttpResponse:
    """Enter a terminal."""
    return _terminal(request, None)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def terminal_change(request: Request, terminal_id: UUID) -> HttpResponse:
    """Change a terminal's name, id or place."""
    held = queries.card_terminals().filter(pk=terminal_id).first()
    if held is None:
        raise Http404
    return _terminal(request, held)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def terminal_retire(request: Request, terminal_id: UUID) -> HttpResponse:
    """Use a terminal no more."""
    held = CardTerminal.objects.filter(pk=terminal_id).first()
    if held is None:
        raise Http404
    commands.retire_terminal(request.actor, terminal_id=terminal_id)
    undo = (reverse("ledger:card-terminal-take-up", args=[terminal_id]), _("Undo"))
    return done(request, reverse("ledger:card-terminals"), toast=_("It is used no more."), undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def terminal_take_up(request: Request, terminal_id: UUID) -> HttpResponse:
    """Use a terminal again that was retired by mistake."""
    if not CardTerminal.objects.filter(pk=terminal_id).exists():
        raise Http404
    try:
        commands.take_up_terminal(request.actor, terminal_id=terminal_id)
    except Refusal as no:
        return refused(request, LIST, LIST, None, no, _list())
    return done(request, reverse("ledger:card-terminals"), toast=_("It is used again."))


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def card_stop(request: Request, charge_id: UUID) -> HttpResponse:
    """Cancel at the terminal."""
    return _do(
        request,
        charge_id,
        lambda version: commands.begin_stop(request.actor, charge_id=charge_id, version=version),
    )


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def card_show(request: Request, charge_id: UUID) -> HttpResponse:
    """Hold a practice card to a practice terminal."""
    charge = _charge(charge_id)
    try:
        commands.show_card(request.actor, charge_id=charge_id, shown=request.POST.get("shown", ""))
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, charge))
    return done(request, reverse("ledger:card", args=[charge_id]), toast=_("The terminal has read it."))


def _terminal(request: Request, held: CardTerminal | None) -> HttpResponse:
    record(request.actor, "ledger.card-terminals.viewed", held)
    stations = [(str(one.pk), one.name) for one in documents.print_stations()]
    start = {"name": held.name, "reader": held.reader, "station": str(held.station_id or "")} if held else {}
    posted = request.POST if request.method == "POST" else None
    form, told = TerminalForm(posted, stations=stations, initial=start), {"held": held}
    if posted is None:
        return page(request, ONE, told | {"form": form})
    if not form.is_valid():
        return invalid(request, ONE, ONE_FORM, form, told)
    said = form.cleaned_data
    facts: dict[str, Any] = {
        "name": said["name"],
        "reader": said["reader"],
        "station_id": read_id(said["station"]),
    }
    if held is not None:
        facts |= {"terminal_id": held.pk, "version": form_version(request) or 0}
    try:
        commands.keep_terminal(request.actor, **facts)
    except Refusal as no:
        return refused(request, ONE, ONE_FORM, form, no, told)
    return done(request, reverse("ledger:card-terminals"), toast=_("Saved."))


def _list() -> dict[str, Any]:
    return {"terminals": list(queries.card_terminals()), "door": queries.card_door()}
