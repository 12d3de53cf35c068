"""A sheet as the calendar draws it: columns by time of day, cards that may be carried to another time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.schedule.sheets import Card, Column, Sheet, WalkIn
from daysheet.ui.status import status

MOST_CARDS = 300
"""More than this no browser draws fast; the columns stand alone then."""
USUAL = (8, 18)
"""The hours that are drawn at least."""
LEAST = timedelta(minutes=5)
LATEST = time(23, 59)
GIVEN_UP = ("cancelled", "late_cancelled")


@dataclass(frozen=True, slots=True)
class Grid:
    """What the calendar is told: its columns, its cards, from which hour to which."""

    columns: list[dict[str, Any]]
    cards: list[dict[str, Any]]
    begins: str
    ends: str


def grid(
    sheet: Sheet, by: str, behind: Sequence[dict[str, Any]] = (), came: Sequence[WalkIn] = ()
) -> Grid | None:
    """Return a sheet for the calendar; None when it holds more than a calendar can show.

    A time that was given up is left to the list. `behind` lies behind the cards (`shades.shade`). Who `came` without
    an appointment is a mark that stays where it is. With `by` "day" each column is a day of one clinician.
    """
    cards = [
        (column.key, card)
        for column in sheet.columns
        for card in column.cards
        if card.row.booking not in GIVEN_UP
    ]
    if len(cards) > MOST_CARDS or not sheet.columns:
        return None
    words = _states(cards)
    drawn = [_drawn(key, card, sheet.day, by, words) for key, card in cards]
    keys = {column.key for column in sheet.columns}
    drawn += [mark for mark in (_mark(one, sheet.day, by) for one in came) if mark["column"] in keys]
    edges = [(span[0].hour, span[1]) for column in sheet.columns for span in column.hours or ()]
    first = min([USUAL[0], *(int(one["begins"][11:13]) for one in drawn), *(hour for hour, _end in edges)])
    ends = [one["ends"][11:] for one in drawn] + [f"{end:%H:%M}" for _hour, end in edges]
    last = max([USUAL[1], *map(_hour_after, ends)])
    columns = [_headed(column) for column in sheet.columns]
    return Grid(columns, [*behind, *drawn], f"{first:02d}:00", f"{last:02d}:00")


def _states(cards: Sequence[tuple[str, Card]]) -> dict[str, tuple[str, str]]:
    """Return the tone and the word of each state that stands on some card: few words, many cards."""
    shown = {state: status(state) for state in {card.row.flow or card.row.booking for _key, card in cards}}
    return {state: (one.tone, str(one.word)) for state, one in shown.items()}


def _drawn(key: str, card: Card, day: date, by: str, words: dict[str, tuple[str, str]]) -> dict[str, Any]:
    row = card.row
    begins, ends = _span(day, card.local.time(), max(row.ends_at - row.starts_at, LEAST))
    tone, word = words[row.flow or row.booking]
    return {
        "id": card.key,
        "column": key,
        "begins": begins,
        "ends": ends,
        "name": card.patient,
        "kind": row.type,
        "flags": _flags(card, by),
        "tone": tone,
        "word": word,
        "url": card.address,
        "version": row.version,
        "fixed": row.booking != "scheduled" or row.flow is not None,
    }


def _span(day: date, at: time, length: timedelta) -> tuple[str, str]:
    """Return from when to when a card is drawn, such as "2026-03-09T09:00"; at midnight its column ends.

    Every column is drawn on one day; on a day whose clock jumps back an end may read before its beginning.
    """
    begins = datetime.combine(day, at)
    latest = datetime.combine(day, LATEST)
    return begins.isoformat(timespec="minutes"), min(begins + length, latest).isoformat(timespec="minutes")


def _mark(one: WalkIn, day: date, by: str) -> dict[str, Any]:
    """Return who came without an appointment as the calendar draws it: at the time of coming, never carried."""
    keys = {"day": one.day.isoformat(), "room": str(one.room_id or "")}
    begins, ends = _span(day, one.local.time(), timedelta(minutes=one.minutes))
    shown = status(one.flow)
    return {
        "id": f"came-{one.visit_id}",
        "column": keys.get(by, str(one.provider_id)),
        "begins": begins,
        "ends": ends,
        "name": one.patient,
        "kind": ", ".join(word for word in (_("walk-in"), one.type) if word),
        "flags": [one.provider] if by == "room" else [],
        "tone": shown.tone,
        "word": str(shown.word),
        "url": reverse("patients:patient-page", args=[one.patient_id]),
        "fixed": True,
    }


def _flags(card: Card, by: str) -> list[str]:
    """Return what the column does not tell already."""
    told = [_("overbooked")] if card.row.is_overbooked else []
    if by == "room":
        return [*told, card.provider]
    return [*told, card.row.room] if by == "day" and card.row.room else told


def _headed(column: Column) -> dict[str, Any]:
    """Return a column, a room with its door where it stands beside another's, with what lies outside its hours."""
    told: dict[str, Any] = {"id": column.key, "title": ", ".join(filter(None, (column.title, column.sub)))}
    if column.hours is not None:
        told["shut"] = [[f"{begins:%H:%M}", f"{ends:%H:%M}"] for begins, ends in _outside(column.hours)]
    return told


def _outside(spans: Sequence[tuple[time, time]]) -> list[tuple[time, time]]:
    edges = [time(0), *(edge for span in spans for edge in span), time(23, 59)]
    return [(begins, ends) for begins, ends in zip(edges[::2], edges[1::2], strict=True) if begins < ends]


def _hour_after(wall: str) -> int:
    hour, minute = int(wall[:2]), int(wall[3:5])
    return min(hour + (minute > 0), 24)
