"""Readings about reminders: what is due, what must be tried again, what was sent about a visit, who needs a call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, F, Prefetch, Q, QuerySet

from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.mailroom import queries as mailroom
from daysheet.schedule.models import (
    Appointment,
    Reminder,
    ReminderRule,
    ReminderTry,
    ReminderVisit,
    ReminderWish,
)
from daysheet.schedule.reminding import CALL, CANNOT, GRACE, Booked, Rule, due_rule, in_turn
from daysheet.schedule.rules import HOLDING

TO_COME = """
select a.id, a.patient_id, a.type_id, a.location_id, a.on_day, a.starts_at, a.booked_at, a.confirmation, l.zone_name,
       p.language, p.email, coalesce(w.prefers, ''), coalesce(w.no_email, false), texts.number, calls.number,
       (select max(v.made_at) from reminder_visit v
         where v.practice_id = %(practice)s and v.appointment_id = a.id
           and not (v.rule_id is null and exists (
             select from reminder m
              where m.practice_id = v.practice_id and m.id = v.reminder_id and m.state = 'stopped'))),
       exists (select from booking_restriction r
                where r.practice_id = %(practice)s and r.patient_id = a.patient_id and r.kind = 'remind_twice'
                  and r.ended_at is null and r.since <= a.on_day and (r.until is null or r.until >= a.on_day)),
       array(select o.channel from opt_out o
              where o.practice_id = %(practice)s and o.ended_at is null
                and (o.channel, o.address) in (('sms', texts.number), ('voice', calls.number), ('email', p.email)))
from appointment a
join patient p on p.id = a.patient_id
join location l on l.id = a.location_id
left join reminder_wish w on w.practice_id = %(practice)s and w.patient_id = a.patient_id
left join lateral (select f.number from patient_phone f
                    where f.practice_id = %(practice)s and f.patient_id = a.patient_id and f.may_text
                    order by f.rank, f.id limit 1) texts on true
left join lateral (select f.number from patient_phone f
                    where f.practice_id = %(practice)s and f.patient_id = a.patient_id and f.may_leave_message
                    order by f.rank, f.id limit 1) calls on true
where a.practice_id = %(practice)s and a.booking = 'scheduled' and a.starts_at > %(since)s and a.starts_at <= %(until)s
  and not exists (select from visit h
                   where h.practice_id = %(practice)s and h.appointment_id = a.id and h.flow <> 'undone')
  and a.confirmation <> 'declined' and p.status <> 'deceased' and not coalesce(w.no_reminders, false)
  and (%(only)s::uuid[] is null or a.id = any(%(only)s))
order by a.starts_at, a.id
"""

ALSO_GONE = TO_COME.replace(
    "a.booking = 'scheduled'", "a.booking in ('scheduled', 'cancelled', 'late_cancelled')"
)
PAUSE = timedelta(hours=1)
"""So long after a message about a visit has left, no other is sent by hand."""
FALLEN = Q(envelope__state__in=("failed", "rejected")) | Q(
    envelope__state="queued", envelope__next_try_at__isnull=True
)
"""An envelope that reached nobody: the mailroom gave up, the other side refused, or no way out was open."""


class ToCome(NamedTuple):
    """A visit to come, with how its patient can be reached."""

    appointment_id: UUID
    patient_id: UUID
    type_id: UUID
    location_id: UUID
    on_day: date
    starts_at: datetime
    booked_at: datetime
    confirmation: str
    zone_name: str
    language: str
    email: str
    prefers: str
    no_email: bool
    texts: str | None
    calls: str | None
    reminded_at: datetime | None
    is_reminded_twice: bool
    """Reminded even after having said that the visit is kept."""
    opted_out: list[str]

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of the door's clock."""
        return ZoneInfo(self.zone_name)

    @property
    def reachable(self) -> dict[str, str]:
        """Return the addresses by channel that the patient allows."""
        every = {
            "sms": self.texts or "",
            "email": "" if self.no_email else self.email,
            "voice": self.calls or "",
        }
        return {channel: to for channel, to in every.items() if to and channel not in self.opted_out}

    def booked(self) -> Booked:
        """Return the visit as the rules see it."""
        return Booked(
            id=self.appointment_id,
            patient_id=self.patient_id,
            type_id=self.type_id,
            location_id=self.location_id,
            zone=self.zone,
            starts_at=self.starts_at,
            booked_at=self.booked_at,
            is_confirmed=self.confirmation == "confirmed" and not self.is_reminded_twice,
            reminded_at=self.reminded_at,
        )


@dataclass(frozen=True, slots=True)
class Due:
    """A visit that is to be written about, by which rule, and the channels that are tried in turn."""

    visit: ToCome
    rule: Rule
    channels: tuple[str, ...]

    @property
    def address(self) -> str:
        """Return where the first try goes."""
        return self.visit.reachable[self.channels[0]] if self.channels else ""


def rules() -> QuerySet[ReminderRule]:
    """Return the rules in use, the earliest message first."""
    return (
        ReminderRule.objects.filter(is_active=True).select_related("type").order_by("-lead_minutes", "name")
    )


def retired_rules() -> QuerySet[ReminderRule]:
    """Return the rules that are no longer used."""
    return ReminderRule.objects.filter(is_active=False).select_related("type").order_by("name")


def rule(rule_id: UUID) -> ReminderRule | None:
    """Return one rule, or None."""
    return ReminderRule.objects.filter(pk=rule_id).select_related("type").first()


def as_rule(row: ReminderRule) -> Rule:
    """Return a kept rule as the pure ones see it."""
    return Rule(
        id=row.pk,
        type_id=row.type_id,
        lead=timedelta(minutes=row.lead_minutes),
        channels=tuple(row.channels),
        opens=row.from_clock,
        closes=row.to_clock,
        also_confirmed=row.also_confirmed,
    )


def due(practice: Practice, now: datetime, *, most: int) -> list[list[Due]]:
    """Return the messages that are due, each with its visits: those of one day and door to one address are one.

    The number of statements is the same for ten visits and for ten thousand.
    """
    kept = [as_rule(row) for row in rules()]
    if not kept:
        return []
    furthest = max(one.lead for one in kept) + timedelta(days=2)  # the quiet hours of a weekend send earlier
    open_ways = mailroom.ways_out(practice)
    groups: dict[tuple[Any, ...], list[Due]] = {}
    for visit in to_come(now + GRACE, now + furthest):
        rule = due_rule(visit.booked(), kept, now=now)
        if rule is None:
            continue
        found = _due(visit, rule, open_ways)
        key = (visit.on_day, visit.location_id, *_to_whom(found))
        if key in groups or len(groups) < most:
            groups.setdefault(key, []).append(found)
    return list(groups.values())


def to_come(
    since: datetime, until: datetime, *, only: Sequence[UUID] | None = None, gone: bool = False
) -> list[ToCome]:
    """Return the visits that are to come in a span, with how each patient can be reached; one statement.

    With `gone` also those that were cancelled.
    """
    asked = {
        "practice": acting_practice_id(),
        "since": since,
        "until": until,
        "only": None if only is None else list(only),
    }
    with connection.cursor() as cursor:
        cursor.execute(ALSO_GONE if gone else TO_COME, asked)
        return [ToCome(*row) for row in cursor.fetchall()]


def fallen(now: datetime) -> list[Reminder]:
    """Return the messages whose last envelope reached nobody, while their day is not over."""
    rows = Reminder.objects.filter(
        FALLEN, state=Reminder.State.ON_ITS_WAY, on_day__gte=now.date() - timedelta(days=1)
    )
    return list(rows.select_related("envelope", "location").order_by("made_at")[:200])


def visits_of(reminder_id: UUID) -> QuerySet[ReminderVisit]:
    """Return the visits that a message is about, in the order of the day."""
    rows = ReminderVisit.objects.filter(reminder_id=reminder_id)
    people = ("appointment__patient", "appointment__location", "appointment__provider", "appointment__type")
    return rows.select_related(*people).order_by("appointment__starts_at")


def is_open(one: ReminderVisit, now: datetime) -> bool:
    """Return whether a visit can still be answered for: nobody has, it is to come, its patient is not here."""
    return not one.answer and _is_to_come(one, now)


def later_answers(one: ReminderVisit, now: datetime) -> tuple[str, ...]:
    """Return what can still be said after an answer, each once, until the visit: cannot come, please call."""
    if not one.answer or not _is_to_come(one, now):
        return ()
    given = {one.answer, *(before["answer"] for before in one.earlier)}
    return tuple(answer for answer in (CANNOT, CALL) if answer not in given)


def _is_to_come(one: ReminderVisit, now: datetime) -> bool:
    appointment = one.appointment
    if appointment.booking != "scheduled" or appointment.starts_at <= now:
        return False
    visit = getattr(appointment, "visit", None)
    return visit is None or visit.flow == "undone"


def reminder_by_link(link_id: UUID) -> Reminder | None:
    """Return the message that carried a link."""
    return Reminder.objects.filter(link_id=link_id).select_related("location").first()


def waiting_for_reply(channel: str, address: str, since: datetime) -> Reminder | None:
    """Return the message that a reply from an address answers: the last that went there."""
    rows = Reminder.objects.filter(
        channel=channel, address=address, made_at__gte=since, envelope__state__in=("sent", "accepted")
    )
    return rows.order_by("-made_at").first()


def about(appointment_ids: Sequence[UUID]) -> Mapping[UUID, list[ReminderVisit]]:
    """Return what was sent about visits, the latest first, each with its message, envelopes and link."""
    tries = ReminderTry.objects.select_related("envelope").defer("envelope__content").order_by("at")
    rows = (
        ReminderVisit.objects.filter(appointment_id__in=appointment_ids)
        .select_related("reminder__envelope", "reminder__link", "rule")
        .defer("reminder__envelope__content")
        .prefetch_related(Prefetch("reminder__tries", tries))
        .annotate(together=Count("reminder__visits"))
        .order_by("-made_at")
    )
    found: dict[UUID, list[ReminderVisit]] = {}
    for row in rows:
        found.setdefault(row.appointment_id, []).append(row)
    return found


def is_fresh(sent: Reminder, now: datetime) -> bool:
    """Return whether a message waits to leave, or has left within the hour: no other is sent by hand then."""
    if sent.state != Reminder.State.ON_ITS_WAY or sent.envelope is None:
        return False
    if sent.envelope.state == "queued":
        return sent.envelope.next_try_at is not None
    return sent.envelope.state in ("sent", "accepted") and (
        (sent.envelope.sent_at or sent.made_at) > now - PAUSE
    )


def to_be_called(now: datetime) -> QuerySet[ReminderVisit]:
    """Return the visits to come whose patient was not reached, asks for a call, or wrote what a person must read."""
    needs = Q(reminder__state=Reminder.State.NOT_REACHED) | ~Q(reminder__asks="")
    rows = ReminderVisit.objects.filter(needs, reminder__settled_at=None)
    still = Q(appointment__booking__in=HOLDING, appointment__starts_at__gt=now)
    rows = rows.filter(
        still | (~Q(reminder__asks="") & Q(appointment__starts_at__gt=now - timedelta(days=2)))
    )
    people = ("appointment__patient", "appointment__provider", "appointment__location", "appointment__type")
    return rows.select_related("reminder", *people).order_by(F("appointment__starts_at"), "id")


def wish_of(patient_id: UUID) -> ReminderWish | None:
    """Return how a patient wants to be reminded, where something is noted."""
    return ReminderWish.objects.filter(patient_id=patient_id).first()


def appointments_of(reminder_id: UUID) -> list[Appointment]:
    """Return the appointments of a message that still hold their time."""
    return [row.appointment for row in visits_of(reminder_id) if row.appointment.booking == "scheduled"]


def _due(visit: ToCome, rule: Rule, open_ways: frozenset[str]) -> Due:
    turn = in_turn(rule.channels, reachable=visit.reachable, open_ways=open_ways, prefers=visit.prefers)
    return Due(visit, rule, tuple(turn))


def _to_whom(due: Due) -> tuple[Any, ...]:
    """Return what makes two messages one: the same channel and address, or the same patient where none works."""
    return (due.channels[0], due.address) if due.channels else ("", due.visit.patient_id)
