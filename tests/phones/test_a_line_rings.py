"""A telephone system (Kamailio) and telephones (SIPp) of others ring our line: real programs, real calls."""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

import pytest

from daysheet.formats.sip.watching import Line, Told
from daysheet.phones.commands import keep_line
from daysheet.phones.listening import Listener, Office, listening
from daysheet.phones.models import Call
from tests import cast, make

PAPERS = Path(__file__).parent / "sip"
pytestmark = [
    pytest.mark.sip,
    pytest.mark.skipif(
        not (shutil.which("kamailio") and shutil.which("sipp")),
        reason="no kamailio or no sipp here: apt-get install kamailio sip-tester",
    ),
]
LINE = Line("line", "desk-test", (ip_network("127.0.0.1/32"),))


@dataclass
class Ring:
    """A telephone system that runs, and a place for the papers of its telephones."""

    port: int
    desk: int
    folder: Path

    def calls(self, scenario: str, *, number: int = 1) -> None:
        """Let somebody call the office, or many at once; every one of the calls must end as its paper says."""
        words = ["-m", str(number), "-r", str(number), "-rp", "500", "-sf", str(PAPERS / f"{scenario}.xml")]
        said = subprocess.run(
            ["sipp", f"127.0.0.1:{self.port}", "-i", "127.0.0.1", "-p", str(free()), *words, "-nostdin"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=40,
            check=False,
        )
        assert said.returncode == 0, said.stdout[-3000:] + said.stderr[-1000:]

    @contextmanager
    def somebody_answers(self) -> Iterator[None]:
        """Let somebody sit at the desk's own telephone."""
        words = ["sipp", "-i", "127.0.0.1", "-p", str(self.desk), "-sf", str(PAPERS / "desk.xml"), "-nostdin"]
        with started(words, self.folder):
            time.sleep(0.3)
            yield


def free() -> int:
    """Return a port that nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(words: list[str], folder: Path) -> Iterator[None]:
    """Run a program for as long as the block lasts."""
    with (folder / f"{words[0]}.log").open("w") as log:
        process = subprocess.Popen(words, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def system(folder: Path, *, line: int, user: str = LINE.user, transport: str = "udp") -> Iterator[Ring]:
    """Run a telephone system that rings the desk and our line together."""
    ring = Ring(free(), free(), folder)
    told = {"port": ring.port, "desk": ring.desk, "line": line, "user": user, "transport": transport}
    text = (PAPERS / "kamailio.cfg").read_text()
    for name, value in told.items():
        text = text.replace(f"{{{name}}}", str(value))
    (folder / "kamailio.cfg").write_text(text)
    words = ["kamailio", "-f", str(folder / "kamailio.cfg"), "-DD", "-m", "32", "-M", "4", "-w", str(folder)]
    with started([*words, "-Y", str(folder), "-P", str(folder / "pid")], folder):
        until(lambda: is_up(ring.port), why=(folder / "kamailio.log").read_text)
        yield ring


def is_up(port: int) -> bool:
    """Return whether a telephone system answers."""
    ping = (
        f"OPTIONS sip:x@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:1;rport;branch=z9hG4bKx\r\n"
        "From: <sip:x@x>;tag=1\r\nTo: <sip:x@x>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.3)
        try:
            probe.sendto(ping.encode(), ("127.0.0.1", port))
            return bool(probe.recv(2000))
        except OSError:
            return False


def until(holds: Callable[[], object], *, why: Callable[[], str] = str, within: float = 8.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, why()
        time.sleep(0.02)


@contextmanager
def heard() -> Iterator[tuple[list[Told], Listener, int]]:
    """Listen with a paper in place of the office."""
    told: list[Told] = []
    with listening(lambda: [LINE], told.append) as (listener, port):
        yield told, listener, port


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_caller_who_hangs_up_is_heard_ringing_and_ending(tmp_path: Path, transport: str) -> None:
    with heard() as (told, listener, port), system(tmp_path, line=port, transport=transport) as ring:
        ring.calls("caller")
        until(lambda: len(told) >= 2)
    assert [one.event for one in told] == ["ringing", "ended"]
    assert told[0].number == "+14135550177"
    assert not listener.watcher.unheard


def test_a_call_that_another_telephone_answers_is_heard_as_answered(tmp_path: Path) -> None:
    with heard() as (told, _listener, port), system(tmp_path, line=port) as ring, ring.somebody_answers():
        ring.calls("talker")
        until(lambda: len(told) >= 2)
    assert [one.event for one in told] == ["ringing", "answered"]
    assert told[0].call == told[1].call


def test_twenty_calls_at_once_are_twenty_calls(tmp_path: Path) -> None:
    with heard() as (told, listener, port), system(tmp_path, line=port) as ring:
        ring.calls("caller", number=20)
        until(lambda: len(told) >= 40)
        assert listener.watcher.ringing == 0
    assert len({one.call for one in told}) == 20
    assert sorted(one.event for one in told) == ["ended"] * 20 + ["ringing"] * 20


@pytest.mark.django_db(transaction=True)
def test_what_rings_on_the_line_stands_in_the_office(tmp_path: Path) -> None:
    practice, office = make.practice(), Office()
    with make.acting(practice):
        line = keep_line(cast.ana(practice.pk), name="Front desk", hosts="127.0.0.1")
    with listening(office.lines, office.tell) as (_listener, port):
        with system(tmp_path, line=port, user=line.user) as ring:
            ring.calls("caller")
        with make.acting(practice):
            until(lambda: Call.objects.filter(state="abandoned").exists())
    with make.acting(practice):
        call = Call.objects.get()
        line.refresh_from_db()
    assert (call.phone, call.came_by_id, line.heard_at is not None) == ("+14135550177", line.pk, True)
