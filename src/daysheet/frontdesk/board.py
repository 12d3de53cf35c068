"""The day board's rows: one statement for all that is on the day, one reading of the plans."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.coverage import cases
from daysheet.coverage import queries as coverage
from daysheet.coverage.copays import OFFICE as OFFICE_VISIT
from daysheet.coverage.queries import HeldPlan, Standing
from daysheet.coverage.showing import marks_of
from daysheet.frontdesk import beside, rules
from daysheet.kernel.planned import planned_cursor
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.schedule.reminder_lines import WAYS
from daysheet.schedule.remote import OFFICE, PHONE, VIDEO
from daysheet.ui.words import born as say_born
from daysheet.visits.models import VisitToken

DAY = """
with seen as (
    select a.id as appointment_id, v.id as visit_id, a.patient_id, coalesce(v.provider_id, a.provider_id) as provider_id,
           coalesce(v.room_id, case when v.id is null then a.room_id end) as room_id, a.starts_at, a.ends_at,
           a.booking, a.confirmation, a.version as appointment_version, t.name as type_name,
           case when v.flow <> 'undone' then v.flow end as flow, v.flow_since, v.arrived_at, v.version as visit_version,
           v.copay_due, v.coverage_id as visit_coverage_id, a.type_id, t.takes_copay and not a.pays_self as takes_copay,
           t.copay_service,
           coalesce(case when v.flow <> 'undone' then v.mode end, t.mode) as mode, v.meeting_opened_at
    from appointment a
    join appointment_type t on t.id = a.type_id
    left join visit v on v.practice_id = a.practice_id and v.appointment_id = a.id
    where a.practice_id = %(practice)s and a.on_day = %(day)s
      and a.booking not in ('rescheduled', 'entered_in_error')
      {booked_there}
    union all
    select null, v.id, v.patient_id, v.provider_id, v.room_id, null, null, 'walk_in', 'none', null, 'Walk-in',
           v.flow, v.flow_since, v.arrived_at, v.version, v.copay_due, v.coverage_id, null, true, null,
           v.mode, v.meeting_opened_at
    from visit v
    where v.practice_id = %(practice)s and v.service_on = %(day)s and v.appointment_id is null
      and not v.is_imported and not v.is_round and v.flow <> 'undone'
      {seen_there}
)
select s.appointment_id, s.visit_id, s.patient_id, s.starts_at, s.ends_at, s.booking, s.confirmation,
       s.appointment_version, s.type_name, s.flow, s.flow_since, s.arrived_at, s.visit_version, s.copay_due,
       p.family, p.given, p.preferred, p.born_on, p.chart_number, p.needs_interpreter,
       d.id, d.given, d.family, d.credential, r.name,
       coalesce(b.owes, 0), coalesce(b.credit, 0), c.id, c.plan_name, c.office_copay, coalesce(c.is_medicaid, false),
       j.kind, j.claim_number, j.payer,
       (select count(*) from visit_step w
         where w.practice_id = %(practice)s and w.visit_id = s.visit_id and w.is_required and w.state = 'open'
           and w.stage = case when s.flow = 'ready_for_checkout' then 'check_out' else 'check_in' end),
       m.state, m.asks, m.channel, m.sent_at, w.long_after, w.very_long_after, s.mode, s.meeting_opened_at,
       behind.minutes, coalesce(paid.amount, 0), greatest(coalesce(b.credit, 0) - coalesce(waits.amount, 0), 0),
       (select q.letter || '-' || to_char(q.number, case when q.number < 100 then 'FM00' else 'FM999999' end)
         from visit_token q where q.practice_id = %(practice)s and q.visit_id = s.visit_id),
       s.takes_copay, s.copay_service,
       (select q.state from visit_token q where q.practice_id = %(practice)s and q.visit_id = s.visit_id),
       coalesce(c.is_medicaids, false)
from seen s
join patient p on p.id = s.patient_id
join provider d on d.id = s.provider_id
left join exam_room r on r.id = s.room_id
left join balance b on b.patient_id = s.patient_id
left join running_late behind on behind.practice_id = %(practice)s and behind.on_day = %(day)s
     and behind.provider_id = d.id and behind.ended_at is null
left join lateral (
    select h.*, bool_or(h.is_medicaid) over () as is_medicaids
    from (
        select k.id, k.rank, l.name as plan_name, l.office_copay,
               k.is_of_medicaid or l.kind = 'medicaid' or y.filing_code = 'MC' as is_medicaid
        from coverage k join insurance_plan l on l.id = k.plan_id join payer y on y.id = l.payer_id
        where k.practice_id = %(practice)s and k.patient_id = s.patient_id and k.rank > 0
          and k.entered_in_error_at is null and k.starts_on <= %(day)s and (k.ends_on is null or k.ends_on > %(day)s)
    ) h
    order by h.rank
    limit 1
) c on c.rank = 1
left join lateral (
    select n.state, case when n.settled_at is null then n.asks else '' end as asks, n.channel, e.sent_at
    from reminder_visit g
    join reminder n on n.practice_id = %(practice)s and n.id = g.reminder_id
    left join envelope e on e.practice_id = %(practice)s and e.id = n.envelope_id
    where g.practice_id = %(practice)s and g.appointment_id = s.appointment_id
    order by g.made_at desc limit 1
) m on true
left join lateral (
    select i.kind, i.claim_number, y.name as payer
    from injury_case i join payer y on y.id = i.payer_id
    where i.practice_id = %(practice)s and i.patient_id = s.patient_id and i.entered_in_error_at is null
      and i.id = case
          when s.flow is not null then
              (select k.case_id from coverage k where k.id = s.visit_coverage_id)
          else
              (select u.case_id from case_appointment u
               where u.practice_id = %(practice)s and u.appointment_id = s.appointment_id)
          end
      and (s.flow is not null or i.closed_on is null or i.closed_on > %(day)s)
) j on true
left join lateral (
    select sum(o.amount - coalesce(g.returned, 0) + coalesce((
               select sum(l.amount) from ledger_entry e join ledger_line l on l.entry_id = e.id
               where e.practice_id = %(practice)s and e.source_kind = 'payment_given_back' and e.source_id = o.id
                 and l.account in ('cash', 'check', 'card')), 0)) as amount
    from payment o left join card_charge g on g.practice_id = o.practice_id and g.payment_id = o.id
    where o.practice_id = %(practice)s and o.visit_id = s.visit_id and o.voided_at is null
) paid on true
left join lateral (
    select sum(h.amount) as amount
    from (
        select o.visit_id, greatest(o.amount - coalesce(g.returned, 0) + coalesce((
                   select sum(l.amount) from ledger_entry e join ledger_line l on l.entry_id = e.id
                   where e.practice_id = %(practice)s and e.source_kind = 'payment_given_back' and e.source_id = o.id
                     and l.account in ('cash', 'check', 'card')), 0) - greatest(coalesce((
                   select sum(l.amount) from ledger_entry e join ledger_line l on l.entry_id = e.id
                   where e.practice_id = %(practice)s and e.kind = 'apply' and e.source_id = o.id
                     and l.account = 'unapplied'), 0), 0), 0) as amount
        from payment o left join card_charge g on g.practice_id = o.practice_id and g.payment_id = o.id
        where o.practice_id = %(practice)s and o.patient_id = s.patient_id and o.voided_at is null
          and o.visit_id is not null
        union all
        select z.visit_id, z.set_against from visit_step z join visit q on q.id = z.visit_id
        where q.practice_id = %(practice)s and q.patient_id = s.patient_id and q.flow <> 'undone'
          and z.kind = 'copay' and z.set_against > 0 and q.id is distinct from s.visit_id
    ) h
    left join lateral (
        select sum(l.amount) filter (where l.account = 'charges') as charged,
               sum(l.amount) filter (where l.account = 'insurance') as insurance
        from ledger_line l
        where l.practice_id = %(practice)s and l.patient_id = s.patient_id and l.visit_id = h.visit_id
    ) d on true
    left join visit n on n.practice_id = %(practice)s and n.id = h.visit_id
    where b.credit > 0
      and (h.visit_id = s.visit_id
           or n.flow not in ('undone', 'lwobs') and (coalesce(d.charged, 0) = 0 or d.insurance > 0))
) waits on true
left join lateral (
    select x.long_after, x.very_long_after
    from wait_limit x
    where x.practice_id = %(practice)s and x.state = s.flow and (x.type_id is null or x.type_id = s.type_id)
    order by x.type_id nulls last
    limit 1
) w on true
order by coalesce(s.starts_at, s.arrived_at), p.family, p.given, s.appointment_id
"""


class Found(NamedTuple):
    """A row of the statement."""

    appointment_id: UUID | None
    visit_id: UUID | None
    patient_id: UUID
    starts_at: datetime | None
    ends_at: datetime | None
    booking: str
    confirmation: str
    appointment_version: int | None
    type_name: str
    flow: str | None
    flow_since: datetime | None
    arrived_at: datetime | None
    visit_version: int | None
    copay_due: Decimal | None
    family: str
    given: str
    preferred: str
    born_on: date
    chart: int
    needs_interpreter: bool
    provider_id: UUID
    provider_given: str
    provider_family: str
    provider_credential: str
    room: str | None
    owes: Decimal
    credit: Decimal
    coverage_id: UUID | None
    plan_name: str | None
    office_copay: Decimal | None
    is_medicaid: bool
    case_kind: str | None
    case_number: str | None
    case_payer: str | None
    open_steps: int
    reminder_state: str | None
    reminder_asks: str | None
    reminder_channel: str | None
    reminded_at: datetime | None
    long_after: int | None
    very_long_after: int | None
    mode: str
    meeting_opened_at: datetime | None
    minutes_late: int | None
    """By how much the clinician runs late, as the desk has been told."""
    paid: Decimal
    """What was paid for the visit and has not gone back."""
    free: Decimal
    """What of the credit is for no other visit: as `ledger.free_credit` says it, for all rows at once."""
    token: str | None
    takes_copay: bool
    copay_service: str | None
    token_state: str | None
    is_medicaids: bool
    """Any of the patient's plans of the day is Medicaid's, also one that pays last."""

    def copay_of(self, standing: Standing) -> Decimal | None:
        """Return the copay: as it stood at arrival, before that as the plan names it for the kind of visit."""
        if not self.takes_copay:
            return None
        if self.visit_id and not standing.is_qmb:
            return self.copay_due
        if self.is_medicaids and not self.is_medicaid:
            # What the plan before it names may not be asked; what Medicaid names check-in knows.
            return Decimal(0)
        return standing.copay_for(self.copay_service or OFFICE_VISIT)

    def copay_left(self, copay: Decimal | None) -> Decimal | None:
        """Return what of a copay is neither paid nor there as credit: as check-in says it."""
        return None if copay is None else max(copay - self.paid - self.free, Decimal(0))

    @property
    def owes_from_before(self) -> Decimal:
        """Return what is owed beside the copay; what was paid for the visit is no credit against it."""
        return max(self.owes - self.credit + min(self.paid, self.credit), Decimal(0))

    @property
    def limits(self) -> tuple[int, int] | None:
        """Return the office's own minutes of a long and of a very long wait, if it has set them."""
        if self.long_after is None or self.very_long_after is None:
            return None
        return self.long_after, self.very_long_after


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One patient of the day, as the desk sees the row."""

    key: str
    appointment_id: UUID | None
    visit_id: UUID | None
    patient_id: UUID
    group: str
    state: str
    at: datetime
    name: str
    short_name: str
    born: str
    chart: int
    provider_id: UUID
    provider: str
    place: str
    late: tuple[str, str]
    wait: tuple[str, str]
    in_state: int
    in_house: int
    open_steps: int
    confirmation: str
    version: int | None
    owes: Decimal
    is_medicaid: bool
    standing: Standing
    coverage_marks: list[tuple[str, str]]
    copay: Decimal | None
    alerts: list[tuple[str, str]] = field(default_factory=list)
    mode: str = OFFICE
    reminder: tuple[str, str] = ("", "")
    """How far the reminder got: a tone, where a person must act, and words."""
    signs: Sequence[beside.Sign] = ()
    """What other rooms say of the visit."""
    token: str = ""
    """By what the wall calls the patient."""

    @property
    def due(self) -> Decimal:
        """Return what the desk should ask for: the copay and what is owed from before; of a QMB nothing.

        Of what Medicaid's own are said to owe the check-in alone knows what may be asked (42 CFR 447.15).
        """
        if self.standing.is_qmb:
            return Decimal(0)
        if self.is_medicaid:
            return self.copay or Decimal(0)
        return (self.copay or Decimal(0)) + self.owes


@dataclass(frozen=True, slots=True)
class Board:
    """The day by groups, with its figures and the clinicians on it."""

    day: date
    groups: dict[str, list[BoardRow]]
    providers: list[tuple[UUID, str]]
    behind: list[tuple[str, int]]
    """Who runs late, by how many minutes."""

    @property
    def rows(self) -> list[BoardRow]:
        """Return all rows, group after group."""
        return [row for rows in self.groups.values() for row in rows]

    @property
    def late(self) -> int:
        """Return how many are late and not here."""
        return sum(1 for row in self.groups["not_here"] if row.late[0])

    @property
    def patient_ids(self) -> list[UUID]:
        """Return whom the board shows."""
        return list(dict.fromkeys(row.patient_id for row in self.rows))


def board(
    *, location_id: UUID | None, day: date, now: datetime, zone: ZoneInfo, provider_id: UUID | None = None
) -> Board:
    """Return the day board of a door, or of all; a constant number of statements whatever the rows."""
    every = day_rows(location_id, day)
    providers = {row.provider_id: provider_of(row) for row in every}
    found = [row for row in every if provider_id in (None, row.provider_id)]
    standing = _standing(found, day)
    alike = rules.name_alerts([(str(row.patient_id), row.family, _said(row, zone)) for row in every])
    groups: dict[str, list[BoardRow]] = {name: [] for name in rules.GROUPS}
    said = beside.signs(
        [row.visit_id for row in found if row.visit_id],
        [row.appointment_id for row in found if row.appointment_id],
        now,
    )
    for row in found:
        made = _row(row, _under_case(row) or standing[row.patient_id], alike.get(str(row.patient_id)), now)
        signs = said.get(row.visit_id or row.appointment_id or row.patient_id, ())
        made = replace(made, signs=[*_in_car(made, row), *signs])
        groups[made.group].append(made)
    groups["here"].sort(key=lambda row: (-_rank(row.wait[0]), -row.in_house))
    behind = sorted({(provider_of(row), row.minutes_late) for row in every if row.minutes_late})
    return Board(day, groups, sorted(providers.items(), key=lambda pair: pair[1]), behind)


def day_rows(location_id: UUID | None, day: date) -> list[Found]:
    """Return all that is on a day of a door, or of all: one statement."""
    there = "and {}.location_id = %(location)s" if location_id else ""
    of_door = DAY.format(booked_there=there.format("a"), seen_there=there.format("v"))
    with planned_cursor() as cursor:
        cursor.execute(of_door, {"practice": acting_practice_id(), "day": day, "location": location_id})
        return [Found(*row) for row in cursor.fetchall()]


def _standing(found: Sequence[Found], day: date) -> dict[UUID, Standing]:
    """Return how each patient stands with the plan that the statement has found for the day."""
    held = {
        row.patient_id: HeldPlan(row.coverage_id, row.plan_name or "", row.office_copay)
        for row in found
        if row.coverage_id
    }
    stands = coverage.standing_of_plans(list(held.values()), day)
    bare = Standing("none", "No plan on this day")
    return {
        row.patient_id: stands[held[row.patient_id].coverage_id] if row.patient_id in held else bare
        for row in found
    }


def _under_case(row: Found) -> Standing | None:
    """Return how a visit under a case of injury stands; None where the health plan pays."""
    if row.case_kind is None:
        return None
    return cases.standing_under(row.case_kind, row.case_number or "", row.case_payer or "")


def _row(row: Found, standing: Standing, alike: str | None, now: datetime) -> BoardRow:
    state = row.flow or ("expected" if row.booking == "scheduled" else row.booking)
    group = rules.group(state, ends_at=row.ends_at, now=now)
    in_state = rules.minutes_between(row.flow_since, now) if group == "here" else 0
    is_late = row.starts_at is not None and (group in ("not_here", "unresolved") or group == "here")
    alerts = [("attention", "Interpreter")] if row.needs_interpreter else []
    alerts += [("attention", f"Name alert: {alike}")] if alike else []
    alerts += _remote(row)
    copay = row.copay_of(standing)
    return BoardRow(
        key=_key(row),
        appointment_id=row.appointment_id,
        visit_id=row.visit_id if row.flow else None,
        patient_id=row.patient_id,
        group=group,
        state="unresolved" if group == "unresolved" else state,
        at=row.starts_at or row.arrived_at or now,
        name=f"{row.family.upper()}, {row.given}" + (f" ({row.preferred})" if row.preferred else ""),
        short_name=short_name(row),
        born=say_born(row.born_on),
        chart=row.chart,
        provider_id=row.provider_id,
        provider=provider_of(row),
        place=row.room or row.type_name,
        late=rules.lateness(row.starts_at, row.arrived_at, now) if is_late and row.starts_at else ("", ""),
        wait=rules.wait(state, in_state, row.limits),
        in_state=in_state,
        in_house=rules.minutes_between(row.arrived_at, now) if group == "here" else 0,
        open_steps=row.open_steps if group == "here" else 0,
        confirmation=row.confirmation,
        version=row.visit_version if row.flow else row.appointment_version,
        owes=row.owes_from_before,
        is_medicaid=row.is_medicaids,
        standing=standing,
        coverage_marks=marks_of(standing),
        copay=row.copay_left(copay) if state in ("expected", "arrived") or group == "unresolved" else None,
        alerts=alerts,
        mode=row.mode,
        token=row.token or "" if state in ("arrived", "checked_in") else "",
        reminder=_reminder(row) if group == "not_here" else ("", ""),
    )


def _in_car(made: BoardRow, row: Found) -> list[beside.Sign]:
    """Return that the patient waits in the car, as the phone, the kiosk or the desk has said it to the line."""
    if not made.token or row.token_state != VisitToken.State.IN_CAR:
        return []
    return [beside.in_the_car()]


def _remote(row: Found) -> list[tuple[str, str]]:
    """Return that a visit is by video or phone; by video also that the patient may join."""
    if row.mode == VIDEO:
        return [("active", _("Video, may join") if row.meeting_opened_at else _("Video"))]
    return [("active", _("Phone"))] if row.mode == PHONE else []


def _reminder(row: Found) -> tuple[str, str]:
    """Return how far the reminder of a visit got; what the patient answered stands beside it already."""
    if row.reminder_asks == "wrote":
        return ("attention", _("Wrote: read it"))
    if row.reminder_state == "not_reached":
        return ("stop", _("Not reached"))
    if row.reminded_at is not None and row.reminder_channel:
        return ("", _("Reminded by %(way)s") % {"way": str(WAYS[row.reminder_channel]).lower()})
    return ("", "")


def _key(row: Found) -> str:
    return str(row.appointment_id or row.visit_id)


def short_name(row: Found) -> str:
    """Return the first name and one letter: no more than is needed to call somebody."""
    return f"{row.preferred or row.given} {row.family[:1]}."


def _said(row: Found, zone: ZoneInfo) -> str:
    who = f"{row.family.upper()}, {row.given} {row.chart}"
    at = row.starts_at or row.arrived_at
    local = at.astimezone(zone) if at else None
    return f"{who} at {local.hour % 12 or 12}:{local:%M}" if local else who


def provider_of(row: Found) -> str:
    """Return the clinician as the desk says it."""
    if row.provider_credential in ("MD", "DO"):
        return f"Dr. {row.provider_family}"
    return f"{row.provider_given} {row.provider_family}"


def _rank(tone: str) -> int:
    return {"stop": 2, "attention": 1}.get(tone, 0)
