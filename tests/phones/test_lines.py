"""The manager keeps the lines of the telephone system; what rings on them comes through the door of all reports."""

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.formats.sip.watching import Told
from daysheet.kernel.errors import StaleForm
from daysheet.phones import commands, keys, queries, rules
from daysheet.phones import listening as listening_room
from daysheet.phones.listening import Office, Teller, listening
from daysheet.phones.models import Call, HookReport, PhoneLine
from tests import cast, desk, make
from tests.patience import until

HX = {"HX-Request": "true"}
SAID = {"name": "Front desk", "hosts": "127.0.0.1"}


@pytest.fixture
def office(db: None) -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice):
        make.office()
        yield practice


@pytest.fixture
def ana(office: Any) -> Client:
    return desk.signed_in(make.member("office_manager", "ana"))


def address(name: str, *args: Any) -> str:
    return reverse(f"phones:{name}", args=args)


def post(browser: Client, at: str, page: str = "", *, hx: bool = False, **said: Any) -> Any:
    shown = browser.get(page or at).content.decode()
    hidden = desk.hidden_fields(shown, form=f'action="{at}"')
    return browser.post(at, hidden | said, headers=HX if hx else {})


def kept(office: Any, **more: Any) -> PhoneLine:
    return commands.keep_line(cast.ana(office.pk), **SAID | more)


def rings(line: PhoneLine, event: str = "ringing", call: str = "sip-1") -> None:
    told = Office()
    told.lines()
    told.tell(Told(str(line.pk), event, call, "+14135550177"))


def test_a_line_is_added_with_an_address_nobody_guesses(ana: Client, office: Any) -> None:
    assert post(ana, address("line-add"), **SAID).status_code == 303
    line = PhoneLine.objects.get()
    assert (line.name, line.hosts, line.secret) == ("Front desk", "127.0.0.1", "")
    page = ana.get(address("system")).content.decode()
    assert f"sip:{line.user}@testserver:5060" in page
    assert "nothing yet" in page


@pytest.mark.parametrize(
    ("hosts", "words"),
    [
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("the box in the cellar", "the"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("::/0", "::/0"),
        ("224.0.0.1", "224.0.0.1"),
        (" ".join(f"10.0.0.{n}" for n in range(21)), "one to twenty"),
        (",", "one to twenty"),
    ],
)
@pytest.mark.parametrize("hx", [False, True])
def test_a_line_names_the_addresses_of_one_office_and_nothing_typed_is_lost(
    ana: Client, hosts: str, words: str, hx: bool
) -> None:
    answer = post(ana, address("line-add"), hx=hx, name="Front desk", hosts=hosts)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ("<html" in page) is not hx
    assert words in page
    assert 'value="Front desk"' in page
    assert not PhoneLine.objects.exists()


def test_two_lines_of_one_name_are_refused_and_a_stale_page_too(ana: Client, office: Any) -> None:
    line = kept(office)
    answer = post(ana, address("line-add"), **SAID)
    assert (answer.status_code, "of that name" in answer.content.decode()) == (409, True)
    at = address("line-change", line.pk)
    shown = desk.hidden_fields(ana.get(at).content.decode(), form=f'action="{at}"')
    kept(office, line_id=line.pk, version=1, name="Desk")
    assert ana.post(at, shown | SAID).status_code == 409
    with pytest.raises(StaleForm):
        kept(office, line_id=line.pk, version=1)


def test_a_secret_is_shown_once_and_kept_sealed(ana: Client, office: Any) -> None:
    line = kept(office)
    at = address("line-secret", line.pk)
    answer = post(ana, at).content.decode()
    line.refresh_from_db()
    secret = keys.unseal(line.secret)
    assert secret in answer
    assert secret not in line.secret
    assert secret not in ana.get(at).content.decode()
    assert Office().lines()[0].secret == secret
    post(ana, address("line-open", line.pk), at)
    assert Office().lines()[0].secret == ""


def test_a_retired_line_is_heard_no_more_until_it_is_taken_back(ana: Client, office: Any) -> None:
    line = kept(office)
    post(ana, address("line-retire", line.pk), address("system"))
    assert Office().lines() == []
    assert "Retired lines" in ana.get(address("system")).content.decode()
    post(ana, address("line-restore", line.pk), address("system"))
    assert [one.user for one in Office().lines()] == [line.user]
    commands.retire_line(cast.ana(office.pk), line_id=line.pk)
    kept(office)
    answer = post(ana, address("line-restore", line.pk), address("system"))
    assert (answer.status_code, "Another line has that name" in answer.content.decode()) == (409, True)


def test_only_the_manager_keeps_lines(office: Any) -> None:
    line, rosa = kept(office), desk.signed_in(make.member())
    for name in ("line-change", "line-secret"):
        assert rosa.get(address(name, line.pk)).status_code == 403


def test_a_line_of_another_practice_is_not_there(ana: Client) -> None:
    with make.acting(make.practice("Another")) as other:
        line = kept(other)
    for name in ("line-change", "line-secret"):
        assert ana.get(address(name, line.pk)).status_code == 404


def test_two_lines_are_never_rung_by_one_name(office: Any) -> None:
    line = kept(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        PhoneLine.objects.create(name="x", user=line.user, hosts="::1", made_at=cast.NOW, made_by="x")


def test_each_event_of_a_line_counts_once_also_after_a_restart(office: Any) -> None:
    line = kept(office)
    for _ in range(2):
        rings(line)
        rings(line, "answered")
    call = Call.objects.get()
    assert (call.state, call.phone, call.came_by) == ("open", "+14135550177", line)
    assert HookReport.objects.count() == 2
    assert queries.lines(now=office.now(), zone=office.zone)[0].today == 1  # type: ignore[attr-defined]
    rings(line, "heard")
    line.refresh_from_db()
    assert line.heard_at is not None


def test_the_page_asks_the_same_questions_for_one_line_and_for_many(ana: Client, office: Any) -> None:
    kept(office)
    with CaptureQueriesContext(
        connection,
    ) as one:
        ana.get(address("system"))
    for number in range(8):
        rings(kept(office, name=f"Line {number}"), call=f"sip-{number}")
    with CaptureQueriesContext(connection) as many:
        assert ana.get(address("system")).content.decode().count("sip:desk-") == 9
    assert len(many) == len(one)


def test_networks_are_read_as_people_write_them() -> None:
    found = [str(one) for one in rules.networks("192.168.1.10, 192.168.1.0/24\n\nfd00::1 192.168.1.10")]
    assert found == ["192.168.1.10/32", "192.168.1.0/24", "fd00::1/128"]


def test_what_cannot_be_told_at_once_is_told_later_and_in_order() -> None:
    told: list[str] = []

    def tells(one: Told) -> None:
        if not told:
            told.append("failed")
            raise IntegrityError
        told.append(one.event)

    teller = Teller(tells)
    teller.start()
    for event in ("ringing", "ended"):
        teller.put(Told("line", event, "call", "+14135550177"))
    teller.end()
    until(lambda: not teller.is_alive())  # its end waits for it no longer than a listener may
    assert told == ["failed", "ringing", "ended"]


def test_no_number_and_no_name_stands_in_a_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening_room, "TRIES", 1)  # else it would say so in the logs of the tests to come
    caplog.set_level(logging.DEBUG)

    def breaks(_told: Told) -> None:
        raise IntegrityError("+14135550177")

    teller = Teller(breaks)
    teller.start()
    teller.put(Told("line", "ringing", "call", "+14135550177"))
    teller.end()
    until(lambda: "could not be told (IntegrityError)" in caplog.text)
    assert "0177" not in caplog.text


def test_a_port_that_is_free_by_half_is_left_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    opens, asked = asyncio.start_server, []

    async def taken_at_first(*told: Any, **more: Any) -> asyncio.Server:
        asked.append(told)
        if len(asked) == 1:
            raise OSError("Address already in use")
        return await opens(*told, **more)

    monkeypatch.setattr(asyncio, "start_server", taken_at_first)
    with listening(list, lambda _told: None) as (listener, port):
        assert listener.port() == port
    assert len(asked) == 2


def test_strangers_are_not_even_connected_and_a_sign_of_life_is_answered() -> None:
    from daysheet.formats.sip.watching import Line

    before = threading.active_count()
    lines = [Line("line", "desk", rules.networks("127.0.0.1"))]
    with listening(lambda: lines, lambda _told: None) as (listener, port):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
            link.sendall(b"\r\n\r\n")
            assert link.recv(10) == b"\r\n"
            link.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert link.recv(10) == b""
        listener.watcher.lines = []
        with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
            assert link.recv(10) == b""
    until(lambda: threading.active_count() <= before)  # none of its own threads is left
