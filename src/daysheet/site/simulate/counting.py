"""What was played besides the money, area by area: how often each thing happened."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from daysheet.ledger.models import MissedFee
from daysheet.phones.models import Call
from daysheet.portal.models import SelfCheckIn
from daysheet.privacy.models import FilledForm
from daysheet.schedule.models import Appointment, OfferMessage, SlotOffer
from daysheet.schedule.rules import MISSED
from daysheet.site.simulate.filling import fill_figures
from daysheet.site.simulate.flow import flow_figures
from daysheet.visits.models import Visit, VisitToken


def area_figures(days: Sequence[date], zone: ZoneInfo) -> dict[str, Any]:
    """Return a block of counts for each area of the front desk; nothing before a day was closed."""
    if not days:
        return {"flow": {}}
    return {
        "flow": flow_figures(list(days), zone),
        "fill": fill_figures(days, zone),
        "offers": _offers(),
        "calls": _counts(Call.objects.all(), "state"),
        "check_ins": _check_ins(days),
        "tokens": _counts(VisitToken.objects.all(), "state"),
        "missed": _missed(),
    }


def _offers() -> dict[str, Any]:
    """Return how offers of freed times ended, and how many of them were written."""
    return {
        "made": SlotOffer.objects.count(),
        "written": OfferMessage.objects.count(),
        "batches": SlotOffer.objects.values("freed_by", "batch").distinct().count(),
        "answers": _counts(SlotOffer.objects.all(), "answer"),
    }


def _check_ins(days: Sequence[date]) -> dict[str, int]:
    """Return by which way patients checked in, and what else was said of own check-ins."""
    here = Visit.objects.filter(service_on__in=days, is_round=False).exclude(flow="undone")
    rows = SelfCheckIn.objects.filter(visit__in=here, state="finished")
    kiosk = rows.filter(kiosk__isnull=False).count()
    proposals = [one for said in rows.values_list("settled", flat=True) for one in said.values()]
    return {
        "desk": here.count() - rows.count(),
        "kiosk": kiosk,
        "phone": rows.count() - kiosk,
        "in_spanish": FilledForm.objects.filter(language="es").values("patient_id").distinct().count(),
        "in_car": rows.filter(waits_in_car=True).count(),
        "changes_taken": proposals.count("taken"),
    }


def _missed() -> dict[str, Any]:
    """Return how many visits were missed, and what the desk decided about their fees."""
    rows = Appointment.objects.filter(booking__in=MISSED)
    return {
        **_counts(rows, "booking"),
        "fees": _counts(MissedFee.objects.filter(taken_back_at__isnull=True), "state"),
    }


def _counts(rows: QuerySet[Any], field: str) -> dict[str, int]:
    """Return how many rows there are of each value of a field, in the order of the values."""
    return dict(sorted(Counter(rows.values_list(field, flat=True)).items()))
