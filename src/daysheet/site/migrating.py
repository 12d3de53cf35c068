"""Tables as this version wants them: made by the owner role, in a process of its own.

The fingerprint of what was migrated stands as a comment on the database, so that a start which has nothing
to migrate asks one question instead of loading every migration.
"""

import hashlib
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psycopg
from psycopg import sql

from daysheet.site.postgres import DatabaseTrouble, Server
from daysheet.site.state import PACKAGE

WATCHED = (
    "*/migrations/**/*",
    "*/apps.py",
    "kernel/**/*.py",
    "kernel/*.toml",
    "site/settings.py",
    "site/postgres/*",
)
FOREIGN = ("django", "django-allauth", "procrastinate")
UP_TO_DATE = ["django", "migrate", "--verbosity", "0", "--no-input", "--skip-checks"]
LOCK = 4_407_061  # one migration at a time, whoever starts it


def ensure_migrated(server: Server) -> bool:
    """Bring the tables to this version; return False when there was nothing to do."""
    wanted = f"daysheet migrations {fingerprint()}"
    with psycopg.connect(server.dsn("daysheet_app"), autocommit=True) as link:
        if _noted(link) == wanted:
            return False
    with psycopg.connect(server.dsn("daysheet_owner"), autocommit=True) as link:
        link.execute("select pg_advisory_lock(%s)", [LOCK])
        if _noted(link) == wanted:
            return False
        _migrate(server, is_new=_is_new(link))
        name, note = sql.Identifier(link.info.dbname), sql.Literal(wanted)
        link.execute(sql.SQL("comment on database {} is {}").format(name, note))
    return True


def fingerprint() -> str:
    """Return the hash of everything that shapes the tables."""
    digest = hashlib.sha256()
    for name in FOREIGN:
        try:
            digest.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:
            digest.update(f"{name} absent\n".encode())
    for path in sorted({path for pattern in WATCHED for path in PACKAGE.glob(pattern)}):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(PACKAGE)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _migrate(server: Server, *, is_new: bool) -> None:
    environment = {**os.environ, **server.environment("daysheet_owner")}
    environment["DJANGO_SETTINGS_MODULE"] = "daysheet.site.settings"
    environment["PYTHONPATH"] = os.pathsep.join([str(Path(PACKAGE).parent), os.environ.get("PYTHONPATH", "")])
    words = ["daysheet.site.first_tables"] if is_new else UP_TO_DATE
    said = subprocess.run(
        [sys.executable, "-m", *words], env=environment, capture_output=True, text=True, check=False
    )
    if said.returncode:
        print(said.stderr, file=sys.stderr)
        raise DatabaseTrouble("The tables could not be brought to this version; the lines above say why.")


def _is_new(link: psycopg.Connection) -> bool:
    row = link.execute("select to_regclass('public.django_migrations')").fetchone()
    return row is None or row[0] is None


def _noted(link: psycopg.Connection) -> str | None:
    row = link.execute(
        "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
    ).fetchone()
    return str(row[0]) if row and row[0] else None
