"""What is posted follows the visit: another payer was named, so it is due there."""

from collections.abc import Mapping
from uuid import UUID

from daysheet.charges import queries, voiding
from daysheet.charges.models import Charge
from daysheet.coverage.rules.notices import Proposal
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.queries import Owed
from daysheet.visits.models import Visit

REASON = "Another payer pays for this visit"


@command(needs=Can.ENTER_CHARGES)
def follow_payer(by: Actor, /, *, visit_id: UUID) -> list[Charge]:
    """Make a visit's posted lines due from whoever pays for it now; return those that moved.

    What the patient paid for them becomes credit. A line that a payer has, or that a plan has answered, stays.
    """
    rows = Visit.objects.select_for_update(of=("self",)).select_related("coverage__plan__payer")
    visit = rows.get(pk=visit_id)
    posted = Charge.objects.filter(visit_id=visit_id, state=Charge.State.POSTED, entry_id__isnull=False)
    lines = list(posted.select_for_update(of=("self",)).order_by("rank"))
    noticed = queries.proposals_of(visit, lines)
    moved = [one for one in lines if _moved(by, one, _whose(visit, noticed, one))]
    record(by, "charges.visit.payer-followed", visit, patients=[visit.patient_id], lines=len(moved))
    return moved


def _whose(visit: Visit, noticed: Mapping[str, Proposal], charge: Charge) -> Owed:
    if visit.coverage is None or not queries.is_billed(noticed, charge):
        return Owed("patient")
    return Owed("insurance", visit.coverage.plan.payer_id)


def _moved(by: Actor, charge: Charge, whose: Owed) -> bool:
    """Return whether a line is due from another one now than before."""
    assert charge.entry_id is not None
    was = books.owed_by(charge.entry_id)
    if was == whose or any(keeps(charge.pk) for keeps in voiding.keepers) or books.plan_answers_on(charge.pk):
        return False
    if books.can_be_reversed(charge.entry_id):
        entry = ledger.move_charge(
            by, entry_id=charge.entry_id, to=whose.account, payer_id=whose.payer_id, reason=REASON
        )
        charge.entry_id = entry.pk
        charge.version += 1
        charge.save(update_fields=["entry_id", "version"])
        return True
    # Part of it was written off or moved by hand: the rest moves.
    due = books.charge_balances([charge.pk])[charge.pk]
    left = due.insurance if was.account == "insurance" else due.patient
    if was.account == whose.account or left <= 0:
        return False
    ledger.transfer(
        by,
        patient_id=charge.patient_id,
        amount=left,
        from_account=was.account,
        to_account=whose.account,
        charge_id=charge.pk,
        payer_id=whose.payer_id,
        reason=REASON,
    )
    return True
