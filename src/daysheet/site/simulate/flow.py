"""How the patients of played days flowed: waits, how full the hours were, no-shows, offers and calls."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from daysheet.phones.models import Call
from daysheet.reports.rules import PARTS
from daysheet.reports.waits import waits
from daysheet.schedule.models import Appointment, ProviderHours, RunningLate, SlotOffer


def flow_figures(days: list[date], zone: ZoneInfo) -> dict[str, Any]:
    """Return what the days' flow adds up to, minutes with one decimal."""
    if not days:
        return {}
    found = waits(min(days), max(days), zone=zone)
    return {
        "waits": {
            part: {
                "visits": one.count,
                "median": _rounded(one.median),
                "ninetieth": _rounded(one.ninetieth),
            }
            for part, one in ((part, found.whole.parts[part]) for part in PARTS)
        },
        "no_shows": found.counts.no_shows,
        "walk_ins": found.counts.walk_ins,
        "left_unseen": found.counts.left_unseen,
        "late_starts": found.counts.late_starts,
        "fill_rate": _fill_rate(days),
        "behind": RunningLate.objects.filter(on_day__in=days).count(),
        "offers": dict(sorted(Counter(SlotOffer.objects.values_list("answer", flat=True)).items())),
        "calls": dict(sorted(Counter(Call.objects.values_list("state", flat=True)).items())),
    }


def _fill_rate(days: list[date]) -> float | None:
    """Return which share of the clinicians' hours was kept: minutes of kept appointments by minutes of hours."""
    weekdays = Counter(day.weekday() for day in days)
    hours = sum(
        weekdays[row.weekday] * _minutes(row)
        for row in ProviderHours.objects.filter(weekday__in=list(weekdays))
    )
    kept = Appointment.objects.filter(on_day__in=days, booking__in=("scheduled", "completed"))
    minutes = sum(
        (ends_at - starts_at).total_seconds() / 60
        for starts_at, ends_at in kept.values_list("starts_at", "ends_at")
    )
    return _rounded(minutes / hours, 3) if hours else None


def _minutes(row: ProviderHours) -> float:
    some_day = date.min
    return (
        datetime.combine(some_day, row.ends) - datetime.combine(some_day, row.begins)
    ).total_seconds() / 60


def _rounded(value: float | None, places: int = 1) -> float | None:
    return None if value is None else round(value, places)
