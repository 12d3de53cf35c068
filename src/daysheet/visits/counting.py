"""What is used and booked under authorizations: counted from visits and coming appointments, never kept."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from daysheet.coverage.rules.authorizations import Counts
from daysheet.kernel.planned import planned_cursor
from daysheet.kernel.tenancy import acting_practice_id

COUNTS = """
select id, count(*) filter (where is_used), count(*) filter (where not is_used)
from (
    select unnest(array[v.authorization_id, v.referral_id]) as id, v.flow = 'checked_out' as is_used
    from visit v
    where v.practice_id = %(practice)s and v.flow not in ('undone', 'lwobs')
      and (v.authorization_id = any(%(ids)s) or v.referral_id = any(%(ids)s))
    union all
    select unnest(array[a.authorization_id, a.referral_id]), false
    from appointment a
    where a.practice_id = %(practice)s and a.booking = 'scheduled' and a.on_day >= %(today)s
      and (a.authorization_id = any(%(ids)s) or a.referral_id = any(%(ids)s))
      and not exists (
          select from visit v
          where v.practice_id = a.practice_id and v.appointment_id = a.id and v.flow <> 'undone'
      )
) counted
where id = any(%(ids)s)
group by id
"""
"""A visit is used once its patient is checked out; until then, and before it comes, it is booked."""

PLACES = """
select visit_id, id, row_number() over (partition by id order by service_on, number)
from (
    select v.id as visit_id, v.service_on, v.number, unnest(array[v.authorization_id, v.referral_id]) as id
    from visit v
    where v.practice_id = %(practice)s and v.flow not in ('undone', 'lwobs')
      and (v.authorization_id = any(%(ids)s) or v.referral_id = any(%(ids)s))
) counted
where id = any(%(ids)s)
"""


def under_authorizations(ids: Sequence[UUID], today: date) -> dict[UUID, Counts]:
    """Return what is used and booked under some authorizations: one statement."""
    with planned_cursor() as cursor:
        cursor.execute(COUNTS, {"practice": acting_practice_id(), "ids": list(ids), "today": today})
        return {pk: Counts(used, booked) for pk, used, booked in cursor.fetchall()}


def places_under(ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], int]:
    """Return, by visit and authorization, the how manieth a visit is under it by day: one statement."""
    if not ids:
        return {}
    with planned_cursor() as cursor:
        cursor.execute(PLACES, {"practice": acting_practice_id(), "ids": list(ids)})
        return {(visit_id, pk): place for visit_id, pk, place in cursor.fetchall()}
