"""What is authorized for a patient, with the visits that are counted under it by the rooms that hold them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from daysheet.coverage.models import Authorization
from daysheet.coverage.rules.authorizations import NONE, VISITS, Counts, Grant, chosen
from daysheet.kernel.access import Actor
from daysheet.kernel.ending import at_the_end
from daysheet.kernel.ready import Ready, Told

Counter = Callable[[Sequence[UUID], date], dict[UUID, Counts]]
counters: list[Counter] = []
"""How many visits are used and booked under some authorizations from a day on: registered by rooms above at start-up."""
amounts: list[Counter] = []
"""How many hours, days or units are, where no visits are counted: registered likewise."""
followers: list[Callable[[Actor, UUID], None]] = []
"""What is done when a patient's authorizations or plans change, such as counting visits anew: registered likewise."""
paid_by_plans: list[Callable[[Actor, Collection[UUID]], None]] = []
"""What is done at the end of a command in which plans of some patients changed or answered: registered likewise."""
built_on: list[Callable[[Collection[UUID], datetime], str]] = []
"""Why some plans cannot be taken out again as if they had never been entered, or nothing: registered likewise."""
of_an_appointment: list[Callable[[Actor, UUID], None]] = []
"""What is done when an appointment is put under a case, or under none any more: registered likewise."""


class Under(NamedTuple):
    """The authorization and the referral that a visit counts under."""

    authorization_id: UUID | None = None
    referral_id: UUID | None = None


def authorizations(patient_id: UUID) -> QuerySet[Authorization]:
    """Return a patient's authorizations and referrals, those that end last first."""
    rows = Authorization.objects.filter(patient_id=patient_id, entered_in_error_at__isnull=True)
    return rows.select_related("coverage__plan__payer", "patient").order_by("-starts_on", "-id")


ALL_OF_PATIENT: Ready[Authorization] = Ready(lambda: authorizations(Told("patient")))  # type: ignore[arg-type]
OF_PATIENT: Ready[Authorization] = Ready(
    lambda: authorizations(Told("patient")).filter(starts_on__lte=Told("day"))  # type: ignore[arg-type]
)
"""A patient's authorizations and referrals that have begun on a day."""


def authorization(authorization_id: UUID) -> Authorization | None:
    """Return one with its patient and plan, or None."""
    rows = Authorization.objects.select_related("coverage__plan__payer", "patient")
    return rows.filter(pk=authorization_id, entered_in_error_at__isnull=True).first()


def counted(rows: Iterable[Authorization], today: date) -> list[Grant]:
    """Return authorizations with what is used and booked: one statement of each room that counts, for any number."""
    held = list(rows)
    counts = {one.pk: NONE for one in held}
    visits = [one.pk for one in held if one.counted_in == VISITS]
    others = [one.pk for one in held if one.counted_in != VISITS]
    for asked, ids in ((counters, visits), (amounts, others)):
        for counter in asked if ids else ():
            for pk, found in counter(ids, today).items():
                counts[pk] = counts[pk].plus(found)
    return [grant_of(one, counts[one.pk]) for one in held]


def tell_of_plans(by: Actor, patient_id: UUID) -> None:
    """Let the rooms above look at who pays for a patient when plans change, and count visits where any are authorized."""
    tell_of_answers(by, patient_id)
    if Authorization.objects.filter(patient_id=patient_id).exists():
        for follow in followers:
            follow(by, patient_id)


def tell_of_answers(by: Actor, patient_id: UUID) -> None:
    """Let the rooms above look, at the end, at what a patient is to pay when plans or their answers change."""
    for follow_plans in paid_by_plans:
        at_the_end(by, follow_plans, [patient_id])


def grant_of(held: Authorization, counts: Counts = NONE) -> Grant:
    """Return an authorization as the rules look at it."""
    return Grant(
        held.pk,
        held.kind,
        held.starts_on,
        held.ends_on,
        held.visits_approved,
        tuple(held.what_for),
        counts,
        held.coverage.rank,
        held.counted_in,
        held.coverage_id,
        held.coverage.starts_on,
        held.coverage.ends_on,
        held.coverage.entered_in_error_at is not None,
    )


def under(
    patient_id: UUID, day: date, words: Sequence[str], *, today: date, case: UUID | None = None
) -> Under:
    """Return what a visit counts under: one statement, and the counts only where two could be meant.

    `case` is the coverage of the injury case that pays for the visit; without one the health plans of the day do.
    """
    held = OF_PATIENT(patient=patient_id, day=day)
    grants = [
        one for one in map(grant_of, held) if one.holds(day) and one.pays(day, case) and one.fits(words)
    ]
    if len(grants) > 1:
        kept = {one.id for one in grants}
        grants = counted([one for one in held if one.pk in kept], today)
    return choose(grants, day, words, case)


def choose(grants: Sequence[Grant], day: date, words: Sequence[str], case: UUID | None = None) -> Under:
    """Return what a visit counts under among these."""
    prior = chosen(grants, Authorization.Kind.PRIOR, day, words, case)
    referral = chosen(grants, Authorization.Kind.REFERRAL, day, words, case)
    return Under(prior.id if prior else None, referral.id if referral else None)
