"""Whom nobody may ask for money: a Qualified Medicare Beneficiary, for the days on which the plan has said so."""

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

from daysheet.coverage import queries as coverage
from daysheet.coverage.rules.medicare import QMB_SENTENCE
from daysheet.kernel.errors import Refusal

shields: list[Callable[[UUID], str]] = []
"""Why no copay may be taken for a visit, or nothing: registered by rooms above in their apps.ready()."""


class NothingMayBeAsked(Refusal):
    """The patient is protected from Medicare's cost sharing (QMB), or the visit is paid for by workers' compensation."""


def nothing_if_qmb(patient_id: UUID, days: Iterable[date]) -> None:
    """Refuse to ask for money for days on which the patient is a Qualified Medicare Beneficiary.

    Raises NothingMayBeAsked.
    """
    for day in sorted(set(days)):
        if coverage.qmb_answer(patient_id, day) is not None:
            raise NothingMayBeAsked(f"{QMB_SENTENCE} It holds for {day:%b %-d, %Y}.")


def nothing_if_shielded(visit_id: UUID | None) -> None:
    """Refuse a copay for a visit of which the patient owes none.

    Raises NothingMayBeAsked.
    """
    for shield in shields if visit_id else ():
        if visit_id and (said := shield(visit_id)):
            raise NothingMayBeAsked(said)
