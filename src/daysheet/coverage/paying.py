"""Who pays first, said where plans are entered and where the patient stands: the order, and Medicare's questions."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.coverage import queries
from daysheet.coverage.models import Coverage, PayingFacts
from daysheet.coverage.rules.order import medicare_questions_are_due
from daysheet.patients.models import Patient


def words_of_order(patient: Patient, held: Sequence[Coverage], *, day: date, zone: ZoneInfo) -> list[str]:
    """Return what the desk should know of the order of the plans of a day: one statement, none for a single plan.

    Empty where the plans stand as they pay, or nothing is settled and no question of Medicare is due.
    """
    if len(held) < 2:
        return []
    first, questions = matters_of_order(patient, held, queries.paying_facts(patient.pk), day=day, zone=zone)
    said = [_("These plans pay in another order: %(plan)s pays first.") % {"plan": first}] if first else []
    return [*said, _("Medicare's questions are due: ask them today.")] if questions else said


def matters_of_order(
    patient: Patient, held: Sequence[Coverage], facts: PayingFacts | None, *, day: date, zone: ZoneInfo
) -> tuple[str, bool]:
    """Return which plan of a day pays first where they stand in another order, and whether Medicare's questions are due.

    An empty name where the plans stand as they pay, or nothing is settled.
    """
    if len(held) < 2:
        return "", False
    found = queries.paying_order(patient, held, facts, day=day)
    stands = [one.pk for one in sorted(held, key=lambda one: one.rank)]
    stands_wrong = found.is_settled and [place.plan.id for place in found.places] != stands
    asked_on = facts.asked_at.astimezone(zone).date() if facts else None
    has_medicare = any(one.plan.kind == "medicare" for one in held)
    questions = medicare_questions_are_due(asked_on, today=day, has_medicare=has_medicare)
    return (found.places[0].plan.name if stands_wrong else ""), questions
