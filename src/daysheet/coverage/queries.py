"""Who is covered by what, on which day, and what the payer last said."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import JSONArray, TruncMonth

from daysheet.coverage import protecting
from daysheet.coverage.copays import OFFICE
from daysheet.coverage.models import (
    BenefitLine,
    Coverage,
    EligibilityInquiry,
    EligibilityNotNow,
    EligibilityPolicy,
    EligibilityResponse,
    InsurancePlan,
    Payer,
    PayingFacts,
)
from daysheet.coverage.parents import plan_of
from daysheet.coverage.rules import order as paying
from daysheet.coverage.rules import spans
from daysheet.coverage.rules.answer import first_unknown
from daysheet.coverage.rules.injury import PLAN_KINDS
from daysheet.kernel.clock import local_day
from daysheet.kernel.ready import Ready, Told
from daysheet.patients.models import Patient

Row = TypeVar("Row")


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
    aaa_code: str = ""
    waits: bool = False
    """A question is on its way."""
    is_silent: bool = False
    again_at: datetime | None = None
    """When the plan, which could not answer, is asked again by itself."""
    answered_at: datetime | None = None
    asked_for: date | None = None
    unknown_payer: Mapping[str, Any] | None = None
    """Whom the answer names beside this plan and the patient has no card of."""
    is_qmb: bool = False
    sentence: str = ""
    next_action: str = ""
    on_card: Decimal | None = None
    answer: EligibilityResponse | None = None

    def copay_for(self, service: str) -> Decimal | None:
        """Return the copay of a visit of a service type: as the plan said it, else what its card says."""
        if self.is_qmb or self.answer is None:
            return self.copay
        said = self.answer.copay_for(service)
        return said if said is not None else self.on_card


class HeldPlan(NamedTuple):
    """A coverage, as far as it takes to say how it stands."""

    coverage_id: UUID
    plan_name: str
    on_card: Decimal | None
    """The copay of an office visit that the card names."""


STATES = {
    EligibilityResponse.Verdict.ELIGIBLE: ("covered", "Covered"),
    EligibilityResponse.Verdict.INACTIVE: ("inactive", "Not active"),
    EligibilityResponse.Verdict.NOT_FOUND: ("not_found", "Member not found"),
    EligibilityResponse.Verdict.CANNOT_SAY: ("cannot_say", "Plan cannot say"),
}


def coverages(patient_id: UUID) -> QuerySet[Coverage]:
    """Return a patient's coverages, present and past, by rank and latest first."""
    rows = Coverage.objects.filter(patient_id=patient_id, rank__gt=0, entered_in_error_at__isnull=True)
    return rows.select_related("plan__payer__partner").order_by("rank", "-starts_on")


def coverage_on(patient_id: UUID, day: date, *, rank: int = 1) -> Coverage | None:
    """Return which plan covers a patient on a day, in a rank."""
    if rank == 1:
        return PRIMARY.first(patients=[patient_id], day=day)
    return _on(day).filter(patient_id=patient_id, rank=rank).first()


def paying_facts(patient_id: UUID) -> PayingFacts | None:
    """Return what was said of a patient that decides who pays first."""
    return PayingFacts.objects.filter(patient_id=patient_id).first()


def coverages_on(patient_id: UUID, day: date) -> list[Coverage]:
    """Return the plans that cover a patient on a day, by rank."""
    rows = _on(day).filter(patient_id=patient_id).select_related("plan__payer")
    return list(rows.order_by("rank", "-starts_on"))


def coverages_of(patient_ids: Sequence[UUID], day: date) -> dict[UUID, list[Coverage]]:
    """Return the plans that cover each of some patients on a day, by rank: one statement for any number."""
    found: dict[UUID, list[Coverage]] = {one: [] for one in patient_ids}
    for row in _on(day).filter(patient_id__in=list(found)).order_by("rank"):
        found[row.patient_id].append(row)
    return found


def paying_order(
    patient: Patient,
    held: Sequence[Coverage],
    facts: PayingFacts | None,
    *,
    day: date,
    case: paying.Plan | None = None,
) -> paying.Order:
    """Return who pays first on a day among the plans that hold it, and what is still to be asked.

    `case` is what pays for the injury of a case: then it is the order for a visit under that case.
    """
    household = paying.Household(
        patient.born_on,
        day,
        is_injury_of_the_case=case is not None,
        kidney_since=facts.kidney_since if facts else None,
        was_disabled=facts.was_disabled if facts else "",  # type: ignore[arg-type]
        parents=facts.parents if facts else "",  # type: ignore[arg-type]
        ordered=plan_of(facts.ordered_id, held) if facts else None,
        custody=plan_of(facts.custody_id, held) if facts else None,
    )
    own = [case] if case else []
    return paying.order_of([*own, *(_as_plan(one, patient) for one in held)], household)


def _as_plan(held: Coverage, patient: Patient) -> paying.Plan:
    by_law = held.plan.kind if held.plan.kind in ("medicare", "medicaid") else held.through
    if held.is_of_medicaid:
        by_law = "medicaid"
    is_own = held.relationship == Coverage.Relationship.SELF
    return paying.Plan(
        held.pk,
        held.plan.name,
        by_law,  # type: ignore[arg-type]
        is_own=is_own,
        is_childs=held.relationship == Coverage.Relationship.CHILD,
        holder_born_on=patient.born_on if is_own else held.subscriber_born_on,
        holder="" if is_own else f"{held.subscriber_given} {held.subscriber_family}".strip(),
        work=held.work,  # type: ignore[arg-type]
        size=held.employer_size,  # type: ignore[arg-type]
        covered_since=held.starts_on,
        of_child=held.of_child,  # type: ignore[arg-type]
    )


def coverage(coverage_id: UUID) -> Coverage | None:
    """Return one coverage with its plan and patient, or None."""
    rows = Coverage.objects.select_related("patient", "plan__payer__partner")
    return rows.filter(pk=coverage_id, rank__gt=0, entered_in_error_at__isnull=True).first()


def latest_answer(patient_id: UUID, coverage_id: UUID | None = None) -> EligibilityResponse | None:
    """Return what a payer last said of a patient, of one coverage or of any."""
    return LATEST[coverage_id is not None].first(patient=patient_id, coverage=coverage_id)


def _latest_of(is_of_one: bool) -> QuerySet[EligibilityResponse]:
    rows = EligibilityResponse.objects.select_related("inquiry__coverage__plan__payer")
    rows = protecting.speaking(protecting.of_this_card(rows.filter(patient_id=Told("patient"))))
    if is_of_one:
        rows = rows.filter(inquiry__coverage_id=Told("coverage"))
    return rows.order_by("-answered_at", "-id")[:1]


LATEST = {is_of_one: Ready(partial(_latest_of, is_of_one)) for is_of_one in (False, True)}


def latest_answers(coverage_ids: Sequence[UUID]) -> dict[UUID, EligibilityResponse]:
    """Return what each plan last said, by coverage."""
    rows = EligibilityResponse.objects.select_related("inquiry").filter(
        inquiry__coverage_id__in=list(coverage_ids)
    )
    rows = protecting.speaking(protecting.of_this_card(rows))
    return {one.inquiry.coverage_id: one for one in _latest(rows, "inquiry__coverage_id", "answered_at")}


def inquiry(inquiry_id: UUID) -> EligibilityInquiry | None:
    """Return a question with its coverage, its patient and, if it came, its answer."""
    rows = EligibilityInquiry.objects.select_related("patient", "coverage__plan__payer", "response__envelope")
    return rows.filter(pk=inquiry_id).first()


def asked_again(now: datetime) -> list[UUID]:
    """Return the questions whose plan is to be asked again by now."""
    return list(EligibilityInquiry.objects.filter(again_at__lte=now).values_list("pk", flat=True))


def policy() -> EligibilityPolicy:
    """Return how this office asks for everybody of a day; what nobody has set is one day and a week ahead."""
    return EligibilityPolicy.objects.first() or EligibilityPolicy(leads=[1, 7], version=0)


def not_now(patient_ids: Sequence[UUID], since: date) -> list[EligibilityNotNow]:
    """Return what somebody has put aside of the visits from a day on."""
    rows = EligibilityNotNow.objects.filter(taken_up_at__isnull=True, service_on__gte=since)
    return list(rows.filter(patient_id__in=list(patient_ids)))


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
    held = {one.patient_id: one for one in PRIMARY(patients=list(patient_ids), day=day)}
    stands = standing_of(list(held.values()), day)
    bare = Standing("none", "No plan on this day")
    return {
        patient_id: stands[held[patient_id].pk] if patient_id in held else bare for patient_id in patient_ids
    }


def standing_of(held: Sequence[Coverage], day: date) -> dict[UUID, Standing]:
    """Return how each of some coverages stands on a day: two statements for any number."""
    return standing_of_plans([HeldPlan(one.pk, one.plan.name, one.plan.office_copay) for one in held], day)


def standing_of_plans(held: Sequence[HeldPlan], day: date) -> dict[UUID, Standing]:
    """Return how each of some coverages stands on a day, of which the caller has read as much as that takes."""
    return {key: one for (key, _), one in _standing_at([(one, day) for one in held]).items()}


def standing_at(pairs: Sequence[tuple[Coverage, date]]) -> dict[tuple[UUID, date], Standing]:
    """Return how some coverages stand, each on its day: two statements for any number.

    An answer for another month says nothing of a day; it is shown only where there is none for the day's own.
    """
    return _standing_at(
        [(HeldPlan(held.pk, held.plan.name, held.plan.office_copay), day) for held, day in pairs]
    )


def _standing_at(pairs: Sequence[tuple[HeldPlan, date]]) -> dict[tuple[UUID, date], Standing]:
    ids = list({held.coverage_id for held, _ in pairs})
    questions, answers = QUESTIONS(coverages=ids), ANSWERS(coverages=ids)
    by_question: dict[UUID, list[EligibilityInquiry]] = defaultdict(list)
    by_answer: dict[UUID, list[EligibilityResponse]] = defaultdict(list)
    for question in questions:
        by_question[question.coverage_id].append(question)
    for answer in answers:
        by_answer[answer.inquiry.coverage_id].append(answer)
    return {
        (held.coverage_id, day): _stands(
            held,
            _nearest(
                by_question[held.coverage_id], day, lambda one: one.service_on, lambda one: one.asked_at
            ),
            _nearest(
                by_answer[held.coverage_id],
                day,
                lambda one: one.inquiry.service_on,
                lambda one: one.answered_at,
            ),
            day,
        )
        for held, day in pairs
    }


def _questions() -> QuerySet[EligibilityInquiry]:
    rows = EligibilityInquiry.objects.filter(
        coverage_id__one_of=Told("coverages"), card_version=F("coverage__card_version")
    )
    rows = rows.annotate(month=TruncMonth("service_on"))
    return rows.order_by("coverage_id", "month", "-asked_at", "-id").distinct("coverage_id", "month")


def _told() -> QuerySet[EligibilityResponse]:
    rows = EligibilityResponse.objects.filter(inquiry__coverage_id__one_of=Told("coverages"))
    rows = protecting.with_qmb(protecting.speaking(protecting.of_this_card(rows.select_related("inquiry"))))
    rows = rows.annotate(month=TruncMonth("inquiry__service_on"), cards=_cards())
    order = ("inquiry__coverage_id", "month", "-answered_at", "-id")
    return rows.order_by(*order).distinct("inquiry__coverage_id", "month")


def _cards() -> Case:
    """Return by which words the payers of the patient's cards may be named, where an answer names other payers."""
    rows = Coverage.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("inquiry__service_on")),
        patient_id=OuterRef("patient_id"),
        rank__gt=0,
        entered_in_error_at__isnull=True,
    )
    words = JSONArray("plan__payer__payer_id", "plan__payer__name", "plan__name")
    return Case(When(~Q(other_payers=[]), then=ArraySubquery(rows.values_list(words))), default=None)


QUESTIONS, ANSWERS = Ready(_questions), Ready(_told)
"""What was asked, and what was said, last of each coverage for each month."""


def copay_due(patient_id: UUID, day: date, *, service: str = OFFICE) -> tuple[Decimal | None, str]:
    """Return the copay of a visit of a service type, and where the amount comes from, or the rule that protects."""
    if shield := protecting.protection_on(patient_id, day, service=service):
        return shield.allowed, shield.sentence
    held = coverage_on(patient_id, day)
    if held is None:
        return None, "no plan on that day"
    answer = _answer_for(held.pk, day)
    said = answer.copay_for(service) if answer is not None else None
    if answer is not None and said is not None:
        told = local_day(answer.answered_at, held.practice.zone)
        return said, f"{held.plan.name} said so on {told:%b %-d}: {answer.how_of(service)}"
    if held.plan.office_copay is not None:
        return held.plan.office_copay, f"what the {held.plan.name} card says"
    return None, f"{held.plan.name} has not said"


def qmb_answer(patient_id: UUID, day: date) -> EligibilityResponse | None:
    """Return the answer by which nothing may be asked of a patient on a day (QMB), or None.

    Any plan of the patient may have said it: Medicare itself, a Medicare Advantage plan or Medicaid.
    """
    first, beyond = month_of(day)
    told = TELLING(coverages=[one.pk for one in ON(patient=patient_id, day=day)], first=first, beyond=beyond)
    return next((one for one in told if one.qmb_line is not None), None)


def payers() -> QuerySet[Payer]:
    """Return the insurance companies, by name, with how envelopes reach them."""
    return Payer.objects.select_related("partner").prefetch_related("plans").order_by("name")


def payer(payer_id: UUID) -> Payer | None:
    """Return one payer, or None."""
    return Payer.objects.select_related("partner").filter(pk=payer_id).first()


def plans() -> QuerySet[InsurancePlan]:
    """Return the plans in use, by payer and name."""
    rows = InsurancePlan.objects.select_related("payer").filter(is_active=True, payer__is_active=True)
    return rows.exclude(kind__in=PLAN_KINDS).order_by("payer__name", "name")


def _on(day: date) -> QuerySet[Coverage]:
    open_end = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    # rank 0 pays for the injury of one case and is no health plan
    rows = Coverage.objects.filter(open_end, starts_on__lte=day, rank__gt=0, entered_in_error_at__isnull=True)
    return rows.select_related("plan__payer")


PRIMARY: Ready[Coverage] = Ready(
    lambda: _on(Told("day")).filter(patient_id__one_of=Told("patients"), rank=1)  # type: ignore[arg-type]
)
"""The plan that pays first for each of some patients on a day."""


ON: Ready[Coverage] = Ready(lambda: _on(Told("day")).filter(patient_id=Told("patient")))  # type: ignore[arg-type]
"""The plans that cover a patient on a day."""


def _latest(rows: QuerySet[Any], per: str, at: str) -> QuerySet[Any]:
    return rows.order_by(per, f"-{at}", "-id").distinct(per)


def _answer_for(coverage_id: UUID, day: date) -> EligibilityResponse | None:
    """Return what a plan last said for the month of a day."""
    first, beyond = month_of(day)
    return ANSWER.first(coverage=coverage_id, first=first, beyond=beyond)


def month_of(day: date) -> tuple[date, date]:
    """Return the first day of a day's month and of the next."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _of_month() -> QuerySet[EligibilityResponse]:
    """Return the answers that speak for the days of a month."""
    rows = protecting.of_this_card(EligibilityResponse.objects.select_related("inquiry"))
    return rows.filter(inquiry__service_on__gte=Told("first"), inquiry__service_on__lt=Told("beyond"))


ANSWER: Ready[EligibilityResponse] = Ready(
    lambda: protecting.speaking(_of_month().filter(inquiry__coverage_id=Told("coverage"))).order_by(
        "-answered_at", "-id"
    )[:1]
)
TELLING: Ready[EligibilityResponse] = Ready(
    lambda: _latest(
        _of_month().filter(inquiry__coverage_id__one_of=Told("coverages"), verdict__in=protecting.TELLING),
        "inquiry__coverage_id",
        "answered_at",
    )
)
"""What each of some plans said last in a month of those answers that say something."""


def _nearest(
    rows: Sequence[Row], day: date, asked_for: Callable[[Row], date], at: Callable[[Row], datetime]
) -> Row | None:
    """Return the row of the day's month, else the latest of all."""
    own = [one for one in rows if spans.speaks_for(day, asked_for=asked_for(one))]
    return max(own or rows, key=at, default=None)


def _stands(
    held: HeldPlan, question: EligibilityInquiry | None, answer: EligibilityResponse | None, day: date
) -> Standing:
    plan = held.plan_name
    asked_at = question.asked_at if question else None
    question_id = question.pk if question else None
    open_one = question is not None and question.state == EligibilityInquiry.State.ASKED
    waits = open_one and question is not None and question.service_on == day
    again_at = (
        question.again_at if question and spans.speaks_for(day, asked_for=question.service_on) else None
    )
    if answer is not None and spans.speaks_for(day, asked_for=answer.inquiry.service_on):
        state, word = STATES[EligibilityResponse.Verdict(answer.verdict)]
        copay = answer.copay if answer.copay is not None else held.on_card
        is_qmb = getattr(answer, "qmb", answer.qmb_line) is not None
        return Standing(
            state,
            f"{word}: {plan}",
            answer.inquiry.asked_at,
            plan,
            Decimal(0) if is_qmb else copay,
            held.coverage_id,
            answer.inquiry_id,
            aaa_code=answer.aaa_code,
            waits=waits,
            again_at=again_at,
            answered_at=answer.answered_at,
            asked_for=answer.inquiry.service_on,
            unknown_payer=first_unknown(answer.other_payers, getattr(answer, "cards", None) or ()),
            is_qmb=is_qmb,
            sentence=answer.sentence,
            next_action=answer.next_action,
            on_card=held.on_card,
            answer=answer,
        )
    silence = {
        EligibilityInquiry.State.ASKED: ("unasked", f"{plan}, waiting for the answer"),
        EligibilityInquiry.State.FAILED: ("cannot_say", f"{plan} did not answer"),
    }
    said_state = EligibilityInquiry.State(question.state) if question else EligibilityInquiry.State.ANSWERED
    state, said = silence.get(said_state, ("unasked", f"{plan}, not asked for this month"))
    return Standing(
        state,
        said,
        asked_at,
        plan,
        held.on_card,
        held.coverage_id,
        question_id,
        waits=open_one,
        is_silent=said_state == EligibilityInquiry.State.FAILED,
        again_at=again_at,
    )
