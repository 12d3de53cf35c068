"""By which services plans name the copays of the kinds of visit."""

from django.db.models import Count, Q

from daysheet.schedule.models import AppointmentType


def copay_services() -> list[str]:
    """Return by which services plans name the visits that are booked, of those with a copay first."""
    rows = AppointmentType.objects.filter(is_active=True).values("copay_service")
    counted = rows.annotate(due=Count("pk", filter=Q(takes_copay=True)), n=Count("pk"))
    counted = counted.order_by("-due", "-n", "copay_service")
    return list(counted.values_list("copay_service", flat=True))
