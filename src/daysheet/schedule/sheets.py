"""A day of the book as it is drawn: one column a clinician or a room, one card an appointment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from daysheet.practice.models import ExamRoom, Provider
from daysheet.schedule import queries
from daysheet.schedule.models import Appointment

MOST_COLUMNS = 12
OFF_THE_BOOK = ("cancelled", "late_cancelled", "no_show")


@dataclass(frozen=True, slots=True)
class Card:
    """An appointment on the sheet."""

    appointment: Appointment
    state: str
    is_over: bool


@dataclass(slots=True)
class Column:
    """What one clinician, or one room, has on a day."""

    title: str
    sub: str = ""
    cards: list[Card] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A day: its columns, how many were left out, and all its cards in order of time."""

    day: date
    columns: list[Column]
    left_out: int
    cards: list[Card]

    @property
    def patient_ids(self) -> list[UUID]:
        """Return whom the sheet shows."""
        return list(dict.fromkeys(card.appointment.patient_id for card in self.cards))


def by_provider(
    *, day: date, location_id: UUID | None, provider_id: UUID | None, people: Iterable[Provider]
) -> Sheet:
    """Return the day with a column for each clinician."""
    cards = _cards(day, location_id, provider_id)
    columns = {one.id: Column(str(one)) for one in people if provider_id in (None, one.id)}
    for card in cards:
        provider = card.appointment.provider
        columns.setdefault(provider.id, Column(str(provider))).cards.append(card)
    return _sheet(day, list(columns.values()), cards)


def by_room(*, day: date, location_id: UUID | None, rooms: Iterable[ExamRoom]) -> Sheet:
    """Return the day with a column for each room, the last for what has none yet."""
    cards = _cards(day, location_id, None)
    columns = {one.id: Column(one.name, one.location.name if location_id is None else "") for one in rooms}
    none = Column("No room yet")
    for card in cards:
        room_id = card.appointment.room_id
        column = columns.get(room_id, none) if room_id else none
        column.cards.append(card)
    return _sheet(day, [*columns.values(), none], cards)


def _sheet(day: date, columns: Sequence[Column], cards: list[Card]) -> Sheet:
    # Those with somebody to see stand first when there are more than a screen can hold.
    shown = list(columns)
    if len(shown) > MOST_COLUMNS:
        shown = sorted(shown, key=lambda column: not column.cards)[:MOST_COLUMNS]
    return Sheet(day, shown, len(columns) - len(shown), cards)


def _cards(day: date, location_id: UUID | None, provider_id: UUID | None) -> list[Card]:
    rows = queries.day(location_id=location_id, day=day, provider_id=provider_id).select_related("visit")
    return [_card(row) for row in rows]


def _card(row: Appointment) -> Card:
    visit = getattr(row, "visit", None)
    state = visit.flow if visit and visit.flow != "undone" else row.booking
    return Card(row, state, state in (*OFF_THE_BOOK, "checked_out", "lwobs", "completed"))
