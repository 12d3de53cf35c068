"""How far this office's enrolment with each payer has come, and what that means for what is about to leave."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from daysheet.coverage import queries
from daysheet.coverage.enrolment import PayerEnrolment
from daysheet.coverage.models import Payer
from daysheet.coverage.rules.enrolment import Told, told_of

What = PayerEnrolment.What


@dataclass(frozen=True, slots=True)
class EnrolledPayer:
    """A payer with what each kind of traffic stands at."""

    payer: Payer
    cells: Mapping[str, PayerEnrolment | None]
    is_due: bool
    """A follow-up day of it has come."""


def enrolment(payer_id: UUID, what: str) -> PayerEnrolment | None:
    """Return how far an enrolment is, or None while nobody has started it."""
    return PayerEnrolment.objects.filter(payer_id=payer_id, what=what).first()


def table(today: date) -> list[EnrolledPayer]:
    """Return every payer in use with its three enrolments: two statements, and one for the plans."""
    payers = [one for one in queries.payers() if one.is_active]
    held: dict[UUID, dict[str, PayerEnrolment]] = {one.pk: {} for one in payers}
    for row in PayerEnrolment.objects.filter(payer_id__in=list(held)):
        held[row.payer_id][row.what] = row
    return [
        EnrolledPayer(
            one,
            {what: held[one.pk].get(what) for what in What.values},
            any(row.follow_up_on is not None and row.follow_up_on <= today for row in held[one.pk].values()),
        )
        for one in payers
    ]


def told(payer: Payer, what: Literal["claims", "eligibility", "remittance"]) -> Told:
    """Return what is said before something goes to a payer: no statement where it needs no enrolment."""
    if payer.enrolment_rule == "none":
        return told_of(payer.name, "none", what, "approved")
    row = enrolment(payer.pk, what)
    return told_of(payer.name, payer.enrolment_rule, what, row.state if row else "not_started")


def told_of_claims(payers: Iterable[Payer]) -> dict[UUID, Told]:
    """Return what is said before claims go to some payers: one statement for any number."""
    return told_of_each(payers, "claims")


def told_of_each(
    payers: Iterable[Payer], what: Literal["claims", "eligibility", "remittance"]
) -> dict[UUID, Told]:
    """Return what is said before something goes to some payers: one statement, none where nobody needs enrolment."""
    by_id = {one.pk: one for one in payers}
    asked = [pk for pk, one in by_id.items() if one.enrolment_rule != "none"]
    rows = PayerEnrolment.objects.filter(payer_id__in=asked, what=what) if asked else ()
    states = {row.payer_id: row.state for row in rows}
    return {
        pk: told_of(one.name, one.enrolment_rule, what, states.get(pk, "not_started"))
        for pk, one in by_id.items()
    }
