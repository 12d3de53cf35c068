"""Verify is quiet on a sound book, and names the place of each kind of tampering."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from daysheet.kernel.models import Practice
from daysheet.kernel.sealing import COLUMNS, GENESIS, line_hash
from daysheet.site.simulate import week
from daysheet.site.verify import Fault, verify
from tests.played_days import played_days
from tests.throwaway import Throwaway

RUN = week.Run(days=3, visits=5, seed=11)


@pytest.fixture(scope="module")
def played(
    django_db_setup: None,
    django_db_blocker: Any,
    test_database: Throwaway,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Practice]:
    """Three days of a practice, really committed, with the diary sealed; the database is cloned anew afterwards."""
    with played_days(RUN, django_db_blocker, test_database, tmp_path_factory):
        practice = Practice.objects.get(name=RUN.practice_name)
        assert verify(practices=[practice], seal=test_database.server.dsn("daysheet_sealer")) == []
        yield practice


@pytest.fixture
def superuser(test_database: Throwaway) -> Iterator[psycopg.Connection[Any]]:
    """A person with all rights over the database, whose acts are undone after the test."""
    with psycopg.connect(test_database.server.dsn("postgres"), autocommit=True) as link:
        link.execute("set session_replication_role = replica")
        yield link


def one(link: psycopg.Connection[Any], question: str, *values: object) -> tuple[Any, ...]:
    row = link.execute(question, values).fetchone()
    assert row is not None
    return tuple(row)


def check(practice: Practice, django_db_blocker: Any) -> list[Fault]:
    with django_db_blocker.unblock():
        return verify(practices=list(Practice.objects.order_by("name")))


Tamper = Callable[[psycopg.Connection[Any], Any], tuple[list[tuple[str, list[object]]], str]]


def a_cent(link: psycopg.Connection[Any], practice: Any) -> tuple[list[tuple[str, list[object]]], str]:
    line, number = one(
        link,
        """select l.id, e.number from ledger_line l join ledger_entry e on e.id = l.entry_id
           where l.practice_id = %s and l.account = 'charges' order by e.number limit 1""",
        practice.id,
    )
    link.execute("update ledger_line set amount = amount - 0.01 where id = %s", [line])
    return [("update ledger_line set amount = amount + 0.01 where id = %s", [line])], f"entry {number}"


def an_entry_deleted(
    link: psycopg.Connection[Any], practice: Any
) -> tuple[list[tuple[str, list[object]]], str]:
    entry, number = one(
        link,
        "select id, number from ledger_entry where practice_id = %s order by number offset 2 limit 1",
        practice.id,
    )
    link.execute("create table kept_entry as select * from ledger_entry where id = %s", [entry])
    link.execute("create table kept_line as select * from ledger_line where entry_id = %s", [entry])
    link.execute("delete from ledger_line where entry_id = %s", [entry])
    link.execute("delete from ledger_entry where id = %s", [entry])
    back: list[tuple[str, list[object]]] = [
        ("insert into ledger_entry select * from kept_entry", []),
        ("insert into ledger_line select * from kept_line", []),
        ("drop table kept_entry", []),
        ("drop table kept_line", []),
    ]
    return back, f"entry {number}"


def a_claim_state(link: psycopg.Connection[Any], practice: Any) -> tuple[list[tuple[str, list[object]]], str]:
    claim, number, state = one(
        link,
        "select id, number, state from claim where practice_id = %s order by number limit 1",
        practice.id,
    )
    link.execute("update claim set state = 'closed' where id = %s", [claim])
    return [("update claim set state = %s where id = %s", [state, claim])], f"claim {number}"


def an_envelope_byte(
    link: psycopg.Connection[Any], practice: Any
) -> tuple[list[tuple[str, list[object]]], str]:
    return _byte(link, practice, "envelope")


def a_document_byte(
    link: psycopg.Connection[Any], practice: Any
) -> tuple[list[tuple[str, list[object]]], str]:
    return _byte(link, practice, "document")


def _byte(
    link: psycopg.Connection[Any], practice: Any, table: str
) -> tuple[list[tuple[str, list[object]]], str]:
    row, number, content = one(
        link,
        f"select id, number, content from {table} where practice_id = %s order by number limit 1",
        practice.id,
    )
    changed = bytes(content[:-1]) + bytes([content[-1] ^ 1])
    link.execute(f"update {table} set content = %s where id = %s", [changed, row])
    return [(f"update {table} set content = %s where id = %s", [bytes(content), row])], f"{table} {number}"


def a_diary_line_edited(
    link: psycopg.Connection[Any], practice: Any
) -> tuple[list[tuple[str, list[object]]], str]:
    (line,) = one(link, "select line_id from audit_seal where practice_id = %s and seq = 7", practice.id)
    (name,) = one(link, "select actor_name from audit_line where id = %s", line)
    link.execute("update audit_line set actor_name = 'Nobody' where id = %s", [line])
    return [("update audit_line set actor_name = %s where id = %s", [name, line])], "diary line 7"


def a_diary_line_dropped(
    link: psycopg.Connection[Any], practice: Any
) -> tuple[list[tuple[str, list[object]]], str]:
    (line,) = one(link, "select line_id from audit_seal where practice_id = %s and seq = 9", practice.id)
    link.execute("create table kept_audit as select * from audit_line where id = %s", [line])
    link.execute("delete from audit_line where id = %s", [line])
    back: list[tuple[str, list[object]]] = [
        ("insert into audit_line select * from kept_audit", []),
        ("drop table kept_audit", []),
    ]
    return back, "diary line 9"


def a_diary_chained_anew(
    link: psycopg.Connection[Any], practice: Any
) -> tuple[list[tuple[str, list[object]]], str]:
    """Edit a line and calculate every later seal again: only the heads that were kept elsewhere tell."""
    (line, name) = one(
        link,
        """select l.id, l.actor_name from audit_seal s join audit_line l on l.id = s.line_id
           where s.practice_id = %s and seq = 3""",
        practice.id,
    )
    link.execute("create table kept_seal as select * from audit_seal where practice_id = %s", [practice.id])
    link.execute("update audit_line set actor_name = 'Nobody' where id = %s", [line])
    names = ", ".join(f"l.{name.strip()}" for name in COLUMNS.split(","))
    rows = link.execute(
        f"""select s.id, {names} from audit_seal s join audit_line l on l.id = s.line_id
            where s.practice_id = %s order by s.seq""",
        [practice.id],
    ).fetchall()
    digest = GENESIS
    for seal, *told in rows:
        digest = line_hash(digest, tuple(told))
        link.execute("update audit_seal set hash = %s where id = %s", [digest, seal])
    back: list[tuple[str, list[object]]] = [
        ("update audit_line set actor_name = %s where id = %s", [name, line]),
        ("update audit_seal s set hash = k.hash from kept_seal k where k.id = s.id", []),
        ("drop table kept_seal", []),
    ]
    return back, f"diary line {len(rows)}"


def a_row_moved(link: psycopg.Connection[Any], practice: Any) -> tuple[list[tuple[str, list[object]]], str]:
    (other,) = one(link, "select id from practice where name = %s", f"{practice.name}: payers")
    (phone,) = one(link, "select id from patient_phone where practice_id = %s limit 1", practice.id)
    link.execute("update patient_phone set practice_id = %s where id = %s", [other, phone])
    return [
        ("update patient_phone set practice_id = %s where id = %s", [practice.id, phone])
    ], f"patient_phone {phone}"


def a_closed_day_touched(
    link: psycopg.Connection[Any], practice: Any
) -> tuple[list[tuple[str, list[object]]], str]:
    entry, day, memo = one(
        link,
        "select id, posted_on, memo from ledger_entry where practice_id = %s order by number limit 1",
        practice.id,
    )
    link.execute("update ledger_entry set memo = memo || ' (mended)' where id = %s", [entry])
    return [("update ledger_entry set memo = %s where id = %s", [memo, entry])], f"day {day}"


def an_overlapping_appointment(
    link: psycopg.Connection[Any], practice: Any
) -> tuple[list[tuple[str, list[object]]], str]:
    link.execute("alter table appointment drop constraint appointment_provider_is_free")
    rows = link.execute(
        """select id, starts_at, ends_at, provider_id from appointment where practice_id = %s
           and booking in ('scheduled', 'completed') order by starts_at limit 2""",
        [practice.id],
    ).fetchall()
    (_, starts, ends, provider), (second, old_starts, old_ends, old_provider) = rows
    link.execute(
        "update appointment set starts_at = %s, ends_at = %s, provider_id = %s where id = %s",
        [starts, ends, provider, second],
    )
    back: list[tuple[str, list[object]]] = [
        (
            "update appointment set starts_at = %s, ends_at = %s, provider_id = %s where id = %s",
            [old_starts, old_ends, old_provider, second],
        ),
        (
            """alter table appointment add constraint appointment_provider_is_free exclude using gist
               (practice_id with =, provider_id with =, lane with =, tstzrange(coalesce(kept_from, starts_at),
                coalesce(kept_until, ends_at), '[)') with &&)
               where (booking in ('scheduled', 'completed'))""",
            [],
        ),
    ]
    return back, f"appointment {starts.astimezone(practice.zone):%Y-%m-%d %H:%M}"


TAMPERINGS: list[Tamper] = [
    a_cent,
    an_entry_deleted,
    a_claim_state,
    an_envelope_byte,
    a_diary_line_edited,
    a_diary_line_dropped,
    a_diary_chained_anew,
    a_row_moved,
    a_closed_day_touched,
    a_document_byte,
    an_overlapping_appointment,
]


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
def test_a_tampering_is_named_by_its_place(
    played: Practice, superuser: psycopg.Connection[Any], django_db_blocker: Any, tamper: Tamper
) -> None:
    back, place = tamper(superuser, played)
    try:
        faults = check(played, django_db_blocker)
    finally:
        for statement, values in back:
            superuser.execute(statement, values)  # type: ignore[arg-type]
    assert place in [fault.place for fault in faults], faults
    assert all(fault.sentence.endswith(".") for fault in faults)


def test_what_was_put_back_is_sound_again(played: Practice, django_db_blocker: Any) -> None:
    assert check(played, django_db_blocker) == []


def test_the_hash_of_an_envelope_is_the_one_anybody_can_compute(
    played: Practice, superuser: psycopg.Connection[Any]
) -> None:
    content, kept = one(
        superuser, "select content, sha256 from envelope where practice_id = %s limit 1", played.id
    )
    assert hashlib.sha256(bytes(content)).hexdigest() == kept
