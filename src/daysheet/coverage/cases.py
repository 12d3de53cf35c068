"""A patient's cases of injury: which of them pays for a visit, and how that stands at the desk."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from daysheet.coverage.injury import CaseAppointment, InjuryCase
from daysheet.coverage.models import Coverage
from daysheet.coverage.queries import Standing
from daysheet.coverage.rules.injury import DEALINGS
from daysheet.coverage.rules.order import Plan
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ready import Ready, Told


class CaseIsWrong(Refusal):
    """Something of a case cannot be: its days, its state, its number, its insurer."""


class CaseIsUnknown(Refusal):
    """No case of this patient has that id."""


def cases(patient_id: UUID) -> QuerySet[InjuryCase]:
    """Return a patient's cases, the latest accident first."""
    rows = InjuryCase.objects.filter(patient_id=patient_id, entered_in_error_at__isnull=True)
    return rows.select_related("payer", "patient", "coverage").order_by("-happened_on", "-id")


def case(case_id: UUID) -> InjuryCase | None:
    """Return one case with its patient and insurer, or None."""
    rows = InjuryCase.objects.select_related("payer", "patient", "coverage")
    return rows.filter(pk=case_id, entered_in_error_at__isnull=True).first()


def open_on(patient_id: UUID, day: date) -> list[InjuryCase]:
    """Return the cases that pay for care of a day."""
    return OPEN(patient=patient_id, day=day)


OPEN: Ready[InjuryCase] = Ready(
    lambda: cases(Told("patient")).filter(  # type: ignore[arg-type]
        Q(closed_on__isnull=True) | Q(closed_on__gt=Told("day")), happened_on__lte=Told("day")
    )
)


def case_of_appointment(appointment_id: UUID) -> InjuryCase | None:
    """Return the case that an appointment is under, or None; one that was taken out counts no more."""
    rows = CaseAppointment.objects.select_related("case__payer", "case__coverage")
    found = rows.filter(appointment_id=appointment_id, case__entered_in_error_at__isnull=True).first()
    return found.case if found else None


def under_cases(appointment_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of some appointments are under a case: one statement."""
    rows = CaseAppointment.objects.filter(appointment_id__in=list(appointment_ids))
    return set(rows.filter(case__entered_in_error_at__isnull=True).values_list("appointment_id", flat=True))


def payers_of(days: Mapping[UUID, date]) -> dict[UUID, UUID]:
    """Return by which coverage a case pays for some appointments, by their id and day; none where no case does."""
    rows = CaseAppointment.objects.filter(appointment_id__in=list(days)).select_related("case__coverage")
    return {
        one.appointment_id: one.case.coverage.pk
        for one in rows.filter(case__entered_in_error_at__isnull=True)
        if one.case.holds(days[one.appointment_id])
    }


def case_of_coverage(coverage_id: UUID | None) -> InjuryCase | None:
    """Return the case that a visit's coverage belongs to; None where it is a health plan or there is none."""
    if coverage_id is None:
        return None
    held = OF_A_CASE.first(coverage=coverage_id)
    return held.case if held else None


OF_A_CASE: Ready[Coverage] = Ready(
    lambda: Coverage.objects.select_related("case__payer").filter(pk=Told("coverage"), rank=0)
)


def payer_of_visit(coverage_id: UUID | None) -> UUID | None:
    """Return the coverage of the case that pays for a visit, by the visit's coverage; None where a health plan does."""
    return coverage_id if case_of_coverage(coverage_id) else None


def case_words(kind: str, claim_number: str) -> str:
    """Return such as "Work injury: claim 123", as the desk reads it."""
    label = str(InjuryCase.Kind(kind).label)
    if not claim_number:
        return _("%(kind)s: no claim number yet") % {"kind": label}
    return _("%(kind)s: claim %(number)s") % {"kind": label, "number": claim_number}


def words_of(held: InjuryCase) -> str:
    """Return a case as the desk reads it."""
    return case_words(held.kind, held.claim_number)


def case_choices(held: Sequence[InjuryCase]) -> list[tuple[str, str]]:
    """Return what a form offers where a case may pay: the health plan first, then each case."""
    found = [(str(one.pk), f"{words_of(one)}, {one.body_part}") for one in held]
    return [("", _("The health plan")), *found]


def standing_under(kind: str, claim_number: str, payer: str) -> Standing:
    """Return how a visit under a case stands: nothing is asked of a health plan, and no copay is taken."""
    return Standing("case", case_words(kind, claim_number), plan_name=payer)


def standing_of_case(held: InjuryCase) -> Standing:
    """Return how a visit under this case stands."""
    return standing_under(held.kind, held.claim_number, held.payer.name)


def as_plan(held: InjuryCase) -> Plan:
    """Return what pays for a case as the rules of who pays first look at it."""
    kind: Literal["workers", "auto"] = "workers" if held.kind == InjuryCase.Kind.WORK else "auto"
    return Plan(
        held.coverage.pk, f"{held.payer.name} ({words_of(held)})", kind, covered_since=held.happened_on
    )


def copay_under(held: InjuryCase) -> tuple[Decimal, str]:
    """Return that no copay is taken under a case, and why."""
    return Decimal(0), _(DEALINGS[held.kind].copay)


def payable_case(patient_id: UUID, day: date, case_id: UUID) -> InjuryCase:
    """Return a patient's case that pays for care of a day. Raises CaseIsUnknown or CaseIsWrong."""
    held = InjuryCase.objects.select_related("coverage").filter(pk=case_id, patient_id=patient_id).first()
    if held is None or held.entered_in_error_at is not None:
        raise CaseIsUnknown(_("That case is not one of this patient."), case=_("Choose one of the cases."))
    if not held.holds(day):
        raise CaseIsWrong(
            _("That case does not pay for this day: it begins with the accident and ends when it is closed."),
            case=_("Choose a case that holds that day."),
        )
    return held
