"""What must not be missed about patients, and who may bring a child: alerts, parents, a court order."""

from datetime import date, datetime, timedelta

from django.db import transaction

from daysheet.patients import commands as patients
from daysheet.patients.commands import RightFact
from daysheet.patients.rules.alerts import AlertFact
from daysheet.schedule.models import Appointment
from daysheet.site.simulate.played import PlayedPractice

ALERTS = (
    AlertFact("Hard of hearing: speak into the left ear", places=("book", "check_in", "call")),
    AlertFact("Payment plan of $40 a month: ask for nothing more", tone="stop", places=("money",), must_confirm=True),
    AlertFact("Needs the ramp door", audience="desk", tone="neutral"),
)  # fmt: skip
SOON = AlertFact("Away until the end of the month: call the daughter", places=("call",))
CHILDHOOD = timedelta(days=17 * 365)


@transaction.atomic
def play_people(play: PlayedPractice, today: date, now: datetime) -> None:
    """Write alerts for some who come soon, and a court order for a child."""
    desk = play.office.by("receptionist", now)
    coming = Appointment.objects.filter(booking="scheduled", starts_at__gt=now)
    adults = coming.filter(patient__born_on__lt=today - 2 * CHILDHOOD).order_by("starts_at", "id")
    chosen = list(dict.fromkeys(adults.values_list("patient_id", flat=True)[:12]))
    for patient_id, fact in zip(chosen, ALERTS, strict=False):
        patients.write_alert(desk, patient_id=patient_id, today=today, fact=fact)
    for patient_id in chosen[3:4]:
        until = AlertFact(SOON.words, places=SOON.places, until_on=today + timedelta(days=9))
        patients.write_alert(desk, patient_id=patient_id, today=today, fact=until)
    child = coming.filter(patient__born_on__gt=today - CHILDHOOD).order_by("starts_at", "id").first()
    if child is None:
        return
    mother, father = (
        patients.add_person(desk, patient_id=child.patient_id, name=f"{given} {child.patient.family}", relationship=what)
        for given, what in (("Elena", "Mother"), ("Marcus", "Father"))
    )  # fmt: skip
    ordered = today - timedelta(days=60)
    no = [RightFact("bring", "no"), RightFact("sign", "no"), RightFact("hear", "limits", ("times",))]
    patients.record_rights(
        desk, contact_id=father.pk, facts=no, from_on=ordered, ordered_on=ordered, paper="Court order"
    )
    patients.record_rights(desk, contact_id=mother.pk, facts=[RightFact("owe", "yes")], from_on=ordered)
