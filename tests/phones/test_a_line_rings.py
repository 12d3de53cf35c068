"""A telephone system (Kamailio) and telephones (SIPp) of others ring our line: real programs, real calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest

from daysheet.formats.sip.watching import Line, Told
from daysheet.phones.commands import keep_line
from daysheet.phones.listening import Listener, Office, listening
from daysheet.phones.models import Call
from tests import cast, make
from tests.patience import until
from tests.telephones import needs_telephones, system

pytestmark = [pytest.mark.sip, needs_telephones]
LINE = Line("line", "desk-test", (ip_network("127.0.0.1/32"),))


@contextmanager
def heard() -> Iterator[tuple[list[Told], Listener, int]]:
    """Listen with a paper in place of the office."""
    told: list[Told] = []
    with listening(lambda: [LINE], told.append) as (listener, port):
        yield told, listener, port


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_caller_who_hangs_up_is_heard_ringing_and_ending(tmp_path: Path, transport: str) -> None:
    with (
        heard() as (told, listener, port),
        system(tmp_path, line=port, user=LINE.user, transport=transport) as ring,
    ):
        ring.calls("caller")
        until(lambda: len(told) >= 2)
    assert [one.event for one in told] == ["ringing", "ended"]
    assert told[0].number == "+14135550177"
    assert not listener.watcher.unheard


def test_a_call_that_another_telephone_answers_is_heard_as_answered(tmp_path: Path) -> None:
    with (
        heard() as (told, _listener, port),
        system(tmp_path, line=port, user=LINE.user) as ring,
        ring.somebody_answers(),
    ):
        ring.calls("talker")
        until(lambda: len(told) >= 2)
    assert [one.event for one in told] == ["ringing", "answered"]
    assert told[0].call == told[1].call


def test_twenty_calls_at_once_are_twenty_calls(tmp_path: Path) -> None:
    with heard() as (told, listener, port), system(tmp_path, line=port, user=LINE.user) as ring:
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
