"""Who pays first: what is said of a patient's plans, and the ranks that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, queries
from daysheet.coverage.commands.coverages import RankIsTaken
from daysheet.coverage.models import Coverage, PayingFacts
from daysheet.coverage.rules import spans
from daysheet.coverage.rules.order import APART
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.patients.models import Patient

_OUT_OF_THE_WAY = 100
THROUGH = ("", "group", "individual", "tricare")
WORK = ("", "working", "retired", "cobra")
OF_CHILD = ("", *APART)
SIZES = ("", "under_20", "20_to_99", "100_or_more")


class OrderIsOpen(Refusal):
    """Something must be asked before an order can be told, or there is nothing to put in order."""


class NotTheirPlan(Refusal):
    """An answer names a plan that does not cover the patient on that day."""


@dataclass(frozen=True, slots=True)
class Holder:
    """What is said of one plan: where it comes from, whether its holder works for it now, how large the employer is."""

    through: str = ""
    work: str = ""
    size: str = ""
    of_child: str = ""
    """What its holder is to a child whose parents live apart."""


@command(needs=Can.EDIT_COVERAGE)
def say_who_holds(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    day: date,
    version: int,
    holders: Mapping[UUID, Holder],
    parents: Literal["", "together", "apart", "jointly"] = "",
    ordered_id: UUID | None = None,
    custody_id: UUID | None = None,
    kidney_since: date | None = None,
    was_disabled: Literal["", "yes", "no"] = "",
) -> PayingFacts:
    """Write down what was asked about the plans of a patient; who pays first follows from it.

    Raises NotTheirPlan, or StaleForm when somebody else has asked meanwhile.
    """
    held = {one.pk: one for one in queries.coverages_on(patient_id, day)}
    if not {*holders, *(one for one in (ordered_id, custody_id) if one)} <= {*held}:
        raise NotTheirPlan(_("One of these plans does not cover the patient now. Look at the page again."))
    if kidney_since and kidney_since > day:
        raise Refusal(
            _("The kidney failure cannot begin later than today."), kidney_since=_("A day until today.")
        )
    lives_with = holders.get(custody_id) if custody_id else None
    if lives_with is not None and lives_with.of_child not in ("", "custodian"):
        raise Refusal(
            _("The child lives with the parent of one plan, and its holder is said to be somebody else."),
            custody=_("Choose the same of both."),
        )
    facts = PayingFacts.objects.select_for_update().filter(patient_id=patient_id).first()
    if (facts.version if facts else 0) != version:
        raise StaleForm(_("Somebody else has asked about these plans meanwhile. Look at the answers again."))
    facts = facts or PayingFacts(patient_id=patient_id, version=0)
    facts.parents, facts.kidney_since, facts.was_disabled = parents, kidney_since, was_disabled
    facts.ordered_id, facts.custody_id = ordered_id, custody_id
    facts.asked_at, facts.asked_by, facts.version = by.now, by.name, facts.version + 1
    facts.save()
    for coverage_id, said in holders.items():
        _keep(held[coverage_id], said)
    record(by, "coverage.paying-facts.asked", facts, patients=[patient_id])
    announce(by.practice_id, "coverage", str(patient_id))
    return facts


@command(needs=Can.EDIT_COVERAGE)
def put_in_order(by: Actor, /, *, patient_id: UUID, day: date, order: list[UUID]) -> list[Coverage]:
    """Give the plans of a day the ranks in which they pay, as it was shown; return them in that order.

    Raises OrderIsOpen while something is still to be asked, StaleForm when the answers lead to another order by now,
    RankIsTaken when an earlier or later plan holds one of those ranks.
    """
    patient = Patient.objects.get(pk=patient_id)
    list(Coverage.objects.select_for_update().filter(patient_id=patient_id, rank__gt=0))
    held = queries.coverages_on(patient_id, day)
    found = queries.paying_order(patient, held, queries.paying_facts(patient_id), day=day)
    if not found.is_settled or len(held) < 2:
        raise OrderIsOpen(_("Answer the questions first: the order is not settled."))
    settled = [place.plan.id for place in found.places]
    if settled != order:
        raise StaleForm(_("The answers lead to another order by now. Look at it again."))
    if len(settled) > max(spans.RANKS):
        raise OrderIsOpen(_("This office bills three plans at most. End the plan that is not needed."))
    by_id = {one.pk: one for one in held}
    before = {str(one.pk): one.rank for one in held}
    Coverage.objects.filter(pk__in=settled).update(rank=F("rank") + _OUT_OF_THE_WAY)
    with refusing(coverage_rank_is_held_once=_taken()):
        for rank, coverage_id in enumerate(settled, 1):
            Coverage.objects.filter(pk=coverage_id).update(rank=rank, version=F("version") + 1)
    for rank, coverage_id in enumerate(settled, 1):
        by_id[coverage_id].rank = rank
    record(by, "coverage.coverage.put-in-order", patient, before=before, order=[str(one) for one in settled])
    announce(by.practice_id, "coverage", str(patient_id))
    authorizing.tell_of_plans(by, patient_id)
    return [by_id[one] for one in settled]


def _keep(held: Coverage, said: Holder) -> None:
    known = said.through in THROUGH and said.work in WORK and said.size in SIZES and said.of_child in OF_CHILD
    if not known:
        raise Refusal(_("Choose one of the answers that are offered."))
    new = (said.through, said.work, said.size, said.of_child)
    if (held.through, held.work, held.employer_size, held.of_child) == new:
        return
    held.through, held.work, held.employer_size, held.of_child = new
    held.version += 1
    held.save(update_fields=["through", "work", "employer_size", "of_child", "version"])


def _taken() -> RankIsTaken:
    return RankIsTaken(
        _(
            "An earlier or later plan of this patient holds one of these ranks on some days. Mend its days first."
        )
    )
