"""The row of moving in: a practice's patients, coverages, balances and visits to come, taken in from four tables."""

import csv
import io
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.movein import telling
from daysheet.movein.telling import Wish
from daysheet.practice import commands as practice
from daysheet.practice.founding import found_practice
from daysheet.practice.rules import npi_from
from daysheet.schedule import commands as schedule
from daysheet.site.bench.plan import COMMON, NOW, TODAY, Size
from daysheet.site.bench.timing import Measured, part

NAME = "Moving In"
PATIENTS, ROUNDS = 5_000, 3
AT_LEAST = 100_000 / 300
"""Patients a second: a hundred thousand in five minutes."""
CLINICIANS = 20
PAYERS = ("Blue PPO", "Coastal Health", "Harbor HMO", "Summit Mutual", "Lakeside Plan")
OPENS, CLOSES, STEP = 8 * 60, 17 * 60, 15
HEADS = {
    "patients": "ID,Last Name,First Name,DOB,Sex,Mobile,Street,City,State,Zip,Email",
    "coverages": "Patient ID,Payer,Plan,Member ID,Group,Relationship,Effective Date,Type",
    "balances": "Patient ID,Patient Balance,Insurance Balance",
    "appointments": "Appt ID,Patient ID,Date,Start Time,Minutes,Provider,Type,Status",
}


def tables(patients: int, first_day: date = TODAY) -> dict[str, bytes]:
    """Return the four tables of so many patients, who come after a day.

    Ninety of a hundred have a plan and ten of these a second one, thirty an old balance, twenty a visit to come.
    """
    lines: dict[str, list[str]] = {kind: [head] for kind, head in HEADS.items()}
    times = _times(first_day)
    for one in Size(patients=patients).people():
        n, who = one.number, one.who
        assert who.born_on is not None
        lines["patients"].append(
            f"{n},{who.family},{who.given},{who.born_on:%m/%d/%Y},{'F' if one.is_woman else 'M'},{who.phones[0]},"
            f"{n % 900 + 1} Elm St,Springfield,MA,{1103 + n % 80:05d},p{n}@example.org"
        )
        if n % 10:
            payer = PAYERS[n % len(PAYERS)]
            lines["coverages"].append(f"{n},{payer},{payer},M{n:08d},G{n % 50},self,1/1/2025,primary")
            if n % 10 == 9:
                lines["coverages"].append(
                    f"{n},Lakeside Plan,Lakeside Plan,S{n:08d},,self,1/1/2025,secondary"
                )
        if n % 10 < 3:
            lines["balances"].append(f"{n},{n % 300 + 1}.50,{n % 7 * 25}.00")
        if n % 5 == 0:
            day, clock, clinician = next(times)
            name = f"Kim {_family(clinician)}"
            lines["appointments"].append(f"{n},{n},{day},{clock},15,{name},Follow-up,Scheduled")
    return {kind: ("\n".join(rows) + "\n").encode() for kind, rows in lines.items()}


def furnished(number: int) -> Practice:
    """Return a new practice with a door, clinicians and a kind of visit, as an office has them before it moves in."""
    founded = found_practice(name=f"{NAME} {number}", now=NOW, is_training=True, is_demo=True, clock_at=NOW)
    ana = Actor.of_role("office_manager", practice_id=founded.id, user_id=None, name="Ana Petrov", now=NOW)
    with acting_in(founded.id):
        door = practice.add_location(ana, name="Main St", is_main=True)
        for place in range(CLINICIANS):
            practice.add_provider(
                ana,
                given="Kim",
                family=_family(place),
                npi=npi_from(41_000_000 + number * 1000 + place),
                location_id=door.id,
                rank=place + 1,
            )
        schedule.add_appointment_type(ana, name="Follow-up", minutes=15)
    return founded


def take_all(place: Practice, files: dict[str, bytes]) -> dict[str, float]:
    """Take the four tables in as `daysheet import csv` does; return the seconds of each. A row left out is a fault."""
    spent = {}
    for kind, content in files.items():
        began = time.perf_counter()
        told = telling.take_in(
            place, content=content, name=f"{kind}.csv", wish=Wish(kind, "Old", alike="take"), tell=_quiet
        )
        spent[kind] = time.perf_counter() - began
        if told.has_findings:
            raise AssertionError(told.words)
    return spent


def measured(address: str, patients: int = PATIENTS, rounds: int = ROUNDS) -> Measured:
    """Move so many patients into a new practice, some times; beside it the same tables read and copied in bare."""
    files = tables(patients)
    rates, bare, shares = [], [], []
    forget(address)
    for number in range(rounds):
        place = furnished(number)
        before = _spent()
        began = time.perf_counter()
        kinds = take_all(place, files)
        rates.append(patients / (time.perf_counter() - began))
        shares.append([after - then for after, then in zip(_spent(), before, strict=True)])
        began = time.perf_counter()
        _bare(address, files)
        bare.append(patients / (time.perf_counter() - began))
        forget(address)
    mid = sorted(rates)[len(rates) // 2]
    floor = sorted(bare)[len(bare) // 2]
    more: dict[str, Any] = {
        "patients": patients,
        "rows": {kind: content.count(b"\n") - 1 for kind, content in files.items()},
        "seconds": {kind: round(seconds, 2) for kind, seconds in kinds.items()},
        "cpu_seconds": {"application": round(shares[-1][0], 2), "database": round(shares[-1][1], 2)},
    }
    return Measured(
        "move-in", "patients with coverages, balances and visits to come, from four tables", "1/s", mid,
        part(rates, 0.05), part(rates, 0.9), floor, part(bare, 0.05), mid / floor, None,
        f"at least {AT_LEAST:.0f} patients/s", mid >= AT_LEAST, more,
    )  # fmt: skip


def forget(address: str) -> None:
    """Take the practices of this row out again; the login must be one that row-level security lets pass."""
    with psycopg.connect(address, autocommit=True) as link:
        link.execute("set session_replication_role = replica")
        found = link.execute("select id from practice where name like %s", [f"{NAME} %"]).fetchall()
        keys = [key for (key,) in found]
        if not keys:
            return
        held = link.execute(
            "select table_name from information_schema.columns where column_name = 'practice_id' "
            "and table_schema = 'public'"
        )
        for (table,) in held.fetchall():
            link.execute(
                sql.SQL("delete from {} where practice_id = any(%s)").format(sql.Identifier(table)), [keys]
            )
        link.execute("delete from practice where id = any(%s)", [keys])


def _bare(address: str, files: dict[str, bytes]) -> None:
    """Read the tables and copy their cells into tables without index or wall."""
    with psycopg.connect(address) as link:
        for kind, content in files.items():
            rows = csv.reader(io.StringIO(content.decode()))
            columns = next(rows)
            table = sql.Identifier(f"bare_{kind}")
            fields = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in columns)
            link.execute(sql.SQL("create temporary table {} ({})").format(table, fields))
            with link.cursor() as cursor, cursor.copy(sql.SQL("copy {} from stdin").format(table)) as copy:
                for row in rows:
                    copy.write_row(row)


def _spent() -> tuple[float, float]:
    """Return the processor seconds of this program so far, and of its database session where that can be seen."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        pid = cursor.fetchone()[0]
    ticks = 0
    with suppress(OSError):
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks = int(words[11]) + int(words[12])
    return time.process_time(), ticks / 100


def _times(day: date) -> Iterator[tuple[str, str, int]]:
    """Yield free times: day, clock and clinician, one after the other from the day after on."""
    while True:
        day += timedelta(days=1)
        if day.weekday() < 5:
            for minute in range(OPENS, CLOSES, STEP):
                for clinician in range(CLINICIANS):
                    yield f"{day:%m/%d/%Y}", f"{minute // 60:02d}:{minute % 60:02d}", clinician


def _family(clinician: int) -> str:
    return COMMON[clinician]


def _quiet(_done: int, _of: int) -> None:
    """Show no progress."""
