"""What stands against a time of a clinician at a door: outside the hours, out, on call, closed; in words."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from daysheet.schedule import queries
from daysheet.schedule.models import Absence, Appointment


def why_outside(*, provider_id: UUID, location_id: UUID, starts_at: datetime, ends_at: datetime) -> str:
    """Return in a sentence why the clinician sees nobody there in a time that the hours do not hold."""
    rows = Absence.objects.select_related("provider").filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    rows = rows.filter(Q(provider_id=provider_id) | Q(provider_id__isnull=True))
    met = (
        rows.filter(Q(location_id=location_id) | Q(location_id__isnull=True))
        .order_by("starts_at", "pk")
        .first()
    )
    if met is None:
        return _("The clinician does not see patients there at that time.")
    return f"{_who_is_away(met)}: {met.reason.rstrip('.')}." if met.reason else f"{_who_is_away(met)}."


def stands_outside(visit: Appointment, now: datetime) -> str:
    """Return in a sentence what stands against a visit to come; nothing where the clinician's hours hold it."""
    if visit.booking != "scheduled" or visit.is_walk_in or visit.starts_at <= now:
        return ""
    where: dict[str, Any] = {"provider_id": visit.provider_id, "location_id": visit.location_id}
    where |= {"starts_at": visit.starts_at, "ends_at": visit.ends_at}
    return "" if queries.is_within_hours(day=visit.on_day, **where) else why_outside(**where)


def _who_is_away(met: Absence) -> str:
    if met.provider is None:
        return _("Holiday") if met.sort == Absence.Sort.HOLIDAY else _("Closed then")
    said = _("%(who)s is on call then") if met.sort == Absence.Sort.ON_CALL else _("%(who)s is out then")
    return said % {"who": met.provider}
