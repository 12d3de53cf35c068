"""The embedded server starts, is shared, survives a kill, and lets nobody else in."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from daysheet.site import postgres
from daysheet.site.postgres.programs import find_programs, readable_by, server_account
from tests.patience import until

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder that other accounts may pass through, as in an open clone."""
    folder = Path(tempfile.mkdtemp(prefix="daysheet-launcher-", dir=MEMORY))
    folder.chmod(0o711)
    yield folder / "var"
    postgres.stop(folder / "var")
    shutil.rmtree(folder)


def postmaster(state: Path) -> int:
    return int((state / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def test_the_first_one_starts_it_the_second_shares_it_and_the_last_stops_it(state: Path) -> None:
    with postgres.running(state) as first:
        with postgres.running(state) as second:
            assert (first.started_by_us, second.started_by_us) == (True, False)
            assert first.dsn() == second.dsn()
        assert postgres.find(state) is not None
    assert postgres.find(state) is None


def test_the_office_stops_it_even_beside_others(state: Path) -> None:
    with postgres.running(state), postgres.running(state, stop_it=True):
        pass
    assert postgres.find(state) is None


def test_each_role_is_what_its_name_says(state: Path) -> None:
    with postgres.running(state) as server:
        for role in ("daysheet_app", "daysheet_owner", "daysheet_sealer", "postgres"):
            with psycopg.connect(server.dsn(role)) as link:
                assert link.execute("select current_user, current_database()").fetchone() == (
                    role,
                    "daysheet",
                )
        with pytest.raises(psycopg.OperationalError), psycopg.connect(server.dsn("daysheet_search")):
            pass
        with psycopg.connect(server.dsn("postgres")) as link:
            mighty = link.execute(
                "select rolname from pg_roles where rolname like 'daysheet%' "
                "and (rolsuper or rolbypassrls or rolcreaterole or rolreplication)"
            ).fetchall()
            extensions = link.execute("select extname from pg_extension order by 1").fetchall()
            ports = link.execute("show listen_addresses").fetchone()
    assert mighty == []
    assert [name for (name,) in extensions] == ["btree_gist", "pg_trgm", "plpgsql", "unaccent"]
    assert ports == ("",)


def test_errors_in_the_log_quote_no_values(state: Path) -> None:
    with (
        postgres.running(state) as server,
        psycopg.connect(server.dsn("daysheet_owner"), autocommit=True) as link,
    ):
        link.execute("create table who (name text primary key)")
        link.execute("insert into who values ('Zaphira')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            link.execute("insert into who values (%s)", ["Zaphira"])
    logs = logs_with("duplicate key", state / "postgres" / "log")
    assert "duplicate key" in logs
    assert "Zaphira" not in logs


def logs_with(word: str, folder: Path) -> str:
    """What the logs of a folder say, once the word stands in them: the server writes them beside its answers."""

    def said() -> str:
        return "".join(path.read_text() for path in folder.glob("*.log"))

    until(lambda: word in said() and said().endswith("\n"), why=said)
    return said()


@AS_ROOT
def test_another_account_of_the_machine_is_refused(state: Path) -> None:
    psql = readable_by(server_account(), find_programs())["psql"]
    with postgres.running(state) as server:
        asked = [str(psql), "-h", server.socket_dir, "-U", "daysheet_app", "-d", "daysheet", "-c", "select 1"]
        by_us = subprocess.run(asked, capture_output=True, text=True, check=False)
        by_nobody = subprocess.run(asked, capture_output=True, text=True, check=False, user="nobody", cwd="/")
        # even where the folder of the socket stood open, the server itself asks who is there
        for folder in (state / "postgres", Path(server.socket_dir), state):
            folder.chmod(0o755)
        (Path(server.socket_dir) / ".s.PGSQL.5432").chmod(0o777)
        through = subprocess.run(asked, capture_output=True, text=True, check=False, user="nobody", cwd="/")
    assert by_us.returncode == 0
    assert by_nobody.returncode == 2
    assert through.returncode == 2
    assert "Peer authentication failed" in through.stderr


def test_a_killed_server_comes_back_with_what_was_committed(state: Path) -> None:
    with postgres.running(state) as server:
        with psycopg.connect(server.dsn("daysheet_owner"), autocommit=True) as link:
            link.execute("create table kept (n int)")
            link.execute("insert into kept values (1)")
        link = psycopg.connect(server.dsn("daysheet_owner"))
        link.execute("insert into kept values (2)")  # never committed
        os.kill(postmaster(state), signal.SIGKILL)
        link.close()
        again = postgres.ensure_running(state)
        assert again.started_by_us
        with psycopg.connect(again.dsn("daysheet_owner")) as link:
            assert link.execute("select n from kept").fetchall() == [(1,)]
            link.execute("select 1")


def test_two_offices_stand_side_by_side(state: Path) -> None:
    other = state.with_name("other")
    try:
        with postgres.running(state) as ours, postgres.running(other) as theirs:
            with psycopg.connect(ours.dsn("daysheet_owner"), autocommit=True) as link:
                link.execute("create table ours ()")
            with psycopg.connect(theirs.dsn("daysheet_owner")) as link:
                assert link.execute("select to_regclass('ours')").fetchone() == (None,)
    finally:
        postgres.stop(other)


@AS_ROOT
def test_a_closed_folder_stays_closed_and_the_data_lives_outside(state: Path) -> None:
    state.parent.chmod(0o700)
    try:
        with postgres.running(state) as server:
            home = Path(server.socket_dir).parent
            assert home.parent == Path("/var/lib/daysheet")
            assert stat.S_IMODE(home.stat().st_mode) == 0o700
        with postgres.running(state) as server:
            assert Path(server.socket_dir).parent == home
        assert stat.S_IMODE(state.parent.stat().st_mode) == 0o700
    finally:
        postgres.stop(state)
        shutil.rmtree(Path((state / "postgres.home").read_text()))


def test_a_deep_folder_gets_a_short_socket(state: Path) -> None:
    deep = state / ("d" * 60) / ("e" * 60)
    try:
        with postgres.running(deep) as server, psycopg.connect(server.dsn()) as link:
            assert link.execute("select 1").fetchone() == (1,)
            assert len(server.socket_dir) <= 90
    finally:
        postgres.stop(deep)


def test_database_url_wins(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/office")
    with postgres.running(state) as server:
        assert server.dsn("daysheet_owner") == "postgresql://elsewhere/office"
        monkeypatch.setenv("DATABASE_URL_OWNER", "postgresql://owner@elsewhere/office")
        assert server.environment("daysheet_owner")["DATABASE_URL"] == "postgresql://owner@elsewhere/office"
        assert server.environment()["DATABASE_URL"] == "postgresql://elsewhere/office"
    assert not state.exists()
