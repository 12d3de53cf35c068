"""Waiting for a state, never for a time: a busy machine is slow, and not wrong."""

import itertools
import os
import socket
import time
from collections.abc import Callable

from django.db import connection

PATIENCE = 60.0
"""Seconds after which what has not come will not come; where it comes, nobody waits for them."""
FIRST, PORTS = 12_000, 20_000
"""Below 32,768, from where on Linux gives a port to whoever asks for any: one found free there may be taken at once."""
_turns = itertools.count(os.getpid() * 997)


def until(
    holds: Callable[[], object],
    *,
    why: Callable[[], str] = lambda: "It never came.",
    within: float = PATIENCE,
    rest: Callable[[], object] = lambda: time.sleep(0.02),
) -> None:
    """Wait until something holds; beside a browser `rest` is a moment in which its page goes on."""
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, why()
        rest()


def until_somebody_waits() -> None:
    """Wait until another hand in this database stands before a lock."""
    until(_somebody_waits, why=lambda: "nobody waits")


def _somebody_waits() -> bool:
    sql = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_clear_snapshot()")
        cursor.execute(sql)
        return bool(cursor.fetchone()[0])


def free_port() -> int:
    """Return a port that nobody has, by TCP or UDP; no two calls of a process return the same."""
    for turn in _turns:
        port = FIRST + turn % PORTS
        if not is_taken(port):
            return port
    raise AssertionError("no port is free")


def is_taken(port: int) -> bool:
    """Return whether somebody listens at a port of this machine."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return True
    return False
