"""An office that takes in: Northside with its door, and what its database holds."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from daysheet.interop.intake import Report, take_in
from daysheet.kernel.models import Practice
from tests import cast, make

TakeIn = Callable[[Path], Report]


@pytest.fixture
def northside(practice: Practice) -> Practice:
    """The practice with one door of its own."""
    make.location()
    return practice


@pytest.fixture
def bring(northside: Practice) -> TakeIn:
    """Take a folder in."""
    return lambda folder: take_in(cast.system(northside.pk), folder, zone=northside.zone)


@pytest.fixture
def fingerprint(northside: Practice) -> Callable[[], dict[str, str]]:
    """What every table of the practice holds, as one hash a table."""

    def look() -> dict[str, str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "select table_name from information_schema.columns where column_name = 'practice_id'"
                " and table_schema = 'public' order by 1"
            )
            found = {}
            for (table,) in cursor.fetchall():
                cursor.execute(f"select md5(string_agg(t::text, '|' order by t::text)) from {table} t")
                found[table] = str(cursor.fetchone()[0])
        return found

    return look
