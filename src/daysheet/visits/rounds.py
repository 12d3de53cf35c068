"""The list of visits away from the office: what was entered for a clinician and a day, and whom a typed row means."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.words import born
from daysheet.visits.models import Visit

ROWS = 10
MOST_CHOICES = 6
SURE = 2
"""So many things said must be true of a patient to be taken without asking, a number or a birth date among them."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a typed row means: one patient, or those among whom a person chooses."""

    patient: Patient | None
    choices: list[Patient]

    @property
    def sentence(self) -> str:
        """Return what to do where it is not sure."""
        if self.patient is not None:
            return ""
        return _("Choose who it is.") if self.choices else _("Nobody is found by that. Check it.")


def entered(provider_id: UUID, day: date) -> list[Visit]:
    """Return what stands on the list of a clinician and a day, by time: one statement."""
    rows = Visit.objects.on(day).filter(provider_id=provider_id, is_round=True)
    return list(rows.select_related("patient", "care_place").order_by("arrived_at", "number"))


def as_last_time(provider_id: UUID, before: date) -> list[Visit]:
    """Return the list of the clinician's last day with visits away from the office: a round is mostly the same again."""
    rows = Visit.objects.filter(provider_id=provider_id, is_round=True, service_on__lt=before)
    last = rows.exclude(flow="undone").order_by("-service_on").values_list("service_on", flat=True).first()
    return entered(provider_id, last)[:ROWS] if last else []


def meant(text: str, *, today: date, picked: UUID | None = None) -> Meant:
    """Return whom a text means; `picked` is whom a person chose among those that were shown."""
    found = patients.search(text=text, today=today, limit=MOST_CHOICES + 1)
    rows = [hit.patient for hit in found]
    chosen = next((row for row in rows if row.pk == picked), None)
    is_sure = len(found) == 1 and found[0].answered >= SURE and any(sign.isdigit() for sign in text)
    if chosen is None and is_sure:
        chosen = rows[0]
    return Meant(chosen, [] if chosen else rows[:MOST_CHOICES])


def typed_of(row: Patient) -> str:
    """Return what one types to mean a patient surely: chart number and family name."""
    return f"{row.chart_number} {row.family}"


def who_of(row: Patient) -> str:
    """Return a patient as the list says it."""
    return f"{row.family.upper()}, {row.given} ({born(row.born_on)}, {row.chart_number})"


def place_of(visit: Visit) -> str:
    """Return where a visit took place."""
    return visit.care_place.name if visit.care_place else _("Patient's home")
