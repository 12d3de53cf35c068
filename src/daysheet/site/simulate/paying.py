"""Payment plans of a played office: one that runs, one that is due today, one that waits for its signature."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from daysheet.kernel.money import ZERO
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.asking import asking
from daysheet.patients.models import Patient
from daysheet.site.simulate.played import PlayedPractice

LEAST, MOST = Decimal(60), Decimal(600)


@transaction.atomic
def promise_to_pay(play: PlayedPractice, today: date, now: datetime) -> int:
    """Let three patients who owe enough agree to instalments; return how many found a plan."""
    desk = play.office.by("receptionist", now)
    owing = [row.patient for row in books.who_owes()[:40] if LEAST <= row.owes <= MOST]
    made = 0
    for patient in owing:
        amount = max(asking(patient.pk).may_ask - books.balance(patient.pk).credit, ZERO)
        if amount < LEAST or made == 3:
            continue
        is_due = made == 1
        plan = ledger.offer_plan(
            desk,
            patient_id=patient.pk,
            amount=amount,
            every="two_weeks" if is_due else "month",
            first_on=max(today, books.posting_day(now)) + timedelta(days=0 if is_due else 20),
            count=4 if is_due else 3,
        )
        if made < 2:
            ledger.sign_plan(
                desk, plan_id=plan.pk, version=plan.version, signed_by=_name(patient), agrees=True
            )
        made += 1
    return made


def _name(patient: Patient) -> str:
    return f"{patient.given} {patient.family}"
