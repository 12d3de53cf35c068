"""The library of plans: a plan is entered once and chosen from then on; two that are one are put together."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from daysheet.coverage.enrolment import PlanMerge
from daysheet.coverage.models import Coverage, InsurancePlan
from daysheet.coverage.rules.injury import is_of_cases
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm

KINDS = ("ppo", "hmo", "medicare", "medicaid", "other")


class PlanIsWrong(Refusal):
    """Something of a plan cannot be, or the two plans are not ones that can be put together."""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the office knows of a plan; every coverage by it follows."""

    name: str
    kind: str
    network: str = ""
    office_copay: Decimal | None = None
    needs_authorization: bool = False
    needs_referral: bool = False
    filing_limit_days: int | None = None
    claim_street: str = ""
    claim_city: str = ""
    claim_state: str = ""
    claim_zip: str = ""
    is_active: bool = True


@command(needs=Can.MANAGE_OFFICE)
def change_plan(by: Actor, /, *, plan_id: UUID, version: int, facts: PlanFacts) -> InsurancePlan:
    """Change a plan: what every patient covered by it has changes with it.

    Raises PlanIsWrong, or StaleForm when somebody else has changed it meanwhile.
    """
    plan = _held(plan_id)
    if plan.version != version:
        raise StaleForm(_("Somebody else has changed this plan meanwhile. Look at it again."))
    if is_of_cases(plan.kind):
        raise PlanIsWrong(_("This plan pays for cases of injury. It is kept by the cases themselves."))
    if facts.kind not in KINDS or not facts.name.strip():
        raise PlanIsWrong(_("A plan has a name and a kind."), plan_name=_("Give the name."))
    new: dict[str, Any] = {name: getattr(facts, name) for name in PlanFacts.__slots__}
    new |= {key: value.strip() for key, value in new.items() if isinstance(value, str)}
    changed = {
        key: [str(getattr(plan, key)), str(value)]
        for key, value in new.items()
        if getattr(plan, key) != value
    }
    for key, value in new.items():
        setattr(plan, key, value)
    plan.version += 1
    taken = PlanIsWrong(
        _("That payer has a plan of this name already. Put the two together instead."),
        plan_name=_("This name is taken."),
    )
    with refusing(insurance_plan_name_is_free=taken):
        plan.save()
    record(by, "coverage.plan.changed", plan, changed=changed)
    return plan


@command(needs=Can.MANAGE_OFFICE)
def merge_plans(by: Actor, /, *, gone_id: UUID, kept_id: UUID) -> PlanMerge:
    """Put a plan that stands here twice into the other one: its coverages go there, and it is offered no more.

    Raises PlanIsWrong when the two cannot be one, or another window has put them together.
    """
    if gone_id == kept_id:
        raise PlanIsWrong(_("Choose another plan than this one."), kept=_("Choose another plan."))
    held = {pk: _held(pk) for pk in sorted((gone_id, kept_id))}
    gone, kept = held[gone_id], held[kept_id]
    if gone.payer_id != kept.payer_id:
        raise PlanIsWrong(
            _("Two plans of different payers are never one: claims would go elsewhere."),
            kept=_("Choose a plan of the same payer."),
        )
    if is_of_cases(gone.kind) or is_of_cases(kept.kind):
        raise PlanIsWrong(_("A plan that pays for cases of injury is never a health plan."))
    if not kept.is_active:
        raise PlanIsWrong(_("The other plan is not in use. Choose one that is."), kept=_("Not in use."))
    covers = Coverage.objects.select_for_update().filter(plan=gone).order_by("pk")
    ids = list(covers.values_list("pk", flat=True))
    with refusing(plan_is_merged_once=PlanIsWrong(_("Another window has put this plan into another one."))):
        merge = PlanMerge.objects.create(
            kept=kept,
            gone=gone,
            coverage_ids=[str(pk) for pk in ids],
            merged_at=by.now,
            merged_by=by.name,
        )
    Coverage.objects.filter(pk__in=ids).update(plan=kept, version=F("version") + 1)
    InsurancePlan.objects.filter(pk=gone.pk).update(is_active=False, version=F("version") + 1)
    record(by, "coverage.plans.merged", merge, gone=str(gone.pk), kept=str(kept.pk), coverages=len(ids))
    return merge


@command(needs=Can.MANAGE_OFFICE)
def undo_merge(by: Actor, /, *, merge_id: UUID) -> PlanMerge:
    """Take two plans apart again: what went over and has not gone elsewhere since goes back."""
    merge = PlanMerge.objects.select_for_update(of=("self",)).filter(pk=merge_id).first()
    if merge is None or merge.undone_at is not None:
        raise PlanIsWrong(_("These two plans are apart already."))
    back = Coverage.objects.filter(pk__in=merge.coverage_ids, plan_id=merge.kept_id)
    moved = back.update(plan_id=merge.gone_id, version=F("version") + 1)
    InsurancePlan.objects.filter(pk=merge.gone_id).update(is_active=True, version=F("version") + 1)
    merge.undone_at = by.now
    merge.save(update_fields=["undone_at"])
    record(by, "coverage.plans.merge-undone", merge, coverages=moved)
    return merge


def _held(plan_id: UUID) -> InsurancePlan:
    plan = InsurancePlan.objects.select_for_update(of=("self",)).filter(pk=plan_id).first()
    if plan is None:
        raise PlanIsWrong(_("That plan is not known to this office."))
    return plan
