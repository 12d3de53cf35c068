"""A telephone system (Kamailio) and telephones (SIPp) of others, for tests that ring our line with real programs."""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.patience import free_port, until

MODULES = [*Path("/usr/lib").glob("*/kamailio/modules/tls.so")]
needs_tls = pytest.mark.skipif(
    not MODULES, reason="no TLS for kamailio here: apt-get install kamailio-tls-modules"
)
PAPERS = Path(__file__).parent / "phones" / "sip"
needs_telephones = pytest.mark.skipif(
    not (shutil.which("kamailio") and shutil.which("sipp")),
    reason="no kamailio or no sipp here: apt-get install kamailio sip-tester",
)


@dataclass
class Ring:
    """A telephone system that runs, and a place for the papers of its telephones."""

    port: int
    desk: int
    folder: Path
    secure: int = 0

    def calls(self, scenario: str, *, number: int = 1) -> None:
        """Let somebody call the office, or many at once; every one of the calls must end as its paper says."""
        words = ["-m", str(number), "-r", str(number), "-rp", "500", "-sf", str(PAPERS / f"{scenario}.xml")]
        said = subprocess.run(
            ["sipp", f"127.0.0.1:{self.port}", "-i", "127.0.0.1", "-p", str(free_port()), *words, "-nostdin"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert said.returncode == 0, said.stdout[-3000:] + said.stderr[-1000:]

    @contextmanager
    def somebody_answers(self) -> Iterator[None]:
        """Let somebody sit at the desk's own telephone."""
        words = ["sipp", "-i", "127.0.0.1", "-p", str(self.desk), "-sf", str(PAPERS / "desk.xml"), "-nostdin"]
        with started(words, self.folder):
            until(lambda: listens(self.desk), why=lambda: "nobody sits at the desk's telephone")
            yield


@contextmanager
def started(words: list[str], folder: Path) -> Iterator[None]:
    """Run a program for as long as the block lasts."""
    with (folder / f"{words[0]}.log").open("w") as log:
        process = subprocess.Popen(
            words, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except (
            subprocess.TimeoutExpired
        ):  # a telephone system that hangs in its own end is not what is tried here
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def exchange(
    folder: Path,
    *,
    algorithm: str = "MD5",
    password: str = "quiet",
    tls: tuple[Path, Path] | None = None,
    method: str = "TLSv1.2+",
    expires: int = 600,
) -> Iterator[Ring]:
    """Run an exchange at which account 101 signs in by digest; with a certificate and its key it takes TLS alone."""
    ring = Ring(free_port(), free_port(), folder, secure=free_port())
    of = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[algorithm]
    ha1 = of(f"101:office.example:{password}".encode()).hexdigest()
    lines = ""
    if tls:
        lines = (
            f'enable_tls=yes\nlisten=tls:127.0.0.1:{ring.secure}\nloadmodule "tls.so"\n'
            f'modparam("tls", "tls_method", "{method}")\nmodparam("tls", "certificate", "{tls[0]}")\n'
            f'modparam("tls", "private_key", "{tls[1]}")'
        )
    told = {
        "port": ring.port,
        "desk": ring.desk,
        "algorithm": algorithm,
        "ha1": ha1,
        "tls": lines,
        "expires": expires,
    }
    with _kamailio("exchange.cfg", told, ring):
        yield ring


def _filled(text: str, told: Mapping[str, object]) -> str:
    for name, value in told.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


@contextmanager
def _kamailio(paper: str, told: Mapping[str, object], ring: Ring) -> Iterator[None]:
    folder = ring.folder
    (folder / "kamailio.cfg").write_text(_filled((PAPERS / paper).read_text(), told))
    words = ["kamailio", "-f", str(folder / "kamailio.cfg"), "-DD", "-m", "32", "-M", "4", "-w", str(folder)]
    with started([*words, "-Y", str(folder), "-P", str(folder / "pid")], folder):
        until(lambda: is_up(ring.port), why=(folder / "kamailio.log").read_text)
        yield


@contextmanager
def system(folder: Path, *, line: int, user: str, transport: str = "udp") -> Iterator[Ring]:
    """Run a telephone system that rings the desk and our line together."""
    ring = Ring(free_port(), free_port(), folder)
    told = {"port": ring.port, "desk": ring.desk, "line": line, "user": user, "transport": transport}
    with _kamailio("kamailio.cfg", told, ring):
        yield ring


def listens(port: int) -> bool:
    """Return whether somebody has opened a port by UDP; looked up, for a port that is tried is taken for that moment."""
    rows = Path("/proc/net/udp").read_text().splitlines()[1:]
    return any(row.split()[1].endswith(f":{port:04X}") for row in rows)


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


def invite(port: int, *, user: str, call: str, number: str = "+14135550177") -> None:
    """Ring an address once, as a telephone does, and do not wait for what it says."""
    text = (
        f"INVITE sip:{user}@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK{call}\r\n"
        f"From: <sip:{number}@127.0.0.1>;tag={call}\r\nTo: <sip:{user}@127.0.0.1>\r\nCall-ID: {call}\r\n"
        f"CSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContact: <sip:x@127.0.0.1:9>\r\nContent-Length: 0\r\n\r\n"
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as telephone:
        telephone.sendto(text.encode(), ("127.0.0.1", port))
