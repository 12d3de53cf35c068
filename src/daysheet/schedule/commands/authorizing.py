"""Which authorization a coming appointment counts under: told anew when a patient's change, or said by a clerk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, by_hand, cases
from daysheet.coverage.authorizing import Under
from daysheet.coverage.rules.authorizations import Counts, Grant
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.schedule.commands.asked import NotOnTheBooks
from daysheet.schedule.models import Appointment


@command(needs=Can.BOOK_APPOINTMENT)
def count_appointment_under(
    by: Actor,
    /,
    *,
    appointment_id: UUID,
    version: int,
    authorization_id: UUID | None = None,
    none_of: str = "",
    because: str = "",
) -> Appointment:
    """Say by hand under which authorization or referral a coming visit counts, or under none of a kind and why.

    Neither: it is worked out again. Raises NotForThisVisit, NotOnTheBooks or StaleForm.
    """
    one = _to_come(appointment_id, version)
    case = cases.payers_of({one.pk: one.on_day}).get(one.pk)
    choice = by_hand.said_by_hand(
        one.patient_id,
        one.on_day,
        authorization_id=authorization_id,
        none_of=none_of,
        because=because,
        case=case,
    )
    told = authorizing.under(
        one.patient_id, one.on_day, [one.type.name], today=local_day(by.now, one.location.zone), case=case
    )
    _put(by, one, by_hand.fields_after(one, choice, told))
    return one


@command(needs=Can.BOOK_APPOINTMENT)
def undo_count_of_appointment(by: Actor, /, *, appointment_id: UUID) -> Appointment:
    """Take back what was last said by hand. Raises NotForThisVisit where that cannot be any more, NotOnTheBooks."""
    one = _to_come(appointment_id, None)
    _put(by, one, by_hand.fields_before(one, one.on_day))
    return one


def _to_come(appointment_id: UUID, version: int | None) -> Appointment:
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("type", "location", "visit")
    one = rows.filter(pk=appointment_id).first()
    if one is None or one.booking != "scheduled":
        raise NotOnTheBooks(_("This appointment does not stand any more."))
    if version is not None and one.version != version:
        raise StaleForm(_("Somebody changed this appointment meanwhile. Look at it again, then decide."))
    if hasattr(one, "visit") and one.visit.flow != "undone":
        raise NotOnTheBooks(_("The patient has come. Choose it on the page of the visit."))
    return one


def _put(by: Actor, one: Appointment, fields: dict[str, Any]) -> None:
    names, told = by_hand.set_on(one, fields)
    one.save(update_fields=names)
    record(by, "schedule.appointment.counted-by-hand", one, by_hand=sorted(one.by_hand), **told)
    announce(by.practice_id, "schedule")


def _count_as_before(by: Actor, old: Appointment, new: Appointment) -> None:
    """Let a moved appointment count under what was said by hand of the old one, while that holds the new day."""
    if not old.by_hand:
        return
    grants = {one.id: one for one in map(authorizing.grant_of, authorizing.authorizations(old.patient_id))}
    new.refresh_from_db(fields=["authorization", "referral"])
    told = Under(new.authorization_id, new.referral_id)
    case = cases.payers_of({new.pk: new.on_day}).get(new.pk)
    now, hand = by_hand.kept(old, grants, new.on_day, told, case)
    new.authorization_id, new.referral_id = now
    new.by_hand = hand
    new.save(update_fields=["authorization", "referral", "by_hand"])


@command(needs=Can.EDIT_COVERAGE)
def put_under_authorizations(by: Actor, /, *, patient_id: UUID) -> int:
    """Count a patient's coming appointments under what is authorized now; return how many changed.

    One that stands under an authorization that still holds its day and kind of visit, and whose plan pays for it, stays
    there, and so does one of which a clerk has said by hand what it counts under.
    """
    today = local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
    grants = {one.id: one for one in authorizing.counted(authorizing.authorizations(patient_id), today)}
    coming = Appointment.objects.select_for_update(of=("self",)).filter(
        patient_id=patient_id, booking="scheduled", on_day__gte=today, visit__isnull=True
    )
    changed = 0
    rows = list(coming.select_related("type").order_by("starts_at"))
    paid_by = cases.payers_of({one.pk: one.on_day for one in rows})
    for one in rows:
        case = paid_by.get(one.pk)
        was, words = Under(one.authorization_id, one.referral_id), [one.type.name]
        told = authorizing.choose(list(grants.values()), one.on_day, words, case)
        now = Under(
            *(
                old if old in grants and _still(grants[old], one.on_day, words, case) else new
                for old, new in zip(was, told, strict=True)
            )
        )
        now, hand = by_hand.kept(one, grants, one.on_day, now, case)
        if now != was or hand != one.by_hand:
            Appointment.objects.filter(pk=one.pk).update(**now._asdict(), by_hand=hand)
            _count(grants, was, -1)
            _count(grants, now, 1)
            changed += 1
    record(by, "schedule.appointments.counted", None, patients=[patient_id], appointments=changed)
    return changed


@command(needs=Can.BOOK_APPOINTMENT)
def count_appointment_anew(by: Actor, /, *, appointment_id: UUID) -> Appointment:
    """Count one appointment under what is authorized by who pays for it now: the case it was put under, or the plans.

    What a clerk has said by hand stays while its plan pays.
    """
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("type", "location")
    one = rows.get(pk=appointment_id)
    case = cases.payers_of({one.pk: one.on_day}).get(one.pk)
    today = local_day(by.now, one.location.zone)
    grants = {it.id: it for it in map(authorizing.grant_of, authorizing.authorizations(one.patient_id))}
    told = authorizing.under(one.patient_id, one.on_day, [one.type.name], today=today, case=case)
    now, one.by_hand = by_hand.kept(one, grants, one.on_day, told, case)
    one.authorization_id, one.referral_id = now
    one.save(update_fields=["authorization", "referral", "by_hand"])
    ids = [str(pk or "") for pk in now]
    record(by, "schedule.appointment.counted", one, authorization_id=ids[0], referral_id=ids[1])
    return one


def _still(grant: Grant, day: date, words: Sequence[str], case: UUID | None) -> bool:
    return grant.holds(day) and grant.fits(words) and grant.pays(day, case)


def _count(grants: dict[UUID, Grant], ids: Under, by: int) -> None:
    for pk in ids:
        if pk in grants:
            grants[pk] = replace(grants[pk], counts=grants[pk].counts.plus(Counts(booked=by)))
