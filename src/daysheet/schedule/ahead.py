"""What the book of time tells the box on top: who is booked today, and when somebody comes next."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils import dateformat
from django.utils.translation import gettext as _

from daysheet.kernel.ready import Ready, Told
from daysheet.patients.ahead import Ahead
from daysheet.schedule.models import Appointment


def booked_on(day: date) -> Iterable[UUID]:
    """Return the patients who are booked on a day, in one statement."""
    return ON_DAY(day=day)


def first_from(patient_ids: Sequence[UUID], day: date) -> Mapping[UUID, Ahead]:
    """Return the first booked visit of each patient from a day on, its hour gone by or not, in one statement."""
    found = {}
    for row in FIRST(patients=list(patient_ids), day=day):
        local = row.starts_at.astimezone(row.location.zone)
        if row.on_day == day:
            words = _("today %(at)s") % {"at": dateformat.format(local, "g:i a").replace(".", "")}
        else:
            at = dateformat.format(local, "D M j, g:i ") + dateformat.format(local, "a").replace(".", "")
            words = _("next %(at)s") % {"at": at}
        found[row.patient_id] = Ahead(row.starts_at, words)
    return found


ON_DAY: Ready[UUID] = Ready(
    lambda: Appointment.objects.filter(on_day=Told("day"), booking="scheduled").values_list(
        "patient_id", flat=True
    )
)
FIRST: Ready[Appointment] = Ready(
    lambda: (
        Appointment.objects.filter(
            patient_id__one_of=Told("patients"), booking="scheduled", on_day__gte=Told("day")
        )
        .select_related("location")
        .order_by("patient_id", "starts_at")
        .distinct("patient_id")
    )
)
