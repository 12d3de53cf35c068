"""Alerts as they are shown: chips in the banner, the block that is read out, the list, what ends soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Actor
from daysheet.patients import care
from daysheet.patients.care import CareLine
from daysheet.patients.models import AlertStep, Patient, PatientAlert
from daysheet.patients.rules.alerts import AUDIENCES, SOON

PLACE_WORDS = {
    "book": _("when booking"),
    "check_in": _("at check-in"),
    "call": _("on a call"),
    "check_out": _("at check-out"),
    "money": _("when money is taken"),
}
_WEIGHT = {"stop": 0, "attention": 1, "neutral": 2}


@dataclass(frozen=True, slots=True)
class Said:
    """An alert that is read out at a place, and when the reader ticked it today."""

    alert: PatientAlert
    read: AlertStep | None

    @property
    def is_due(self) -> bool:
        """Return whether the reader must still say that it was read."""
        return self.alert.must_confirm and self.read is None


@dataclass(frozen=True, slots=True)
class ReadOut:
    """What is read out of a patient at a place."""

    place: str
    lines: Sequence[Said] = ()
    ticked: frozenset[str] = frozenset()
    """What was ticked in the form that is shown again."""
    care: Sequence[CareLine] = ()
    """What is read out of a child in the care of an agency."""


def audiences_of(by: Actor) -> list[str]:
    """Return the audiences that a person is one of."""
    return [name for name, needs in AUDIENCES.items() if by.can(needs)]


def standing(by: Actor, row: Patient, *, today: date) -> list[PatientAlert]:
    """Return the alerts that stand today and that the reader may see, the loudest first."""
    if not row.has_alerts:
        return []
    found = list(_open(by, today=today).filter(patient_id=row.pk).order_by("made_at", "id"))
    return sorted(found, key=lambda one: _WEIGHT[one.tone])


def read_out(by: Actor, row: Patient, place: str, *, today: date, ticked: Sequence[str] = ()) -> ReadOut:
    """Return the alerts that are read out at a place, each with the reader's own tick of today."""
    found = [one for one in standing(by, row, today=today) if place in one.places]
    asked = [one.pk for one in found if one.must_confirm]
    reads = _reads(by, asked, place, today) if asked else {}
    lines = [Said(one, reads.get((one.pk, one.version))) for one in found]
    return ReadOut(place, lines, frozenset(ticked), care.lines_at(row, place, today=today))


def alert(by: Actor, alert_id: UUID) -> PatientAlert | None:
    """Return one alert that the reader may see, with its patient."""
    mine = PatientAlert.objects.filter(audience__in=audiences_of(by))
    return mine.select_related("patient").filter(pk=alert_id).first()


def of_patient(by: Actor, patient_id: UUID) -> list[PatientAlert]:
    """Return every alert of a patient that the reader may see, with what happened to each, the newest first."""
    steps = Prefetch("steps", AlertStep.objects.order_by("at", "id"))
    mine = PatientAlert.objects.filter(patient_id=patient_id, audience__in=audiences_of(by))
    return list(mine.order_by("-made_at", "-id").prefetch_related(steps))


def ending(by: Actor, *, today: date) -> QuerySet[PatientAlert]:
    """Return the alerts of the office that end within two weeks, the next first."""
    soon = _open(by, today=today).filter(until_on__lte=today + SOON).select_related("patient")
    return soon.order_by("until_on", "patient__chart_number", "id")


def _open(by: Actor, *, today: date) -> QuerySet[PatientAlert]:
    lasting = Q(until_on=None) | Q(until_on__gte=today)
    return PatientAlert.objects.filter(lasting, closed_at=None, audience__in=audiences_of(by))


def _reads(
    by: Actor, alert_ids: Sequence[UUID], place: str, today: date
) -> dict[tuple[UUID, int], AlertStep]:
    steps = AlertStep.objects.filter(
        alert_id__in=alert_ids, kind="read", place=place, user_id=by.user_id, on_day=today
    )
    return {(one.alert_id, one.alert_version): one for one in steps}
