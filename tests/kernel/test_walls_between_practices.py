"""Row-level security: every table of a practice has its wall, every key stays inside it."""

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from daysheet.kernel.models import Counter, Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.patients.models import Patient, PatientPhone
from tests import make

WALLED = sorted(
    {
        m._meta.db_table
        for m in apps.get_models()
        if any(f.column == "practice_id" for f in m._meta.local_fields)
    }
)
FOREIGN = [
    (model, field)
    for model in apps.get_models()
    for field in model._meta.local_fields
    if field.remote_field
    and field.column != "practice_id"
    and any(f.column == "practice_id" for f in model._meta.local_fields)
    and any(f.column == "practice_id" for f in field.remote_field.model._meta.local_fields)
]
UNTIED = {("PatientChange", "patient"), ("AlertStep", "alert")}
"""History that only grows and outlives a chart that was taken back: the database ties it to nothing."""
TIED = [(model, field) for model, field in FOREIGN if (model.__name__, field.name) not in UNTIED]


@pytest.mark.django_db
@pytest.mark.parametrize("table", WALLED)
def test_every_table_of_a_practice_has_its_wall(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """select c.relrowsecurity, c.relforcerowsecurity, r.rolname,
                      (select string_agg(pg_get_expr(polqual, polrelid), ' ') from pg_policy p
                        where p.polrelid = c.oid and p.polname = 'practice_wall')
               from pg_class c join pg_roles r on r.oid = c.relowner
               where c.relname = %s and c.relkind in ('r', 'p')""",
            [table],
        )
        secured, forced, owner, policy = cursor.fetchone()
    assert (secured, forced, owner) == (True, True, "daysheet_owner")
    assert "app.practice" in policy


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), TIED, ids=lambda x: getattr(x, "name", None) or x.__name__)
def test_every_key_between_tables_of_a_practice_is_held_with_the_practice(model: type, field: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """select array_agg(a.attname::text order by k.n) from pg_constraint c
               cross join lateral unnest(c.conkey) with ordinality k(num, n)
               join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num
               where c.contype = 'f' and c.conrelid = %s::regclass group by c.oid""",
            [model._meta.db_table],  # type: ignore[attr-defined]
        )
        keys = [tuple(row[0]) for row in cursor.fetchall()]
    column = field.column  # type: ignore[attr-defined]
    assert ("practice_id", column) in keys
    assert (column,) not in keys


def test_no_other_key_is_left_to_the_program_alone() -> None:
    loose = {(model.__name__, field.name) for model, field in FOREIGN if not field.db_constraint}
    assert loose == UNTIED


@pytest.mark.django_db
def test_no_table_of_ours_is_forgotten() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """select table_name from information_schema.columns
               where table_schema = 'public' and column_name = 'practice_id' order by 1"""
        )
        assert [row[0] for row in cursor.fetchall()] == WALLED


@pytest.mark.django_db
def test_the_application_role_owns_nothing_and_cannot_become_more() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user"
        )
        assert cursor.fetchone() == ("daysheet_app", False, False)
        cursor.execute("select count(*) from pg_class where relowner = 'daysheet_app'::regrole")
        assert cursor.fetchone() == (0,)
    for attempt in (
        "set role daysheet_owner",
        "set session authorization daysheet_owner",
        "alter table patient disable row level security",
        "drop policy practice_wall on patient",
        "truncate patient",
        "create table mine (id int)",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)


def test_outside_a_practice_nothing_is_seen_and_nothing_fails(practice: Practice) -> None:
    make.patient()
    with acting_in(None):
        assert Patient.objects.count() == 0
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from patient")
            assert cursor.fetchone() == (0,)


def test_another_practice_sees_changes_and_takes_nothing(practice: Practice) -> None:
    diaz = make.patient()
    other = make.practice("Southside")
    with acting_in(other.pk):
        with connection.cursor() as cursor:
            for statement in (
                "update patient set given = 'X'",
                "delete from patient",
                "select 1 from patient",
            ):
                cursor.execute(statement)
                assert cursor.rowcount == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Counter.objects.create(name="x", practice_id=practice.pk)
        with transaction.atomic():
            PatientPhone.objects.create(patient_id=diaz.pk, number="+15550100000")
            with pytest.raises(IntegrityError):
                connection.check_constraints()
            transaction.set_rollback(True)
    assert Patient.objects.get().given == "Maria"
