"""What charges have of a payer, and what they do when it is put into another one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.charges.models import ContractRate
from daysheet.coverage.enrolment import PayerMerge
from daysheet.coverage.merging import Counted
from daysheet.kernel.access import Actor


def counted(payer_id: UUID) -> Sequence[Counted]:
    """Return how many rows of a contract a payer has."""
    return [Counted(_("Rows of the contract"), ContractRate.objects.filter(payer_id=payer_id).count())]


def payers_merged(by: Actor, gone_id: UUID, kept_id: UUID) -> dict[str, Any]:
    """Let the contract and what is due follow a payer that was put into another one; return what went along."""
    from daysheet.charges import commands

    system = Actor.system(practice_id=by.practice_id, now=by.now, name=by.name)
    return commands.follow_merged_payer(system, gone_id=gone_id, kept_id=kept_id)


def payers_apart(by: Actor, merge: PayerMerge, coverage_ids: Sequence[UUID]) -> None:
    """Let the contract and what is due go back to a payer that is taken out of another one."""
    from daysheet.charges import commands

    system = Actor.system(practice_id=by.practice_id, now=by.now, name=by.name)
    commands.follow_payers_apart(system, merge_id=merge.pk, coverage_ids=coverage_ids)
