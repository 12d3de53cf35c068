"""A patient's advance notices: those that stand, and what they mean for charges."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, QuerySet

from daysheet.coverage import queries
from daysheet.coverage.models import Coverage
from daysheet.coverage.notice import AdvanceNotice
from daysheet.coverage.rules import medicare
from daysheet.coverage.rules.notices import Notice, Proposal, proposal_of


def notices(patient_id: UUID) -> QuerySet[AdvanceNotice]:
    """Return a patient's notices, the latest first; those that another one replaced are left out."""
    rows = _standing(AdvanceNotice.objects.filter(patient_id=patient_id))
    return rows.select_related("coverage__plan__payer", "patient", "replaces").order_by("-given_on", "-id")


def notice(notice_id: UUID) -> AdvanceNotice | None:
    """Return one with its patient and plan, or None."""
    rows = AdvanceNotice.objects.select_related("coverage__plan__payer", "patient")
    return rows.filter(pk=notice_id, entered_in_error_at__isnull=True).first()


def original_medicare(patient_id: UUID, day: date) -> Coverage | None:
    """Return the coverage of original Medicare that a patient has on a day."""
    held = queries.coverages_on(patient_id, day)
    return next((one for one in held if medicare.is_original(one.plan.payer.filing_code)), None)


def proposals(coverage_id: UUID, day: date, codes: Sequence[str]) -> dict[str, Proposal]:
    """Return what the notices of a patient of Medicare mean for some procedures of a day: one statement."""
    rows = _standing(AdvanceNotice.objects.filter(coverage_id=coverage_id)).order_by("-given_on", "-id")
    rows = rows.exclude(code="").filter(code__in=list(codes), service_on__lte=day, expires_on__gt=day)
    found: dict[str, Proposal] = {}
    for row in rows:
        found.setdefault(row.code, proposal_of(as_notice(row)))
    return found


def as_notice(row: AdvanceNotice) -> Notice:
    """Return a notice as the rules look at it."""
    return Notice(row.code, row.why, row.service_on, row.expires_on, row.option, row.signed_on)


def not_billed() -> QuerySet[AdvanceNotice]:
    """Return, for use beside charges, the notices by which a charge is not billed to Medicare."""
    return _standing(
        AdvanceNotice.objects.filter(
            coverage_id=OuterRef("visit__coverage_id"),
            code=OuterRef("code"),
            option__in=(AdvanceNotice.Option.NO_BILL, AdvanceNotice.Option.NOT_WANTED),
            service_on__lte=OuterRef("service_on"),
            expires_on__gt=OuterRef("service_on"),
        ).exclude(code="")
    )


def _standing(rows: QuerySet[AdvanceNotice]) -> QuerySet[AdvanceNotice]:
    return rows.filter(entered_in_error_at__isnull=True).exclude(
        replaced_by__isnull=False, replaced_by__entered_in_error_at__isnull=True
    )
