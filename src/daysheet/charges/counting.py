"""Hours, days and units under authorizations: counted from the charges of the visits that name them, never kept."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from daysheet.coverage.rules.authorizations import CODE_LENGTH, Counts
from daysheet.kernel.tenancy import acting_practice_id

LINES = """
with line as (
    select p.id, p.counted_in, v.id as visit_id, v.number, c.service_on, c.state,
           case p.counted_in when 'hours' then c.units * p.minutes_per_unit / 60.0 else c.units end as amount
    from plan_authorization p
    join visit v on v.practice_id = %(practice)s and (v.authorization_id = p.id or v.referral_id = p.id)
    join charge c on c.practice_id = %(practice)s and c.visit_id = v.id and c.state <> 'voided'
    left join lateral (
        select array_agg(upper(trim(word))) as codes
        from jsonb_array_elements_text(p.what_for) as word
        where length(trim(word)) = %(length)s and trim(word) ~ '^[A-Za-z0-9]*[0-9][A-Za-z0-9]*$'
    ) w on true
    where p.practice_id = %(practice)s and p.id = any(%(ids)s) and p.counted_in <> 'visits'
      and v.flow not in ('undone', 'lwobs') and (w.codes is null or c.code = any(w.codes))
)
"""
"""A charge counts where the authorization names its code, or names no code at all."""
COUNTS = (
    LINES
    + """
select id, counted_in, sum(amount) filter (where state = 'posted'), sum(amount) filter (where state = 'draft'),
       count(distinct service_on) filter (where state = 'posted'),
       count(distinct service_on) filter (where state = 'draft' and not exists (
           select from line other where other.id = line.id and other.service_on = line.service_on
             and other.state = 'posted'))
from line
group by id, counted_in
"""
)
"""What is posted is used; what stands on a slip is booked."""
PLACES = (
    LINES
    + """
select visit_id, id, counted_in, service_on, number, sum(amount)
from line
where state = 'posted'
group by visit_id, id, counted_in, service_on, number
order by id, service_on, number
"""
)


def under_authorizations(ids: Sequence[UUID], _today: date) -> dict[UUID, Counts]:
    """Return what is used and booked under authorizations that count no visits: one statement."""
    return {
        pk: Counts(days, days_to_come)
        if counted_in == "days"
        else Counts(Decimal(used or 0), Decimal(booked or 0))
        for pk, counted_in, used, booked, days, days_to_come in _read(COUNTS, ids)
    }


def used_until(ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], Decimal]:
    """Return, by visit and authorization, how much was used when that visit was over: one statement, or none."""
    found: dict[tuple[UUID, UUID], Decimal] = {}
    until: dict[UUID, Decimal] = {}
    days: dict[UUID, set[date]] = {}
    for visit_id, pk, counted_in, day, _number, amount in _read(PLACES, ids) if ids else ():
        days.setdefault(pk, set()).add(day)
        until[pk] = (
            Decimal(len(days[pk])) if counted_in == "days" else until.get(pk, Decimal(0)) + Decimal(amount)
        )
        found[visit_id, pk] = until[pk]
    return found


def _read(statement: str, ids: Sequence[UUID]) -> list[tuple[Any, ...]]:
    asked = {"practice": acting_practice_id(), "ids": list(ids), "length": CODE_LENGTH}
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
