"""What is no matter of the health plan alone: injuries with their insurers, an advance notice, enrolments."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from daysheet.coverage import commands as coverage
from daysheet.coverage import queries as coverages
from daysheet.coverage.commands import CaseFacts, NoticeFacts
from daysheet.coverage.enrolment import PayerEnrolment
from daysheet.coverage.models import Coverage, Payer
from daysheet.schedule.models import Appointment
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.visits import PlayedVisit

INSURERS = (("State Compensation Fund", "SCF01"), ("Highway Mutual", "HWY01"))


@transaction.atomic
def play_cases(play: PlayedPractice, today: date, now: datetime) -> None:
    """Let two who come soon have been hurt, one of Medicare be told in advance, and the office be enrolled in part."""
    _injuries(play, today, now)
    _notice(play, today, now)
    _enrolments(play, today, now)


def _injuries(play: PlayedPractice, today: date, now: datetime) -> None:
    desk, manager = play.office.by("receptionist", now), play.office.by("office_manager", now)
    fund, mutual = (coverage.add_payer(manager, name=name, payer_id=wire) for name, wire in INSURERS)
    coming = Appointment.objects.filter(
        booking="scheduled", starts_at__gt=now, patient__born_on__lt=date(2000, 1, 1)
    )
    chosen = list({one.patient_id: one for one in coming.order_by("starts_at", "id")[:8]}.values())[:2]
    facts = (
        CaseFacts(
            "work", fund.pk, today - timedelta(days=12), "left wrist, fall from a ladder", employer="Hill Street Bakery",
            claim_number="WC-204417", adjuster_name="Ann Reyes", adjuster_phone="+15552010177",
        ),
        CaseFacts("auto", mutual.pk, today - timedelta(days=4), "neck, hit from behind", state="OH"),
    )  # fmt: skip
    for one, said in zip(chosen, facts, strict=False):
        case = coverage.add_case(desk, patient_id=one.patient_id, facts=said, today=today)
        coverage.put_appointment_under(
            desk, appointment_id=one.id, patient_id=one.patient_id, day=one.on_day, case_id=case.pk
        )


@transaction.atomic
def play_papers(play: PlayedPractice, today: date, now: datetime, booked: Sequence[PlayedVisit]) -> None:
    """Let what the days of a play bring be known on the evening before: injuries, a notice, visits authorized."""
    if play.office.plays.hurt:
        _injuries(play, today, now)
    _notice(play, today, now)
    desk = play.office.by("receptionist", now)
    for visit in booked:
        held = coverages.coverage_on(visit.patient.id, today)
        if held is not None and held.plan.payer.partner_id is not None:
            coverage.add_authorization(
                desk,
                patient_id=visit.patient.id,
                coverage_id=held.pk,
                kind="prior",
                number=f"PA-{today:%m%d}",
                starts_on=today - timedelta(days=30),
                visits_approved=6,
            )
            return


def _notice(play: PlayedPractice, today: date, now: datetime) -> None:
    desk = play.office.by("receptionist", now)
    held = Coverage.objects.filter(
        rank=1,
        plan__payer__filing_code__in=("MA", "MB"),
        ends_on__isnull=True,
        entered_in_error_at__isnull=True,
    )
    first = held.order_by("id").first()
    if first is None:
        return
    facts = NoticeFacts(
        service="Vitamin D test", code="X0020", why="not_necessary", cost=Decimal("58.00"), service_on=today,
        reason="Medicare does not pay for this test as often as this.",
    )  # fmt: skip
    notice = coverage.write_notice(desk, patient_id=first.patient_id, facts=facts, today=today)
    coverage.sign_notice(
        desk,
        notice_id=notice.pk,
        version=1,
        option="1",
        signed_on=today,
        signed_by="signed on paper",
        today=today,
    )


def _enrolments(play: PlayedPractice, today: date, now: datetime) -> None:
    by = play.office.by("biller", now)
    states = ("approved", "at_payer", "sent", "approved", "refused", "approved")
    payers = Payer.objects.filter(partner__isnull=False).order_by("name")
    for payer in payers:
        for number, what in enumerate(PayerEnrolment.What.values):
            state = states[(len(payer.name) + number) % len(states)]
            coverage.note_enrolment(
                by, payer_id=payer.pk, what=what, version=0, state=state, since=today - timedelta(days=20 + number),
                today=today, follow_up_on=today + timedelta(days=5) if state in ("sent", "at_payer") else None,
            )  # fmt: skip
