"""A patient's coverages: entered from the card, changed, ended; two of one rank never overlap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, queries
from daysheet.coverage.models import Coverage, InsurancePlan
from daysheet.coverage.rules import medicare, spans
from daysheet.coverage.rules.injury import is_of_cases
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.patients import models as patients
from daysheet.practice.naming import given_must_fit_wire, must_fit_wire


class RankIsTaken(Refusal):
    """Another plan holds that rank on some of those days."""


class DaysAreWrong(Refusal):
    """A coverage ends after it begins, within the life of a person."""


class NumberIsMalformed(Refusal):
    """A Medicare number that cannot be one."""


class SubscriberIsMissing(Refusal):
    """A plan through somebody else needs to know through whom."""


class CaseIsNoHealthPlan(Refusal):
    """What pays for an injury at work or in a car never stands among the health plans."""


class CoverageIsUnknown(Refusal):
    """No coverage, plan or patient of this office has that id."""


_ASKED_ABOUT = {
    "plan_id", "member_id", "relationship", "subscriber_family", "subscriber_given", "subscriber_born_on",
}  # fmt: skip
"""What a question to a payer is about: changed, it is another question, and no earlier answer speaks."""


@dataclass(frozen=True, slots=True)
class _Card:
    """What stands on a card, and whose it is."""

    plan_id: UUID
    member_id: str
    group_number: str
    relationship: str
    subscriber_family: str
    subscriber_given: str
    subscriber_born_on: date | None
    subscriber_sex: str
    starts_on: date
    ends_on: date | None
    rank: int


@command(needs=Can.EDIT_COVERAGE)
def add_coverage(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    plan_id: UUID,
    member_id: str,
    group_number: str = "",
    relationship: str = "self",
    subscriber_family: str = "",
    subscriber_given: str = "",
    subscriber_born_on: date | None = None,
    subscriber_sex: str = "",
    starts_on: date,
    ends_on: date | None = None,
    rank: int = 1,
    is_derived: bool = False,
    is_of_medicaid: bool = False,
) -> Coverage:
    """Enter that a plan covers a patient from a day on.

    Raises RankIsTaken, naming the other plan, when its rank is held on one of those days.
    """
    if not patients.Patient.objects.filter(pk=patient_id).exists():
        raise CoverageIsUnknown("That patient is not known to this office.")
    card = _Card(
        plan_id, member_id.strip().upper(), group_number.strip(), relationship, subscriber_family.strip(),
        subscriber_given.strip(), subscriber_born_on, subscriber_sex, starts_on, ends_on, rank,
    )  # fmt: skip
    plan = _check(by, card, patient_id=patient_id, own_id=None, is_derived=is_derived)
    with refusing(coverage_rank_is_held_once=_just_taken(rank)):
        coverage = Coverage.objects.create(
            patient_id=patient_id, is_derived=is_derived, is_of_medicaid=is_of_medicaid, **_fields(card, plan)
        )
    record(by, "coverage.coverage.added", coverage, rank=rank, starts_on=starts_on.isoformat())
    announce(by.practice_id, "coverage", str(patient_id))
    authorizing.tell_of_plans(by, patient_id)
    return coverage


@command(needs=Can.EDIT_COVERAGE)
def change_coverage(
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
    subscriber_sex: str = "",
    starts_on: date,
    ends_on: date | None = None,
    rank: int = 1,
    is_of_medicaid: bool | None = None,
) -> Coverage:
    """Mend what was entered from a card. What changes the question makes the old answer speak no more."""
    coverage = _held(coverage_id, version)
    card = _Card(
        plan_id, member_id.strip().upper(), group_number.strip(), relationship, subscriber_family.strip(),
        subscriber_given.strip(), subscriber_born_on, subscriber_sex, starts_on, ends_on, rank,
    )  # fmt: skip
    plan = _check(by, card, patient_id=coverage.patient_id, own_id=coverage.pk)
    new = _fields(card, plan)
    new["is_of_medicaid"] = coverage.is_of_medicaid if is_of_medicaid is None else is_of_medicaid
    changed = {
        key: [str(getattr(coverage, key)), str(value)]
        for key, value in new.items()
        if getattr(coverage, key) != value
    }
    for key, value in new.items():
        setattr(coverage, key, value)
    if set(changed) - {"ends_on", "group_number", "rank", "is_of_medicaid"}:
        coverage.benefits_verified_at = coverage.enrollment_verified_at = None
    if _ASKED_ABOUT & set(changed):
        coverage.card_version += 1
    coverage.is_derived = False
    _save(coverage, by, rank)
    record(by, "coverage.coverage.changed", coverage, changed=changed)
    authorizing.tell_of_plans(by, coverage.patient_id)
    return coverage


@command(needs=Can.EDIT_COVERAGE)
def end_coverage(by: Actor, /, *, coverage_id: UUID, ends_on: date, version: int) -> Coverage:
    """End a coverage: `ends_on` is the first day without it. What was billed for earlier days stays."""
    coverage = _held(coverage_id, version)
    if ends_on <= coverage.starts_on:
        raise DaysAreWrong(
            f"This coverage began on {coverage.starts_on:%b %-d, %Y}; it cannot end before that.",
            last_day="A day after the beginning.",
        )
    before, coverage.ends_on = coverage.ends_on, ends_on
    _save(coverage, by, coverage.rank)
    record(by, "coverage.coverage.ended", coverage, before=before, ends_on=ends_on.isoformat())
    authorizing.tell_of_plans(by, coverage.patient_id)
    return coverage


@command(needs=Can.EDIT_COVERAGE)
def undo_end(
    by: Actor,
    /,
    *,
    coverage_id: UUID,
    version: int,
    ends_on: date | None,
    began: tuple[UUID, int] | None = None,
) -> Coverage:
    """Let the days of a coverage end as they did before; what `began` in its place (id, version) is taken out first.

    Raises RankIsTaken when another plan holds its rank meanwhile, StaleForm when one of them was changed.
    """
    coverage = _held(coverage_id, version)
    if began is not None:
        reason = _("The switch of the payer was undone.")
        mark_entered_in_error(by, coverage_id=began[0], version=began[1], reason=reason)
    again = spans.Span(coverage.pk, coverage.rank, coverage.starts_on, ends_on)
    _check_rank(again, map(_span, queries.coverages(coverage.patient_id)))
    before, coverage.ends_on = coverage.ends_on, ends_on
    _save(coverage, by, coverage.rank)
    record(by, "coverage.coverage.opened-again", coverage, before=before, ends_on=ends_on)
    authorizing.tell_of_plans(by, coverage.patient_id)
    return coverage


@command(needs=Can.EDIT_COVERAGE)
def mark_entered_in_error(by: Actor, /, *, coverage_id: UUID, version: int, reason: str) -> Coverage:
    """Take out a coverage that was never true; it stays readable in the history."""
    coverage = _held(coverage_id, version)
    if not reason.strip():
        raise Refusal("Say why this coverage was never true.", reason="Give a reason.")
    coverage.entered_in_error_at = by.now
    _save(coverage, by, coverage.rank)
    record(by, "coverage.coverage.entered-in-error", coverage, reason=reason)
    authorizing.tell_of_plans(by, coverage.patient_id)
    return coverage


def _held(coverage_id: UUID, version: int) -> Coverage:
    rows = Coverage.objects.select_for_update(of=("self",)).filter(entered_in_error_at__isnull=True)
    coverage = rows.filter(pk=coverage_id, rank__gt=0).first()
    if coverage is None:
        raise CoverageIsUnknown("That coverage is not known to this office, or was taken out.")
    if coverage.version != version:
        raise StaleForm(
            "Somebody else has changed this coverage meanwhile. Look at it again, then change it."
        )
    return coverage


def _save(coverage: Coverage, by: Actor, rank: int) -> None:
    coverage.version += 1
    with refusing(coverage_rank_is_held_once=_just_taken(rank)):
        coverage.save()
    announce(by.practice_id, "coverage", str(coverage.patient_id))


def _fields(card: _Card, plan: InsurancePlan) -> dict[str, Any]:
    number = medicare.stored_number(card.member_id, plan.payer.filing_code)
    return {name: getattr(card, name) for name in _Card.__slots__} | {"member_id": number}


def _check(
    by: Actor, card: _Card, *, patient_id: UUID, own_id: UUID | None, is_derived: bool = False
) -> InsurancePlan:
    found = InsurancePlan.objects.select_related("payer").filter(pk=card.plan_id).first()
    plan = _check_card(by, card, found, is_derived=is_derived)
    _check_rank(_span_of(card, own_id or patient_id), map(_span, queries.coverages(patient_id)))
    return plan


def _check_card(by: Actor, card: _Card, plan: InsurancePlan | None, *, is_derived: bool) -> InsurancePlan:
    """Refuse what cannot stand on a card, whatever else the patient has; return the plan."""
    if not card.member_id:
        raise Refusal(
            "The member id from the card is missing.", member_id="Write the member id from the card."
        )
    if plan is None:
        raise CoverageIsUnknown("That plan is not known to this office.", plan="Choose a plan.")
    if is_of_cases(plan.kind):
        raise CaseIsNoHealthPlan(
            _("%(plan)s pays for cases of injury alone. Enter a case, not a card.") % {"plan": plan.name},
            plan=_("Choose a health plan."),
        )
    # What an import made up is kept, and stands on the list of what needs a person.
    fault = medicare.fault_of_number(card.member_id) if medicare.is_original(plan.payer.filing_code) else ""
    if fault and not is_derived:
        raise NumberIsMalformed(fault, member_id=fault)
    if card.rank not in spans.RANKS:
        raise Refusal("A coverage is primary, secondary or tertiary.", rank="Choose one of the three.")
    _check_days(by, card)
    through_other = card.relationship != Coverage.Relationship.SELF
    if through_other and not (card.subscriber_family and card.subscriber_given and card.subscriber_born_on):
        raise SubscriberIsMissing(
            "The plan comes through somebody else: give that person's name and birth date.",
            subscriber_family="Name and birth date of the subscriber are needed.",
        )
    if through_other:
        must_fit_wire(subscriber_family=card.subscriber_family)
        given_must_fit_wire(subscriber_given=card.subscriber_given)
    return plan


def _check_days(by: Actor, card: _Card) -> None:
    far = by.now.date() + timedelta(days=2 * 366)
    if not date(1900, 1, 1) <= card.starts_on <= far:
        raise DaysAreWrong("That first day cannot be. Check the year.", starts_on="Check the year.")
    if card.ends_on is not None and card.ends_on <= card.starts_on:
        raise DaysAreWrong(
            "The coverage would end before it begins. Check the two days.", last_day="After the first day."
        )


def _span(held: Coverage) -> spans.Span:
    return spans.Span(held.pk, held.rank, held.starts_on, held.ends_on, held.plan.name)


def _span_of(card: _Card, own_id: UUID) -> spans.Span:
    return spans.Span(own_id, card.rank, card.starts_on, card.ends_on)


def _check_rank(new: spans.Span, others: Iterable[spans.Span]) -> None:
    other = spans.in_the_way(others, new)
    if other is None:
        return
    until = f"to {other.ends_on - timedelta(days=1):%b %-d, %Y}" if other.ends_on else "with no end"
    raise RankIsTaken(
        f"{other.name} is {spans.RANKS[other.rank]} from {other.starts_on:%b %-d, %Y} {until}. "
        "End it first, change these days, or enter this plan in another rank.",
        starts_on=f"Overlaps {other.name}.",
    )


def _just_taken(rank: int) -> RankIsTaken:
    word = spans.RANKS.get(rank, "other")
    return RankIsTaken(
        f"Another window has just entered a {word} plan for some of these days. Reload to see it.",
        starts_on="Overlaps a plan that was just entered.",
    )
