"""The tables of a new office are made the quick way; they are those that the migrations make step by step."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.state import ProjectState

from daysheet.site import migrating
from daysheet.site.first_tables import only_itself
from daysheet.site.postgres import Server
from tests.throwaway import Throwaway, _cluster

SHAPE = (
    (
        "select table_name, column_name, udt_name, is_nullable, column_default, is_generated from "
        "information_schema.columns where table_schema = 'public'"
    ),
    (
        "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint "
        "where connamespace = 'public'::regnamespace"
    ),
    "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
    "select tablename, policyname, cmd, qual, with_check, roles::text from pg_policies",
    "select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal",
    "select proname, prosrc, prosecdef, proacl::text from pg_proc where pronamespace = 'public'::regnamespace",
    (
        "select relname, relkind, relacl::text, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) "
        "from pg_class where relnamespace = 'public'::regnamespace"
    ),
    "select app, name from django_migrations",
    "select app_label, model from django_content_type",
    "select codename from auth_permission",
)


def shape_of(dsn: str) -> list[list[Any]]:
    with psycopg.connect(dsn) as link:
        return [sorted(link.execute(question).fetchall(), key=repr) for question in SHAPE]


def test_django_still_has_the_step_that_is_shortened() -> None:
    state = ProjectState()
    assert only_itself(state, "kernel", "practice", delay=False) == {("kernel", "practice")}
    assert hasattr(
        ProjectState, "_find_reload_model"
    )  # gone: see first_tables.py, whether it is needed still


@pytest.mark.django_db
def test_every_model_stands_in_the_database_with_its_columns_and_constraints() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SHAPE[0])
        columns = {(row[0], row[1]) for row in cursor.fetchall()}
        cursor.execute(SHAPE[1])
        named = {row[1] for row in cursor.fetchall()}
        cursor.execute(SHAPE[2])
        named |= {row[1] for row in cursor.fetchall()}
    for model in apps.get_models():
        if not model._meta.managed or model._meta.proxy:
            continue
        table = model._meta.db_table
        wanted = {(table, str(field.column)) for field in model._meta.local_concrete_fields}
        assert wanted <= columns, table
        assert {one.name for one in model._meta.constraints} <= named, table
        assert {one.name for one in model._meta.indexes} <= named, table


@pytest.mark.nightly
def test_both_ways_make_the_same_tables(test_database: Throwaway, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path(tempfile.mkdtemp(prefix="daysheet-whole-"))
    home.chmod(0o711)
    cluster = _cluster(home / "pg")
    monkeypatch.setattr(migrating, "_is_new", lambda link: False)
    cluster.start()
    try:
        migrating.ensure_migrated(cluster.server(started_by_us=True))
        step_by_step = shape_of(cluster.server(started_by_us=True).dsn("postgres"))
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)
    quick = shape_of(test_database.cluster.server(started_by_us=True).dsn("postgres"))
    for question, one, other in zip(SHAPE, quick, step_by_step, strict=True):
        assert one == other, question


def test_a_start_that_fails_halfway_is_gone_on_with_by_djangos_own_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[list[str]] = []

    def hear(words: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
        said.append(words)
        return subprocess.CompletedProcess(words, 0, "", "")

    monkeypatch.setattr(subprocess, "run", hear)
    server = Server("/nowhere", 1, "daysheet", started_by_us=True)
    migrating._migrate(server, is_new=True)
    migrating._migrate(server, is_new=False)
    assert [words[2] for words in said] == ["daysheet.site.first_tables", "django"]
    assert all(words[0] == sys.executable for words in said)
