"""How the patients of played days flowed: waits, no-shows, who walked in or left, clinicians who were behind."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from daysheet.reports.rules import PARTS
from daysheet.reports.waits import waits
from daysheet.schedule.models import RunningLate


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
        "behind": RunningLate.objects.filter(on_day__in=days).count(),
    }


def _rounded(value: float | None, places: int = 1) -> float | None:
    return None if value is None else round(value, places)
