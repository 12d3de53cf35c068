"""Which authorization a visit counts under, where it was not known on the day."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import authorizing
from daysheet.coverage.authorizing import Under
from daysheet.coverage.models import Authorization
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.visits.commands.flow import _held
from daysheet.visits.models import Visit


class NotForThisVisit(Refusal):
    """The authorization is another patient's, was taken out, or does not hold the day of the visit."""


@command(needs=Can.MOVE_PATIENT)
def choose_authorization(by: Actor, /, *, visit_id: UUID, version: int, authorization_id: UUID) -> Visit:
    """Say by hand which prior authorization, or which referral, a visit counts under, where several fit.

    Raises NotForThisVisit or StaleForm. A claim that is made already keeps the number that it carries.
    """
    visit = _held(visit_id, version)
    held = authorizing.authorization(authorization_id)
    if (
        held is None
        or held.patient_id != visit.patient_id
        or not authorizing.grant_of(held).holds(visit.service_on)
    ):
        raise NotForThisVisit(
            _("That one does not hold the day of this visit. Choose another."),
            paper=_("Choose one of these."),
        )
    field = "authorization" if held.kind == Authorization.Kind.PRIOR else "referral"
    before = getattr(visit, f"{field}_id")
    setattr(visit, f"{field}_id", held.pk)
    visit.version += 1
    visit.save(update_fields=[field, "version"])
    record(
        by, "visits.visit.counted-by-hand", visit, kind=held.kind, before=str(before or ""), now=str(held.pk)
    )
    announce(by.practice_id, "visits", str(visit.pk))
    return visit


@command(needs=Can.SEND_CLAIMS)
def count_under_authorizations(by: Actor, /, *, visit_id: UUID, codes: Sequence[str]) -> Visit:
    """Count a visit that is to be billed under what is authorized for its day, its kind or its services.

    Where it stands under one already that has not been taken out, it stays there.
    """
    visit = (
        Visit.objects.select_for_update(of=("self",))
        .select_related("authorization", "referral", "appointment__type")
        .get(pk=visit_id)
    )
    today = local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
    words = [*codes, *([visit.appointment.type.name] if visit.appointment else [])]
    found = authorizing.under(visit.patient_id, visit.service_on, words, today=today)
    was = Under(visit.authorization_id, visit.referral_id)
    kept = [
        one if one and one.entered_in_error_at is None else None
        for one in (visit.authorization, visit.referral)
    ]
    now = Under(*(old.pk if old else new for old, new in zip(kept, found, strict=True)))
    if now != was:
        visit.authorization_id, visit.referral_id = now
        visit.save(update_fields=["authorization_id", "referral_id"])
    record(by, "visits.visit.counted", visit, is_changed=now != was)
    return visit
