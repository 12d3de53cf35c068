"""What of a payer that was put into another one goes along: the contract, and what is due for posted lines."""

from uuid import UUID

from django.db.models import Sum

from daysheet.charges.commands.following import follow_payer
from daysheet.charges.models import ContractRate
from daysheet.coverage.models import InsurancePlan
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.ledger.models import LedgerLine
from daysheet.visits.models import Visit


@command(needs=Can.ENTER_CHARGES)
def follow_merged_payer(by: Actor, /, *, gone_id: UUID, kept_id: UUID) -> int:
    """Give the contract to the payer that stays, where it has no row for a code, and what is due for what it now pays.

    What a payer has, or a plan has answered, stays due where it is. Returns how many visits were looked at.
    """
    theirs = ContractRate.objects.filter(payer_id=kept_id)
    for row in (
        ContractRate.objects.filter(payer_id=gone_id).select_related("plan").order_by("starts_on", "pk")
    ):
        twin = row.plan and InsurancePlan.objects.filter(payer_id=kept_id, name=row.plan.name).first()
        own = theirs.filter(plan=twin, code=row.code)
        if own.filter(starts_on=row.starts_on).exists():
            continue  # what was agreed with the payer that stays holds
        row.payer_id, row.plan = kept_id, twin
        row.save(update_fields=["payer", "plan"])
    due = LedgerLine.objects.filter(account="insurance", payer_id=gone_id, visit_id__isnull=False)
    left = due.values("visit_id").annotate(left=Sum("amount")).filter(left__gt=0).values("visit_id")
    visits = list(Visit.objects.filter(pk__in=left, coverage__plan__payer_id=kept_id).order_by("pk"))
    for visit in visits:
        follow_payer(by, visit_id=visit.pk)
    record(by, "charges.payers.merged", gone=str(gone_id), kept=str(kept_id), visits=len(visits))
    return len(visits)
