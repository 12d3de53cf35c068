"""Estimates after they were begun: kept up with the booking, put on the work list, held against the bill."""

from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.charges import estimating
from daysheet.charges.commands.estimates import TASK, EstimateIsWrong, _changed, _close, _held
from daysheet.charges.models import Estimate
from daysheet.charges.models.estimates import CANCELLED, LIVE
from daysheet.charges.rules import good_faith
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.models import Practice
from daysheet.kernel.money import ZERO, say
from daysheet.schedule.models import Appointment
from daysheet.tasks import commands as tasks
from daysheet.tasks.models import WorkqueueItem

OVER_TASK, DISCOUNT_TASK = "estimate_over", "estimate_discount"


@command(needs=Can.ENTER_CHARGES)
def follow_booking(by: Actor, /, *, estimate_id: UUID) -> Estimate:
    """Take over what became of the booked visit: its new day or clinician wants a new version; cancelled, it closes."""
    held = _held(estimate_id, None)
    said = estimating.change_of(held)
    if not said:
        raise EstimateIsWrong(_("The booking stands as the estimate has it."))
    booked = held.appointment
    if booked is not None and booked.booking == "rescheduled" and booked.moved_to is not None:
        booked = booked.moved_to
    if booked is None or booked.booking not in ("scheduled", "completed"):
        return _close(by, held, CANCELLED)
    if Estimate.objects.filter(appointment=booked, state__in=LIVE).exclude(pk=held.pk).exists():
        return _close(by, held, CANCELLED)
    held.appointment, held.service_on = booked, booked.on_day
    held.provider_id, held.location_id = booked.provider_id, booked.location_id
    held.save()
    _changed(by, held, said, is_booking=True)
    record(by, "charges.estimate.followed", held, to=str(booked.pk))
    return held


@command(needs=Can.ENTER_CHARGES)
def watch_bill(by: Actor, /, *, patient_id: UUID, appointment_id: UUID | None, service_on: date) -> int:
    """Hold a bill against the estimates handed over for it; a bill that is far over asks for a person."""
    found = 0
    rows = estimating.of_visit(patient_id=patient_id, appointment_id=appointment_id, service_on=service_on)
    for held in rows:
        latest = held.versions.filter(given_at__isnull=False).order_by("-number").first()
        bill = estimating.bill_of(held)
        over = good_faith.far_over(billed=bill.asked, expected=latest.high) if latest else None
        _tell_of_discount(by, held, bill.discount_due if latest else ZERO)
        if over == held.over_by:
            continue
        Estimate.objects.filter(pk=held.pk).update(over_by=over)
        record(by, "charges.estimate.held-against-the-bill", held, over=over)
        if over is None:
            tasks.close_items_of(by, subject_id=held.pk, kind=OVER_TASK, action_code="corrected")
            continue
        found += 1
        today = local_day(by.now, held.location.zone)
        tasks.open_item(
            by,
            kind=OVER_TASK,
            reason_code="over_estimate",
            sentence=_("A bill is $400 or more over its good-faith estimate: look before it is sent."),
            due_at=estimating.due_at(today, held.location.zone),
            source_of_due=_("before the bill is sent; law: the patient may dispute it within 120 days"),
            role="biller",
            subject=held,
            patient_id=held.patient_id,
            link=f"/charges/estimates/{held.pk}/",
        )
    record(by, "charges.bill.held-against-estimates", None, patients=[patient_id], over=found)
    return found


def _tell_of_discount(by: Actor, held: Estimate, due: Decimal) -> None:
    """Put on the work list that the bill lacks the discount that was promised, until it is taken off.

    What is on the list stays as it is, with its owner and its clock, while the same amount is to be taken off.
    """
    facts = {"percent": f"{held.discount_percent.normalize():f}", "amount": say(due)}
    sentence = _("The estimate promised %(percent)s%% off: take %(amount)s off the bill before it is sent.")
    sentence %= facts
    there = WorkqueueItem.objects.filter(kind=DISCOUNT_TASK, subject_id=held.pk)
    if due > ZERO and there.exclude(state=WorkqueueItem.State.CLOSED).filter(sentence=sentence).exists():
        return
    tasks.close_items_of(by, subject_id=held.pk, kind=DISCOUNT_TASK, action_code="corrected")
    if due <= ZERO:
        return
    tasks.open_item(
        by,
        kind=DISCOUNT_TASK,
        reason_code="discount_due",
        sentence=sentence,
        due_at=estimating.due_at(local_day(by.now, held.location.zone), held.location.zone),
        source_of_due=_("before the bill is sent"),
        role="biller",
        subject=held,
        patient_id=held.patient_id,
        link=f"/money/of/{held.patient_id}/write-off/",
    )


@command(needs=Can.ENTER_CHARGES)
def look_after_estimates(by: Actor, /, *, today: date) -> int:
    """Take over what became of booked visits, and put on the work list what the law wants by a day; return how many."""
    done = 0
    for held in estimating.booking_changed():
        if estimating.change_of(held):
            follow_booking(by, estimate_id=held.pk)
            done += 1
    zone = _zone(by)
    wanted = {one.appointment.pk: one for one in estimating.wanted(today, zone, is_whole=True)}
    told = _on_the_work_list()
    for gone in told - set(wanted):
        tasks.close_items_of(by, subject_id=gone, kind=TASK, action_code="not_needed")
    for pk, one in wanted.items():
        if pk not in told:
            _ask_for(by, one, zone)
            done += 1
    record(by, "charges.estimates.looked-after", None, done=done)
    return done


def _on_the_work_list() -> set[UUID]:
    """Return the booked visits whose estimate is on the work list already."""
    items = WorkqueueItem.objects.filter(kind=TASK, subject_kind=Appointment._meta.label_lower)
    found = items.exclude(state=WorkqueueItem.State.CLOSED).values_list("subject_id", flat=True)
    return {one for one in found if one}


def _ask_for(by: Actor, one: estimating.Wanted, zone: ZoneInfo) -> None:
    tasks.open_item(
        by,
        kind=TASK,
        reason_code="wanted",
        sentence=_("A good-faith estimate is due for a booked visit without a plan."),
        due_at=estimating.due_at(one.deadline.on, zone),
        source_of_due=one.deadline.source,
        role="receptionist",
        subject=one.appointment,
        patient_id=one.appointment.patient_id,
        link=f"/charges/estimates/for/{one.appointment.pk}/",
    )


def _zone(by: Actor) -> ZoneInfo:
    return Practice.objects.get(pk=by.practice_id).zone
