"""Many coverages at once, as another system tells of them: each looked at as one card is, all written together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from daysheet.coverage.commands.coverages import (
    CoverageIsUnknown,
    _Card,
    _check_card,
    _check_rank,
    _fields,
    _just_taken,
    _span,
    _span_of,
)
from daysheet.coverage.models import Coverage, InsurancePlan
from daysheet.coverage.rules import spans
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.kernel.many import insert_many
from daysheet.patients.models import Patient


@dataclass(frozen=True, slots=True)
class NewCoverage:
    """What another system says of a card, and whose it is."""

    patient_id: UUID
    plan_id: UUID
    member_id: str
    starts_on: date
    group_number: str = ""
    relationship: str = "self"
    subscriber_family: str = ""
    subscriber_given: str = ""
    subscriber_born_on: date | None = None
    subscriber_sex: str = ""
    ends_on: date | None = None
    rank: int = 1
    is_derived: bool = False


@command(needs=Can.EDIT_COVERAGE)
def add_coverages(by: Actor, /, *, cards: Sequence[NewCoverage]) -> list[Coverage | Refusal]:
    """Enter many coverages; what is refused of one keeps that one out and no other. So many statements for any number.

    Returns for each card, in their order, the coverage or why it was refused. Raises RankIsTaken where another
    window enters a plan for one of the patients at the same moment: then none is written.
    """
    here = set(Patient.objects.filter(pk__in={one.patient_id for one in cards}).values_list("pk", flat=True))
    plans = InsurancePlan.objects.select_related("payer").in_bulk({one.plan_id for one in cards})
    held: dict[UUID, list[spans.Span]] = defaultdict(list)
    rows = Coverage.objects.filter(patient_id__in=here, rank__gt=0, entered_in_error_at__isnull=True)
    for row in rows.select_related("plan"):
        held[row.patient_id].append(_span(row))
    came: list[Coverage | Refusal] = []
    for one in cards:
        try:
            came.append(_sound(by, one, here, plans.get(one.plan_id), held))
        except Refusal as no:
            came.append(no)
    new = [one for one in came if isinstance(one, Coverage)]
    with refusing(coverage_rank_is_held_once=_just_taken(1)):
        insert_many(new)
    patients = list(dict.fromkeys(one.patient_id for one in new))
    record(by, "coverage.coverages.taken-in", patients=patients, count=len(new))
    announce(by.practice_id, "coverage")
    return came


def _sound(
    by: Actor,
    new: NewCoverage,
    here: set[UUID],
    plan: InsurancePlan | None,
    held: dict[UUID, list[spans.Span]],
) -> Coverage:
    """Return a coverage that may be written beside those that are held, and count it among them."""
    if new.patient_id not in here:
        raise CoverageIsUnknown("That patient is not known to this office.")
    card = _Card(
        new.plan_id, new.member_id.strip().upper(), new.group_number.strip(), new.relationship,
        new.subscriber_family.strip(), new.subscriber_given.strip(), new.subscriber_born_on, new.subscriber_sex,
        new.starts_on, new.ends_on, new.rank,
    )  # fmt: skip
    plan = _check_card(by, card, plan, is_derived=new.is_derived)
    made = Coverage(patient_id=new.patient_id, is_derived=new.is_derived, **_fields(card, plan))
    _check_rank(_span_of(card, made.pk), held[new.patient_id])
    held[new.patient_id].append(spans.Span(made.pk, made.rank, made.starts_on, made.ends_on, plan.name))
    return made
