"""Which authorization a coming appointment counts under, told anew when a patient's authorizations change."""

from dataclasses import replace
from uuid import UUID

from daysheet.coverage import authorizing
from daysheet.coverage.authorizing import Under
from daysheet.coverage.rules.authorizations import Counts, Grant
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.models import Practice
from daysheet.schedule.models import Appointment


@command(needs=Can.EDIT_COVERAGE)
def put_under_authorizations(by: Actor, /, *, patient_id: UUID) -> int:
    """Count a patient's coming appointments under what is authorized now; return how many changed.

    One that stands under an authorization that still holds its day and kind of visit stays there.
    """
    today = local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
    grants = {one.id: one for one in authorizing.counted(authorizing.authorizations(patient_id), today)}
    coming = Appointment.objects.select_for_update(of=("self",)).filter(
        patient_id=patient_id, booking="scheduled", on_day__gte=today, visit__isnull=True
    )
    changed = 0
    for one in coming.select_related("type").order_by("starts_at"):
        was, words = Under(one.authorization_id, one.referral_id), [one.type.name]
        told = authorizing.choose(list(grants.values()), one.on_day, words)
        now = Under(
            *(
                old if old in grants and grants[old].holds(one.on_day) and grants[old].fits(words) else new
                for old, new in zip(was, told, strict=True)
            )
        )
        if now != was:
            Appointment.objects.filter(pk=one.pk).update(**now._asdict())
            _count(grants, was, -1)
            _count(grants, now, 1)
            changed += 1
    record(by, "schedule.appointments.counted", None, patients=[patient_id], appointments=changed)
    return changed


def _count(grants: dict[UUID, Grant], ids: Under, by: int) -> None:
    for pk in ids:
        if pk in grants:
            grants[pk] = replace(grants[pk], counts=grants[pk].counts.plus(Counts(booked=by)))
