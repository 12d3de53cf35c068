"""Another payer in the place of the one on file: the old coverage ends on a day, the new one begins on it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage.commands.coverages import DaysAreWrong, add_coverage, end_coverage
from daysheet.coverage.models import Coverage
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command


@dataclass(frozen=True, slots=True)
class Switched:
    """What a switch of the payer left: the coverage that ended, and the one that began."""

    old: Coverage
    new: Coverage


@command(needs=Can.EDIT_COVERAGE)
def switch_payer(
    by: Actor,
    /,
    *,
    coverage_id: UUID,
    version: int,
    plan_id: UUID,
    member_id: str,
    group_number: str = "",
    from_on: date,
) -> Switched:
    """End a coverage and begin another in its rank on the same day, for the same subscriber; both or neither.

    Raises RankIsTaken or DaysAreWrong, and StaleForm when the old one was changed meanwhile.
    """
    old = Coverage.objects.select_related("plan").filter(pk=coverage_id).first()
    if old is not None and str(old.plan_id) == str(plan_id):
        raise DaysAreWrong(
            _("That is the plan on file already. Choose the other payer's plan."),
            plan=_("Choose another plan."),
        )
    if old is not None and from_on <= old.starts_on:
        raise DaysAreWrong(
            _(
                "The plan on file began on that day or later: take it out as never true, then add the new card."
            ),
            from_on=_("A day after the beginning of the plan on file."),
        )
    ended = end_coverage(by, coverage_id=coverage_id, ends_on=from_on, version=version)
    began = add_coverage(
        by,
        patient_id=ended.patient_id,
        plan_id=plan_id,
        member_id=member_id,
        group_number=group_number,
        relationship=ended.relationship,
        subscriber_family=ended.subscriber_family,
        subscriber_given=ended.subscriber_given,
        subscriber_born_on=ended.subscriber_born_on,
        subscriber_sex=ended.subscriber_sex,
        starts_on=from_on,
        rank=ended.rank,
    )
    record(by, "coverage.payer.switched", began, ended=str(ended.pk), from_on=from_on.isoformat())
    return Switched(ended, began)
