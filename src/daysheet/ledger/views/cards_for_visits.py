"""A kept card named for a visit to come, on screen: held by one press when the visit is near, or let go."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands, queries
from daysheet.ledger.models import CardForVisit
from daysheet.patients import queries as patients
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "ledger/card-for-visit.html", "ledger/_card_for_visit.html"


@screen(needs=Can.TAKE_PAYMENT)
def card_for_visit(request: Request, card_for_visit_id: UUID) -> HttpResponse:
    """Show which card is named for a visit, and what may be done now."""
    return page(request, PAGE, _facts(request, _row(card_for_visit_id)))


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def card_for_visit_hold(request: Request, card_for_visit_id: UUID) -> HttpResponse:
    """Hold what was named for the visit."""
    row = _row(card_for_visit_id)
    try:
        charge = commands.hold_for_visit(
            request.actor, card_for_visit_id=row.pk, version=form_version(request) or 0
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, _row(card_for_visit_id)))
    return done(request, reverse("ledger:card", args=[charge.pk]), toast=_("The card company is asked."))


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def card_for_visit_drop(request: Request, card_for_visit_id: UUID) -> HttpResponse:
    """Name the card for the visit no more, and let go what is held."""
    row = _row(card_for_visit_id)
    try:
        commands.drop_card_for_visit(
            request.actor, card_for_visit_id=row.pk, version=form_version(request) or row.version
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, _row(card_for_visit_id)))
    there = reverse("schedule:appointment", args=[row.appointment_id])
    return done(request, there, toast=_("No card is named for this visit any more."))


def _row(card_for_visit_id: UUID) -> CardForVisit:
    row = queries.card_for_visit(card_for_visit_id)
    if row is None:
        raise Http404
    return row


def _facts(request: Request, row: CardForVisit) -> dict[str, Any]:
    record(request.actor, "ledger.card-for-visit.viewed", row, patients=[row.patient_id])
    around = patients.around(request.actor, row.patient, today=request.office.today)
    return around | {"patient": row.patient, "told": queries.told_of(row, request.actor.now)}
