"""Numbers that people say aloud, counted per practice without gaps."""

from django.db import connection

from daysheet.kernel.ids import new_id
from daysheet.kernel.tenancy import acting_practice_id


def next_number(name: str, *, first: int = 1) -> int:
    """Return the next number of that name in the acting practice; the row stays locked until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into counter (id, practice_id, name, next) values (%s, %s, %s, %s)
               on conflict (practice_id, name) do update set next = counter.next + 1
               returning next - 1""",
            [new_id(), acting_practice_id(), name, first + 1],
        )
        return int(cursor.fetchone()[0])


def next_numbers(name: str, count: int, *, first: int = 1) -> range:
    """Return the next numbers of that name, as many as asked for, drawn at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into counter (id, practice_id, name, next) values (%s, %s, %s, %s)
               on conflict (practice_id, name) do update set next = counter.next + %s
               returning next""",
            [new_id(), acting_practice_id(), name, first + count, count],
        )
        after = int(cursor.fetchone()[0])
    return range(after - count, after)
