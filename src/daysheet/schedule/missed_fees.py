"""Readings of missed visits: what the office's rule says of one, and of restrictions on patients."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from daysheet.kernel.ready import Ready, Told
from daysheet.schedule import followers
from daysheet.schedule.missing import LEFT, Fee, FeeRule, Held, against, fee_of
from daysheet.schedule.models import Appointment, BookingRestriction, MissedFeeRule
from daysheet.schedule.rules import MISSED
from daysheet.schedule.waitlist import A_YEAR, FOLLOWED_UP


def rules() -> QuerySet[MissedFeeRule]:
    """Return the fees in use, those for a kind of visit first."""
    rows = MissedFeeRule.objects.filter(is_active=True).select_related("type")
    return rows.order_by("type__name", "outcome")


def retired_rules() -> QuerySet[MissedFeeRule]:
    """Return the fees that are asked no more."""
    return MissedFeeRule.objects.filter(is_active=False).select_related("type").order_by("type__name")


def rule(rule_id: UUID) -> MissedFeeRule | None:
    """Return one, or None."""
    return MissedFeeRule.objects.select_related("type").filter(pk=rule_id).first()


def as_rules() -> list[FeeRule]:
    """Return the fees in use as the pure rule reads them."""
    return [FeeRule(one.type_id, one.outcome, one.forgiven, one.amount) for one in rules()]


def number_of(missed: Appointment) -> int:
    """Return which missed visit of its patient within a year a visit is: 1 is the first."""
    before = Appointment.objects.filter(
        patient_id=missed.patient_id,
        booking__in=MISSED,
        starts_at__gt=missed.starts_at - A_YEAR,
        starts_at__lte=missed.starts_at,
    )
    return before.count()


def fee_for(missed: Appointment) -> Fee | None:
    """Return what the office's rule says of a missed visit; nothing where it says nothing or the visit was kept."""
    if missed.booking not in MISSED:
        return None
    return fee_of(as_rules(), type_id=missed.type_id, outcome=missed.booking, number=number_of(missed))


def undecided(rules: Sequence[FeeRule], now: datetime) -> QuerySet[Appointment]:
    """Return the missed visits of the last weeks that cost a fee by the rules about which nobody has decided."""
    closest = sorted(rules, key=lambda one: (one.type_id is None, one.outcome == ""))
    says = [
        When(
            **({"type_id": one.type_id} if one.type_id else {}),
            booking__in=[one.outcome] if one.outcome else MISSED,
            then=Value(one.forgiven),
        )
        for one in closest
        if one.outcome != LEFT
    ]
    if not says:
        return Appointment.objects.none()
    before = Appointment.objects.filter(
        patient_id=OuterRef("patient_id"),
        booking__in=MISSED,
        starts_at__gt=OuterRef("starts_at") - A_YEAR,
        starts_at__lte=OuterRef("starts_at"),
    )
    rows = Appointment.objects.filter(booking__in=MISSED, starts_at__gt=now - FOLLOWED_UP).annotate(
        forgiven=Case(*says, output_field=IntegerField()),
        number=Subquery(before.values("patient_id").annotate(n=Count("pk")).values("n")),
    )
    rows = rows.filter(number__gt=F("forgiven"))
    for decided in followers.fees_decided:
        rows = rows.exclude(pk__in=decided())
    return rows


def restrictions_of(patient_id: UUID) -> QuerySet[BookingRestriction]:
    """Return every restriction of a patient, those that hold first."""
    rows = BookingRestriction.objects.filter(patient_id=patient_id)
    return rows.order_by("-ended_at", "-made_at")


def restrictions_on(patient_id: UUID, day: date) -> list[BookingRestriction]:
    """Return the restrictions that hold for a patient on a day."""
    return [one for one in RESTRICTIONS(patient=patient_id) if one.holds_on(day)]


RESTRICTIONS: Ready[BookingRestriction] = Ready(
    lambda: BookingRestriction.objects.filter(patient_id=Told("patient"), ended_at__isnull=True).order_by(
        "made_at"
    )
)


def stands_against(
    patient_ids: Collection[UUID], *, today: date, day: date
) -> dict[UUID, list[BookingRestriction]]:
    """Return what stands against booking some patients today for a day, in one statement or none."""
    if not patient_ids:
        return {}
    rows = BookingRestriction.objects.filter(patient_id__in=patient_ids, ended_at__isnull=True)
    found: dict[UUID, list[BookingRestriction]] = {}
    for one in rows.order_by("made_at"):
        if against([Held(one.kind, one.since, one.until)], today=today, day=day):
            found.setdefault(one.patient_id, []).append(one)
    return found


def restriction(restriction_id: UUID) -> BookingRestriction | None:
    """Return one, or None."""
    return BookingRestriction.objects.select_related("patient").filter(pk=restriction_id).first()
