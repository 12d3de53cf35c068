"""The rows through HTTP: the office as `daysheet run` serves it, and its floor, side by side on two ports."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from uuid import uuid4

from daysheet.site.bench.desk import AtTheDesk
from daysheet.site.bench.inside import opened, signed_in
from daysheet.site.bench.load import Ask, Load, load
from daysheet.site.bench.plan import TODAY
from daysheet.site.bench.subjects import Subjects, phone_of
from daysheet.site.bench.timing import Measured, part
from daysheet.site.postgres import Server
from daysheet.site.state import PACKAGE

PROCESSES = 2
ROUNDS = 3
ASKED = 64
"""Requests of one round of one side."""
BOOKED = 32
"""Bookings of one round, each of a time and for a patient of its own."""
FIRST, FIRST_BARE = 450, 1600
"""Where the free times of these rows begin: behind those of the rows inside, before those of the sixteen clerks;
and those of the floor, behind them."""
PATIENCE = 40.0
ABOUT = {
    "http-phone": "a patient by telephone number",
    "http-name": "by parts of both names",
    "http-day": "a clinician's day of 60 rows",
    "http-week": "a clinician's week",
    "http-board": "the day board of 60 rows",
    "http-slots": "the page to book, with the next nine times",
    "http-check-in": "the page of a check-in is opened",
    "http-chart": "a patient's page",
    "http-booking": "a time is promised; the floor takes it by one statement",
    "http-academy": "public pages of the academy, kept once drawn",
}
LEAST = {"http-academy": 300.0}
"""Answers a second that a page must reach by itself, whatever its floor does."""
PUBLIC = (
    "/academy/",
    "/academy/job/",
    "/academy/pay/?state=MA",
    "/academy/certificates/",
    "/academy/programs/?place=01103",
)


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser's cookies and form token."""

    cookie: str
    token: str


@contextmanager
def serving(server: Server, *, floor: bool) -> Iterator[int]:
    """Serve the office, or its floor, on a free port with as many processes as the rows say."""
    port = _free_port()
    name = "daysheet.site.bench.floor_settings" if floor else "daysheet.site.settings"
    path = os.pathsep.join([str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, **server.environment(), "DJANGO_SETTINGS_MODULE": name, "PYTHONPATH": path}
    words = [sys.executable, "-m", "daysheet.site.serve", "pages", "127.0.0.1", str(port)]
    processes = [subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL) for _ in range(PROCESSES)]
    try:
        _wait_for(port)
        yield port
    finally:
        for one in processes:
            one.terminate()
        for one in processes:
            try:
                one.wait(8)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


def measured(server: Server, who: Subjects, desk: AtTheDesk, names: Sequence[str]) -> Iterator[Measured]:
    """Measure the rows of these names (`http-day-16`), office and floor in turn."""
    browser = browser_of(who)
    with serving(server, floor=False) as ours, serving(server, floor=True) as floor:
        for name in names:
            base, _, clients = name.rpartition("-")
            yield _measure(name, base, int(clients), who, desk, browser, ours, floor)


def _measure(
    name: str,
    base: str,
    clients: int,
    who: Subjects,
    desk: AtTheDesk,
    browser: Browser,
    ours: int,
    floor: int,
) -> Measured:
    booking = base == "http-booking"
    replayed = _asks("http-slots" if booking else base, who, desk)
    _warm(browser, [(floor, replayed), (ours, replayed)])
    wanted = {200, 303} if booking else {200}
    sides: tuple[list[Load], list[Load]] = ([], [])
    for turn in range(ROUNDS):
        asks = [replayed, replayed]
        if booking:
            asks = [_bookings(who, first, turn + ROUNDS * (clients > 1)) for first in (FIRST, FIRST_BARE)]
        for side, port, these in zip(sides, (ours, floor), asks, strict=True):
            side.append(load(port, these, browser.cookie, browser.token, clients=clients))
        if not sides[1][-1].statuses.keys() <= wanted:
            raise RuntimeError(f"the floor of {name} answered {sides[1][-1].statuses}")
    mine_all, floor_all = ([ms for one in side for ms in one.times] for side in sides)
    rates = [median(one.rate for one in side) for side in sides]
    statuses: dict[int, int] = {}
    for one in sides[0]:
        for status, count in one.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    ratio = rates[0] / rates[1]
    least = LEAST.get(base)
    met = (ratio >= 0.5 if least is None else rates[0] >= least) and statuses.keys() <= wanted
    more = {
        "p50_ms": round(median(mine_all), 1), "p95_ms": round(part(mine_all, 0.95), 1),
        "floor_p50_ms": round(median(floor_all), 1), "statuses": {str(key): value for key, value in statuses.items()},
    }  # fmt: skip
    return Measured(
        name, f"{ABOUT[base]}, {clients} at once", "req/s", rates[0], min(one.rate for one in sides[0]),
        max(one.rate for one in sides[0]), rates[1], min(one.rate for one in sides[1]), ratio, None,
        "at least half of the floor" if least is None else f"at least {least:g} a second", met, more,
    )  # fmt: skip


def _asks(base: str, who: Subjects, desk: AtTheDesk) -> list[Ask]:
    people, here = who.patients[:24], desk.here() if base == "http-check-in" else []
    every = {
        "http-phone": [Ask("/patients/", (("q", phone_of(one)),)) for one in people],
        "http-name": [Ask("/patients/", (("q", f"{one.family[:4]} {one.given[:3]}"),)) for one in people],
        "http-day": [Ask(f"/schedule/{TODAY}/?provider={who.clinician.id}")],
        "http-week": [Ask(f"/schedule/{TODAY}/week/?provider={who.clinician.id}")],
        "http-board": [Ask("/desk/")],
        "http-slots": [Ask(f"/schedule/book/{one.id}/") for one in people],
        "http-check-in": [Ask(f"/desk/visits/{one.id}/check-in/") for one in here],
        "http-chart": [Ask(f"/patients/{one.id}/") for one in people],
        "http-academy": [Ask(one) for one in PUBLIC],
    }[base]
    return (every * ASKED)[:ASKED]


def _bookings(who: Subjects, first: int, turn: int) -> list[Ask]:
    found = []
    for place in range(first + turn * BOOKED, first + (turn + 1) * BOOKED):
        clinician, door, at = who.free[place]
        slot = f"{clinician}.{door}.{int(at.timestamp()) // 60}"
        kind = who.kinds["Follow-up"]
        form = (
            ("slot", slot),
            ("type", str(kind)),
            ("from_day", str(TODAY)),
            ("part", "any"),
            ("_once", str(uuid4())),
        )
        found.append(Ask(f"/schedule/book/{who.spare[place]}/", form))
    return found


def _warm(browser: Browser, sides: Sequence[tuple[int, list[Ask]]]) -> None:
    """Let every process of a side see every request before any is timed."""
    for port, asks in sides:
        for _ in range(2):
            load(port, list(dict.fromkeys(asks)) * 2, browser.cookie, browser.token, clients=8)


def browser_of(who: Subjects) -> Browser:
    """Return the cookies and the form token of the receptionist, signed in."""
    client = signed_in(who, "receptionist")
    opened(client, "/patients/")
    jar = {name: morsel.value for name, morsel in client.cookies.items()}
    return Browser("; ".join(f"{name}={value}" for name, value in jar.items()), jar["daysheet_csrf"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=2) as said:
                if said.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("a server of the bench did not come up")
