"""Recalls of a played morning: visits that come again, who is due, what was done about it; what a missed visit costs."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from daysheet.patients.models import Patient
from daysheet.schedule import commands
from daysheet.schedule.models import Recall
from daysheet.schedule.recalling import USUAL, Step
from daysheet.site.simulate.played import PlayedPractice

DUE = (-420, -75, -41, -33, -16, -9, -2, 0, 3, 8, 15, 34, 40, 47)
"""How many days from today those are due whom the old system knew of."""


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
