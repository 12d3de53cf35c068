"""Patients who may not simply be booked: with the reason, since when and until when; asked at every booking."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.schedule.commands.asked import NeedsReason, There, _mind_giver, _mind_limits
from daysheet.schedule.missed_fees import PASSES
from daysheet.schedule.missing import against
from daysheet.schedule.models import BookingRestriction


class BookingIsRestricted(Refusal):
    """The office has said that this patient is not simply booked."""


class RestrictionStands(Refusal):
    """It is kept already, or has ended meanwhile."""


@command(needs=Can.BOOK_APPOINTMENT)
def restrict_booking(
    by: Actor, /, *, patient_id: UUID, kind: str, reason: str, since: date, until: date | None = None
) -> BookingRestriction:
    """Say that a patient is not simply booked, and why.

    Raises RestrictionStands.
    """
    if kind not in BookingRestriction.Kind.values:
        raise Refusal(_("Choose how the patient is booked."), kind=_("Choose one."))
    if not reason.strip():
        raise Refusal(_("Say why."), reason=_("Say why."))
    if until is not None and until < since:
        raise Refusal(_("It ends after it begins."), until=_("Not before the first day."))
    twice = RestrictionStands(_("This is kept for the patient already. End that one first."))
    with refusing(booking_is_restricted_once_so=twice):
        kept = BookingRestriction.objects.create(
            patient_id=patient_id,
            kind=kind,
            reason=reason.strip(),
            since=since,
            until=until,
            made_at=by.now,
            made_by=by.name,
        )
    record(by, "schedule.booking.restricted", kept, kind=kind, until=str(until or ""))
    return kept


@command(needs=Can.BOOK_APPOINTMENT)
def end_restriction(by: Actor, /, *, restriction_id: UUID) -> BookingRestriction:
    """Let a patient be booked as any other again.

    What only the manager may book, only the manager lets go. Raises RestrictionStands.
    """
    kept = _held(restriction_id)
    if kept.ended_at is not None:
        raise RestrictionStands(_("That has ended already."))
    _may_let_go(by, kept)
    kept.ended_at, kept.ended_by = by.now, by.name
    kept.save(update_fields=["ended_at", "ended_by"])
    record(by, "schedule.booking.let-go", kept, kind=kept.kind)
    return kept


@command(needs=Can.BOOK_APPOINTMENT)
def let_restriction_hold(by: Actor, /, *, restriction_id: UUID) -> BookingRestriction:
    """Let a restriction that was ended hold again.

    Raises RestrictionStands.
    """
    kept = _held(restriction_id)
    if kept.ended_at is None:
        raise RestrictionStands(_("That holds already."))
    kept.ended_at, kept.ended_by = None, ""
    with refusing(booking_is_restricted_once_so=RestrictionStands(_("Another of its kind holds already."))):
        kept.save(update_fields=["ended_at", "ended_by"])
    record(by, "schedule.booking.restricted-again", kept, kind=kept.kind)
    return kept


def _mind_rules(
    by: Actor,
    there: There,
    patient_id: UUID,
    day: date,
    reason: str,
    before: tuple[str, str] = ("", ""),
    *,
    is_walk_in: bool,
) -> str:
    """Return why it is booked against what the office has said of the kind of visit, or of the patient.

    `before` is why the same visit was booked against the rule of its kind at its former time, and with the same
    clinician: it says nothing of a restriction. Who stands at the desk already is not asked about one.
    Raises NeedsReason, NotGivenBy or BookingIsRestricted.
    """
    reason = reason.strip()
    given = _mind_giver(by, there, reason or before[1])
    said = _mind_limits(there, patient_id, day, reason or before[0]) or given
    return said if is_walk_in else _mind_restrictions(by, there, day, reason) or said


def _mind_restrictions(by: Actor, there: There, day: date, reason: str) -> str:
    """Return why a patient is booked against a restriction; nothing where none stands.

    Raises BookingIsRestricted where the person may not, NeedsReason where nobody said why.
    """
    kinds = against(there.held, today=local_day(by.now, there.zone), day=day)
    for kind in kinds:
        words = f"{BookingRestriction.Kind(kind).label}: {there.why_held(kind)}"
        if not by.can(PASSES[kind]):
            raise BookingIsRestricted(_("%(rule)s. Ask a manager to book it.") % {"rule": words})
        if not reason:
            pays = kind == BookingRestriction.Kind.PREPAY
            asks = _("Write the receipt.") if pays else _("Say why it is booked.")
            said = (
                _("%(rule)s. Take the payment first, then write the receipt.")
                if pays
                else _("%(rule)s. Say why it is booked all the same.")
            )
            raise NeedsReason(said % {"rule": words}, limit_reason=asks)
    return reason if kinds else ""


def _may_let_go(by: Actor, kept: BookingRestriction) -> None:
    if kept.kind == BookingRestriction.Kind.MANAGER and not by.can(Can.MANAGE_OFFICE):
        raise BookingIsRestricted(_("Only a manager lets this go."))


def _held(restriction_id: UUID) -> BookingRestriction:
    kept = BookingRestriction.objects.select_for_update(of=("self",)).filter(pk=restriction_id).first()
    if kept is None:
        raise RestrictionStands(_("That is not on the books."))
    return kept
