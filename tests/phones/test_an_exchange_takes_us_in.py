"""A line signs in at an exchange of others (Kamailio) and is rung by it: real programs, real digests, real TLS."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from daysheet.formats.sip.registering import Exchange
from daysheet.formats.sip.watching import Line, Told
from daysheet.kernel.clock import system_now
from daysheet.phones import commands
from daysheet.phones.listening import Listener, Office, listening
from daysheet.phones.models import Call
from daysheet.phones.signing_in import Signed
from tests import cast, make
from tests.patience import free_port, until
from tests.telephones import exchange, invite, needs_telephones, needs_tls

sip = [pytest.mark.sip, needs_telephones]
LINE = Line("line", "desk-test", ())


@contextmanager
def signed(where: Exchange) -> Iterator[tuple[list[Told], Listener, int]]:
    """Listen and sign in, with a paper in place of the office."""
    told: list[Told] = []
    with listening(lambda: [Signed(LINE, where)], told.append) as (listener, port):
        yield told, listener, port


def words(told: list[Told]) -> list[str]:
    return [one.standing or one.event for one in told]


def at(
    port: int, by: str = "UDP", *, password: str = "quiet", authority: str = "", proxy: str = ""
) -> Exchange:
    return Exchange("127.0.0.1", by, "101", password, port=port, authority=authority, proxy=proxy)


@pytest.mark.parametrize("algorithm", [pytest.param(one, marks=sip) for one in ("MD5", "SHA-256")])
@pytest.mark.parametrize("by", ["UDP", "TCP"])
def test_it_signs_in_and_rings_when_the_exchange_is_called(tmp_path: Path, algorithm: str, by: str) -> None:
    with (
        exchange(tmp_path, algorithm=algorithm) as ring,
        signed(at(ring.port, by)) as (told, listener, _port),
    ):
        until(lambda: words(told) == ["registered"])
        ring.calls("caller")
        until(lambda: len(told) >= 3)
        assert not listener.watcher.unheard
    assert words(told) == ["registered", "ringing", "ended"]
    assert (told[0].seconds, told[1].number) == (600, "+14135550177")


@pytest.mark.sip
@needs_telephones
def test_a_wrong_password_is_told_and_not_tried_again_at_once(tmp_path: Path) -> None:
    with exchange(tmp_path) as ring, signed(at(ring.port, password="loud")) as (told, _listener, _port):
        until(lambda: bool(told))
        threading.Event().wait(1.5)
    assert words(told) == ["password"]


@pytest.mark.sip
@needs_telephones
def test_it_signs_in_anew_before_the_time_is_over(tmp_path: Path) -> None:
    with exchange(tmp_path, expires=5) as ring, signed(at(ring.port, "TCP")) as (told, _listener, _port):
        until(lambda: len(told) >= 3)
        ring.calls("caller")
    assert words(told)[:3] == ["registered"] * 3


@pytest.mark.sip
@needs_telephones
def test_after_it_has_left_the_exchange_rings_nobody(tmp_path: Path) -> None:
    with exchange(tmp_path) as ring:
        with signed(at(ring.port)) as (told, _listener, _port):
            until(lambda: bool(told))
        with pytest.raises(AssertionError):
            ring.calls("caller")


def certificates(folder: Path, *, name: str = "127.0.0.1", days: int = 30) -> tuple[Path, Path]:
    """Make a certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An exchange")])
    now = system_now()
    alt = x509.DNSName(name) if name[0].isalpha() else x509.IPAddress(ip_address(name))
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([alt]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(True, False, False, False, False, True, True, False, False), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    kept, secret = folder / "cert.pem", folder / "key.pem"
    kept.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return kept, secret


@pytest.mark.sip
@needs_telephones
@needs_tls
def test_by_tls_it_signs_in_and_rings(tmp_path: Path) -> None:
    kept = certificates(tmp_path)
    with exchange(tmp_path, tls=kept) as ring:
        where = at(ring.secure, "TLS", authority=kept[0].read_text())
        with signed(where) as (told, listener, _port):
            until(lambda: words(told) == ["registered"])
            ring.calls("caller")
            until(lambda: len(told) >= 3)
            assert not listener.watcher.unheard
    assert words(told) == ["registered", "ringing", "ended"]


@pytest.mark.sip
@needs_telephones
@needs_tls
@pytest.mark.parametrize(
    ("name", "days", "believes"),
    [("127.0.0.1", 30, False), ("another.example", 30, True), ("127.0.0.1", -1, True)],
    ids=["of no authority believed here", "of another name", "out of date"],
)
def test_a_certificate_that_is_not_believed_gets_no_word(
    tmp_path: Path, name: str, days: int, believes: bool
) -> None:
    kept = certificates(tmp_path, name=name, days=days)
    with exchange(tmp_path, tls=kept) as ring:
        authority = kept[0].read_text() if believes else ""
        with signed(at(ring.secure, "TLS", authority=authority)) as (told, _listener, _port):
            until(lambda: bool(told))
    assert words(told) == ["certificate"]


@pytest.mark.sip
@needs_telephones
@pytest.mark.django_db(transaction=True)
def test_how_it_stands_and_what_rings_stand_in_the_office(tmp_path: Path) -> None:
    practice, office = make.practice(), Office()
    with exchange(tmp_path) as ring:
        with make.acting(practice):
            where = commands.SignIn(f"127.0.0.1:{ring.port}", "udp", "101", "quiet")
            line = commands.sign_line_in(cast.ana(practice.pk), name="Front desk", sign_in=where)

        def stands() -> str:
            with make.acting(practice):
                line.refresh_from_db()
                return line.standing

        with listening(office.lines, office.tell):
            until(lambda: stands() == "registered")
            ring.calls("caller")
            with make.acting(practice):
                until(lambda: Call.objects.filter(state="abandoned").exists())
    with make.acting(practice):
        assert Call.objects.get().came_by_id == line.pk
        assert line.signed_in_until is not None


@pytest.mark.sip
@needs_telephones
@needs_tls
def test_an_old_tls_is_not_spoken(tmp_path: Path) -> None:
    kept = certificates(tmp_path)
    with exchange(tmp_path, tls=kept, method="TLSv1") as ring:
        where = at(ring.secure, "TLS", authority=kept[0].read_text())
        with signed(where) as (told, _listener, _port):
            until(lambda: bool(told))
    assert words(told) == ["tls"]


def test_nobody_there_is_told_as_out_of_reach() -> None:
    with signed(at(free_port(), "TCP")) as (told, _listener, _port):
        until(lambda: bool(told))
    assert words(told) == ["unreachable"]


def test_a_name_that_nobody_has_is_told() -> None:
    with signed(Exchange("nobody.invalid", "TCP", "101", "quiet")) as (told, _listener, _port):
        until(lambda: bool(told))
    assert words(told) == ["name"]


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\0" * 400,
        b"SIP/2.0 200 OK\r\n\r\n",
        b"SIP/2.0 200 OK\r\nContent-Length: 900000\r\n\r\n",
        b"x" * 200_000,
        b"",
    ],
    ids=["another language", "nothing", "no headers", "too long", "no end", "hangs up"],
)
def test_an_exchange_that_talks_garbage_is_left(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talks() -> None:
            link, _from = server.accept()
            with link:
                link.recv(4000)
                link.sendall(said)

        threading.Thread(target=talks, daemon=True).start()
        with signed(at(server.getsockname()[1], "TCP")) as (told, listener, port):
            until(lambda: bool(told))
            assert words(told) == ["unreachable"]
            invite(port, user=LINE.user, call="c1")  # a stranger still is one, and the listener lives
            until(lambda: listener.watcher.unheard["stranger"] == 1)


def test_an_answer_from_another_machine_or_port_signs_nobody_in() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(60)
        with signed(at(server.getsockname()[1])) as (told, _listener, port):
            asked, _from = server.recvfrom(4000)
            head = asked.decode().split("\r\n", 1)[1]
            answer = f"SIP/2.0 200 OK\r\n{head}".encode()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.sendto(answer, ("127.0.0.1", port))
            threading.Event().wait(0.4)
            assert told == []
            server.sendto(answer, ("127.0.0.1", port))
            until(lambda: words(told) == ["registered"])


def test_by_tls_or_tcp_a_call_beside_the_connection_is_a_stranger() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        signed(at(server.getsockname()[1], "TCP")) as (told, listener, port),
    ):
        link, _from = server.accept()
        with link:
            head = link.recv(4000).decode().split("\r\n", 1)[1]
            link.sendall(f"SIP/2.0 200 OK\r\n{head}".encode())
            until(lambda: words(told) == ["registered"])
            invite(port, user=LINE.user, call="c1")
            until(lambda: listener.watcher.unheard["stranger"] == 1)
        until(lambda: words(told) == ["registered", "lost"])
