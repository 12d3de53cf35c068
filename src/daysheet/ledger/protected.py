"""Whom nobody may ask for money: a Qualified Medicare Beneficiary, for the days on which the plan has said so."""

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

from daysheet.coverage import queries as coverage
from daysheet.coverage.rules.medicare import QMB_SENTENCE
from daysheet.kernel.errors import Refusal

shields: list[Callable[[UUID], str]] = []
"""Why no copay may be taken for a visit, or nothing: registered by rooms above in their apps.ready()."""


MEDICAID_SENTENCE = (
    "Medicaid covers the patient on that day: a fee for a missed visit may not be asked. Who takes part in Medicaid "
    "accepts its payment as payment in full (42 CFR 447.15), and by CMS's standing policy a missed visit is part of "
    "the cost of doing business, not a service that can be billed to the patient."
)
"""As the states say it too: Mississippi Division of Medicaid, FAQ on missed appointments; Colorado HCPF, policy
statement on charging members for missed appointments."""
QMB_FEE_SENTENCE = (
    "The patient is a Qualified Medicare Beneficiary, and so a Medicaid beneficiary too: a fee for a missed visit may "
    "not be asked, by CMS's standing policy under 42 CFR 447.15."
)


class NothingMayBeAsked(Refusal):
    """The patient is protected from Medicare's cost sharing (QMB), or the visit is paid for by workers' compensation."""


def nothing_if_qmb(patient_id: UUID, days: Iterable[date]) -> None:
    """Refuse to ask for money for days on which the patient is a Qualified Medicare Beneficiary.

    Raises NothingMayBeAsked.
    """
    for day in sorted(set(days)):
        if coverage.qmb_answer(patient_id, day) is not None:
            raise NothingMayBeAsked(f"{QMB_SENTENCE} It holds for {day:%b %-d, %Y}.")


def nothing_for_missed(patient_id: UUID, day: date) -> str:
    """Return why no fee may be asked for a visit missed on a day; nothing where it may.

    Medicare lets it be asked where every patient is asked the same (Claims Processing Manual, chapter 1, 30.3.13).
    """
    held = coverage.coverages_on(patient_id, day)
    if any(one.plan.kind == "medicaid" or one.plan.payer.filing_code == "MC" for one in held):
        return MEDICAID_SENTENCE
    return QMB_FEE_SENTENCE if coverage.qmb_answer(patient_id, day) is not None else ""


def nothing_if_shielded(visit_id: UUID | None) -> None:
    """Refuse a copay for a visit of which the patient owes none.

    Raises NothingMayBeAsked.
    """
    for shield in shields if visit_id else ():
        if visit_id and (said := shield(visit_id)):
            raise NothingMayBeAsked(said)
