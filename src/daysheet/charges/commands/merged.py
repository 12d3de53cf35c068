"""What of a payer that was put into another one goes along: the contract, and what is due for posted lines."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from daysheet.charges import voiding
from daysheet.charges.commands.following import follow_payer
from daysheet.charges.models import Charge, ContractRate
from daysheet.coverage.enrolment import PayerMerge
from daysheet.coverage.merging import PayersAreNotOne
from daysheet.coverage.models import InsurancePlan
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.ledger import queries as books
from daysheet.ledger.models import LedgerEntry, LedgerLine
from daysheet.visits.models import Visit


@command(needs=Can.ENTER_CHARGES)
def follow_merged_payer(by: Actor, /, *, gone_id: UUID, kept_id: UUID) -> dict[str, Any]:
    """Give the contract to the payer that stays, where it has no row for a code, and what is due for what it now pays.

    What a payer has, or a plan has answered, stays due where it is. Returns which rows and lines went, by ids.
    """
    rates = []
    theirs = ContractRate.objects.filter(payer_id=kept_id)
    for row in (
        ContractRate.objects.filter(payer_id=gone_id).select_related("plan").order_by("starts_on", "pk")
    ):
        twin = row.plan and InsurancePlan.objects.filter(payer_id=kept_id, name=row.plan.name).first()
        own = theirs.filter(plan=twin, code=row.code)
        if own.filter(starts_on=row.starts_on).exists():
            continue  # what was agreed with the payer that stays holds
        rates.append([str(row.pk), str(row.plan_id) if row.plan_id else ""])
        row.payer_id, row.plan = kept_id, twin
        row.save(update_fields=["payer", "plan"])
    visits = Visit.objects.filter(pk__in=_due(gone_id), coverage__plan__payer_id=kept_id).order_by("pk")
    lines = [one for visit in list(visits) for one in follow_payer(by, visit_id=visit.pk)]
    record(by, "charges.payers.merged", gone=str(gone_id), kept=str(kept_id), lines=len(lines))
    return {"rates": rates, "charges": [str(one.pk) for one in lines]}


@command(needs=Can.ENTER_CHARGES)
def follow_payers_apart(by: Actor, /, *, merge_id: UUID, coverage_ids: Sequence[UUID]) -> int:
    """Give back the rows of the contract that went along, and what is due under coverages that went back.

    Returns how many lines are due from the other payer again. Raises PayersAreNotOne where something newer holds them.
    """
    merge = PayerMerge.objects.select_related("gone", "kept").get(pk=merge_id)
    rates = dict(merge.moved["charges"]["rates"])
    over = [one["plan"] for one in merge.moved["coverage"]["plans"] if not one["twin"]]
    if newer := ContractRate.objects.filter(plan_id__in=over).exclude(pk__in=rates).first():
        raise PayersAreNotOne(
            _(
                "The contract of %(kept)s has a row since for a plan that goes back, for %(code)s. Remove it first."
            )
            % {"kept": merge.kept.name, "code": newer.code}
        )
    for row in ContractRate.objects.filter(pk__in=rates, payer_id=merge.kept_id).order_by("pk"):
        plan = rates[str(row.pk)]
        row.payer_id, row.plan_id = merge.gone_id, UUID(plan) if plan else None
        row.save(update_fields=["payer", "plan"])
    _lines_are_free(merge, coverage_ids)
    visits = Visit.objects.filter(pk__in=_due(merge.kept_id), coverage_id__in=coverage_ids).order_by("pk")
    lines = [one for visit in list(visits) for one in follow_payer(by, visit_id=visit.pk)]
    record(by, "charges.payers.apart", gone=str(merge.gone_id), kept=str(merge.kept_id), lines=len(lines))
    return len(lines)


def _due(payer_id: UUID) -> Any:
    """Return the visits of which something is due from a payer."""
    due = LedgerLine.objects.filter(account="insurance", payer_id=payer_id, visit_id__isnull=False)
    return due.values("visit_id").annotate(left=Sum("amount")).filter(left__gt=0).values("visit_id")


def _lines_are_free(merge: PayerMerge, coverage_ids: Sequence[UUID]) -> None:
    """Raise PayersAreNotOne where a line that became due from the payer that stays can go nowhere else any more."""
    since = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.CHARGE, at__gte=merge.merged_at)
    since = since.filter(lines__account="insurance", lines__payer_id=merge.kept_id)
    posted = Charge.objects.filter(
        visit__coverage_id__in=coverage_ids, state=Charge.State.POSTED, entry_id__in=since.values("pk")
    )
    for line in posted.order_by("service_on", "rank", "pk"):
        assert line.entry_id is not None
        is_held = any(keeps(line.pk) for keeps in voiding.keepers) or books.plan_answers_on(line.pk)
        if is_held or not books.can_be_reversed(line.entry_id):
            raise PayersAreNotOne(
                _(
                    "A part of the visit of %(day)s was sent to %(kept)s since, answered, written off or moved by hand."
                )
                % {"day": line.service_on.isoformat(), "kept": merge.kept.name}
            )
