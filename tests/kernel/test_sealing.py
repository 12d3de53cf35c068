"""The diary's chain: every line sealed once, in order, late commits included, tampering named by its place."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from daysheet.kernel.audit import record
from daysheet.kernel.models import AuditLine, AuditSeal, Practice
from daysheet.kernel.sealing import chain_faults, seal_once
from daysheet.kernel.tenancy import acting_in
from tests import cast, make
from tests.throwaway import Throwaway


@pytest.fixture
def sealer(test_database: Throwaway) -> Iterator[psycopg.Connection]:
    with psycopg.connect(test_database.server.dsn("daysheet_sealer"), autocommit=True) as link:
        yield link


@pytest.fixture
def superuser(test_database: Throwaway) -> Iterator[psycopg.Connection]:
    with psycopg.connect(test_database.server.dsn("postgres"), autocommit=True) as link:
        link.execute("set session_replication_role = replica")
        yield link


@pytest.fixture
def office(transactional_db: None) -> Practice:
    return make.practice()


def write(practice: Practice, lines: int) -> None:
    for number in range(lines):
        with acting_in(practice.pk), transaction.atomic():
            record(cast.rosa(practice.pk), "kernel.test.done", number=number)


def faults(practice: Practice) -> list[str]:
    with acting_in(practice.pk), transaction.atomic():
        return [broken.sentence for broken in chain_faults(practice.pk)]


def test_lines_are_sealed_once_and_in_order(office: Practice, sealer: psycopg.Connection) -> None:
    write(office, 5)
    assert seal_once(sealer, cast.NOW) == 5
    assert seal_once(sealer, cast.NOW) == 0
    write(office, 2)
    assert seal_once(sealer, cast.NOW) == 2
    with acting_in(office.pk), transaction.atomic():
        assert list(AuditSeal.objects.filter(practice_id=office.pk).order_by("seq").values_list("seq", flat=True)) == [
            1, 2, 3, 4, 5, 6, 7,
        ]  # fmt: skip
    assert faults(office) == []


def test_a_late_commit_is_not_skipped(
    office: Practice, sealer: psycopg.Connection, test_database: Throwaway
) -> None:
    with psycopg.connect(test_database.server.dsn("daysheet_app")) as late:
        late.execute("select set_config('app.practice', %s, true)", [str(office.pk)])
        late.execute(
            """insert into audit_line (id, practice_id, at, action, actor_name, actor_role, workstation, purpose,
                                       subject_kind, patient_ids, details)
               values (gen_random_uuid(), %s, now(), 'kernel.test.late', 'Late', 'x', '', '', '', '{}', '{}')""",
            [office.pk],
        )
        write(office, 3)
        assert seal_once(sealer, cast.NOW) == 0  # the older transaction may still come
        late.commit()
    assert seal_once(sealer, cast.NOW) == 4
    assert faults(office) == []


def test_an_edited_line_a_dropped_line_and_a_missing_seal_are_named(
    office: Practice, sealer: psycopg.Connection, superuser: psycopg.Connection
) -> None:
    write(office, 6)
    seal_once(sealer, cast.NOW)
    ids = [row[0] for row in superuser.execute("select line_id from audit_seal order by seq")]
    superuser.execute("update audit_line set actor_name = 'Nobody' where id = %s", [ids[1]])
    superuser.execute("delete from audit_line where id = %s", [ids[3]])
    superuser.execute("delete from audit_seal where seq = 6")
    superuser.execute("update audit_seal set seq = 7 where seq = 5")
    said = faults(office)
    assert said[0].startswith("line 2 ")
    assert said[1].startswith("line 4 of the diary is gone")
    assert said[2] == "the diary has no seal number 5"


def test_the_application_can_neither_change_the_diary_nor_seal_it(office: Practice) -> None:
    write(office, 1)
    for attempt in (
        "update audit_line set actor_name = 'x'",
        "delete from audit_line",
        "truncate audit_line",
        """insert into audit_seal (practice_id, seq, line_id, hash, sealed_at)
           values (gen_random_uuid(), 1, gen_random_uuid(), '', now())""",
        "alter table audit_line disable trigger all",
        "set session_replication_role = replica",
    ):
        with (
            acting_in(office.pk),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(attempt)
    with acting_in(office.pk), transaction.atomic():
        assert AuditLine.objects.count() == 1
