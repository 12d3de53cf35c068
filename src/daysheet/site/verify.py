"""The book proven again from its rows: quiet when sound, a place and a sentence where not."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection, transaction

from daysheet.claims import queries as claims
from daysheet.kernel import clock, sealing
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import queries as ledger


@dataclass(frozen=True, slots=True)
class Fault:
    """A place that does not hold."""

    practice: str
    place: str
    sentence: str


def verify(
    *, practices: list[Practice], seal: str = "", tell: Callable[[int, int], None] = lambda done, of: None
) -> list[Fault]:
    """Return every fault of the practices, in order of the checks; none when all is sound.

    `seal` is the sealer's address: lines that wait are sealed first. The heads of sound chains are kept beside
    the data, so that a chain that somebody calculates anew is found against them.
    """
    if seal:
        with psycopg.connect(seal, autocommit=True) as link:
            sealing.seal_once(link, clock.system_now())
    found: list[Fault] = []
    steps = len(practices) * len(CHECKS)
    for number, practice in enumerate(practices):
        with acting_in(practice.id), transaction.atomic():
            for rank, check in enumerate(CHECKS):
                found += [Fault(practice.name, place, sentence) for place, sentence in check(practice)]
                tell(number * len(CHECKS) + rank + 1, steps)
            if not any(fault.practice == practice.name for fault in found):
                _keep_head(practice.id)
    return found


def _book(_practice: Practice) -> Iterator[tuple[str, str]]:
    for trouble in ledger.troubles():
        yield trouble.place, trouble.sentence


def _claims(_practice: Practice) -> Iterator[tuple[str, str]]:
    yield from claims.wrong_states()


def _bytes(table: str, word: str) -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select number from {table} where encode(sha256(content), 'hex') <> sha256 order by number"  # noqa: S608
        )
        for (number,) in cursor.fetchall():
            yield f"{word} {number}", f"The bytes of {word} {number} are not those that were kept."


def _envelopes(_practice: Practice) -> Iterator[tuple[str, str]]:
    yield from _bytes("envelope", "envelope")


def _documents(_practice: Practice) -> Iterator[tuple[str, str]]:
    yield from _bytes("document", "document")


def _diary(practice: Practice) -> Iterator[tuple[str, str]]:
    broken = list(sealing.chain_faults(practice.id))
    for one in broken:
        yield f"diary line {one.seq}", f"{one.sentence[0].upper()}{one.sentence[1:]}."
    if not broken:
        yield from _heads(practice)
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*) from audit_line l where at < now() - interval '60 seconds' and xid < %s::xid8
               and not exists (select 1 from audit_seal s where s.practice_id = l.practice_id and s.line_id = l.id)""",
            [_horizon(cursor)],
        )
        (waiting,) = cursor.fetchone() or (0,)
    if waiting:
        yield "diary", f"{waiting} lines of the diary are sealed by nobody."


def _horizon(cursor: Any) -> str:
    cursor.execute("select pg_snapshot_xmin(pg_current_snapshot())::text")
    return str(cursor.fetchone()[0])


def _heads(practice: Practice) -> Iterator[tuple[str, str]]:
    """Compare the chain with its heads as they were kept: one calculated anew has other hashes at the same numbers."""
    kept = _head_file(practice.id)
    if not kept.exists():
        return
    for line in kept.read_text().splitlines():
        told = json.loads(line)
        with connection.cursor() as cursor:
            cursor.execute(
                "select encode(hash, 'hex') from audit_seal where practice_id = %s and seq = %s",
                [practice.id, told["seq"]],
            )
            row = cursor.fetchone()
        if row is None:
            yield (
                f"diary line {told['seq']}",
                f"The diary ends before line {told['seq']}, which was sealed once.",
            )
            return
        if row[0] != told["hash"]:
            yield (
                f"diary line {told['seq']}",
                f"The diary's chain was made anew: line {told['seq']} had another seal.",
            )
            return


def _head_file(practice_id: UUID) -> Path:
    return settings.STATE / "heads" / f"{practice_id}.jsonl"


def _keep_head(practice_id: UUID) -> None:
    seq, digest = sealing.head(practice_id)
    path = _head_file(practice_id)
    line = json.dumps({"seq": seq, "hash": digest})
    if not seq or (path.exists() and path.read_text().splitlines()[-1:] == [line]):
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(line + "\n")


def _walls(practice: Practice) -> Iterator[tuple[str, str]]:
    """Look for rows whose key points to a row that this practice does not have."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS)
        keys = cursor.fetchall()
        for table, column, target, to in keys:
            cursor.execute(
                f"""select c.id from "{table}" c left join "{target}" p on p."{to}" = c."{column}"
                    where c.practice_id = %s and c."{column}" is not null and p."{to}" is null limit 5""",  # noqa: S608
                [practice.id],
            )
            for (row,) in cursor.fetchall():
                yield (
                    f"{table} {row}",
                    f"A row of {table} points into another practice, or to a {target} that is gone.",
                )


KEYS = """
select c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, b.attname
from pg_constraint c
join lateral unnest(c.conkey, c.confkey) as k(here, there) on true
join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.here
join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.there
where c.contype = 'f' and array_length(c.conkey, 1) = 2 and a.attname <> 'practice_id'
order by 1, 2"""


def _appointments(practice: Practice) -> Iterator[tuple[str, str]]:
    kept = ("coalesce(kept_from, starts_at)", "coalesce(kept_until, ends_at)")
    own = ("starts_at", "ends_at")
    for who, keys, (since, until) in (
        ("provider", "provider_id, lane", kept),
        ("patient", "patient_id", own),
        ("room", "room_id", kept),
    ):
        with connection.cursor() as cursor:
            cursor.execute(
                f"""select starts_at, before from (
                      select starts_at, {since} as since, max({until}) over (partition by {keys} order by {since}, id
                             rows between unbounded preceding and 1 preceding) as before
                      from appointment where practice_id = %s and booking in ('scheduled', 'completed')
                        and {who}_id is not null) a
                    where before > since order by starts_at limit 20""",  # noqa: S608
                [practice.id],
            )
            for starts_at, _ in cursor.fetchall():
                at = starts_at.astimezone(practice.zone)
                yield (
                    f"appointment {at:%Y-%m-%d %H:%M}",
                    f"One {who} is promised twice on {at:%b %d, %Y at %H:%M}.",
                )
    yield from _resources(practice)


def _resources(practice: Practice) -> Iterator[tuple[str, str]]:
    """Look for a resource that is promised twice, or held by an appointment that gave its time up, or the reverse."""
    twice = """select h.from_at from (
                 select from_at, id, max(until_at) over (partition by resource_id order by from_at, id
                        rows between unbounded preceding and 1 preceding) as before
                 from resource_hold where practice_id = %s and is_held) h
               where h.before > h.from_at order by h.from_at limit 20"""
    adrift = """select h.from_at from resource_hold h join appointment a on a.id = h.appointment_id
                where h.practice_id = %s and h.is_held <> (a.booking in ('scheduled', 'completed'))
                order by h.from_at limit 20"""
    for question, sentence in (
        (twice, "One resource is promised twice on {at}."),
        (adrift, "A resource and its appointment disagree about whether it is promised on {at}."),
    ):
        with connection.cursor() as cursor:
            cursor.execute(question, [practice.id])
            for (from_at,) in cursor.fetchall():
                at = from_at.astimezone(practice.zone)
                yield f"resource {at:%Y-%m-%d %H:%M}", sentence.format(at=f"{at:%b %d, %Y at %H:%M}")


def _numbers(practice: Practice) -> Iterator[tuple[str, str]]:
    """Look for gaps in the numbers that people say aloud: a row that went to another practice leaves one."""
    for table, word in (
        ("envelope", "envelope"),
        ("document", "document"),
        ("visit", "visit"),
        ("claim", "claim"),
    ):
        with connection.cursor() as cursor:
            cursor.execute(
                f"""select n from (select number as n, lag(number) over (order by number) as before from {table}
                    where practice_id = %s) x where before is not null and before <> n - 1 order by n limit 5""",  # noqa: S608
                [practice.id],
            )
            for (number,) in cursor.fetchall():
                yield f"{word} {number - 1}", f"The {word} before number {number} is missing here."


CHECKS: tuple[Callable[[Practice], Iterator[tuple[str, str]]], ...] = (
    _book, _claims, _envelopes, _documents, _diary, _walls, _numbers, _appointments,
)  # fmt: skip
