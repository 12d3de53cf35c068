"""Freed times that are out on offer: to how many who wait, and until when. Advice, never a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.kernel.ready import Ready, Told
from daysheet.schedule.matching import LIVE
from daysheet.schedule.models import SlotOffer
from daysheet.schedule.showing import say_clock


@dataclass(frozen=True, slots=True)
class OnOffer:
    """A clinician's time that somebody who waits may still take."""

    provider_id: UUID
    starts_at: datetime
    ends_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """How many are asked about a time, and until when the last of them may say yes."""

    count: int
    until: datetime


def out_to_others(patient_id: UUID, now: datetime) -> list[OnOffer]:
    """Return the times that others than a patient may still take by an offer, the earliest first; one statement."""
    return [OnOffer(*row) for row in OUT(patient=patient_id, now=now)]


OUT: Ready[Any] = Ready(
    lambda: (
        SlotOffer.objects.filter(answer__in=LIVE, expires_at__gt=Told("now"), ends_at__gt=Told("now"))
        .exclude(patient_id=Told("patient"))
        .order_by("starts_at", "id")
        .values_list("provider_id", "starts_at", "ends_at", "expires_at")
    )
)


def asked_about(
    offers: Sequence[OnOffer], provider_id: UUID, starts_at: datetime, ends_at: datetime
) -> AskedAbout | None:
    """Return who is asked about a clinician's span, or None where nobody is."""
    met = [
        one.until
        for one in offers
        if one.provider_id == provider_id and one.starts_at < ends_at and one.ends_at > starts_at
    ]
    return AskedAbout(len(met), max(met)) if met else None


def say_asked(one: AskedAbout, zone: ZoneInfo) -> str:
    """Return to how many a time is offered and until when, such as "offered to 3 until 2:40 pm"."""
    until = one.until.astimezone(zone)
    return _("offered to %(n)d until %(when)s") % {"n": one.count, "when": say_clock(until.time())}
