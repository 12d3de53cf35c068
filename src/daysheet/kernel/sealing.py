"""The sealer: numbers the diary's lines of each practice and chains them by their hashes, within a second.

A line is taken only when its transaction can no longer be followed by an older one (the xid horizon), so that a
late commit is never skipped. The sealer has its own database role: it reads all diaries and writes seals alone.
"""

import hashlib
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.db import connection

from daysheet.kernel import clock

log = logging.getLogger("daysheet.sealing")
EVERY = 0.4  # seconds between two looks
GENESIS = b"\0" * 32
LOCK = 7_305_091  # advisory lock: one sealer in the whole database
COLUMNS = (
    "id, practice_id, at, action, actor_id, actor_name, actor_role, workstation, purpose, "
    "subject_kind, subject_id, patient_ids, details"
)


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where a practice's chain does not hold."""

    practice_id: UUID
    seq: int
    sentence: str


def line_hash(before: bytes, line: tuple[Any, ...]) -> bytes:
    """Return the hash of a line in its chain: over the hash before it and the line as canonical JSON."""
    at = line[2].astimezone(UTC).isoformat(timespec="microseconds")
    told = [line[0], line[1], at, *line[3:11], [str(one) for one in line[11]], line[12]]
    return hashlib.sha256(before + orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).digest()


def seal_once(link: psycopg.Connection[Any], now: datetime) -> int:
    """Seal every line whose transaction is settled, in one transaction; return how many."""
    with link.transaction(), link.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
        if not _one(cursor):
            return 0
        cursor.execute(
            """select pg_snapshot_xmin(pg_current_snapshot())::text,
                      (select next_xid::text from audit_horizon where id = 1)"""
        )
        high, low = cursor.fetchone() or ("0", None)
        restored = low is not None and int(low) > int(high)  # a restore starts the numbers anew
        where = (
            "not exists (select 1 from audit_seal s where s.practice_id = l.practice_id and s.line_id = l.id)"
            if low is None or restored
            else "xid >= %(low)s::xid8"
        )
        cursor.execute(
            f"select {COLUMNS} from audit_line l where xid < %(high)s::xid8 and {where} order by practice_id, xid, id",  # noqa: S608
            {"low": low, "high": high},
        )
        sealed = _append(cursor, cursor.fetchall(), now)
        cursor.execute(
            """insert into audit_horizon (id, next_xid) values (1, %s::xid8)
               on conflict (id) do update set next_xid = excluded.next_xid""",
            [high],
        )
    return sealed


def _append(cursor: psycopg.Cursor[Any], lines: list[tuple[Any, ...]], now: datetime) -> int:
    heads: dict[UUID, tuple[int, bytes]] = {}
    rows = []
    for line in lines:
        practice = line[1]
        if practice not in heads:
            cursor.execute(
                "select seq, hash from audit_seal where practice_id = %s order by seq desc limit 1",
                [practice],
            )
            heads[practice] = cursor.fetchone() or (0, GENESIS)
        seq, before = heads[practice]
        heads[practice] = (seq + 1, line_hash(bytes(before), line))
        rows.append((practice, seq + 1, line[0], heads[practice][1], now))
    if rows:
        cursor.executemany(
            "insert into audit_seal (practice_id, seq, line_id, hash, sealed_at) values (%s, %s, %s, %s, %s)",
            rows,
        )
    return len(rows)


def _one(cursor: psycopg.Cursor[Any]) -> Any:
    row = cursor.fetchone()
    return row[0] if row else None


def chain_faults(practice_id: UUID) -> Iterable[Broken]:
    """Yield each place where the acting practice's chain does not hold: edited, missing, out of order, unsealed.

    To be read inside the practice (RLS shows no other's lines). A cut-off tail shows only against an exported head.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select s.seq, s.hash, s.line_id, {", ".join("l." + name.strip() for name in COLUMNS.split(","))}
                from audit_seal s left join audit_line l on l.practice_id = s.practice_id and l.id = s.line_id
                where s.practice_id = %s order by s.seq""",  # noqa: S608
            [practice_id],
        )
        expected, before = 1, GENESIS
        for seq, kept, line_id, *line in cursor:
            if seq != expected:
                yield Broken(practice_id, expected, f"the diary has no seal number {expected}")
                expected = seq
            if line[0] is None:
                yield Broken(practice_id, seq, f"line {seq} of the diary is gone ({line_id})")
            else:
                line[12] = orjson.loads(line[12]) if isinstance(line[12], str) else line[12]
                if line_hash(before, tuple(line)) != bytes(kept):
                    yield Broken(
                        practice_id, seq, f"line {seq} of the diary was changed, or the chain before it"
                    )
            before = bytes(kept)
            expected += 1


def head(practice_id: UUID) -> tuple[int, str]:
    """Return the number and the hash of the last sealed line: what an office keeps off the machine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select seq, encode(hash, 'hex') from audit_seal where practice_id = %s order by seq desc limit 1",
            [practice_id],
        )
        row = cursor.fetchone()
    return (int(row[0]), str(row[1])) if row else (0, "")


def main() -> None:
    """Seal for ever, in a process of its own that signs in as the sealer (DAYSHEET_DB_ROLE)."""
    told = connection.settings_dict
    address = {
        "host": told["HOST"],
        "port": told["PORT"],
        "dbname": told["NAME"],
        "user": told["USER"],
        "password": told["PASSWORD"],
    }
    while True:
        try:
            with psycopg.connect(autocommit=True, **{k: v for k, v in address.items() if v}) as link:
                while True:
                    seal_once(link, clock.system_now())
                    time.sleep(EVERY)
        except psycopg.OperationalError:
            log.warning("the database is away; the sealer waits")
            time.sleep(1)
