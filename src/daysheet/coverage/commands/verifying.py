"""What a payer said by telephone or on its portal, written down as an answer beside those that came by wire."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, queries
from daysheet.coverage.copays import OFFICE
from daysheet.coverage.models import Coverage, EligibilityInquiry, EligibilityResponse
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.kernel.numbers import next_number
from daysheet.tasks import commands as tasks

Way = EligibilityResponse.Way
VERDICTS = ("eligible", "inactive")
FIGURES = ("copay", "deductible_left")
KEPT = (
    "plan_name", "plan_starts_on", "plan_ends_on", "copay", "deductible", "deductible_left", "out_of_pocket",
    "out_of_pocket_left", "coinsurance_percent", "other_payers", "qmb_line", "copays",
)  # fmt: skip
"""What an answer of the month goes on saying until it is asked again."""


class NotSaidSo(Refusal):
    """What was written down of a call cannot be what a payer says."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a payer said to a person: whether the plan covers, how it was asked, and the figures where they were told."""

    verdict: str
    way: str
    told_by: str = ""
    reference: str = ""
    is_benefits: bool = False
    """Copay and deductible were asked as well."""
    copay: Decimal | None = None
    service: str = OFFICE
    """The service type of whose visits it is the copay."""
    deductible_left: Decimal | None = None


@command(needs=Can.ASK_ELIGIBILITY)
def note_told(by: Actor, /, *, coverage_id: UUID, service_on: date, told: Told) -> EligibilityInquiry:
    """Write down what a payer said of a plan for a day; the question stands as answered, with where it was said.

    Both clocks of the plan start anew, that of the benefits only where they were told. Figures that were not asked
    stay as the plan said them for the month. Raises NotSaidSo.
    """
    held = Coverage.objects.select_for_update(of=("self",)).select_related("plan__payer")
    coverage = held.filter(pk=coverage_id, rank__gt=0, entered_in_error_at__isnull=True).first()
    if coverage is None:
        raise NotSaidSo(_("That coverage is not known to this office, or was taken out."))
    _check(told)
    inquiry = EligibilityInquiry.objects.create(
        patient_id=coverage.patient_id,
        coverage=coverage,
        trace=f"H{next_number('eligibility question'):08d}",
        service_on=service_on,
        asked_at=by.now,
        asked_by=by.name,
        state=EligibilityInquiry.State.ANSWERED,
        card_version=coverage.card_version,
    )
    covers = told.verdict == EligibilityResponse.Verdict.ELIGIBLE
    EligibilityResponse.objects.create(
        inquiry=inquiry,
        patient_id=coverage.patient_id,
        answered_at=by.now,
        verdict=told.verdict,
        sentence=_sentence(told, coverage),
        next_action="" if covers else _("Ask the patient for the new card."),
        way=told.way,
        told_by=told.told_by.strip(),
        reference=told.reference.strip(),
        **(_figures(told, coverage, service_on) if covers else {}),
    )
    coverage.enrollment_verified_at = by.now
    if told.is_benefits or not covers:
        coverage.benefits_verified_at = by.now if covers else None
    coverage.save(update_fields=["enrollment_verified_at", "benefits_verified_at"])
    tasks.close_items_of(by, subject_id=coverage.pk, kind="eligibility", action_code="answered")
    record(by, "coverage.eligibility.told", inquiry, verdict=told.verdict, way=told.way)
    authorizing.tell_of_answers(by, coverage.patient_id)
    announce(by.practice_id, "coverage", str(coverage.patient_id))
    announce(by.practice_id, "visits")
    return inquiry


def _check(told: Told) -> None:
    if told.verdict not in VERDICTS:
        raise NotSaidSo(_("Say whether the plan is active."), verdict=_("Choose one."))
    if told.way not in Way.values:
        raise NotSaidSo(_("Say how the payer was asked."), way=_("Choose one."))
    if told.way == Way.PHONE and not told.told_by.strip():
        raise NotSaidSo(
            _("Write down who said it: a payer asks for the name."), told_by=_("The name is missing.")
        )
    for name in FIGURES:
        amount = getattr(told, name)
        if amount is not None and amount < 0:
            raise NotSaidSo(_("An amount is never less than nothing."), **{name: _("Check the amount.")})
        if amount is not None and not told.is_benefits:
            raise NotSaidSo(
                _("A copay or a deductible was told: say that the benefits were asked as well."),
                is_benefits=_("Tick it, or leave the amounts empty."),
            )


def _sentence(told: Told, coverage: Coverage) -> str:
    covers = told.verdict == EligibilityResponse.Verdict.ELIGIBLE
    said = _("%(plan)s is active, %(how)s.") if covers else _("%(plan)s is not active, %(how)s.")
    return said % {"plan": coverage.plan.name, "how": _how(told)}


def _how(told: Told) -> str:
    """Return where it was said, by whom and under which reference number."""
    way = _("by phone") if told.way == Way.PHONE else _("on the payer's portal")
    reference = told.reference.strip()
    named = _("reference %(number)s") % {"number": reference} if reference else ""
    return ", ".join(filter(None, [way, told.told_by.strip(), named]))


def _figures(told: Told, coverage: Coverage, service_on: date) -> dict[str, Any]:
    """Return the figures of a yes: those that were told, else as the plan said them for the month, QMB among them."""
    first, beyond = queries.month_of(service_on)
    before = queries.TELLING.first(coverages=[coverage.pk], first=first, beyond=beyond)
    figures: dict[str, Any] = {}
    sources: dict[str, Any] = {}
    if before is not None and before.verdict == EligibilityResponse.Verdict.ELIGIBLE:
        figures = {name: getattr(before, name) for name in KEPT}
        sources = {name: source | {"line": None, "rivals": []} for name, source in before.sources.items()}
    for name in FIGURES:
        amount = getattr(told, name)
        if amount is not None:
            figures[name] = amount
            sources[name] = {"line": None, "how": _how(told), "rivals": []}
    if told.copay is not None and told.service != OFFICE:
        figures["copay"] = before.copay if before is not None else None
        said = {"amount": str(told.copay)} | sources.pop("copay")
        figures["copays"] = figures.get("copays", {}) | {told.service: said}
    return figures | {"sources": sources}
