"""Where the practice to measure is kept: a server of its own beside the office's, used again while it fits."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from psycopg import sql

from daysheet.site.bench.plan import Size
from daysheet.site.cli.office import enter
from daysheet.site.migrating import ensure_migrated, fingerprint
from daysheet.site.postgres import Server, running
from daysheet.site.state import secret_key, state_dir

SHAPES = ("plan.py", "copying.py", "furnishing.py", "filling.py", "money.py")
"""What decides how the rows look: when one of these changes, the data are made anew."""
Tell = Callable[[int, int], None]
Bar = Callable[[str], AbstractContextManager[Tell]]


@contextmanager
def opened(size: Size, bar: Bar) -> Iterator[Server]:
    """Open the server with the practice in it, made first where there is none that fits.

    The office's own database is never touched, whatever DATABASE_URL says.
    """
    os.environ.pop("DATABASE_URL", None)
    state = state_dir() / "bench"
    os.environ["DAYSHEET_STATE"] = str(state)
    secret_key(state)
    with running(state) as cluster:
        server = replace(cluster, database=f"bench_{_fingerprint(size)}")
        if not _exists(cluster, server.database):
            _make(cluster, server, size, bar)
        enter(server)
        try:
            yield server
        finally:
            from django.db import connections

            connections.close_all()


def _make(cluster: Server, server: Server, size: Size, bar: Bar) -> None:
    """Make the data under a draft's name, so that half of them is never taken for all."""
    draft = replace(server, database=f"{server.database}_draft")
    with psycopg.connect(cluster.dsn("postgres", "postgres"), autocommit=True) as link:
        for (stale,) in link.execute(
            "select datname from pg_database where datname like 'bench\\_%'"
        ).fetchall():
            link.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(stale)))
        name = sql.Identifier(draft.database)
        link.execute(sql.SQL("create database {} owner daysheet_owner template template1").format(name))
    ensure_migrated(draft)
    enter(draft)
    from django.db import connections

    from daysheet.site.bench.filling import fill
    from daysheet.site.bench.furnishing import furnish

    with bar(f"making {size.patients:,} patients and {size.appointments:,} appointments") as tell:
        fill(draft.dsn("postgres"), furnish(size), size, tell)
    connections.close_all()
    with psycopg.connect(cluster.dsn("postgres", "postgres"), autocommit=True) as link:
        names = sql.Identifier(draft.database), sql.Identifier(server.database)
        link.execute(sql.SQL("alter database {} rename to {}").format(*names))


def _exists(cluster: Server, database: str) -> bool:
    with psycopg.connect(cluster.dsn("postgres", "postgres")) as link:
        return link.execute("select 1 from pg_database where datname = %s", [database]).fetchone() is not None


def _fingerprint(size: Size) -> str:
    digest = hashlib.sha256(f"{size!r} {fingerprint()}".encode())
    for name in SHAPES:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()[:12]
