"""The rows of `make bench` run: all of them, against a practice that is small, once each and never timed."""

from dataclasses import replace

import psycopg
import pytest

from daysheet.site.bench import answering, crowd, desk, inside, tidying
from daysheet.site.bench.bare import Bare
from daysheet.site.bench.filling import fill
from daysheet.site.bench.furnishing import furnish
from daysheet.site.bench.plan import Size
from daysheet.site.bench.subjects import subjects
from daysheet.site.bench.table import CROWD, INSIDE
from daysheet.site.bench.timing import Row, measure
from tests.throwaway import Throwaway

SMALL = Size(patients=2400, clinicians=10, appointments=12_000, closed_days=3, busy_rows=60)


@pytest.mark.django_db(transaction=True)
def test_every_row_within_the_application_runs_beside_its_floor(
    test_database: Throwaway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "ANSWERS", 2)
    server = test_database.server
    fill(server.dsn("postgres"), furnish(SMALL), SMALL, lambda done, steps: None)
    tidying.tidy(server.dsn("postgres"))
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as link:
        link.execute("grant temporary on database daysheet_test to daysheet_app")  # a floor keeps its rows so
    who = subjects(SMALL)
    bare = Bare(server.dsn(), who.practice.id)
    with bare.link:
        at_the_desk = desk.AtTheDesk(who, bare)
        _each(inside.rows(who, at_the_desk, SMALL))
        monkeypatch.setattr(crowd, "FIRST", 60)
        for name, count in {
            "CLERKS": 3,
            "RACES": 2,
            "RACERS": 300,
            "ARRIVING": 60,
            "ARRIVING_BARE": 100,
            "FILE": 1,
        }.items():
            monkeypatch.setattr(crowd, name, count)
        seen = list(crowd.measured(who, at_the_desk, server.dsn(), SMALL, CROWD))
    assert tuple(one.name for one in seen) == CROWD
    assert [one.name for one in seen if not one.meets] == []


def _each(rows: list[Row]) -> None:
    assert tuple(row.name for row in rows) == INSIDE
    over = {}
    for row in rows:
        seen = measure(replace(row, rounds=2, warming=1))
        if row.at_most_statements is not None and (seen.statements or 0) > row.at_most_statements:
            over[row.name] = seen.statements
    assert over == {}
