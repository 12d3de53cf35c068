"""Tests stand on the same walls as the office: the application role, which owns nothing."""

import fcntl
from pathlib import Path
from typing import IO

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.throwaway import Throwaway, _free, _moving_in, _sweep


def ask(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return row[0] if row else None


@pytest.mark.django_db
def test_a_test_runs_as_the_application_role_and_without_a_pool() -> None:
    assert ask("select current_user || ' ' || session_user") == "daysheet_app daysheet_app"
    assert "pool" not in connection.settings_dict["OPTIONS"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attempt",
    [
        "set role daysheet_owner",
        "set session authorization daysheet_owner",
        "create table mine (id int)",
        "create temporary table mine (id int)",
        "truncate django_session",
        "alter table django_session disable row level security",
        "create role another",
    ],
)
def test_the_application_role_cannot_become_or_do_more(attempt: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        ask(attempt)


@pytest.mark.django_db
def test_the_application_role_owns_nothing_and_passes_no_wall() -> None:
    assert ask("select count(*) from pg_class where pg_get_userbyid(relowner) = 'daysheet_app'") == 0
    assert (
        ask(
            "select string_agg(rolname, ' ' order by rolname) from pg_roles "
            "where rolname like 'daysheet%' and (rolsuper or rolbypassrls or rolcreaterole)"
        )
        is None
    )
    assert ask("select count(*) from pg_auth_members where member = 'daysheet_app'::regrole") == 0


@pytest.mark.django_db(transaction=True)
def test_what_a_committing_test_leaves_is_gone_afterwards_1() -> None:
    ask("insert into django_session values ('left-behind', '', now()) returning 1")


@pytest.mark.django_db(transaction=True)
def test_what_a_committing_test_leaves_is_gone_afterwards_2() -> None:
    assert ask("select count(*) from django_session") == 0


def test_the_template_beside_it_stays_as_migrated(test_database: Throwaway) -> None:
    assert test_database.server.database == "daysheet_test"
    assert "daysheet" in test_database.cluster.sql("select datname from pg_database;").split()


def test_a_run_that_takes_its_folder_is_not_swept_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flock, another_may_sweep = fcntl.flock, []

    def lock(held: IO[str], how: int) -> None:
        if held.name.endswith("alive") and how == fcntl.LOCK_EX:  # until now it looks like a killed run's
            with _free(tmp_path / "sweeping.lock") as free:
                another_may_sweep.append(free)
        flock(held, how)

    monkeypatch.setattr(fcntl, "flock", lock)
    with _moving_in(tmp_path, tmp_path / "run-1"):
        with _free(tmp_path / "sweeping.lock") as free:
            assert free
        _sweep(tmp_path)
        assert (tmp_path / "run-1").is_dir()
    assert another_may_sweep == [False]
