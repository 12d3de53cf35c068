"""A day of the book as it is drawn: one column a clinician or a room, one card an appointment.

A day has hundreds of cards and is opened all day long: one statement of plain columns, no rows as objects, and
what repeats from card to card (a state's tag, a length in words) drawn once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup

from daysheet.coverage.showing import MARKS
from daysheet.kernel.planned import planned_cursor
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.practice.models import ExamRoom, Provider
from daysheet.schedule.rules import HOLDING
from daysheet.ui.marks import mark, tag
from daysheet.ui.words import day as say_day
from daysheet.ui.words import span

MOST_COLUMNS = 12
KEPT = 4096
"""So many cards stay said, whoever asks for them next."""
SATURDAY = 5
OVER = ("cancelled", "late_cancelled", "no_show", "checked_out", "lwobs", "completed")
NOBODY = UUID(int=0)
PLAN_STATES = {"eligible": "covered", "failed": "cannot_say", "answered": "unasked"}
"""A verdict, or the state of a question without an answer, as the mark of a standing."""
DAY = """
select a.id, a.patient_id, a.provider_id, r.id, a.starts_at, a.ends_at, a.on_day, a.version,
       a.booking, a.confirmation, a.is_walk_in,
       p.family, p.given, p.preferred, p.born_on, p.chart_number, t.name, d.given, d.family, d.credential,
       l.name, l.zone_name, r.name, case when v.flow <> 'undone' then v.flow end,
       case when c.id is null then 'none' else coalesce(q.said, 'unasked') end, q.is_qmb, q.names_another,
       a.lane, a.overbook_reason <> ''
from appointment a
join patient p on p.id = a.patient_id
join appointment_type t on t.id = a.type_id
join provider d on d.id = a.provider_id
join location l on l.id = a.location_id
left join visit v on v.practice_id = a.practice_id and v.appointment_id = a.id
left join exam_room r on r.id = coalesce(case when v.flow <> 'undone' then v.room_id end, a.room_id)
left join lateral (
    select k.id, k.card_version from coverage k
    where k.practice_id = a.practice_id and k.patient_id = a.patient_id and k.rank = 1
      and k.entered_in_error_at is null and k.starts_on <= a.on_day and (k.ends_on is null or k.ends_on > a.on_day)
    limit 1
) c on true
left join lateral (
    select case when i.again_at is not null then 'again' when e.id is not null then e.verdict else i.state end as said,
           first_value(e.qmb_line is not null) over (
               order by (e.verdict in ('eligible', 'inactive')) desc nulls last, e.answered_at desc) as is_qmb,
           i.again_at is null and e.verdict = 'eligible' and e.other_payers <> '[]' and exists (
               select from jsonb_array_elements(e.other_payers) o where not exists (
                   select from coverage k join insurance_plan n on n.id = k.plan_id join payer y on y.id = n.payer_id
                   where k.practice_id = a.practice_id and k.patient_id = a.patient_id and k.rank > 0
                     and k.entered_in_error_at is null and (k.ends_on is null or k.ends_on > i.service_on)
                     and array[lower(o->>'id'), lower(o->>'name')]
                         && array[nullif(lower(y.payer_id), ''), lower(y.name), lower(n.name)])) as names_another
    from eligibility_inquiry i left join eligibility_response e on e.inquiry_id = i.id
    where i.practice_id = a.practice_id and i.coverage_id = c.id and i.card_version = c.card_version
      and i.service_on >= date_trunc('month', a.on_day::timestamp)
      and i.service_on < date_trunc('month', a.on_day::timestamp) + interval '1 month'
    order by (e.id is null), (e.verdict = 'cannot_say'), e.answered_at desc, i.asked_at desc
    limit 1
) q on true
where a.practice_id = %(practice)s and a.on_day between %(first)s and %(last)s
      and a.booking not in ('rescheduled', 'entered_in_error')
      {of_one}
order by a.starts_at, d.rank, a.id
"""


WALK_INS = """
select v.patient_id, v.service_on, v.arrived_at, p.family, p.given, p.preferred, p.born_on, p.chart_number,
       coalesce(t.name, ''), d.given, d.family, d.credential, coalesce(r.name, l.name), l.zone_name, v.flow,
       v.id, v.provider_id, r.id, coalesce(t.minutes, 15)
from visit v
join patient p on p.id = v.patient_id
join provider d on d.id = v.provider_id
join location l on l.id = v.location_id
left join appointment_type t on t.id = v.type_id
left join exam_room r on r.id = v.room_id
where v.practice_id = %(practice)s and v.service_on between %(first)s and %(last)s and v.appointment_id is null
      and not v.is_imported and not v.is_round and v.flow <> 'undone'
      {of_one}
order by v.arrived_at, v.id
"""


class Found(NamedTuple):
    """A row of the statement."""

    id: UUID
    patient_id: UUID
    provider_id: UUID
    room_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    on_day: date
    version: int
    booking: str
    confirmation: str
    is_walk_in: bool
    family: str
    given: str
    preferred: str
    born_on: date
    chart_number: int
    type: str
    provider_given: str
    provider_family: str
    credential: str
    location: str
    zone_name: str
    room: str | None
    flow: str | None
    plan_says: str
    is_qmb: bool | None
    names_another: bool | None
    """The plan covers the patient, and names a payer of whom there is no card."""
    lane: int
    is_overbooked: bool


@dataclass(frozen=True, slots=True)
class Card:
    """An appointment on the sheet, in words."""

    row: Found
    key: str
    """The appointment's, as an address and the calendar write it."""
    address: str
    aside: str
    """Where it is laid into the tray."""
    local: datetime
    """When it begins, on the door's wall clock."""
    time: str
    length: str
    patient: str
    provider: str
    tags: Markup
    state_tag: Markup
    plan_mark: Markup
    """How the plan stands, while the visit is to come or under way."""
    is_over: bool

    @property
    def may_move(self) -> bool:
        """Return whether it is booked and has not begun."""
        return self.row.booking == "scheduled" and self.row.flow is None


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Somebody who came without an appointment, in words."""

    patient_id: UUID
    day: date
    local: datetime
    patient: str
    born_on: date
    chart_number: int
    type: str
    provider: str
    where: str
    state_tag: Markup
    flow: str
    visit_id: UUID
    provider_id: UUID
    room_id: UUID | None
    minutes: int


@dataclass(slots=True)
class Column:
    """What one clinician, or one room, has on a day."""

    key: str
    """The clinician, the room or the day, as a form names it; empty for no room yet."""
    title: str
    sub: str = ""
    cards: list[Card] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    """What lies behind its visits: its hours, kept time, who is away or on call."""
    hours: list[tuple[time, time]] | None = None
    """When its clinician sees patients, in order; None where no hours are known."""

    @property
    def is_wide(self) -> bool:
        """Return whether visits stand side by side in it."""
        return any(card.row.lane for card in self.cards)

    @property
    def rows(self) -> list[list[Card]]:
        """Return its cards in order of time; those of one clinician that run at the same time together, by lane."""
        if not self.is_wide:
            return [[card] for card in self.cards]
        found: list[list[Card]] = []
        for card in self.cards:
            beside = next((row for row in reversed(found) if _run_together(row, card)), None)
            if beside is None:
                found.append([card])
            else:
                beside.append(card)
                beside.sort(key=lambda one: one.row.lane)
        return found


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
        return list(dict.fromkeys(card.row.patient_id for card in self.cards))


def by_provider(
    *, day: date, location_id: UUID | None, provider_id: UUID | None, people: Iterable[Provider]
) -> Sheet:
    """Return the day with a column for each clinician."""
    cards = _cards(day, day, location_id, provider_id)
    columns = {one.id: Column(str(one.id), str(one)) for one in people if provider_id in (None, one.id)}
    for card in cards:
        whose = card.row.provider_id
        if whose not in columns:
            columns[whose] = Column(str(whose), card.provider)
        columns[whose].cards.append(card)
    return _sheet(day, list(columns.values()), cards)


def by_room(*, day: date, location_id: UUID | None, rooms: Iterable[ExamRoom]) -> Sheet:
    """Return the day with a column for each room, the first for what has none yet: it is never out of sight."""
    cards = _cards(day, day, location_id, None)
    columns = {
        one.id: Column(str(one.id), one.name, one.location.name if location_id is None else "")
        for one in rooms
    }
    none = Column("", _("No room yet"))
    for card in cards:
        room_id = card.row.room_id
        column = columns.get(room_id, none) if room_id else none
        column.cards.append(card)
    return _sheet(day, [none, *columns.values()], cards)


def _run_together(row: Sequence[Card], card: Card) -> bool:
    """Return whether a card belongs beside those of a row: all hold a time of one clinician, and its own meets one."""
    return all(
        one.row.booking in HOLDING and one.row.provider_id == card.row.provider_id for one in [*row, card]
    ) and any(one.row.ends_at > card.row.starts_at for one in row)


def _sheet(day: date, columns: Sequence[Column], cards: list[Card]) -> Sheet:
    # Those with somebody to see stand first when there are more than a screen can hold.
    shown = list(columns)
    if len(shown) > MOST_COLUMNS:
        shown = sorted(shown, key=lambda column: not column.cards)[:MOST_COLUMNS]
    return Sheet(day, shown, len(columns) - len(shown), cards)


def by_day(
    *, first: date, days: int, location_id: UUID | None, provider_id: UUID, weekend: bool = False
) -> Sheet:
    """Return so many days of one clinician with a column for each; a Saturday or Sunday only when it has somebody.

    With `weekend` every day has its column.
    """
    cards = _cards(first, first + timedelta(days=days - 1), location_id, provider_id)
    columns = {}
    for day in (first + timedelta(days=n) for n in range(days)):
        mine = [card for card in cards if card.row.on_day == day]
        if mine or weekend or day.weekday() < SATURDAY:
            columns[day] = Column(day.isoformat(), say_day(day), cards=mine)
    return Sheet(first, list(columns.values()), 0, cards)


def walk_ins(*, first: date, last: date, location_id: UUID | None, provider_id: UUID | None) -> list[WalkIn]:
    """Return who came without an appointment in some days, the earliest first; one statement."""
    with planned_cursor() as cursor:
        statement, asked = _of_one(WALK_INS, "v", first, last, location_id, provider_id)
        cursor.execute(statement, asked)
        rows = cursor.fetchall()
    return [_walk_in(row) for row in rows]


def _walk_in(row: Sequence[Any]) -> WalkIn:
    patient_id, day, at, family, given, preferred, born_on, number, kind, *clinician = row[:12]
    where, zone, flow, visit_id, provider_id, room_id, minutes = row[12:]
    return WalkIn(
        patient_id=patient_id,
        day=day,
        local=at.astimezone(ZoneInfo(zone)),
        patient=_who(family, given, preferred),
        born_on=born_on,
        chart_number=number,
        type=kind,
        provider=_clinician(*clinician),
        where=where,
        state_tag=tag(flow),
        flow=flow,
        visit_id=visit_id,
        provider_id=provider_id,
        room_id=room_id,
        minutes=minutes,
    )


def _cards(first: date, last: date, location_id: UUID | None, provider_id: UUID | None) -> list[Card]:
    with planned_cursor() as cursor:
        statement, asked = _of_one(DAY, "a", first, last, location_id, provider_id)
        cursor.execute(statement, asked)
        rows = [Found(*row) for row in cursor.fetchall()]
    language = get_language()
    return [card_of(row, language) for row in rows]


@lru_cache(maxsize=KEPT)
def card_of(row: Found, language: str | None) -> Card:
    """Return a row in words; the same row in the same language is said once."""
    return _words(language).card(row)


@lru_cache
def _words(language: str | None) -> "_Words":
    return _Words()


def _of_one(
    statement: str, alias: str, first: date, last: date, location_id: UUID | None, provider_id: UUID | None
) -> tuple[str, dict[str, Any]]:
    """Return a statement and its values; what is not asked is not in the text, for a kept plan cannot leave it out."""
    told = {"location": location_id, "provider": provider_id}
    which = {name: one for name, one in told.items() if one}
    of_one = " ".join(f"and {alias}.{name}_id = %({name})s" for name in which)
    asked: dict[str, Any] = {"practice": acting_practice_id(), "first": first, "last": last}
    return statement.format(of_one=of_one), asked | which


def _who(family: str, given: str, preferred: str) -> str:
    called = f" ({preferred})" if preferred else ""
    return f"{family.upper()}, {given}{called}"


def _clinician(given: str, family: str, credential: str) -> str:
    return f"Dr. {family}" if credential in {"MD", "DO"} else f"{given} {family}"


class _Words:
    """What repeats from card to card, said once."""

    def __init__(self) -> None:
        self.lengths: dict[int, str] = {}
        self.tags: dict[str, Markup] = {}
        self.plans: dict[tuple[str, bool, bool], Markup] = {}
        self.zones: dict[str, ZoneInfo] = {}
        self.halves = (_("am"), _("pm"))

    @cached_property
    def addresses(self) -> tuple[tuple[str, str], ...]:
        """Return what stands before and behind the key in the addresses of an appointment and of its tray."""
        named = ("schedule:appointment", "schedule:tray-put")
        parted = (reverse(name, args=[NOBODY]).partition(str(NOBODY)) for name in named)
        return tuple((before, behind) for before, _key, behind in parted)

    @cached_property
    def overbooked(self) -> Markup:
        """Return the word for a visit that was booked over another."""
        return mark("attention", _("overbooked"))

    def card(self, row: Found) -> Card:
        """Return a row as it is drawn."""
        (before, behind), (put, aside) = self.addresses
        state = row.flow or row.booking
        drawn = self.tag(state)
        if row.is_overbooked:
            drawn = Markup(" ").join((drawn, self.overbooked))
        tags = drawn if row.confirmation == "none" else Markup(" ").join((drawn, self.tag(row.confirmation)))
        local, key = self.local(row), str(row.id)
        return Card(
            row=row,
            key=key,
            local=local,
            address=f"{before}{key}{behind}",
            aside=f"{put}{key}{aside}",
            time=f"{local.hour % 12 or 12}:{local.minute:02d} {self.halves[local.hour >= 12]}",
            length=self.length(int((row.ends_at - row.starts_at).total_seconds()) // 60),
            patient=_who(row.family, row.given, row.preferred),
            provider=_clinician(row.provider_given, row.provider_family, row.credential),
            tags=tags,
            state_tag=drawn,
            plan_mark=Markup() if state in OVER else self.plan(row),
            is_over=state in OVER,
        )

    def plan(self, row: Found) -> Markup:
        """Return the mark of how the plan stands."""
        told = (row.plan_says, bool(row.is_qmb), bool(row.names_another))
        if told not in self.plans:
            states = [PLAN_STATES.get(row.plan_says, row.plan_says)]
            states += (["other_payer"] if row.names_another else []) + (["qmb"] if row.is_qmb else [])
            self.plans[told] = Markup(" ").join(mark(*MARKS[one]) for one in states)
        return self.plans[told]

    def local(self, row: Found) -> datetime:
        """Return when it begins, on the door's wall clock."""
        if row.zone_name not in self.zones:
            self.zones[row.zone_name] = ZoneInfo(row.zone_name)
        return row.starts_at.astimezone(self.zones[row.zone_name])

    def length(self, minutes: int) -> str:
        """Return a length in words."""
        if minutes not in self.lengths:
            self.lengths[minutes] = span(minutes)
        return self.lengths[minutes]

    def tag(self, state: str) -> Markup:
        """Return a state drawn."""
        if state not in self.tags:
            self.tags[state] = tag(state)
        return self.tags[state]
