"""Who is covered by what, on which day, and what the payer last said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from daysheet.coverage.models import (
    BenefitLine,
    Coverage,
    EligibilityInquiry,
    EligibilityResponse,
    InsurancePlan,
    Payer,
    PayingFacts,
)
from daysheet.coverage.rules import order as paying
from daysheet.coverage.rules import spans
from daysheet.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Standing:
    """How a patient stands with the primary plan on a day, for a row of the day board."""

    state: str
    """covered, inactive, not_found, cannot_say, unasked, none"""
    words: str
    asked_at: datetime | None = None
    plan_name: str = ""
    copay: Decimal | None = None
    coverage_id: UUID | None = None
    inquiry_id: UUID | None = None


STATES = {
    EligibilityResponse.Verdict.ELIGIBLE: ("covered", "Covered"),
    EligibilityResponse.Verdict.INACTIVE: ("inactive", "Not active"),
    EligibilityResponse.Verdict.NOT_FOUND: ("not_found", "Member not found"),
    EligibilityResponse.Verdict.CANNOT_SAY: ("cannot_say", "Plan cannot say"),
}


def coverages(patient_id: UUID) -> QuerySet[Coverage]:
    """Return a patient's coverages, present and past, by rank and latest first."""
    rows = Coverage.objects.filter(patient_id=patient_id, entered_in_error_at__isnull=True)
    return rows.select_related("plan__payer__partner").order_by("rank", "-starts_on")


def coverage_on(patient_id: UUID, day: date, *, rank: int = 1) -> Coverage | None:
    """Return which plan covers a patient on a day, in a rank."""
    return _on(day).filter(patient_id=patient_id, rank=rank).first()


def paying_facts(patient_id: UUID) -> PayingFacts | None:
    """Return what was said of a patient that decides who pays first."""
    return PayingFacts.objects.filter(patient_id=patient_id).first()


def coverages_on(patient_id: UUID, day: date) -> list[Coverage]:
    """Return the plans that cover a patient on a day, by rank."""
    rows = _on(day).filter(patient_id=patient_id).select_related("plan__payer")
    return list(rows.order_by("rank", "-starts_on"))


def paying_order(
    patient: Patient, held: Sequence[Coverage], facts: PayingFacts | None, *, day: date
) -> paying.Order:
    """Return who pays first on a day among the plans that hold it, and what is still to be asked."""
    household = paying.Household(
        patient.born_on,
        day,
        kidney_since=facts.kidney_since if facts else None,
        parents=facts.parents if facts else "",  # type: ignore[arg-type]
        ordered=facts.ordered_id if facts else None,
        custody=facts.custody_id if facts else None,
    )
    return paying.order_of([_as_plan(one, patient) for one in held], household)


def _as_plan(held: Coverage, patient: Patient) -> paying.Plan:
    by_law = held.plan.kind if held.plan.kind in ("medicare", "medicaid") else held.through
    is_own = held.relationship == Coverage.Relationship.SELF
    return paying.Plan(
        held.pk,
        held.plan.name,
        by_law,  # type: ignore[arg-type]
        is_own=is_own,
        is_childs=held.relationship == Coverage.Relationship.CHILD,
        holder_born_on=patient.born_on if is_own else held.subscriber_born_on,
        work=held.work,  # type: ignore[arg-type]
        size=held.employer_size,  # type: ignore[arg-type]
        covered_since=held.starts_on,
    )


def coverage(coverage_id: UUID) -> Coverage | None:
    """Return one coverage with its plan and patient, or None."""
    rows = Coverage.objects.select_related("patient", "plan__payer__partner")
    return rows.filter(pk=coverage_id, entered_in_error_at__isnull=True).first()


def latest_answer(patient_id: UUID, coverage_id: UUID | None = None) -> EligibilityResponse | None:
    """Return what a payer last said of a patient, of one coverage or of any."""
    rows = EligibilityResponse.objects.select_related("inquiry__coverage__plan__payer")
    rows = rows.filter(patient_id=patient_id)
    if coverage_id is not None:
        rows = rows.filter(inquiry__coverage_id=coverage_id)
    return rows.order_by("-answered_at", "-id").first()


def latest_answers(coverage_ids: Sequence[UUID]) -> dict[UUID, EligibilityResponse]:
    """Return what each plan last said, by coverage."""
    rows = EligibilityResponse.objects.select_related("inquiry").filter(
        inquiry__coverage_id__in=list(coverage_ids)
    )
    return {one.inquiry.coverage_id: one for one in _latest(rows, "inquiry__coverage_id", "answered_at")}


def inquiry(inquiry_id: UUID) -> EligibilityInquiry | None:
    """Return a question with its coverage, its patient and, if it came, its answer."""
    rows = EligibilityInquiry.objects.select_related("patient", "coverage__plan__payer", "response__envelope")
    return rows.filter(pk=inquiry_id).first()


def unanswered(before: datetime) -> list[UUID]:
    """Return the questions that were asked before a moment and are still open."""
    rows = EligibilityInquiry.objects.filter(state=EligibilityInquiry.State.ASKED, asked_at__lte=before)
    return list(rows.values_list("pk", flat=True))


def inquiries(patient_id: UUID) -> QuerySet[EligibilityInquiry]:
    """Return the questions about a patient, the latest first."""
    rows = EligibilityInquiry.objects.select_related("coverage__plan", "response")
    return rows.filter(patient_id=patient_id).order_by("-asked_at", "-id")


def benefit_lines(response_id: UUID) -> QuerySet[BenefitLine]:
    """Return every line of an answer, in its order."""
    return BenefitLine.objects.filter(response_id=response_id).order_by("line")


def standing(patient_ids: Sequence[UUID], day: date) -> dict[UUID, Standing]:
    """Return how each patient stands with the primary plan on a day: three statements for any number."""
    held = {one.patient_id: one for one in _on(day).filter(patient_id__in=list(patient_ids), rank=1)}
    stands = standing_of(list(held.values()), day)
    bare = Standing("none", "No plan on this day")
    return {
        patient_id: stands[held[patient_id].pk] if patient_id in held else bare for patient_id in patient_ids
    }


def standing_of(held: Sequence[Coverage], day: date) -> dict[UUID, Standing]:
    """Return how each of some coverages stands on a day: two statements for any number."""
    ids = [one.pk for one in held]
    asked = _latest(EligibilityInquiry.objects.filter(coverage_id__in=ids), "coverage_id", "asked_at")
    answered = _latest(
        EligibilityResponse.objects.select_related("inquiry").filter(inquiry__coverage_id__in=ids),
        "inquiry__coverage_id",
        "answered_at",
    )
    by_question = {one.coverage_id: one for one in asked}
    by_answer = {one.inquiry.coverage_id: one for one in answered}
    return {one.pk: _stands(one, by_question.get(one.pk), by_answer.get(one.pk), day) for one in held}


def copay_due(patient_id: UUID, day: date) -> tuple[Decimal | None, str]:
    """Return the copay of an office visit on a day, and where the amount comes from."""
    held = coverage_on(patient_id, day)
    if held is None:
        return None, "no plan on that day"
    answer = latest_answer(patient_id, held.pk)
    fresh = answer is not None and spans.speaks_for(day, asked_for=answer.inquiry.service_on)
    if answer is not None and fresh and answer.copay is not None:
        how = answer.sources.get("copay", {}).get("how", "")
        return answer.copay, f"{held.plan.name} said so on {answer.answered_at:%b %-d}: {how}"
    if held.plan.office_copay is not None:
        return held.plan.office_copay, f"what the {held.plan.name} card says"
    return None, f"{held.plan.name} has not said"


def payers() -> QuerySet[Payer]:
    """Return the insurance companies, by name, with how envelopes reach them."""
    return Payer.objects.select_related("partner").prefetch_related("plans").order_by("name")


def payer(payer_id: UUID) -> Payer | None:
    """Return one payer, or None."""
    return Payer.objects.select_related("partner").filter(pk=payer_id).first()


def plans() -> QuerySet[InsurancePlan]:
    """Return the plans in use, by payer and name."""
    rows = InsurancePlan.objects.select_related("payer").filter(is_active=True, payer__is_active=True)
    return rows.order_by("payer__name", "name")


def _on(day: date) -> QuerySet[Coverage]:
    open_end = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    rows = Coverage.objects.filter(open_end, starts_on__lte=day, entered_in_error_at__isnull=True)
    return rows.select_related("plan__payer")


def _latest(rows: QuerySet[Any], per: str, at: str) -> QuerySet[Any]:
    return rows.order_by(per, f"-{at}", "-id").distinct(per)


def _stands(
    held: Coverage, question: EligibilityInquiry | None, answer: EligibilityResponse | None, day: date
) -> Standing:
    plan = held.plan.name
    asked_at = question.asked_at if question else None
    question_id = question.pk if question else None
    if answer is not None and spans.speaks_for(day, asked_for=answer.inquiry.service_on):
        state, word = STATES[EligibilityResponse.Verdict(answer.verdict)]
        copay = answer.copay if answer.copay is not None else held.plan.office_copay
        return Standing(
            state, f"{word}: {plan}", answer.inquiry.asked_at, plan, copay, held.pk, answer.inquiry_id
        )
    silence = {
        EligibilityInquiry.State.ASKED: ("unasked", f"{plan}, waiting for the answer"),
        EligibilityInquiry.State.FAILED: ("cannot_say", f"{plan} did not answer"),
    }
    state, said = silence.get(
        EligibilityInquiry.State(question.state) if question else EligibilityInquiry.State.ANSWERED,
        ("unasked", f"{plan}, not asked for this month"),
    )
    return Standing(state, said, asked_at, plan, held.plan.office_copay, held.pk, question_id)
