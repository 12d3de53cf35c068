"""Whose turn it is: those who receive the same patient, or touch the same visit, go one after the other."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from daysheet.schedule.models import Appointment


def take_turn(patient_id: UUID | None) -> None:
    """Let two who receive the same patient go one after the other: the second waits for the first one's end."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"arrival {patient_id}"])


def hold_for_arrival(patient_id: UUID, appointment_ids: Iterable[UUID]) -> None:
    """Hold all that arriving holds, before anything that hangs on it is held: the turn, then the appointments.

    Whoever cancels or moves an appointment holds it first too; held the other way round, both would wait for ever.
    """
    take_turn(patient_id)
    rows = Appointment.objects.select_for_update(of=("self",)).filter(pk__in=list(appointment_ids))
    list(rows.order_by("pk").values_list("pk"))
