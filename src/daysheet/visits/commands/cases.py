"""Who pays for a visit: the case of an injury, or the health plan of the day."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, by_hand, cases
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.visits import followers
from daysheet.visits.ahead import covered_by
from daysheet.visits.commands.flow import _held
from daysheet.visits.copays import copay_of
from daysheet.visits.models import Visit, VisitStep


class VisitIsOver(Refusal):
    """The arrival was undone, or the visit took place under another system."""


@command(needs=Can.MOVE_PATIENT)
def put_visit_under(by: Actor, /, *, visit_id: UUID, version: int, case_id: UUID | None) -> Visit:
    """Say that a case of injury pays for a visit, or that the health plan of its day does.

    No copay is taken under a case; what is posted already becomes due from who pays now.
    Raises CaseIsUnknown, CaseIsWrong, VisitIsOver, or StaleForm.
    """
    visit = _held(visit_id, version)
    if visit.flow == Visit.Flow.UNDONE or visit.is_imported:
        raise VisitIsOver(_("This visit does not stand. Choose another one."))
    before = visit.coverage_id
    if case_id is not None:
        case = cases.payable_case(visit.patient_id, visit.service_on, case_id)
        visit.coverage_id, visit.copay_due = case.coverage.pk, None
    else:
        held = covered_by(visit)
        visit.coverage_id = held.pk if held else None
        visit.copay_due = _copay_due(visit)
    return _kept(by, visit, before, case_id)


@command(needs=Can.MOVE_PATIENT)
def follow_plans(by: Actor, /, *, patient_ids: Collection[UUID]) -> list[Visit]:
    """Let the health plans of today pay for the visits of some patients who are in the house; return those that changed.

    What was entered, ended, put in order or answered after the arrival counts. A case goes on paying for its visit.
    """
    changed = []
    for visit in Visit.objects.open().filter(patient_id__in=list(patient_ids), is_imported=False):
        is_today = visit.service_on == local_day(by.now, visit.location.zone)
        if not is_today or cases.payer_of_visit(visit.coverage_id) is not None:
            continue
        held = covered_by(visit)
        if visit.coverage_id != (held.pk if held else None):
            changed.append(put_visit_under(by, visit_id=visit.pk, version=visit.version, case_id=None))
        elif visit.copay_due != (copay := _copay_due(visit)):
            visit.copay_due = copay
            visit.save(update_fields=["copay_due"])
            announce(by.practice_id, "visits", str(visit.pk))
            changed.append(visit)
    record(by, "visits.plans.followed", patients=list(patient_ids), changed=len(changed))
    return changed


def _kept(by: Actor, visit: Visit, before: UUID | None, case_id: UUID | None = None) -> Visit:
    """Keep who pays for a visit now, count it under what that one has authorized, and let what is posted follow."""
    _count_anew(visit, today=local_day(by.now, visit.location.zone))
    visit.version += 1
    counted = ("authorization_id", "referral_id", "by_hand")
    visit.save(update_fields=["coverage_id", "copay_due", *counted, "version"])
    _set_steps(visit, is_case=case_id is not None)
    record(
        by,
        "visits.visit.put-under",
        visit,
        before=str(before or ""),
        now=str(visit.coverage_id or ""),
        case=str(case_id or ""),
    )
    for follow in followers.put_under if visit.coverage_id != before else ():
        follow(by, visit.pk)
    announce(by.practice_id, "visits", str(visit.pk))
    return visit


def _copay_due(visit: Visit) -> Decimal | None:
    """Return the copay that is due by what is known of the plan now; None where its kind takes none."""
    kind = visit.appointment.type if visit.appointment else visit.type
    return copay_of(visit)[0] if kind is None or kind.takes_copay else None


def _count_anew(visit: Visit, *, today: date) -> None:
    """Count it under what the plan has authorized that pays now; what was said by hand stays where it may."""
    case, day = cases.payer_of_visit(visit.coverage_id), visit.service_on
    words = [visit.appointment.type.name] if visit.appointment else []
    grants = {one.id: one for one in map(authorizing.grant_of, authorizing.authorizations(visit.patient_id))}
    told = authorizing.under(visit.patient_id, day, words, today=today, case=case)
    now, visit.by_hand = by_hand.kept(visit, grants, day, told, case)
    visit.authorization_id, visit.referral_id = now


def _set_steps(visit: Visit, *, is_case: bool) -> None:
    """Ask for the coverage anew, and for a copay only where a health plan pays."""
    steps = VisitStep.objects.filter(visit=visit, stage="check_in")
    must = visit.coverage_id is not None
    steps.filter(kind="coverage").update(is_required=must)
    open_copay = steps.filter(kind="copay", state=VisitStep.State.OPEN)
    open_copay.update(is_required=must and not is_case)
