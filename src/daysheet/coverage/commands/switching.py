"""Another payer in the place of the one on file, or before it: the old coverage ends on a day, the new begins on it."""

from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, protecting, queries
from daysheet.coverage.commands.coverages import (
    DaysAreWrong,
    RankIsTaken,
    _Card,
    _check_rank,
    _held,
    _save,
    _span,
    _span_of,
    add_coverage,
    end_coverage,
)
from daysheet.coverage.models import (
    Authorization,
    BenefitLine,
    Coverage,
    EligibilityInquiry,
    EligibilityResponse,
)
from daysheet.coverage.rules import spans
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.ids import new_id
from daysheet.kernel.numbers import next_number

PUT_FIRST = "coverage.payer.put-first"


@dataclass(frozen=True, slots=True)
class Switched:
    """What a switch of the payer left: the coverage that ended or pays later now, and the one that began."""

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
    is_of_medicaid: bool = False,
) -> Switched:
    """End a coverage and begin another in its rank on the same day, for the same subscriber; both or neither.

    `is_of_medicaid` where Medicaid's answer names the new one as the plan that runs it: its protection goes on.

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
        is_of_medicaid=is_of_medicaid,
    )
    began.of_child = ended.of_child  # the same holder
    began.save(update_fields=["of_child"])
    record(by, "coverage.payer.switched", began, ended=str(ended.pk), from_on=from_on.isoformat())
    return Switched(ended, began)


@command(needs=Can.EDIT_COVERAGE)
def put_first(
    by: Actor,
    /,
    *,
    coverage_id: UUID,
    version: int,
    plan_id: UUID,
    member_id: str,
    group_number: str = "",
    relationship: str = "self",
    subscriber_family: str = "",
    subscriber_given: str = "",
    subscriber_born_on: date | None = None,
    from_on: date,
) -> Switched:
    """Put another payer before a coverage from a day on; it and those behind it pay one later. All or nothing.

    Where a coverage began before that day, it ends there and goes on in its new rank, with its authorizations and with
    what its plan said for that month and later. What was done stands in the diary, for undo_put_first.
    Raises RankIsTaken where there is no rank left, and StaleForm when the coverage was changed meanwhile.
    """
    held = _held(coverage_id, version)
    if str(held.plan_id) == str(plan_id):
        raise DaysAreWrong(
            _("That is the plan on file already. Choose the other payer's plan."),
            plan=_("Choose another plan."),
        )
    if held.ends_on is not None and held.ends_on <= from_on:
        raise DaysAreWrong(
            _("%(plan)s has ended before that day: add the other card instead.") % {"plan": held.plan.name},
            from_on=_("A day of the plan on file."),
        )
    list(Coverage.objects.select_for_update().filter(patient_id=held.patient_id, rank__gt=0))
    on_the_day = {one.rank: one for one in queries.coverages_on(held.patient_id, from_on)} | {held.rank: held}
    behind = list(takewhile(lambda one: one is not None, map(on_the_day.get, range(held.rank, 4))))
    if len(behind) + held.rank > max(spans.RANKS):
        raise RankIsTaken(
            _(
                "This office bills three plans at most, and three are on file. End the one that is not needed."
            ),
            from_on=_("Three plans hold this day."),
        )
    moves = [_down(by, one, from_on) for one in reversed(behind) if one is not None]
    last = moves[-1].now
    began = add_coverage(
        by,
        patient_id=held.patient_id,
        plan_id=plan_id,
        member_id=member_id,
        group_number=group_number,
        relationship=relationship,
        subscriber_family=subscriber_family,
        subscriber_given=subscriber_given,
        subscriber_born_on=subscriber_born_on,
        starts_on=from_on,
        rank=last.rank - 1,
    )
    record(by, PUT_FIRST, began, version=began.version, moved=[one.told() for one in moves])
    authorizing.tell_of_plans(by, held.patient_id)
    return Switched(last, began)


@dataclass(frozen=True, slots=True)
class _Move:
    """A coverage that pays one later now, and what it was before."""

    now: Coverage
    before: Coverage | None = None
    """The earlier part, where it goes on as a row of its own; `was` is how its days ended."""
    was: date | None = None
    papers: tuple[UUID, ...] = ()
    said: tuple[UUID, ...] = ()
    """The authorizations that went along, and the questions whose answers speak of the later part too."""

    def told(self) -> dict[str, Any]:
        """Return it for the diary."""
        now, was = {"id": self.now.pk, "version": self.now.version}, self.was and self.was.isoformat()
        if self.before is None:
            return now
        before = {"before": self.before.pk, "before_version": self.before.version, "was": was}
        return now | before | {"papers": list(self.papers), "said": list(self.said)}


def _down(by: Actor, held: Coverage, from_on: date) -> _Move:
    """Let a coverage pay one later from a day on; what it was before stays as it was."""
    before = held.ends_on
    if held.starts_on >= from_on:
        card = _Card(**{name: getattr(held, name) for name in _Card.__slots__} | {"rank": held.rank + 1})
        _check_rank(_span_of(card, held.pk), map(_span, queries.coverages(held.patient_id)))
        held.rank += 1
        _save(held, by, held.rank)
        record(by, "coverage.coverage.moved-down", held, rank=held.rank)
        return _Move(held)
    ended = end_coverage(by, coverage_id=held.pk, ends_on=from_on, version=held.version)
    kept = {name: getattr(ended, name) for name in _Card.__slots__}
    after = add_coverage(
        by,
        patient_id=ended.patient_id,
        is_derived=ended.is_derived,
        is_of_medicaid=ended.is_of_medicaid,
        **kept | {"starts_on": from_on, "ends_on": before, "rank": ended.rank + 1},
    )
    kept_too = (
        "through", "work", "employer_size", "of_child", "benefits_verified_at", "enrollment_verified_at"
    )  # fmt: skip
    for name in kept_too:
        setattr(after, name, getattr(ended, name))
    after.save(update_fields=kept_too)
    said = _say_on(ended, after)
    rows = Authorization.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=from_on), coverage=ended)
    papers = tuple(rows.values_list("pk", flat=True))
    rows.filter(pk__in=papers).update(coverage=after, version=F("version") + 1)
    record(by, "coverage.coverage.moved-down", after, rank=after.rank, before=str(ended.pk))
    return _Move(after, ended, before, papers, said)


def _say_on(before: Coverage, after: Coverage) -> tuple[UUID, ...]:
    """Let what a plan said of the same card for the month of the change, and for later ones, speak of the later part.

    The same person holds the same plan: whom it called a Qualified Medicare Beneficiary for the month stays one
    (Social Security Act 1902(n)(3)(B)), asked again or not. The earlier part keeps its own for its days.
    Returns the questions that were copied.
    """
    said: list[UUID] = []
    first, _beyond = queries.month_of(after.starts_on)
    rows = EligibilityResponse.objects.filter(
        inquiry__coverage=before, inquiry__service_on__gte=first, verdict__in=protecting.TELLING
    )
    rows = protecting.of_this_card(rows.select_related("inquiry"))
    rows = rows.annotate(month=TruncMonth("inquiry__service_on"))
    for answer in rows.order_by("month", "-answered_at", "-id").distinct("month"):
        question, lines = answer.inquiry, list(BenefitLine.objects.filter(response=answer))
        question.coverage, question.card_version = after, after.card_version
        question.again_at = None
        question.trace = (
            f"K{next_number('eligibility question'):08d}"  # a payer's answer finds the earlier one
        )
        _as_new(question)
        said.append(question.pk)
        answer.inquiry = question
        _as_new(answer)
        for line in lines:
            line.pk, line.response = new_id(), answer
        BenefitLine.objects.bulk_create(lines)
    return tuple(said)


def _as_new(row: EligibilityInquiry | EligibilityResponse) -> None:
    row.pk = new_id()
    row.save(force_insert=True)
