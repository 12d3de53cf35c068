"""What is free between a clinician's appointments, read from the rows."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from daysheet.kernel.planned import planned_cursor
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.schedule.rules import LONGEST, LONGEST_BUFFER
from daysheet.schedule.slots import Core, Span, minute_of, moment_of, without

GAPS = """
with p as (select id, place from unnest(%(providers)s::uuid[]) with ordinality as p (id, place))
select false as is_beside, place,
       ceil(extract(epoch from since) / 60)::bigint as since, floor(extract(epoch from until) / 60)::bigint
from (
    select p.place, coalesce(g.since, %(since)s) as since, g.until
    from p cross join lateral (
        select lag(coalesce(a.kept_until, a.ends_at))
                 over (order by a.starts_at rows between 1 preceding and current row) as since,
               coalesce(a.kept_from, a.starts_at) as until
        from appointment a
        where a.practice_id = %(practice)s and a.provider_id = p.id
          and a.starts_at >= %(since)s and a.starts_at < %(until)s
          and a.booking in ('scheduled', 'completed') and a.lane = 0
    ) g
    where g.since is null or g.until >= g.since + %(length)s
    union all
    select p.place, g.ends_at, %(until)s
    from p cross join lateral (
        select coalesce(a.kept_until, a.ends_at) as ends_at
        from appointment a
        where a.practice_id = %(practice)s and a.provider_id = p.id
          and a.starts_at >= %(since)s and a.starts_at < %(until)s
          and a.booking in ('scheduled', 'completed') and a.lane = 0
        order by a.starts_at desc limit 1
    ) g
) gap
union all
select true, p.place, floor(extract(epoch from coalesce(a.kept_from, a.starts_at)) / 60)::bigint,
       ceil(extract(epoch from coalesce(a.kept_until, a.ends_at)) / 60)::bigint
from p join appointment a on a.provider_id = p.id
where a.practice_id = %(practice)s and a.starts_at >= %(since)s and a.starts_at < %(until)s
  and a.booking in ('scheduled', 'completed') and a.lane > 0
order by is_beside, place, since
"""

COULD_FIT = """
with p as (select id, place from unnest(%(providers)s::uuid[]) with ordinality as p (id, place)),
taken as materialized (
    select p.place, a.starts, a.ends
    from p cross join lateral (
        select array_agg(a.starts_at order by a.starts_at) as starts,
               array_agg(coalesce(a.kept_until, a.ends_at) order by a.starts_at) as ends
        from appointment a
        where a.practice_id = %(practice)s and a.provider_id = p.id
          and a.starts_at >= %(since)s and a.starts_at < %(until)s and a.booking = 'scheduled'
    ) a
),
core as materialized (  -- the last to begin before it ends counts: one that begins with its end takes none of it
    select day, to_timestamp(begins * 60) as begins, to_timestamp(ends * 60) - interval '1 microsecond' as ends,
           places::int[] as places
    from unnest(%(days)s::int[], %(begins)s::bigint[], %(ends)s::bigint[], %(places)s::text[])
      as told (day, begins, ends, places)
)
select distinct core.day, taken.place
from core
cross join lateral unnest(core.places) as one (place)
join taken on taken.place = one.place
where (taken.ends[width_bucket(core.ends, taken.starts)] > core.begins) is not true
"""


def free_time(
    provider_ids: Sequence[UUID], *, since: datetime, until: datetime, minutes: int
) -> dict[UUID, list[Span]]:
    """Return the gaps of at least so many minutes between each clinician's appointments.

    One statement over one index, bounded by plain timestamps: row security lets no range operator reach it.
    """
    # An appointment that began before the span may reach into it; one that begins after it may keep time in it.
    reach = since - timedelta(minutes=LONGEST + LONGEST_BUFFER)
    last = until + timedelta(minutes=LONGEST_BUFFER)
    asked: dict[str, Any] = {
        "providers": list(provider_ids),
        "practice": acting_practice_id(),
        "since": reach,
        "until": last,
        "length": timedelta(minutes=minutes),
    }
    with planned_cursor() as cursor:
        cursor.execute(GAPS, asked)
        rows = cursor.fetchall()
    gaps: dict[int, list[Span]] = {}
    beside: dict[int, list[Span]] = {}
    for is_beside, place, begins, ends in rows:
        (beside if is_beside else gaps).setdefault(place, []).append(Span(begins, ends))
    for place, taken in beside.items():
        # What was booked over another takes its time too, also when that other is gone.
        whole = [Span(minute_of(reach), minute_of(last))]
        gaps[place] = [piece for gap in gaps.get(place, whole) for piece in without(gap, taken)]
    return {provider_ids[place - 1]: mine for place, mine in gaps.items()}


def could_fit(cores: Iterable[Core]) -> dict[date, set[UUID]]:
    """Return on which days, and with which clinicians, something of a day's cores is not taken; in one statement.

    Where all cores of an opening are taken, no visit fits into it. Where one is not, a visit fits or does not.
    """
    asked = list(cores)
    if not asked:
        return {}
    # Most cores are of the same clinicians: one tuple, told once.
    groups = {id(core.provider_ids): core.provider_ids for core in asked}
    people = list(dict.fromkeys(one for group in groups.values() for one in group))
    place = {one: n for n, one in enumerate(people, start=1)}
    words = {key: "{" + ",".join(str(place[one]) for one in group) + "}" for key, group in groups.items()}
    days = list(dict.fromkeys(core.day for core in asked))
    number = {day: n for n, day in enumerate(days)}
    told = {
        "practice": acting_practice_id(),
        "providers": people,
        "since": moment_of(min(core.begins for core in asked)) - timedelta(minutes=LONGEST + LONGEST_BUFFER),
        "until": moment_of(max(core.ends for core in asked)),
        "days": [number[core.day] for core in asked],
        "begins": [core.begins for core in asked],
        "ends": [core.ends for core in asked],
        "places": [words[id(core.provider_ids)] for core in asked],
    }
    found: dict[date, set[UUID]] = {}
    with planned_cursor() as cursor:
        cursor.execute(COULD_FIT, told)
        for day, who in cursor.fetchall():
            found.setdefault(days[day], set()).add(people[who - 1])
    return found
