"""The tick at a place: what must be read there was read, or the desk is told what still is to be."""

from daysheet.patients import alerts, commands
from daysheet.patients.alerts import ReadOut
from daysheet.patients.models import Patient
from daysheet.ui.screens import Request

TICK = "alert_read"


def read_out(request: Request, row: Patient, place: str) -> ReadOut:
    """Return what is read out at a place, with what was ticked in the form that is shown again."""
    ticked = request.POST.getlist(TICK)
    return alerts.read_out(request.actor, row, place, today=request.office.today, ticked=ticked)


def must_be_read(request: Request, row: Patient, place: str) -> None:
    """Keep the reader's ticks at a place. Raises AlertsUnread while one is missing; nothing to tick is no matter."""
    if any(line.is_due for line in read_out(request, row, place).lines):
        commands.read_alerts(
            request.actor,
            patient_id=row.pk,
            place=place,
            today=request.office.today,
            ticked=request.POST.getlist(TICK),
        )
