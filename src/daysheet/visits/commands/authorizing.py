"""Which authorization a visit counts under, where it was not known on the day."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from daysheet.coverage import authorizing, by_hand, cases
from daysheet.coverage.authorizing import Under
from daysheet.coverage.models import Authorization
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.visits.commands.flow import _held
from daysheet.visits.models import Visit


@command(needs=Can.MOVE_PATIENT)
def choose_authorization(
    by: Actor,
    /,
    *,
    visit_id: UUID,
    version: int,
    authorization_id: UUID | None = None,
    none_of: str = "",
    because: str = "",
) -> Visit:
    """Say by hand under which prior authorization or referral a visit counts, or under none of a kind and why.

    Neither: it is worked out again. Raises NotForThisVisit or StaleForm. A claim that is made already keeps the number
    that it carries.
    """
    visit = _held(visit_id, version)
    case = cases.payer_of_visit(visit.coverage_id)
    choice = by_hand.said_by_hand(
        visit.patient_id,
        visit.service_on,
        authorization_id=authorization_id,
        none_of=none_of,
        because=because,
        case=case,
    )
    words = [visit.appointment.type.name] if visit.appointment else []
    today = local_day(by.now, visit.location.zone)
    told = authorizing.under(visit.patient_id, visit.service_on, words, today=today, case=case)
    _put(by, visit, by_hand.fields_after(visit, choice, told))
    return visit


@command(needs=Can.MOVE_PATIENT)
def undo_choice_of_authorization(by: Actor, /, *, visit_id: UUID) -> Visit:
    """Take back what was last said by hand of a visit. Raises NotForThisVisit where that cannot be any more."""
    visit = _held(visit_id, None)
    _put(by, visit, by_hand.fields_before(visit, visit.service_on))
    return visit


def _put(by: Actor, visit: Visit, fields: dict[str, Any]) -> None:
    names, told = by_hand.set_on(visit, fields)
    visit.save(update_fields=names)
    record(by, "visits.visit.counted-by-hand", visit, by_hand=sorted(visit.by_hand), **told)
    announce(by.practice_id, "visits", str(visit.pk))


@command(needs=Can.SEND_CLAIMS)
def count_under_authorizations(by: Actor, /, *, visit_id: UUID, codes: Sequence[str]) -> Visit:
    """Count a visit that is to be billed under what is authorized for its day, its kind or its services.

    Where it stands under one already that has not been taken out, and whose plan pays for it, it stays there, and so
    does one of which a clerk has said what it counts under.
    """
    visit = (
        Visit.objects.select_for_update(of=("self",))
        .select_related("authorization__coverage", "referral__coverage", "appointment__type", "coverage")
        .get(pk=visit_id)
    )
    today = local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
    words = [*codes, *([visit.appointment.type.name] if visit.appointment else [])]
    case = visit.coverage_id if visit.coverage and visit.coverage.rank == 0 else None
    found = authorizing.under(visit.patient_id, visit.service_on, words, today=today, case=case)
    was = Under(visit.authorization_id, visit.referral_id)

    def pays(one: Authorization) -> bool:
        return authorizing.grant_of(one).pays(visit.service_on, case)

    kept = [
        one if one and one.entered_in_error_at is None and (kind in visit.by_hand or pays(one)) else None
        for kind, one in zip(by_hand.FIELDS, (visit.authorization, visit.referral), strict=True)
    ]
    none = [kind in visit.by_hand and pk is None for kind, pk in zip(by_hand.FIELDS, was, strict=True)]
    now = Under(
        *(
            None if is_none else old.pk if old else new
            for is_none, old, new in zip(none, kept, found, strict=True)
        )
    )
    if now != was:
        visit.authorization_id, visit.referral_id = now
        visit.save(update_fields=["authorization_id", "referral_id"])
    record(by, "visits.visit.counted", visit, is_changed=now != was)
    return visit
