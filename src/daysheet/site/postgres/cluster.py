"""Making, starting and stopping the server of one state folder."""

import fcntl
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from daysheet.site.postgres import settings
from daysheet.site.postgres.programs import (
    SYSTEM_HOME,
    Account,
    DatabaseTrouble,
    Programs,
    account_of,
    find_programs,
    me,
    readable_by,
    server_account,
)
from daysheet.site.state import open_state

PORT = 5432  # only the name of the socket: no network port is opened
DATABASE = "daysheet"
ROLES = Path(__file__).with_name("roles.sql")
READY, RECOVERING = 0, 1  # answers of pg_isready


@dataclass(frozen=True)
class Server:
    """A running server: where its socket lies and who started it.

    An outside server has a URL instead: DATABASE_URL for the application, and DATABASE_URL_OWNER,
    DATABASE_URL_SEALER and DATABASE_URL_POSTGRES where those roles sign in otherwise.
    """

    socket_dir: str
    port: int = PORT
    database: str = DATABASE
    started_by_us: bool = False
    url: str = ""

    def dsn(self, role: str = "daysheet_app", database: str | None = None) -> str:
        """Return the connection string for one login role."""
        if self.url:
            return os.environ.get(f"DATABASE_URL_{role.removeprefix('daysheet_').upper()}") or self.url
        return f"host={self.socket_dir} port={self.port} dbname={database or self.database} user={role}"

    def environment(self, role: str = "daysheet_app") -> dict[str, str]:
        """Return the variables that lead the Django settings to this server."""
        if self.url:
            return {"DATABASE_URL": self.dsn(role), "DAYSHEET_DB_ROLE": role}
        return {
            "DAYSHEET_DB_SOCKET": self.socket_dir,
            "DAYSHEET_DB_PORT": str(self.port),
            "DAYSHEET_DB_NAME": self.database,
            "DAYSHEET_DB_ROLE": role,
        }


@dataclass(frozen=True)
class Cluster:
    """A cluster on disk: its folder, the programs that serve it and the account that owns it."""

    home: Path
    programs: Programs
    account: Account
    database: str = DATABASE
    tuning: Mapping[str, str] = field(default_factory=settings.office)
    durable: bool = True

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return self.home / "data"

    @property
    def socket_dir(self) -> Path:
        """Return the folder of the socket; a socket's path may have 107 bytes at most."""
        beside = self.home / "run"
        if len(os.fsencode(beside)) <= 90:
            return beside
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"daysheet-{name}"

    def server(self, *, started_by_us: bool) -> Server:
        """Return the address of this cluster's server."""
        return Server(str(self.socket_dir), PORT, self.database, started_by_us)

    def answers(self) -> int:
        """Return what pg_isready says: 0 ready, 1 recovering, 2 nobody there."""
        # Never `pg_ctl status`: it calls a killed postmaster running for as long as its zombie lingers.
        asked: list[str | Path] = [
            self.programs["pg_isready"],
            "-q",
            "-h",
            self.socket_dir,
            "-p",
            str(PORT),
            "-t",
            "2",
        ]
        return subprocess.run(asked, check=False, capture_output=True).returncode

    def start(self) -> bool:
        """Start the server, made first when there is none; return False when it ran already."""
        runs = self.answers() == READY
        try:
            if not runs:
                self._make()
                self._configure()
                self._wait_until_ready()
            self._meet_the_roles()
        except BaseException:
            if not runs:
                self.stop()
            raise
        return not runs

    def stop(self) -> None:
        """Stop the server; sessions that are still open are cut."""
        for mode, patience in (("fast", "8"), ("immediate", "5")):
            words: list[str | Path] = ["stop", "-s", "-D", self.data, "-m", mode, "-w", "-t", patience]
            self.account.run([self.programs["pg_ctl"], *words])
            if self.answers() not in (READY, RECOVERING):
                return

    def sql(self, script: str, **names: str) -> str:
        """Run a script as the superuser through psql, with psql's own variables; return what it printed."""
        asked: list[str | Path] = [
            self.programs["psql"],
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            self.socket_dir,
        ]
        asked += ["-p", str(PORT), "-U", "postgres", "-d", "postgres"]
        asked += [word for key, value in names.items() for word in ("-v", f"{key}={value}")]
        said = self.account.run(asked, input=script)
        if said.returncode:
            raise DatabaseTrouble(f"The database refused its set-up: {said.stdout.strip()}")
        return said.stdout.strip()

    def last_words(self) -> str:
        """Return the end of the server's log, for a person who must find out why it did not start."""
        logs = [
            self.home / "start.log",
            *sorted((self.home / "log").glob("*.log"), key=os.path.getmtime)[-1:],
        ]
        lines = [
            line for log in logs if log.is_file() for line in log.read_text(errors="replace").splitlines()
        ]
        return " / ".join(lines[-3:]) or "no log was written"

    def _make(self) -> None:
        for folder in (self.home, self.home / "log"):
            _give(folder, self.account)
        if (self.data / "PG_VERSION").is_file():
            made_by = int((self.data / "PG_VERSION").read_text().split(".")[0])
            if made_by != self.programs.major:
                raise DatabaseTrouble(
                    f"The data in {self.data} was written by PostgreSQL {made_by}, and the programs here are "
                    f"version {self.programs.major}: dump it with the old ones first."
                )
            return
        for stale in self.home.glob("draft-*"):
            shutil.rmtree(stale)
        draft = self.home / f"draft-{secrets.token_hex(4)}"
        said = self._initdb(draft, *_locale(self.programs.major))
        if said.returncode and self.programs.major < 17:  # this machine does not know C.UTF-8
            said = self._initdb(draft)
        if said.returncode:
            raise DatabaseTrouble(f"The database could not be made: {said.stdout.strip().splitlines()[-1]}")
        draft.rename(self.data)

    def _initdb(self, folder: Path, *locale: str) -> subprocess.CompletedProcess[str]:
        words = ["-U", "postgres", "-E", "UTF8", "--locale=C", *locale, "--auth=peer"]
        hasty = [] if self.durable else ["--no-sync"]
        return self.account.run([self.programs["initdb"], "-D", folder, *words, *hasty])

    def _configure(self) -> None:
        _give(self.socket_dir, self.account)
        people = {self.account.name, me().name}
        tuning = {**self.tuning, "unix_socket_directories": str(self.socket_dir), "port": str(PORT)}
        for name, text in settings.files(tuning, people).items():
            _write(self.data / name, text, self.account)

    def _wait_until_ready(self) -> None:
        """Ask until the server is ready, starting it when nobody answers."""
        next_try, tries = 0.0, 0
        while tries <= 40:
            answer = self.answers()
            if answer == READY:
                return
            if answer != RECOVERING and time.monotonic() >= next_try:
                # After a kill the old process may linger as a zombie and hold its lock file a while.
                words: list[str | Path] = [
                    "start",
                    "-s",
                    "-W",
                    "-D",
                    self.data,
                    "-l",
                    self.home / "start.log",
                ]
                self.account.run([self.programs["pg_ctl"], *words])
                tries, next_try = tries + 1, time.monotonic() + 1.0
            time.sleep(0.25 if answer == RECOVERING else 0.04)
            if tries > 8 and "FATAL:  could not" in self.last_words():
                break
        raise DatabaseTrouble(f"The database does not start: {self.last_words()}")

    def _meet_the_roles(self) -> None:
        script = ROLES.read_text()
        if self.programs.major < 16:  # options of a grant came with PostgreSQL 16
            script = script.replace(" with inherit false, set true", "")
        stamp, wanted = self.home / "roles.sha256", hashlib.sha256(script.encode()).hexdigest()
        if not stamp.is_file() or stamp.read_text() != wanted:
            self.sql(script, database=self.database)
            _write(stamp, wanted, self.account)


def ensure_running(state: Path) -> Server:
    """Return the running server of a state folder, started or even made first when it must be."""
    if url := os.environ.get("DATABASE_URL"):
        return Server("", url=url)
    with _lock(state):
        cluster = _cluster(state)
        return cluster.server(started_by_us=cluster.start())


def find(state: Path) -> Server | None:
    """Return the server of a state folder if it runs; nothing is started."""
    if url := os.environ.get("DATABASE_URL"):
        return Server("", url=url)
    if not state.is_dir() or not _home(state, me()).is_dir():
        return None
    cluster = _cluster(state)
    return cluster.server(started_by_us=False) if cluster.answers() == READY else None


def stop(state: Path) -> None:
    """Stop the server of a state folder, whoever uses it."""
    if os.environ.get("DATABASE_URL") or not state.is_dir():
        return
    with _lock(state):
        _cluster(state).stop()


@contextmanager
def running(state: Path, *, stop_it: bool = False) -> Iterator[Server]:
    """Use the server of a state folder; whoever leaves last stops it, `stop_it` stops it in any case."""
    if url := os.environ.get("DATABASE_URL"):
        yield Server("", url=url)
        return
    open_state(state)
    with (state / "postgres.users").open("a") as users:  # a lock that dies with its holder, even by kill -9
        with _lock(state):
            cluster = _cluster(state)
            server = cluster.server(started_by_us=cluster.start())
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield server
        finally:
            with _lock(state):
                fcntl.flock(users, fcntl.LOCK_UN)
                alone = True
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    alone = False
                if alone or stop_it:
                    cluster.stop()


@contextmanager
def _lock(state: Path) -> Iterator[None]:
    """Let one process at a time start or stop the server."""
    with (open_state(state) / "postgres.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _cluster(state: Path) -> Cluster:
    account = server_account()
    home = _home(state, account)
    if home.is_dir() and (owner := home.stat().st_uid) != account.uid:
        if os.geteuid() != 0:
            raise DatabaseTrouble(f"The database in {home} belongs to {account_of(owner).name}: run as them.")
        account = account_of(owner)
    return Cluster(home, readable_by(account, find_programs()), account)


def _home(state: Path, account: Account) -> Path:
    """Return the cluster's folder: in the state folder, or outside when the account cannot enter that."""
    inside, pointer = state / "postgres", state / "postgres.home"
    if inside.is_dir():
        return inside
    if pointer.is_file():
        return Path(pointer.read_text())
    if account.is_me or account.may_enter(open_state(state)):
        return inside
    # The random part keeps a new clone at an old place from finding the old one's patients.
    name = re.sub(r"[^a-z0-9]+", "-", state.parent.name.lower()).strip("-") or "office"
    home = SYSTEM_HOME / f"{name}-{secrets.token_hex(6)}"
    home.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    pointer.write_text(str(home))
    return home


def _locale(major: int) -> list[str]:
    """Return how initdb is told to sort by code point and to know the letters of all scripts."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--lc-ctype=C.UTF-8"]


def _give(folder: Path, account: Account) -> None:
    """Create a folder that only this account may look into."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    if folder.is_symlink() or folder.stat().st_uid != account.uid:
        raise DatabaseTrouble(f"The folder {folder} does not belong to {account.name}: remove it.")


def _write(path: Path, text: str, account: Account) -> None:
    if path.is_file() and path.read_text() == text:
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.chmod(0o600)
    os.chown(draft, account.uid, account.gid)
    draft.rename(path)
