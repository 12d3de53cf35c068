"""Estimates as they are read: whose is due by when, what is expected now, and what the patient will probably pay."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from daysheet.charges import rules
from daysheet.charges.models import (
    Charge,
    ContractRate,
    Estimate,
    EstimateLine,
    EstimatePolicy,
    EstimateVersion,
    UsualService,
)
from daysheet.charges.models.estimates import CANCELLED, LIVE
from daysheet.charges.rules import good_faith
from daysheet.charges.rules.shares import Benefits, Range, Service, Share, share_of
from daysheet.coverage import copays, protecting
from daysheet.coverage import queries as coverage
from daysheet.coverage.models import Coverage, EligibilityResponse
from daysheet.coverage.rules.spans import speaks_for
from daysheet.kernel.clock import day_bounds, local_day
from daysheet.kernel.money import ZERO
from daysheet.ledger.models import LedgerEntry, LedgerLine
from daysheet.schedule.models import Appointment
from daysheet.ui import words

MOST_ROWS = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """A booked visit of who has no plan or does not use it: the law wants an estimate, and nobody has begun one."""

    appointment: Appointment
    deadline: good_faith.Deadline


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A service as it is expected, with what is charged for it, and for a member what the contract allows."""

    line: EstimateLine
    charge: Decimal
    off: Decimal
    allowed: Decimal | None
    how: str

    @property
    def expected(self) -> Decimal:
        """Return the expected charge: the fee less what this office takes off."""
        return self.charge - self.off


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the patient's part, and where it comes from."""

    words: str
    amount: Range | None
    how: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What an estimate comes to now: its lines, the patient's part, each figure with its source, what is not known."""

    lines: Sequence[ExpectedLine]
    total: Range
    figures: Sequence[Figure] = ()
    unknown: Sequence[str] = ()

    @property
    def charges(self) -> Decimal:
        """Return the expected charges together."""
        return sum((one.expected for one in self.lines), ZERO)


def policy() -> EstimatePolicy:
    """Return what the office gives to those who pay themselves; what nobody has set takes nothing off."""
    return EstimatePolicy.objects.first() or EstimatePolicy(version=0)


def usual(type_ids: Iterable[UUID]) -> QuerySet[UsualService]:
    """Return the services that kinds of visit usually have, the visit itself first."""
    rows = UsualService.objects.filter(type_id__in=list(type_ids)).select_related("type")
    return rows.order_by("type__rank", "type__name", "-is_visit", "code")


def rates(day: date) -> QuerySet[ContractRate]:
    """Return what contracts allow on a day and later, by payer, plan and code."""
    rows = ContractRate.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
    return rows.select_related("payer", "plan").order_by(
        "payer__name", F("plan__name").asc(nulls_first=True), "code"
    )


def estimate(estimate_id: UUID) -> Estimate | None:
    """Return one estimate with its people, or None."""
    return _whole().filter(pk=estimate_id).first()


def of_patient(patient_id: UUID) -> QuerySet[Estimate]:
    """Return a patient's estimates, the latest first."""
    return _whole().filter(patient_id=patient_id).order_by("-asked_at", "-id")


def of_appointment(appointment_id: UUID) -> Estimate | None:
    """Return the standing estimate of a booked visit."""
    return _whole().filter(appointment_id=appointment_id, state__in=LIVE).first()


def versions(estimate_id: UUID) -> QuerySet[EstimateVersion]:
    """Return every version, the latest first."""
    rows = EstimateVersion.objects.filter(estimate_id=estimate_id).select_related("document")
    return rows.order_by("-number")


def to_do() -> list[Estimate]:
    """Return the estimates that a person must make or hand over, the most urgent first."""
    rows = _whole().filter(state__in=("asked", "made")).order_by(F("due_on").asc(nulls_last=True), "asked_at")
    return list(rows[:MOST_ROWS])


def over_bills() -> list[Estimate]:
    """Return the estimates that a bill is far over."""
    return list(_whole().filter(over_by__isnull=False).order_by("-over_by")[:MOST_ROWS])


def wanted(today: date, zone: ZoneInfo, *, is_whole: bool = False) -> list[Wanted]:
    """Return the booked visits of people who pay themselves that want an estimate and have none, the most urgent first.

    That is who has no plan on the day, or has said at booking or since that it is not used.
    Of more than a page those nearest their day are kept; all of them where it `is_whole`.
    """
    covered = Coverage.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("on_day")),
        patient_id=OuterRef("patient_id"),
        starts_on__lte=OuterRef("on_day"),
        rank__gt=0,
        entered_in_error_at__isnull=True,
    )
    begun = Estimate.objects.filter(appointment_id=OuterRef("pk")).exclude(state="closed", why=CANCELLED)
    moved = Estimate.objects.filter(appointment__moved_to_id=OuterRef("pk"), state__in=LIVE)
    rows = Appointment.objects.filter(booking="scheduled", on_day__gt=today, is_walk_in=False)
    rows = rows.filter(~Exists(covered) | Q(pays_self=True), ~Exists(begun), ~Exists(moved))
    due = {
        one.pk: deadline
        for one in rows.only("booked_at", "on_day", "pays_self", "pays_self_since")
        if (deadline := by_booking(one, zone))
    }
    nearest = sorted(due, key=lambda pk: (abs((due[pk].on - today).days), str(pk)))
    kept = nearest if is_whole else nearest[:MOST_ROWS]
    found = [Wanted(one, due[one.pk]) for one in Appointment.objects.filter(pk__in=kept).with_people()]
    return sorted(found, key=lambda one: (one.deadline.on, one.appointment.starts_at))


def by_booking(booked: Appointment, zone: ZoneInfo) -> good_faith.Deadline | None:
    """Return by when a booked visit wants its estimate: the clock begins with the booking, or once no plan is used."""
    since = booked.pays_self_since if booked.pays_self else None
    begins = max(booked.booked_at, since) if since else booked.booked_at
    return good_faith.when_booked(local_day(begins, zone), booked.on_day)


def booking_changed() -> list[Estimate]:
    """Return the standing estimates whose booked visit was moved, cancelled or given to another clinician."""
    rows = _whole().filter(state__in=LIVE, appointment__isnull=False)
    gone = Q(
        appointment__booking__in=("cancelled", "late_cancelled", "no_show", "entered_in_error", "rescheduled")
    )
    other = ~Q(appointment__on_day=F("service_on")) | ~Q(appointment__provider=F("provider"))
    return list(rows.filter(gone | other).order_by("asked_at")[:MOST_ROWS])


def change_of(held: Estimate) -> str:
    """Return what has become of the booked visit since the estimate, in words; nothing while it stands as it was."""
    booked = held.appointment
    if booked is None or held.state not in LIVE:
        return ""
    if booked.booking == "rescheduled" and booked.moved_to is not None:
        return _("The visit was moved to %(day)s.") % {"day": words.day(booked.moved_to.on_day)}
    if booked.booking not in ("scheduled", "completed"):
        return _(CANCELLED)
    if booked.on_day != held.service_on or booked.provider_id != held.provider_id:
        return _("The visit has another day or clinician now.")
    return ""


def expected(held: Estimate) -> Expected:
    """Return what an estimate comes to now, in a constant number of statements."""
    lines = list(held.lines.order_by("-is_visit", "code"))
    if held.kind == Estimate.Kind.GOOD_FAITH or held.coverage is None:
        percent = held.discount_percent
        told = [_self_pay_line(one, percent) for one in lines]
        total = sum((one.expected for one in told), ZERO)
        return Expected(told, Range(total, total))
    day = held.service_on or local_day(held.asked_at, held.location.zone)
    told = _with_contract(lines, held.coverage, day)
    answer = coverage.latest_answer(held.patient_id, held.coverage_id)
    service = held.appointment.type.copay_service if held.appointment else copays.usual()
    shield = protecting.protection_on(held.patient_id, day, service=service)
    said = _benefits(held.coverage, answer, service, is_protected=shield is not None)
    services = [Service(one.line.code, one.charge, one.allowed, one.line.is_visit) for one in told]
    share = share_of(services, said)
    if shield is not None and shield.allowed:
        most = Range(shield.allowed, shield.allowed)
        figures = [Figure(_("The copay that Medicaid named"), most, shield.sentence)]
        return Expected(told, most, figures, [])
    figures = _figures(share, said, held.coverage, answer, service, held.location.zone)
    if shield is not None:
        figures = [Figure(_("Nothing may be asked of this patient"), share.total, shield.sentence)]
    return Expected(told, share.total, figures, _unknown(share, answer, day))


@dataclass(frozen=True, slots=True)
class Bill:
    """What was posted for a visit, what the office has taken off it, and what the estimate promised to take off."""

    posted: Decimal
    taken_off: Decimal
    promised: Decimal

    @property
    def asked(self) -> Decimal:
        """Return what is asked once the promise is kept: this is held against the estimate."""
        return self.posted - max(self.taken_off, self.promised)

    @property
    def discount_due(self) -> Decimal:
        """Return what of the promise is still to be taken off."""
        return max(self.promised - self.taken_off, ZERO)


def bill_of(held: Estimate) -> Bill:
    """Return what was posted for the visit of an estimate under its clinician, and what comes off it."""
    charges = dict(_posted(held).values_list("pk", "amount"))
    office = Q(entry__kind=LedgerEntry.Kind.ADJUSTMENT) | Q(entry__reverses__kind=LedgerEntry.Kind.ADJUSTMENT)
    off = LedgerLine.objects.filter(
        office, charge_id__in=list(charges), account__in=("write_off", "contract", "plan_other")
    )
    posted = sum(charges.values(), ZERO)
    return Bill(
        posted,
        off.aggregate(all=Sum("amount"))["all"] or ZERO,
        sum((rules.price(one, held.discount_percent / 100) for one in charges.values()), ZERO),
    )


def _posted(held: Estimate) -> QuerySet[Charge]:
    rows = Charge.objects.filter(state=Charge.State.POSTED, provider_id=held.provider_id)
    if held.appointment_id is not None:
        rows = rows.filter(visit__appointment_id=held.appointment_id)
    elif held.service_on is not None:
        rows = rows.filter(patient_id=held.patient_id, service_on=held.service_on)
    else:
        return rows.none()
    return rows


def of_visit(*, patient_id: UUID, appointment_id: UUID | None, service_on: date) -> list[Estimate]:
    """Return the good-faith estimates that a visit's bill is held against."""
    own = Q(appointment_id=appointment_id) if appointment_id else Q(pk__in=[])
    rows = _whole().filter(kind=Estimate.Kind.GOOD_FAITH, state__in=LIVE, patient_id=patient_id)
    return list(rows.filter(own | Q(appointment__isnull=True, service_on=service_on)))


def estimates_by_plans(coverage_ids: Collection[UUID], _now: datetime) -> str:
    """Return that an estimate was made or handed over which reckons with one of some plans; else empty text."""
    rows = Estimate.objects.filter(coverage_id__in=list(coverage_ids), state__in=("made", "given"))
    number = rows.order_by("number").values_list("number", flat=True).first()
    return _("Estimate %(number)s reckons with it.") % {"number": number} if number else ""


def due_at(held_on: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day that is due is over."""
    return day_bounds(held_on, zone)[1]


def _whole() -> QuerySet[Estimate]:
    return Estimate.objects.select_related(
        "patient",
        "provider",
        "location",
        "coverage__plan__payer",
        "appointment__type",
        "appointment__moved_to",
    )


def _self_pay_line(line: EstimateLine, percent: Decimal) -> ExpectedLine:
    charge = rules.price(line.unit_fee, line.units)
    off = rules.price(charge, percent / 100)
    how = _("fee less %(percent)s%%") % {"percent": f"{percent.normalize():f}"} if off else _("fee schedule")
    return ExpectedLine(line, charge, off, None, how)


def _with_contract(lines: Sequence[EstimateLine], held: Coverage, day: date) -> list[ExpectedLine]:
    """Return the lines with what the plan's own row allows, else the payer's; one statement."""
    rows = ContractRate.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day),
        Q(plan_id=held.plan_id) | Q(plan__isnull=True),
        payer_id=held.plan.payer_id,
        starts_on__lte=day,
        code__in=[one.code for one in lines],
    )
    best: dict[str, ContractRate] = {}
    for row in rows.order_by(F("plan_id").asc(nulls_first=True), "starts_on"):
        best[row.code] = row
    found = []
    for line in lines:
        rate = best.get(line.code)
        allowed = rules.price(rate.amount, line.units) if rate else None
        who = held.plan.name if rate and rate.plan_id else held.plan.payer.name
        how = _("contract with %(who)s from %(day)s") if rate else _("no contract row")
        told = how % {"who": who, "day": words.day(rate.starts_on)} if rate else how
        found.append(ExpectedLine(line, rules.price(line.unit_fee, line.units), ZERO, allowed, told))
    return found


def _benefits(
    held: Coverage, answer: EligibilityResponse | None, service: str, *, is_protected: bool
) -> Benefits:
    if answer is None:
        return Benefits(copay=held.plan.office_copay, is_protected=is_protected)
    copay = answer.copay_for(service)
    return Benefits(
        copay=copay if copay is not None else held.plan.office_copay,
        deductible_left=answer.deductible_left,
        deductible=answer.deductible,
        coinsurance=answer.coinsurance_percent,
        limit_left=answer.out_of_pocket_left,
        is_protected=is_protected,
    )


def _figures(
    share: Share,
    said: Benefits,
    held: Coverage,
    answer: EligibilityResponse | None,
    service: str,
    zone: ZoneInfo,
) -> list[Figure]:
    allowed = _("what the contract allows, or at most the fee")
    found = [Figure(_("The plan allows"), share.allowed, allowed)]
    own = answer is not None and answer.copay_for(service) is not None
    card = _("what the %(plan)s card says") % {"plan": held.plan.name}
    found.append(
        Figure(
            _("Copay"),
            share.copay,
            _source(answer, "copay", zone, service) if own else card if said.copay is not None else _nobody(),
        )
    )
    left = _("%(left)s left; %(how)s") % {
        "left": words.usd(said.deductible_left),
        "how": _source(answer, "deductible_left", zone),
    }
    found.append(
        Figure(_("Deductible"), share.deductible, left if said.deductible_left is not None else _nobody())
    )
    percent = f"{said.coinsurance.normalize():f}%; " if said.coinsurance is not None else ""
    told = percent + _source(answer, "coinsurance_percent", zone) if percent else _nobody()
    found.append(Figure(_("Coinsurance on the rest"), share.coinsurance, told))
    if share.over_limit.high:
        most = _("%(left)s left of the year's limit; %(how)s") % {
            "left": words.usd(said.limit_left),
            "how": _source(answer, "out_of_pocket_left", zone),
        }
        less = Range(-share.over_limit.high, -share.over_limit.low)
        found.append(Figure(_("Over the year's limit"), less, most))
    return found


def _source(
    answer: EligibilityResponse | None, figure: str, zone: ZoneInfo, service: str | None = None
) -> str:
    if answer is None:
        return _nobody()
    how: Any = answer.how_of(service) if service else answer.sources.get(figure, {}).get("how", "")
    said = _("%(plan)s said so on %(day)s") % {
        "plan": answer.inquiry.coverage.plan.name,
        "day": words.day(local_day(answer.answered_at, zone)),
    }
    return f"{said}: {how}" if how else said


def _nobody() -> str:
    return _("the plan has not said")


def _unknown(share: Share, answer: EligibilityResponse | None, day: date) -> list[str]:
    """Return in words what nobody has said, and where the plan's answer is about another time."""
    sentences = {
        "price": _("What the plan allows for a service: no contract row."),
        "copay": _("The copay."),
        "deductible": _("What is left of the deductible."),
        "coinsurance": _("The coinsurance."),
        "limit": _("What is left of the year's out-of-pocket limit."),
    }
    found = [sentences[one] for one in share.unknown if one in sentences]
    if answer is not None and answer.verdict != EligibilityResponse.Verdict.ELIGIBLE:
        found.insert(
            0, _("The plan did not say that the patient is covered: %(said)s") % {"said": answer.sentence}
        )
    if answer is not None and not speaks_for(day, asked_for=answer.inquiry.service_on):
        found.insert(0, _("The plan's answer is for another month: ask it again."))
    return found
