"""`daysheet run`: the whole office on one port, until Ctrl-C."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from daysheet.site.cli import VERBS
from daysheet.site.migrating import ensure_migrated
from daysheet.site.postgres import Server, running
from daysheet.site.state import PACKAGE, open_state, secret_key, state_dir
from daysheet.site.supervisor import Supervisor, Watched

Port = Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help="The port of the office.")]
Host = Annotated[
    str, typer.Option(envvar="HOST", help="The address to listen on; 0.0.0.0 opens it to the network.")
]
Demo = Annotated[bool, typer.Option(envvar="DAYSHEET_DEMO", help="Open the demonstration practice at first.")]
Processes = Annotated[int, typer.Option(min=0, help="Processes for pages; 0 means one for each core.")]


def run(port: Port = 8000, host: Host = "127.0.0.1", processes: Processes = 0, *, demo: Demo = True) -> None:
    """Serve the office on this machine until Ctrl-C."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    os.environ.setdefault("DAYSHEET_HOSTS", ",".join(_names(host)))
    os.environ.setdefault("DAYSHEET_PUBLIC_URL", f"http://localhost:{port}")
    state = open_state(state_dir())
    secret_key(state)
    with _only_one(state):
        _refuse_taken(host, port)
        with running(state, stop_it=True) as server:
            say("the database is up" if server.started_by_us else "the database was up already")
            if ensure_migrated(server):
                say("the tables are in order")
            if demo and "demo" in VERBS:
                _open_demonstration()
            _serve(server, host, port, processes or os.cpu_count() or 2)
    say("the office is closed")


def _names(host: str) -> list[str]:
    """Return the names by which the office may be called: this machine's own, where it listens to others too."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if host in {*names, "::1"}:
        return names
    own = [host, socket.gethostname(), socket.getfqdn()]
    with suppress(OSError):  # a machine that does not know its own name is called by address
        own += [str(found[4][0]) for found in socket.getaddrinfo(socket.gethostname(), None)]
    return [*names, *dict.fromkeys(name for name in own if name not in {"0.0.0.0", "::"})]  # noqa: S104


def _open_demonstration() -> None:
    """Let the demonstration practice be opened where no practice is yet, in a process of its own."""
    said = subprocess.run([sys.executable, "-m", "daysheet.site.cli", "demo", "open"], check=False)
    if said.returncode:
        say("the demonstration practice could not be opened; the office opens without it")


def say(sentence: str) -> None:
    """Print one line about the office."""
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


def _serve(server: Server, host: str, port: int, processes: int) -> None:
    path = {"PYTHONPATH": os.pathsep.join([str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")])}
    app = {**path, **server.environment("daysheet_app")}
    sealer = {**path, **server.environment("daysheet_sealer")}
    watched = [Watched(f"pages {n + 1}", ["pages", host, str(port)], app) for n in range(processes)]
    watched += [Watched("jobs", ["jobs"], app), Watched("seals", ["seals"], sealer)]
    lines = ["lines", os.environ.get("SIP_HOST", host), os.environ.get("SIP_PORT", "5060")]
    watched.append(Watched("telephone lines", lines, app, wanted=lambda: _has_lines(server)))
    supervisor = Supervisor(watched, say)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, supervisor.ask_to_stop)
    supervisor.run(once_up=lambda: _announce(server, host, port))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # what is left is the database, and that is quick


def _announce(server: Server, host: str, port: int) -> bool:
    """Print the address, and the demonstration's people, once the first page can be had."""
    near = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    address = f"http://{f'[{near}]' if ':' in near else near}:{port}/"
    try:
        with urllib.request.urlopen(f"{address}health/", timeout=2) as said:  # noqa: S310
            if said.status != 200:
                return False
    except (urllib.error.URLError, OSError):
        return False
    print(f"\n  Daysheet is open at {address.replace('127.0.0.1', 'localhost')}", flush=True)
    if people := _demonstration_people(server):
        print("  Demonstration practice: press a name on the sign-in page; no password is asked.")
        for username, name in people:
            print(f"    {username:<28} {name}")
    print("  Ctrl-C closes the office.\n", flush=True)
    return True


def _demonstration_people(server: Server) -> list[tuple[str, str]]:
    """Return the sign-ins of the demonstration practice."""
    import psycopg

    with psycopg.connect(server.dsn()) as link:
        return link.execute(
            "select username, trim(first_name || ' ' || last_name) from auth_person "
            "where username like 'demo-%' and is_active order by username"
        ).fetchall()


def _has_lines(server: Server) -> bool:
    """Return whether any practice has a telephone line to be heard, asked within the walls of each."""
    import psycopg

    try:
        with psycopg.connect(server.dsn()) as link:
            for (practice_id,) in link.execute("select id from practice").fetchall():
                link.execute("select set_config('app.practice', %s, true)", [str(practice_id)])
                if link.execute("select 1 from phone_line where retired_at is null limit 1").fetchone():
                    return True
            return False
    except psycopg.Error:
        return False


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    """Refuse to open one office twice; the lock dies with its holder."""
    with (state / "office.lock").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            number = held.read().strip()
            print(f"The office in {state} is open already (process {number}).", file=sys.stderr)
            raise typer.Exit(1) from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield


def _refuse_taken(host: str, port: int) -> None:
    """Ask for the port alone first: shared ports would let two offices answer in turn."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as no:
            print(
                f"Port {port} cannot be used ({no.strerror}). Another one: make run PORT={port + 1}",
                file=sys.stderr,
            )
            raise typer.Exit(1) from None


def _leave(*_: object) -> None:
    """Leave in the middle of the preparations; what was begun is ended on the way out."""
    raise SystemExit(0)
