"""A clinician is out, or a door stays shut: the times vanish, and what is booked in them becomes work."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.practice.models import Location, Provider
from daysheet.schedule import closings
from daysheet.schedule.commands.offers_again import _offer_again_in
from daysheet.schedule.commands.offers_gone import _end_offers_in
from daysheet.schedule.commands.setting import NotASpan
from daysheet.schedule.commands.telling import _keep_back
from daysheet.schedule.models import Absence, Closing, ClosingRow
from daysheet.schedule.proposals import WAYS, propose

LONGEST_CLOSING = timedelta(days=62)


class ClosingIsOver(Refusal):
    """The closing was taken back already, or is not of this practice."""


@command(needs=Can.BOOK_APPOINTMENT)
def close_span(
    by: Actor,
    /,
    *,
    starts_at: datetime,
    ends_at: datetime,
    cause: str,
    provider_id: UUID | None = None,
    location_id: UUID | None = None,
    reason: str = "",
) -> Closing:
    """Take a clinician's, a door's, or the whole office's time off the book, and list who is booked in it.

    Shutting a door or the office takes the permission to manage it besides.
    Raises NotASpan, or a refusal when the clinician or door is not on the books.
    """
    if provider_id is None:
        by.must(Can.MANAGE_OFFICE)
    if not by.now < ends_at or starts_at >= ends_at:
        raise NotASpan(_("The time ends before it begins, or is over already. Check the day and the times."))
    if ends_at - starts_at > LONGEST_CLOSING:
        raise NotASpan(_("That is more than two months. Change the clinician's hours instead."))
    if cause not in Closing.Cause.values:
        raise Refusal(_("Choose one of the causes that are offered."), cause=_("Choose a cause."))
    if provider_id and not Provider.objects.filter(pk=provider_id, left_on=None).exists():
        raise Refusal(_("That clinician is not on the books."), who=_("Choose another."))
    if location_id and not Location.objects.filter(pk=location_id, closed_on=None).exists():
        raise Refusal(_("That location is not on the books."), who=_("Choose another."))
    span = {
        "provider_id": provider_id,
        "location_id": location_id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "reason": reason.strip(),
    }
    absence = Absence.objects.create(**span)
    closing = Closing.objects.create(**span, cause=cause, absence=absence, made_at=by.now, made_by=by.name)
    _end_offers_in(by, absence)
    met = _list_new(closing)
    record(
        by,
        "schedule.closing.made",
        closing,
        patients=[one.appointment.patient_id for one in met],
        cause=cause,
        starts_at=starts_at.isoformat(),
        ends_at=ends_at.isoformat(),
    )
    _tell(by)
    return closing


@command(needs=Can.BOOK_APPOINTMENT)
def list_booked_since(by: Actor, /, *, closing_id: UUID) -> int:
    """Put the visits that were booked in the span meanwhile on its list; return how many. Raises ClosingIsOver."""
    closing = _standing(closing_id)
    met = _list_new(closing)
    record(by, "schedule.closing.listed", closing, patients=[one.appointment.patient_id for one in met])
    _tell(by)
    return len(met)


@command(needs=Can.BOOK_APPOINTMENT)
def propose_for_closing(by: Actor, /, *, closing_id: UUID, how: str, only_missing: bool = False) -> int:
    """Propose another time to every visit that is still to be decided; return how many found one.

    What somebody else works on stays as it is. Raises ClosingIsOver.
    """
    closing = _standing(closing_id)
    if how not in WAYS:
        raise Refusal(_("Choose one of the ways that are offered."))
    rows = [
        one
        for one in ClosingRow.objects.select_for_update(of=("self",))
        .filter(closing=closing)
        .select_related("appointment__type", "appointment__location", "envelope")
        .defer("envelope__content")
        .order_by("pk")
        if closings.state_of(one) in closings.OPEN
        and closings.caller_of(one, by.now) in ("", by.name)
        and not (only_missing and one.proposed_at)
    ]
    slots = propose([one.appointment for one in rows], how=how, now=by.now)
    for one in rows:
        slot = slots.get(one.appointment_id)
        one.proposed_at = slot.starts_at if slot else None
        one.proposed_provider_id = slot.provider_id if slot else None
        one.proposed_location_id = slot.location_id if slot else None
        one.note = "" if slot else _("No free time was found.")
        one.version += 1
    names = ["proposed_at", "proposed_provider", "proposed_location", "note", "version"]
    ClosingRow.objects.bulk_update(rows, names)
    record(by, "schedule.closing.proposed", closing, how=how, found=len(slots), of=len(rows))
    announce(by.practice_id, "closings")
    return len(slots)


@command(needs=Can.BOOK_APPOINTMENT)
def take_closing_back(by: Actor, /, *, closing_id: UUID) -> Closing:
    """Open the span of a closing again; its list is closed, its visits are as they are by then.

    What it ended of offers holds again where it is of use still. Raises ClosingIsOver.
    """
    closing = _standing(closing_id, locked=True)
    if closing.provider_id is None:
        by.must(Can.MANAGE_OFFICE)
    if closing.absence_id:
        Absence.objects.filter(pk=closing.absence_id).delete()
    waiting = closing.rows.filter(envelope__state="queued")
    _keep_back(by, waiting.values_list("envelope_id", flat=True))
    closing.absence, closing.undone_at, closing.undone_by = None, by.now, by.name
    closing.save(update_fields=["absence", "undone_at", "undone_by"])
    _offer_again_in(by, closing)
    record(by, "schedule.closing.taken-back", closing)
    _tell(by)
    return closing


def _standing(closing_id: UUID, *, locked: bool = False) -> Closing:
    rows = Closing.objects.select_for_update(of=("self",)) if locked else Closing.objects.all()
    found = rows.filter(pk=closing_id, undone_at=None).first()
    if found is None:
        raise ClosingIsOver(_("This was taken back already. Nothing more can be done on its list."))
    return found


def _list_new(closing: Closing) -> list[ClosingRow]:
    """Put what is booked in the span and not listed on the list; two at once list it once."""
    rows = [ClosingRow(closing=closing, appointment=one) for one in closings.not_listed(closing)]
    ClosingRow.objects.bulk_create(rows, ignore_conflicts=True)
    return rows


def _tell(by: Actor) -> None:
    announce(by.practice_id, "closings")
    announce(by.practice_id, "schedule")
