"""What was played besides the money, area by area: how often each thing happened."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from daysheet.phones.models import Call
from daysheet.schedule.models import OfferMessage, SlotOffer
from daysheet.site.simulate.filling import fill_figures
from daysheet.site.simulate.flow import flow_figures


def area_figures(days: Sequence[date], zone: ZoneInfo) -> dict[str, Any]:
    """Return a block of counts for each area of the front desk; nothing before a day was closed."""
    if not days:
        return {"flow": {}}
    return {
        "flow": flow_figures(list(days), zone),
        "fill": fill_figures(days, zone),
        "offers": _offers(),
        "calls": _counts(Call.objects.all(), "state"),
    }


def _offers() -> dict[str, Any]:
    """Return how offers of freed times ended, and how many of them were written."""
    return {
        "made": SlotOffer.objects.count(),
        "written": OfferMessage.objects.count(),
        "batches": SlotOffer.objects.values("freed_by", "batch").distinct().count(),
        "answers": _counts(SlotOffer.objects.all(), "answer"),
    }


def _counts(rows: QuerySet[Any], field: str) -> dict[str, int]:
    """Return how many rows there are of each value of a field, in the order of the values."""
    return dict(sorted(Counter(rows.values_list(field, flat=True)).items()))
