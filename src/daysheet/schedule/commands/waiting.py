"""Who waits for a time: put on the list, changed, taken off, put back."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.models import AuditLine
from daysheet.patients.models import Patient
from daysheet.practice.models import Location, Provider
from daysheet.schedule.commands.offers_again import _hold_ended, _open_again
from daysheet.schedule.commands.offers_gone import _end_offers
from daysheet.schedule.matching import LIVE
from daysheet.schedule.models import Appointment, AppointmentType, SlotOffer, WaitlistEntry

LONGEST_NOTICE = 14 * 24 * 60
"""Minutes of notice that a patient may ask for."""
WHEN_AND_WHAT = frozenset(
    (
        "type_id",
        "provider_ids",
        "location_id",
        "weekdays",
        "from_clock",
        "to_clock",
        "earliest_on",
        "latest_on",
    )
)
"""What an offer was made for: another wish is not answered by it."""


CHANGED = "schedule.waitlist.changed"


class AlreadyWaiting(Refusal):
    """The patient waits for this kind of visit already."""


class NotWaiting(Refusal):
    """The entry is closed, or not of this practice."""


class StrangeWish(Refusal):
    """What is wished for cannot be: an unknown clinician, days that end before they begin."""


@command(needs=Can.BOOK_APPOINTMENT)
def add_to_waitlist(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    type_id: UUID,
    provider_ids: Sequence[UUID] = (),
    location_id: UUID | None = None,
    weekdays: Sequence[int] = (),
    from_clock: time | None = None,
    to_clock: time | None = None,
    earliest_on: date | None = None,
    latest_on: date | None = None,
    notice_minutes: int = 120,
    priority: int = WaitlistEntry.Priority.ORDINARY,
    source: str = "asked",
    moves_id: UUID | None = None,
    reason: str = "",
) -> WaitlistEntry:
    """Let a patient wait for a time that suits; with an appointment, for an earlier time than that one.

    Raises AlreadyWaiting, or StrangeWish.
    """
    wish: dict[str, Any] = {
        "type_id": type_id,
        "provider_ids": list(dict.fromkeys(provider_ids)),
        "location_id": location_id,
        "weekdays": sorted(set(weekdays)),
        "from_clock": from_clock,
        "to_clock": to_clock,
        "earliest_on": earliest_on,
        "latest_on": latest_on,
        "notice_minutes": notice_minutes,
        "priority": priority,
    }
    _can_be_wished(**wish)
    patient = Patient.objects.filter(id=patient_id).first()
    if patient is None or patient.status == Patient.Status.DECEASED:
        raise StrangeWish(_("This patient cannot be booked. Check the chart first."))
    if source not in WaitlistEntry.Source.values:
        raise StrangeWish(_("Choose one of the ways onto the list that are offered."))
    if moves_id and not _may_move(moves_id, patient_id):
        raise StrangeWish(_("That appointment is no longer booked, so there is nothing to move earlier."))
    with _once_on_the_list():
        entry = WaitlistEntry.objects.create(
            patient=patient,
            source=source,
            moves_id=moves_id,
            reason=reason.strip(),
            added_at=by.now,
            added_by=by.name,
            **wish,
        )
    record(by, "schedule.waitlist.added", entry, priority=priority, moves=str(moves_id or ""))
    announce(by.practice_id, "waitlist")
    return entry


@command(needs=Can.BOOK_APPOINTMENT)
def change_waitlist_entry(
    by: Actor,
    /,
    *,
    entry_id: UUID,
    version: int | None,
    type_id: UUID,
    provider_ids: Sequence[UUID],
    location_id: UUID | None,
    weekdays: Sequence[int],
    from_clock: time | None,
    to_clock: time | None,
    earliest_on: date | None,
    latest_on: date | None,
    notice_minutes: int,
    priority: int,
    reason: str,
) -> WaitlistEntry:
    """Say anew what a waiting patient would take; the turn in the list stays, what was offered for another wish ends.

    What an earlier change ended holds again where the patient waits for that kind of visit again and the time suits.
    Raises NotWaiting, StaleForm, AlreadyWaiting or StrangeWish.
    """
    again = _hold_ended(by, _ended_by_a_change(entry_id, type_id))
    live = _held_offers(entry_id)
    entry = _waiting(entry_id, version)
    new: dict[str, Any] = {
        "type_id": type_id,
        "provider_ids": list(dict.fromkeys(provider_ids)),
        "location_id": location_id,
        "weekdays": sorted(set(weekdays)),
        "from_clock": from_clock,
        "to_clock": to_clock,
        "earliest_on": earliest_on,
        "latest_on": latest_on,
        "notice_minutes": notice_minutes,
        "priority": priority,
    }
    _can_be_wished(**new)
    new["reason"] = reason.strip()
    changed = [name for name, value in new.items() if getattr(entry, name) != value]
    kind, ended = entry.type_id, live if WHEN_AND_WHAT & set(changed) else []
    for name, value in new.items():
        setattr(entry, name, value)
    entry.version += 1
    with _once_on_the_list():
        entry.save(update_fields=[*new, "version"])
    if WHEN_AND_WHAT & set(changed):
        _end_offers(by, ended)
        _open_again(by, again, _("Waits for that time again, and it is free. Call who was asked about it."))
        entry.refresh_from_db(fields=["state"])
    record(by, CHANGED, entry, changed=changed, kind=str(kind), ended=[str(one.pk) for one in ended])
    announce(by.practice_id, "waitlist")
    return entry


@command(needs=Can.BOOK_APPOINTMENT)
def withdraw_from_waitlist(
    by: Actor, /, *, entry_id: UUID, version: int | None = None, because: str = ""
) -> WaitlistEntry:
    """Take a patient off the list; what is offered to the patient stands no more.

    Raises NotWaiting or StaleForm.
    """
    open_offers = _held_offers(entry_id)
    entry = _waiting(entry_id, version)
    _end_offers(by, open_offers)
    entry.state, entry.closed_because = "withdrawn", because.strip() or _("Taken off at the desk")
    entry.version += 1
    entry.save(update_fields=["state", "closed_because", "version"])
    record(by, "schedule.waitlist.withdrawn", entry, offers=len(open_offers))
    announce(by.practice_id, "waitlist")
    return entry


@command(needs=Can.BOOK_APPOINTMENT)
def put_back_on_waitlist(by: Actor, /, *, entry_id: UUID) -> WaitlistEntry:
    """Let a withdrawn or outlived entry wait again, in its old turn; what it was offered holds again while it is of use.

    Raises NotWaiting, or AlreadyWaiting when the patient waits for the same kind of visit anew.
    """
    ended = _hold_ended(by, SlotOffer.objects.filter(entry_id=entry_id))
    entry = WaitlistEntry.objects.select_for_update(of=("self",)).filter(id=entry_id).first()
    if entry is None or entry.state not in ("withdrawn", "expired"):
        raise NotWaiting(_("This entry was not taken off the list, so it cannot be put back."))
    entry.state, entry.closed_because = "waiting", ""
    entry.version += 1
    with _once_on_the_list():
        entry.save(update_fields=["state", "closed_because", "version"])
    _open_again(by, ended, _("Waits again, and a free time is offered again. Call who was asked about it."))
    entry.refresh_from_db(fields=["state"])
    record(by, "schedule.waitlist.put-back", entry)
    announce(by.practice_id, "waitlist")
    return entry


def _ended_by_a_change(entry_id: UUID, type_id: UUID) -> QuerySet[SlotOffer]:
    """Return what was offered to an entry for a kind of visit until its wish was changed, as the diary names it."""
    lines = AuditLine.objects.filter(subject_id=entry_id, action=CHANGED, details__kind=str(type_id))
    ids = [pk for told in lines.values_list("details", flat=True) for pk in told["ended"]]
    return SlotOffer.objects.filter(entry_id=entry_id, pk__in=ids) if ids else SlotOffer.objects.none()


def _held_offers(entry_id: UUID) -> list[SlotOffer]:
    """Return what may still be taken of what an entry was offered, locked before the entry, as an answer locks it."""
    live = SlotOffer.objects.select_for_update(of=("self",)).filter(entry_id=entry_id, answer__in=LIVE)
    return list(live.order_by("id"))


def _waiting(entry_id: UUID, version: int | None) -> WaitlistEntry:
    """Return an open entry, locked against others, in the version that the form showed.

    Raises NotWaiting or StaleForm.
    """
    entry = WaitlistEntry.objects.select_for_update(of=("self",)).filter(id=entry_id).first()
    if entry is None:
        raise NotWaiting(_("That entry is not on the waitlist."))
    if version is not None and entry.version != version:
        raise StaleForm(_("Somebody changed this entry meanwhile. Look at it again, then decide."))
    if entry.state not in ("waiting", "offered"):
        raise NotWaiting(
            _("This patient does not wait any more: %(state)s.")
            % {"state": entry.get_state_display().lower()}
        )
    return entry


def _may_move(moves_id: UUID, patient_id: UUID) -> bool:
    return Appointment.objects.filter(id=moves_id, patient_id=patient_id, booking="scheduled").exists()


def _can_be_wished(
    *,
    type_id: UUID,
    provider_ids: list[UUID],
    location_id: UUID | None,
    weekdays: list[int],
    from_clock: time | None,
    to_clock: time | None,
    earliest_on: date | None,
    latest_on: date | None,
    notice_minutes: int,
    priority: int,
) -> None:
    """Refuse what cannot be.

    Raises StrangeWish.
    """
    if not AppointmentType.objects.filter(id=type_id, is_active=True).exists():
        raise StrangeWish(_("That visit type is not booked here. Choose another."), type=_("Choose a type."))
    if Provider.objects.filter(id__in=provider_ids, left_on__isnull=True).count() != len(provider_ids):
        raise StrangeWish(_("One of these clinicians does not work here. Choose again."))
    if location_id and not Location.objects.filter(id=location_id, closed_on__isnull=True).exists():
        raise StrangeWish(_("That location is not open. Choose another."))
    if any(not 0 <= one <= 6 for one in weekdays) or priority not in WaitlistEntry.Priority.values:
        raise StrangeWish(_("Choose days and priority from those that are offered."))
    if from_clock and to_clock and to_clock <= from_clock:
        raise StrangeWish(
            _("The hours end after they begin. Check the times."), to_clock=_("Later than the first time.")
        )
    if earliest_on and latest_on and latest_on < earliest_on:
        raise StrangeWish(
            _("The last day comes after the first. Check the days."), latest_on=_("Not before the first day.")
        )
    if not 0 <= notice_minutes <= LONGEST_NOTICE:
        raise StrangeWish(_("A patient may ask for two weeks of notice at most."))


def _once_on_the_list() -> AbstractContextManager[None]:
    return refusing(
        waitlist_has_a_patient_once_for_a_visit_type=AlreadyWaiting(
            _("This patient waits for this kind of visit already. Change that entry instead.")
        )
    )
