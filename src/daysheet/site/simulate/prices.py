"""Prices told ahead, and money on cards: contracts, usual services, estimates begun and handed over, a hold."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from daysheet.charges import commands as charges
from daysheet.charges import estimating
from daysheet.charges import queries as fees
from daysheet.charges.models import Estimate, UsualService
from daysheet.coverage import queries as coverage
from daysheet.ledger import carding
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.patients.models import Patient
from daysheet.schedule.models import Appointment
from daysheet.site.simulate.cards import hold, open_card_door
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.repertoire import FAMILY

ASKED_AT = (9, 50)
RANK = 4700
KEPT = "test_mastercard"
HELD_ON = ("test_visa", "test_declined")
ALLOWED = Decimal("0.7")
"""What the played contracts allow of a fee."""


def tell_prices(play: PlayedPractice, today: date, now: datetime) -> None:
    """Let the office have contracts and usual services, and some estimates and card payments on the way."""
    with transaction.atomic():
        _contracts(play, today, now)
        _estimates(play, today, now)
        _a_question(play, now)
        open_card_door(play, now)
    _cards(play, now)


def keep_contracts(play: PlayedPractice, today: date, now: datetime) -> None:
    """Let the office know what its first payers allow, where it does not know yet what its visits usually are."""
    if not UsualService.objects.exists():
        _contracts(play, today, now)


def plan_prices(play: PlayedPractice, day: date) -> None:
    """Let estimates be made of a morning: for who pays alone, for who has a plan, for who calls and asks."""
    play.plan(play.moment(day, *ASKED_AT), RANK, lambda now: _ask_prices(play, day, now))


def _ask_prices(play: PlayedPractice, day: date, now: datetime) -> None:
    _a_question(play, now, play.office.plays.follow_up)
    _estimates(play, day, now)


def _contracts(play: PlayedPractice, today: date, now: datetime) -> None:
    by = play.office.by("office_manager", now)
    known = list(fees.fees(today))
    for name, slips in FAMILY.done.items():
        if name not in play.office.types:
            continue
        kind = play.office.types[name]
        charges.set_usual_service(by, type_id=kind.id, code=slips[0][0], is_visit=kind.takes_copay)
    for name, code in (("Physical", "L0110"), ("New patient", "L0120")):
        charges.set_usual_service(by, type_id=play.office.types[name].id, code=code)
    charges.set_estimate_policy(
        by,
        version=0,
        discount_percent=Decimal(20),
        others_note="Blood tests are done by a laboratory outside, which sends its own bill.",
    )
    for payer in list(coverage.payers())[:2]:
        for one in known:
            amount = (one.amount * ALLOWED).quantize(Decimal("0.01"))
            charges.set_rate(by, payer_id=payer.pk, code=one.code, amount=amount, starts_on=one.starts_on)


def _estimates(play: PlayedPractice, today: date, now: datetime) -> None:
    by = play.office.by("receptionist", now)
    for number, one in enumerate(estimating.wanted(today, play.office.practice.zone)[:4]):
        booked = one.appointment
        held = charges.ask_estimate(
            by,
            patient_id=booked.patient_id,
            appointment_id=booked.pk,
            has_coverage=False,
            uses_coverage=False,
            is_request=False,
        )
        if number < 2:
            made = charges.make_estimate(by, estimate_id=held.pk, version=held.version)
        if number < 1:
            charges.hand_over_estimate(by, estimate_id=held.pk, version=made.estimate.version, how="hand")
    ahead = Appointment.objects.holding().after(now + timedelta(days=1)).order_by("starts_at", "id")
    for booked in ahead[:40]:
        plan = coverage.coverage_on(booked.patient_id, booked.on_day)
        stands = Estimate.objects.filter(appointment_id=booked.pk).exists()
        if plan is not None and not stands and coverage.latest_answer(booked.patient_id, plan.pk) is not None:
            held = charges.ask_estimate(
                by,
                patient_id=booked.patient_id,
                appointment_id=booked.pk,
                has_coverage=True,
                uses_coverage=True,
            )
            if play.has_desk:
                charges.make_estimate(by, estimate_id=held.pk, version=held.version)
            return


def _a_question(play: PlayedPractice, now: datetime, name: str = "Physical") -> None:
    """Somebody without a plan calls and asks what a visit costs; the paper waits to be handed over."""
    by = play.office.by("receptionist", now)
    held = charges.ask_estimate(
        by,
        patient_id=play.chance.of("asks a price", play.days_played)
        .one_of(play.known or list(Patient.objects.all()[:9]))
        .id,
        has_coverage=False,
        uses_coverage=False,
        provider_id=play.office.providers[0].id,
        location_id=play.office.locations[0].id,
        type_id=play.office.types[name].id,
    )
    made = charges.make_estimate(by, estimate_id=held.pk, version=held.version)
    if play.has_desk:
        charges.hand_over_estimate(by, estimate_id=held.pk, version=made.estimate.version, how="post")


def _cards(play: PlayedPractice, now: datetime) -> None:
    by = play.office.by("receptionist", now)
    with transaction.atomic():
        today = books.posting_day(now)
        coming = list(
            Appointment.objects.holding().after(now).order_by("starts_at", "id").select_related("patient")
        )
        near = [one for one in coming if today < one.on_day <= today + timedelta(days=4)]
        who = Patient.objects.order_by("chart_number").first()
    if who is not None:
        kept = ledger.begin_card(by, patient_id=who.pk, kind="save", token=KEPT)
        carding.carry_on(by, charge_id=kept.pk)
    tokens = list(HELD_ON)
    for booked in near:
        if tokens and hold(
            by, booked.patient_id, day=booked.on_day, location_id=booked.location_id, token=tokens[0]
        ):
            tokens.pop(0)
