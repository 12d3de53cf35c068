"""How full played days were: which times were freed and who filled them, beside booked hours of open hours."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from daysheet.schedule.models import Absence, Appointment, OfferMessage, ProviderHours, SlotOffer
from daysheet.schedule.rules import HOLDING
from daysheet.schedule.waitlist import GIVEN_UP

KEPT = (*HOLDING, "no_show")
"""Bookings that had a time to its end, whether the patient came or not."""
Span = tuple[datetime, datetime]


def fill_figures(days: Sequence[date], zone: ZoneInfo) -> dict[str, Any]:
    """Return how many times of the days were freed, how many were filled again and by which way, and how full they were.

    A time that was given up twice counts once; one that a closing took off the book is none that could be filled.
    """
    away = list(Absence.objects.order_by("starts_at", "id"))
    rows = Appointment.objects.filter(on_day__in=days).order_by("starts_at", "booked_at", "id")
    held = [one for one in rows if one.booking in KEPT]
    given_up = [one for one in rows if one.booking in GIVEN_UP and not _is_closed(one, away)]
    freed = {(one.provider_id, one.lane, one.starts_at): one for one in given_up}
    takers = [taker for one in freed.values() if (taker := _taker(one, held)) is not None]
    ways = Counter(_ways(takers))
    booked = sum(_minutes(one.starts_at, one.ends_at) for one in held if one.booking in HOLDING)
    open_minutes = sum(_open_minutes(day, zone, away) for day in days)
    return {
        "freed": len(freed),
        "freed_by": dict(sorted(Counter(one.booking for one in freed.values()).items())),
        "filled": len(takers),
        "filled_by": {way: ways[way] for way in ("message", "phone", "new_booking", "move")},
        "rate": round(len(takers) / len(freed), 3) if freed else None,
        "booked_hours": round(booked / 60, 1),
        "open_hours": round(open_minutes / 60, 1),
        "booked_of_open": round(booked / open_minutes, 3) if open_minutes else None,
    }


def _taker(freed: Appointment, held: Iterable[Appointment]) -> Appointment | None:
    """Return who has a freed time now: the first that lies in it, of the same clinician and lane."""
    same = (freed.provider_id, freed.lane)
    return next(
        (
            one
            for one in held
            if (one.provider_id, one.lane) == same
            and one.starts_at < freed.ends_at
            and freed.starts_at < one.ends_at
        ),
        None,
    )


def _ways(takers: Sequence[Appointment]) -> list[str]:
    """Return by which way each taker came: an offer by message or by telephone, moved there, or booked anew."""
    said_yes = SlotOffer.objects.filter(answer="accepted", entry__booked_as__in=takers)
    offer_of = dict(said_yes.values_list("entry__booked_as", "id"))
    written = set(OfferMessage.objects.filter(offer__in=offer_of.values()).values_list("offer_id", flat=True))
    moved = set(Appointment.objects.filter(moved_to__in=takers).values_list("moved_to_id", flat=True))
    found = []
    for one in takers:
        if one.pk in offer_of:
            found.append("message" if offer_of[one.pk] in written else "phone")
        else:
            found.append("move" if one.pk in moved else "new_booking")
    return found


def _is_closed(one: Appointment, away: Iterable[Absence]) -> bool:
    return any(
        row.provider_id in (None, one.provider_id)
        and row.location_id in (None, one.location_id)
        and row.starts_at < one.ends_at
        and one.starts_at < row.ends_at
        for row in away
    )


def _open_minutes(day: date, zone: ZoneInfo, away: Sequence[Absence]) -> float:
    """Return the minutes in which clinicians saw patients on a day: their hours, less what they were away."""
    total = 0.0
    for row in ProviderHours.objects.filter(weekday=day.weekday()):
        span = (_at(day, row.begins, zone), _at(day, row.ends, zone))
        off = [
            (max(span[0], one.starts_at), min(span[1], one.ends_at))
            for one in away
            if one.provider_id in (None, row.provider_id) and one.location_id in (None, row.location_id)
        ]
        total += _minutes(*span) - sum(max(0.0, _minutes(*part)) for part in _apart(off))
    return total


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Return spans that may overlap as spans that do not."""
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        elif begins < ends:
            found.append((begins, ends))
    return found


def _at(day: date, clock: Any, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone)


def _minutes(begins: datetime, ends: datetime) -> float:
    return (ends - begins).total_seconds() / 60
