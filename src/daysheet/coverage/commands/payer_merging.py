"""A payer that stands here twice is put into the other one: what is still to come goes there, what is sent stays."""

from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from daysheet.coverage import merging
from daysheet.coverage.enrolment import PayerEnrolment
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.models import Coverage, InsurancePlan, Payer
from daysheet.coverage.telehealth_rule import TelehealthRule
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.tasks import commands as tasks


class PayersAreNotOne(Refusal):
    """The two payers cannot be put together."""


@command(needs=Can.MANAGE_OFFICE)
def merge_payers(by: Actor, /, *, gone_id: UUID, kept_id: UUID, reason: str) -> Payer:
    """Put a payer into another one: plans, coverages, cases, enrolments and claims that have not left go there.

    Where both have a plan of one name, the coverages go to that of the payer that stays. What was sent, answered or
    paid stays under the payer to which it went. Returns the payer that stays. Raises PayersAreNotOne.
    """
    why = reason.strip()
    if not why:
        raise PayersAreNotOne(_("Say why the two are one."), reason=_("Say why."))
    rows = Payer.objects.select_for_update(of=("self",)).filter(pk__in=[gone_id, kept_id]).order_by("pk")
    held = {one.pk: one for one in rows}
    gone, kept = _both(held.get(gone_id), held.get(kept_id))
    moved = _plans_go(gone, kept)
    InjuryCase.objects.filter(payer=gone).update(payer=kept, version=F("version") + 1)
    for row, per in ((PayerEnrolment, "what"), (TelehealthRule, "mode")):
        there = row._default_manager.filter(payer=kept).values_list(per, flat=True)
        mine = row._default_manager.filter(payer=gone).exclude(**{f"{per}__in": list(there)})
        mine.update(payer=kept, version=F("version") + 1)
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    for follow in merging.followers:
        follow(by, gone.pk, kept.pk)
    tasks.close_items_of(by, subject_id=gone.pk, kind="other", action_code="done")
    record(by, "coverage.payers.merged", kept, gone=str(gone.pk), name=gone.name, coverages=moved, reason=why)
    announce(by.practice_id, "coverage")
    return kept


def _both(gone: Payer | None, kept: Payer | None) -> tuple[Payer, Payer]:
    """Return two payers that can be one. Raises PayersAreNotOne."""
    if gone is None or kept is None or gone.pk == kept.pk:
        raise PayersAreNotOne(_("Choose another payer than this one."), kept=_("Choose another payer."))
    if not kept.is_active:
        raise PayersAreNotOne(_("The other payer is not in use. Choose one that is."), kept=_("Not in use."))
    if gone.filing_code != kept.filing_code:
        raise PayersAreNotOne(
            _("The two are billed as different kinds of insurance. Set the same kind on their pages first."),
            kept=_("Another kind of insurance."),
        )
    cases = InjuryCase.objects.filter(payer=gone).exclude(claim_number="")
    for patient_id, number in cases.values_list("patient_id", "claim_number"):
        if InjuryCase.objects.filter(payer=kept, patient_id=patient_id, claim_number=number).exists():
            raise PayersAreNotOne(
                _("Both have the case %(number)s of one patient. Enter one of them in error first.")
                % {"number": number}
            )
    return gone, kept


def _plans_go(gone: Payer, kept: Payer) -> int:
    """Give the plans of a payer to another one; return how many coverages follow."""
    names = {
        one.name: one for one in InsurancePlan.objects.select_for_update(of=("self",)).filter(payer=kept)
    }
    moved = 0
    for plan in InsurancePlan.objects.select_for_update(of=("self",)).filter(payer=gone).order_by("pk"):
        covers = Coverage.objects.filter(plan=plan)
        if plan.name in names:
            moved += covers.update(plan=names[plan.name], version=F("version") + 1)
            plan.is_active = False
        else:
            moved += covers.count()
            plan.payer = kept
        plan.version += 1
        plan.save(update_fields=["payer", "is_active", "version"])
    return moved
