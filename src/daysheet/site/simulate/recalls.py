"""Recalls of a played morning: visits that come again, who is due, what was done about it; what a missed visit costs."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction

from daysheet.kernel.clock import local_day
from daysheet.kernel.errors import Refusal
from daysheet.patients.models import Patient
from daysheet.schedule import commands, recalls
from daysheet.schedule import queries as book
from daysheet.schedule.models import Recall
from daysheet.schedule.recalling import USUAL, Step
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.visits import may_come

DUE = (-420, -75, -41, -33, -16, -9, -2, 0, 3, 8, 15, 34, 40, 47)
"""How many days from today those are due whom the old system knew of."""
DUE_AGAIN = (-17, 0, -3, 20, -1, -40, -5, 9, -2, 44)
"""The same, of the days that are played: to be called, written to, sent a letter."""
CALLS_A_DAY = 3


def begin_recalls(play: PlayedPractice, today: date, now: datetime) -> None:
    """Let a kind of visit come again, some of the known be due for it, and letters and messages go by themselves."""
    manager, by = (play.office.by(role, now) for role in ("office_manager", "receptionist"))
    kind = play.office.types[play.office.plays.follow_up]
    again = commands.keep_recall_type(
        manager,
        name=f"{kind.name}, twice a year",
        every_months=6,
        visit_type_id=kind.pk,
        steps=[Step(-30, "letter"), Step(0, "sms"), Step(14, "call")],
    )
    commands.keep_recall_sending(manager, is_on=True, from_clock=time(9), to_clock=time(18))
    able = [one for one in play.known if may_come(one, kind, today)]
    for who, days in zip(able, DUE_AGAIN, strict=False):
        day = today + timedelta(days=days)
        commands.set_recall_day(by, patient_id=who.pk, type_id=again.pk, due_on=day, reason="Old system")


def call_for_recalls(play: PlayedPractice, now: datetime) -> None:
    """Call the first of those whose turn it is to be called; who is reached books, declines, or wants it later."""
    desk, today = play.office.by("receptionist", now), local_day(now, play.office.practice.zone)
    due = recalls.steps_to_do(today=today, now=now).order_by("due_on", "patient__chart_number")
    for one in due[:CALLS_A_DAY]:
        chance = play.chance.of("recall", today, play.known_number(one.patient_id))
        outcome = chance.one_of(("spoke", "left_message", "no_answer"), (60, 25, 15))
        try:
            commands.note_recall_contact(desk, recall_id=one.pk, version=None, way="call", outcome=outcome)
        except Refusal:
            continue  # hears nothing from us
        if outcome != "spoke":
            continue
        if chance.happens(25):
            commands.stop_recall(desk, recall_id=one.pk, version=None, why="declined", words="Goes elsewhere")
        else:
            _book_again(play, one, today, now)


def _book_again(play: PlayedPractice, one: Recall, today: date, now: datetime) -> None:
    office = play.office
    kind = office.types[office.plays.follow_up]
    slots = book.open_slots(
        type_id=kind.id, provider_ids=None, location_id=office.locations[0].id,
        first_day=today + timedelta(days=5), last_day=today + timedelta(days=12), now=now, limit=2,
    )  # fmt: skip
    for slot in slots:
        try:
            commands.book_appointment(
                office.by("receptionist", now), patient_id=one.patient_id, provider_id=slot.provider_id,
                location_id=slot.location_id, type_id=kind.id, starts_at=slot.starts_at, reason="Recall",
                limit_reason=office.plays.limit_reason,
            )  # fmt: skip
        except Refusal:
            continue
        return


@transaction.atomic
def play_recalls(play: PlayedPractice, today: date, now: datetime) -> None:
    """Let two kinds of visit come again, some patients be due, one have declined, and one have been called."""
    manager, by = (play.office.by(role, now) for role in ("office_manager", "receptionist"))
    physical, follow_up = (play.office.types[name] for name in ("Physical", "Follow-up"))
    yearly = commands.keep_recall_type(
        manager,
        name="Yearly physical",
        every_months=12,
        visit_type_id=physical.pk,
        after_types=[physical.pk, play.office.types["New patient"].pk],
        steps=[Step(*one) for one in USUAL],
    )
    commands.keep_recall_type(
        manager,
        name="Blood pressure check",
        every_months=3,
        visit_type_id=follow_up.pk,
        youngest=40,
        steps=[Step(0, "sms"), Step(14, "call")],
    )
    people = Patient.objects.filter(status="active").order_by("chart_number")[3 : 3 + len(DUE)]
    made: list[Recall] = []
    for who, days in zip(people, DUE, strict=False):
        day = today + timedelta(days=days)
        made.append(
            commands.set_recall_day(by, patient_id=who.pk, type_id=yearly.pk, due_on=day, reason="Old system")
        )
    commands.take_usual_cancel_reasons(manager)
    commands.keep_missed_fee_rule(manager, type_id=None, outcome="", forgiven=1, amount=Decimal(25))
    commands.keep_missed_fee_rule(
        manager, type_id=physical.pk, outcome="no_show", forgiven=0, amount=Decimal(50)
    )
    if made:
        commands.restrict_booking(
            by, patient_id=made[0].patient_id, kind="prepay", reason="Three missed visits", since=today
        )
    if len(made) > 4:
        commands.stop_recall(by, recall_id=made[1].pk, version=None, why="declined", words="Sees a cousin")
        commands.note_recall_contact(
            by, recall_id=made[2].pk, version=None, way="call", outcome="left_message"
        )
