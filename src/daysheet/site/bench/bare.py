"""The floor of the in-application rows: the same question as one bare statement or two, by psycopg."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from daysheet.kernel.ids import new_id
from daysheet.site.bench.plan import NOW

PATIENT = "p.id, p.chart_number, p.family, p.given, p.preferred, p.born_on, p.sex"
BY_KEY = f"""select distinct {PATIENT}, h.number from patient_key k join patient p on p.id = k.patient_id
left join patient_phone h on h.patient_id = p.id and h.practice_id = k.practice_id
where k.practice_id = %s and k.kind = %s and k.key >= %s and k.key < %s limit 21"""  # noqa: S608 - no value in it
BY_BIRTH = f"""select {PATIENT}, h.number from patient p left join patient_phone h
on h.patient_id = p.id and h.practice_id = p.practice_id where p.practice_id = %s and p.born_on = %s limit 21"""  # noqa: S608
DAY = f"""select a.id, a.starts_at, a.ends_at, a.booking, a.confirmation, {PATIENT}, t.name, d.family, l.name, r.name,
v.flow from appointment a join patient p on p.id = a.patient_id join appointment_type t on t.id = a.type_id
join provider d on d.id = a.provider_id join location l on l.id = a.location_id
left join exam_room r on r.id = a.room_id left join visit v on v.practice_id = a.practice_id and v.appointment_id = a.id
where a.practice_id = %s and a.on_day between %s and %s and a.provider_id = %s order by a.starts_at"""  # noqa: S608
LOADS = """select on_day, count(*), sum(ends_at - starts_at) from appointment where practice_id = %s
and on_day between %s and %s and booking in ('scheduled', 'completed') group by on_day"""
GIVE_UP = "update appointment set booking = 'rescheduled' where practice_id = %s and id = %s"
TIMES = """select provider_id, starts_at, ends_at from appointment where practice_id = %s and provider_id = any(%s)
and starts_at >= %s and starts_at < %s and booking in ('scheduled', 'completed') order by provider_id, starts_at"""
BOOK = """insert into appointment (id, practice_id, patient_id, provider_id, location_id, type_id, starts_at, ends_at,
on_day, booking, confirmation, is_walk_in, reason, cancel_reason, missed_closed, booked_at, booked_by, version) values
(%s, %s, %s, %s, %s, %s, %s, %s, %s, 'scheduled', 'none', false, '', '', '', %s, 'floor', 1)"""
VISIT = """insert into visit (id, practice_id, number, patient_id, appointment_id, provider_id, location_id, service_on,
flow, flow_since, arrived_at, reason, is_imported, source, version)
select %s, a.practice_id, %s, a.patient_id, a.id, a.provider_id, a.location_id, a.on_day, 'checked_in', %s, %s, '', false,
'', 1 from appointment a where a.practice_id = %s and a.id = %s"""
STEP = """insert into visit_step (id, practice_id, visit_id, stage, kind, title, rank, is_required, state, reason,
by_name, often) values (%s, %s, %s, 'check_in', %s, '', 1, true, 'done', '', '', '')"""
CHART = f"""select {PATIENT}, h.number, g.is_self, c.member_id, n.name, b.owes, b.credit, b.insurance
from patient p left join patient_phone h on h.practice_id = p.practice_id and h.patient_id = p.id
left join guarantor g on g.practice_id = p.practice_id and g.patient_id = p.id
left join coverage c on c.practice_id = p.practice_id and c.patient_id = p.id
left join insurance_plan n on n.id = c.plan_id
left join balance b on b.practice_id = p.practice_id and b.patient_id = p.id where p.practice_id = %s and p.id = %s"""  # noqa: S608
NEXT_VISIT = """select starts_at from appointment where practice_id = %s and patient_id = %s and starts_at >= %s
and booking = 'scheduled' order by starts_at limit 1"""
SHEET = """select l.account, l.amount, e.number, e.kind, p.family, p.given, d.family from ledger_line l
join ledger_entry e on e.id = l.entry_id left join patient p on p.id = l.patient_id left join provider d
on d.id = l.provider_id where l.practice_id = %s and l.posted_on = %s order by e.number"""
SUMS = """select account, provider_id, location_id, sum(amount) from ledger_line
where practice_id = %s and posted_on = %s group by 1, 2, 3"""


class Bare:
    """A plain connection as the application's role, row-level security on."""

    def __init__(self, address: str, practice_id: UUID) -> None:
        self.link = psycopg.connect(address, autocommit=True)
        self.practice = practice_id
        self.turn = 0

    def ask(self, *questions: tuple[str, Sequence[Any]]) -> list[list[tuple[Any, ...]]]:
        """Ask in one transaction, as a request does; a write has no rows."""
        answers = []
        with self.link.transaction(), self.link.cursor() as cursor:
            cursor.execute("select set_config('app.practice', %s, true)", [str(self.practice)])
            for statement, values in questions:
                cursor.execute(statement, [self.practice, *values])
                answers.append(cursor.fetchall() if cursor.description else [])
        return answers

    def by_key(self, kind: str, start: str) -> object:
        """Find patients by the beginning of a key."""
        return self.ask((BY_KEY, [kind, start, start + "\U0010ffff"]))

    def by_birth(self, day: date) -> object:
        """Find patients by birth date."""
        return self.ask((BY_BIRTH, [day]))

    def day(self, day: date, clinician: UUID) -> object:
        """Read a clinician's day."""
        return self.days(day, day, clinician)

    def days(self, first: date, last: date, clinician: UUID) -> object:
        """Read the days of a clinician."""
        return self.ask((DAY, [first, last, clinician]))

    def loads(self, first: date, last: date) -> object:
        """Count what is booked on each day of a span, and for how long."""
        return self.ask((LOADS, [first, last]))

    def times(self, clinicians: Sequence[UUID], since: datetime, days: int) -> object:
        """Read all that is taken in a span."""
        return self.ask((TIMES, [list(clinicians), since, since + timedelta(days=days)]))

    def book(self, patient: UUID, who: UUID, where: UUID, kind: UUID, at: datetime) -> UUID:
        """Take a time, and nothing else."""
        with self.link.transaction():
            self.link.execute("select set_config('app.practice', %s, true)", [str(self.practice)])
            return self._take(patient, who, where, kind, at)

    def move(self, former: UUID, patient: UUID, who: UUID, where: UUID, kind: UUID, at: datetime) -> UUID:
        """Give one time up and take another, and nothing else."""
        with self.link.transaction():
            self.link.execute("select set_config('app.practice', %s, true)", [str(self.practice)])
            self.link.execute(GIVE_UP, [self.practice, former])
            return self._take(patient, who, where, kind, at)

    def _take(self, patient: UUID, who: UUID, where: UUID, kind: UUID, at: datetime) -> UUID:
        key, until = new_id(), at + timedelta(minutes=15)
        values = [key, self.practice, patient, who, where, kind, at, until, at.date(), NOW]
        self.link.execute(BOOK, values)
        return key

    def arrive(self, appointment: UUID, number: int) -> object:
        """Write down a visit and five steps that are done, and nothing else."""
        visit = new_id()
        with self.link.transaction():
            self.link.execute("select set_config('app.practice', %s, true)", [str(self.practice)])
            self.link.execute(VISIT, [visit, number, NOW, NOW, self.practice, appointment])
            for kind in ("identity", "demographics", "coverage", "privacy_notice", "copay"):
                self.link.execute(STEP, [new_id(), self.practice, visit, kind])
        return visit

    def chart(self, patient: UUID) -> object:
        """Read what stands on top of a chart."""
        return self.ask((CHART, [patient]), (NEXT_VISIT, [patient, NOW]))

    def sheet(self, day: date) -> object:
        """Read the lines of a posting day, and their sums."""
        return self.ask((SHEET, [day]), (SUMS, [day]))
