"""The throwaway database of a test run: a private server, copied from a migrated template.

The template is made once for each state of migrations, kernel and settings, and kept in memory (tmpfs)
for the next run. Every run and every xdist worker copies it and starts a server of its own on a socket of its
own, so several runs of several clones never meet. What a killed run left behind, the next one clears away.
"""

import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from django.db import connections

from daysheet.site.migrating import ensure_migrated, fingerprint
from daysheet.site.postgres import settings
from daysheet.site.postgres.cluster import Cluster, Server
from daysheet.site.postgres.programs import find_programs, readable_by, server_account

NAME = "daysheet_test"  # tests run here; "daysheet" beside it stays as migrated
KEPT = 16  # templates kept for branches that people switch between


class Throwaway:
    """A private server with a test database that can be made anew in a moment."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.server: Server = replace(cluster.server(started_by_us=True), database=NAME)

    def renew(self) -> None:
        """Put the test database back to the migrated state; whoever is still connected is cut off."""
        connections.close_all()
        self.cluster.sql(
            f"drop database if exists {NAME} with (force);"
            f"create database {NAME} template daysheet owner daysheet_owner strategy file_copy;"
            f"revoke all on database {NAME} from public;"
            f"grant connect on database {NAME} to daysheet_app, daysheet_sealer;"
        )


@contextmanager
def database() -> Iterator[Throwaway]:
    """Run a private server for the time of one test session."""
    cache = _cache()
    home = cache / f"run-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        with _moving_in(cache, home):
            cluster = _cluster(home / "pg")
            with _template(cache) as template:
                subprocess.run(["cp", "-a", template / "pg", cluster.home], check=True)
            try:
                cluster.start()
                throwaway = Throwaway(cluster)
                throwaway.renew()
                yield throwaway
            finally:
                cluster.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _moving_in(cache: Path, home: Path) -> Iterator[None]:
    """Sweep, and take a folder for the time of a run, one run after the other.

    Until its lock is held a new folder looks like that of a killed run, and what two sweep at once is gone under them.
    """
    with ExitStack() as kept:
        with (cache / "sweeping.lock").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            _sweep(cache)
            home.mkdir(mode=0o711)
            alive = kept.enter_context((home / "alive").open("w"))
            fcntl.flock(alive, fcntl.LOCK_EX)  # the lock dies with this process, even by kill -9
        yield


@contextmanager
def _template(cache: Path) -> Iterator[Path]:
    """Hold the template of the present migrations, made when it is missing."""
    template = cache / f"template-{fingerprint()}"
    with (cache / f"{template.name}.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (template / "made").exists():
            shutil.rmtree(template, ignore_errors=True)
            template.mkdir(mode=0o711)
            _make(_cluster(template / "pg"))
            (template / "made").touch()
        os.utime(template)
        fcntl.flock(held, fcntl.LOCK_SH)
        yield template


def _make(cluster: Cluster) -> None:
    cluster.start()
    try:
        ensure_migrated(cluster.server(started_by_us=True))
    finally:
        cluster.stop()


def _cluster(home: Path) -> Cluster:
    account = server_account()
    programs = readable_by(account, find_programs())
    return Cluster(home, programs, account, tuning=settings.throwaway(), durable=False)


def _cache() -> Path:
    """Return this user's folder in memory, or on disk where there is no room in memory."""
    shm = Path("/dev/shm")
    roomy = shm.is_dir() and os.access(shm, os.W_OK) and shutil.disk_usage(shm).free > 2**30
    cache = (shm if roomy else Path(tempfile.gettempdir())) / f"daysheet-tests-{os.geteuid()}"
    cache.mkdir(mode=0o711, exist_ok=True)
    if cache.is_symlink() or cache.stat().st_uid != os.geteuid():
        raise RuntimeError(f"{cache} belongs to someone else.")
    return cache


def _sweep(cache: Path) -> None:
    """Clear away runs that were killed and templates that nobody used for long."""
    for alive in cache.glob("run-*/alive"):
        with _free(alive) as free:
            if free:
                _cluster(alive.parent / "pg").stop()
                shutil.rmtree(alive.parent, ignore_errors=True)
    templates = sorted(cache.glob("template-*/"), key=lambda path: path.stat().st_mtime, reverse=True)
    for template in templates[KEPT:]:
        with _free(cache / f"{template.name}.lock") as free:
            if free:
                shutil.rmtree(template, ignore_errors=True)


@contextmanager
def _free(path: Path) -> Iterator[bool]:
    """Try to take a lock without waiting; tell whether nobody holds it."""
    try:
        with path.open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
    except (BlockingIOError, FileNotFoundError):
        yield False
