"""What was played besides the money, area by area: how often each thing happened."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from daysheet.charges.models import Estimate, EstimateVersion
from daysheet.coverage.authorizing import counted
from daysheet.coverage.injury import CaseAppointment, InjuryCase
from daysheet.coverage.models import Authorization
from daysheet.coverage.notice import AdvanceNotice
from daysheet.ledger.models import CardCharge, CashDrawer, DrawerCount, DrawerMove, MissedFee, SavedCard
from daysheet.mailroom.models import OptOut
from daysheet.phones.models import Call
from daysheet.portal.models import SelfCheckIn
from daysheet.privacy.models import FilledForm
from daysheet.schedule.models import (
    Appointment,
    AppointmentSeries,
    Closing,
    ClosingRow,
    OfferMessage,
    Recall,
    RecallContact,
    Reminder,
    ReminderVisit,
    ScheduleBlock,
    SeriesVisit,
    SlotOffer,
)
from daysheet.schedule.rules import MISSED
from daysheet.site.simulate.filling import KEPT, fill_figures
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
        "messages": _messages(),
        "recalls": _recalls(),
        "series": _series(),
        "closings": _closings(),
        "blocks": _blocks(days, zone),
        "cards": _cards(),
        "drawers": _drawers(),
        "estimates": _estimates(),
        "elsewhere": _elsewhere(),
        "cases": {**_counts(InjuryCase.objects.all(), "kind"), "visits": CaseAppointment.objects.count()},
        "notices": {
            "written": AdvanceNotice.objects.count(),
            "signed": AdvanceNotice.objects.filter(signed_on__isnull=False).count(),
        },
        "authorizations": _authorizations(days[-1]),
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


def _messages() -> dict[str, Any]:
    """Return how many reminders went by which channel, and what was answered."""
    return {
        "reminders": _counts(Reminder.objects.exclude(channel=""), "channel"),
        "answers": _counts(ReminderVisit.objects.exclude(answer=""), "answer"),
        "in_words": Reminder.objects.exclude(wrote="").count(),
        "stopped": OptOut.objects.count(),
    }


def _recalls() -> dict[str, Any]:
    """Return how many are known, by which way they were asked, and who did not want to."""
    return {
        "known": Recall.objects.count(),
        "contacts": _counts(RecallContact.objects.all(), "way"),
        "declined": Recall.objects.filter(stopped="declined").count(),
    }


def _series() -> dict[str, int]:
    """Return how many series were made, and what became of their visits."""
    visits = SeriesVisit.objects.all()
    moved_alone = Q(appointment__booking="rescheduled")
    given_up = visits.filter(appointment__booking__in=("cancelled", "late_cancelled"))
    return {
        "made": AppointmentSeries.objects.count(),
        "visits": visits.count(),
        "moved": visits.filter(moved_alone | Q(appointment__moved_from__isnull=False)).count(),
        "cancelled": given_up.count(),
    }


def _closings() -> dict[str, Any]:
    """Return by which cause times were closed, and what became of who was booked in them."""
    return {
        "made": _counts(Closing.objects.filter(undone_at=None), "cause"),
        "visits": _counts(ClosingRow.objects.all(), "state"),
    }


def _blocks(days: Sequence[date], zone: ZoneInfo) -> dict[str, int]:
    """Return how many parts of the weeks are kept, and how many visits were booked in them once they were released."""
    kept = list(ScheduleBlock.objects.filter(is_active=True))
    booked = 0
    for one in Appointment.objects.filter(on_day__in=days, booking__in=KEPT):
        begins = one.starts_at.astimezone(zone)
        booked += any(
            (row.provider_id, row.weekday) == (one.provider_id, begins.weekday())
            and row.begins <= begins.time() < row.ends
            for row in kept
        )
    return {"kept": len(kept), "booked_after_release": booked}


def _cards() -> dict[str, Any]:
    """Return what became of what was asked of the card company, by what was asked."""
    rows = CardCharge.objects.all()
    return {
        **{kind: _counts(rows.filter(kind=kind), "state") for kind in ("charge", "hold", "save")},
        "given_back": rows.filter(state="returned").count()
        + rows.filter(state="captured", returned__gt=0).count(),
        "kept": SavedCard.objects.filter(removed_at=None).count(),
    }


def _drawers() -> dict[str, int]:
    """Return how many drawers were opened, counted and closed, and how often cash went to the safe."""
    rows = CashDrawer.objects.all()
    return {
        "opened": rows.count(),
        "dropped": DrawerMove.objects.filter(kind="drop").count(),
        "counted": DrawerCount.objects.count(),
        "closed": rows.filter(closed_at__isnull=False).count(),
    }


def _estimates() -> dict[str, Any]:
    """Return how many estimates there are of each kind, how many papers of them, and how many were handed over."""
    papers = EstimateVersion.objects.all()
    return {
        **_counts(Estimate.objects.all(), "kind"),
        "papers": papers.count(),
        "handed_over": papers.filter(given_at__isnull=False).count(),
    }


def _elsewhere() -> dict[str, int]:
    """Return how many visits took place by video, and how many on a round."""
    rows = Visit.objects.exclude(flow="undone")
    return {"video": rows.filter(mode="video").count(), "round": rows.filter(is_round=True).count()}


def _authorizations(today: date) -> dict[str, Any]:
    """Return what plans have authorized, and what of it is used and booked."""
    rows = Authorization.objects.filter(entered_in_error_at=None).select_related("coverage")
    grants = counted(rows, today)
    return {
        "entered": len(grants),
        "approved": sum(one.approved or 0 for one in grants),
        "used": int(sum(one.counts.used for one in grants)),
        "booked": int(sum(one.counts.booked for one in grants)),
    }


def _counts(rows: QuerySet[Any], field: str) -> dict[str, int]:
    """Return how many rows there are of each value of a field, in the order of the values."""
    return dict(sorted(Counter(rows.values_list(field, flat=True)).items()))
