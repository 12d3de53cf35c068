"""Who pays first, said where plans are entered and where the patient stands: the order, and Medicare's questions."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.coverage import queries
from daysheet.coverage.models import Coverage
from daysheet.coverage.rules.order import medicare_questions_are_due
from daysheet.patients.models import Patient


def words_of_order(patient: Patient, held: Sequence[Coverage], *, day: date, zone: ZoneInfo) -> list[str]:
    """Return what the desk should know of the order of the plans of a day: one statement, none for a single plan.

    Empty where the plans stand as they pay, or nothing is settled and no question of Medicare is due.
    """
    if len(held) < 2:
        return []
    facts = queries.paying_facts(patient.pk)
    found = queries.paying_order(patient, held, facts, day=day)
    said: list[str] = []
    stands = [one.pk for one in sorted(held, key=lambda one: one.rank)]
    if found.is_settled and [place.plan.id for place in found.places] != stands:
        first = found.places[0].plan.name
        said.append(_("These plans pay in another order: %(plan)s pays first.") % {"plan": first})
    asked_on = facts.asked_at.astimezone(zone).date() if facts else None
    has_medicare = any(one.plan.kind == "medicare" for one in held)
    if medicare_questions_are_due(asked_on, today=day, has_medicare=has_medicare):
        said.append(_("Medicare's questions are due: ask them today."))
    return said
