"""A telephone that only watches: it rings, takes no call, and tells each thing once."""

import random
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.formats.sip import digest
from daysheet.formats.sip.message import Message, read
from daysheet.formats.sip.watching import (
    BURST,
    LINGERS,
    MOST_CALLS,
    WATCHES,
    Line,
    Peer,
    Said,
    Send,
    Told,
    Watcher,
)

HOST = Peer("10.0.0.1", 5070)
LINE = Line("line", "desk-1", (ip_network("10.0.0.0/24"),))


def ask(
    method: str, *, branch: str = "a", call: str = "c1", user: str = "desk-1", more: str = "", cseq: int = 1
) -> bytes:
    return (
        f"{method} sip:{user}@office SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1:5070;rport;branch=z9hG4bK{branch}\r\n"
        f"From: <sip:+14135550177@10.0.0.1>;tag=1\r\nTo: <sip:front@10.0.0.1>\r\nCall-ID: {call}\r\n"
        f"CSeq: {cseq} {method}\r\n{more}Content-Length: 0\r\n\r\n"
    ).encode()


def told(said: list[Said]) -> list[str]:
    return [one.event for one in said if isinstance(one, Told)]


def sent(said: list[Said]) -> list[Message]:
    return [read(one.data) for one in said if isinstance(one, Send)]


def statuses(said: list[Said]) -> list[int]:
    return [one.status for one in sent(said)]


@pytest.fixture
def watcher() -> Watcher:
    return Watcher([LINE])


def test_a_call_rings_once_however_often_it_is_sent(watcher: Watcher) -> None:
    first, again = (watcher.hear(ask("INVITE"), HOST, now=now) for now in (0.0, 0.5))
    assert (statuses(first), told(first)) == ([180], ["ringing"])
    assert (statuses(again), told(again)) == ([180], [])
    assert sent(first) == sent(again)


@pytest.mark.parametrize(
    ("reason", "event"),
    [
        ("", "ended"),
        ('Reason: SIP;cause=200;text="Call completed elsewhere"\r\n', "answered"),
        ("Reason: Q.850;cause=16, SIP ; cause=200\r\n", "answered"),
        ("Reason: Q.850 ;cause=26\r\n", "answered"),
        ("Reason: SIP;cause=487\r\n", "ended"),
    ],
)
def test_a_cancel_tells_whether_somebody_answered(watcher: Watcher, reason: str, event: str) -> None:
    watcher.hear(ask("INVITE"), HOST, now=0.0)
    said = watcher.hear(ask("CANCEL", more=reason), HOST, now=1.0)
    assert (statuses(said), told(said)) == ([200, 487], [event])
    assert told(watcher.hear(ask("CANCEL", more=reason), HOST, now=1.1)) == []
    assert statuses(watcher.tick(now=1.6)) == [487]  # the last word is said again until it was heard
    assert watcher.hear(ask("ACK"), HOST, now=1.7) == []
    assert watcher.tick(now=3.0) == []
    assert watcher.tick(now=2.0 + LINGERS) == []
    assert statuses(watcher.hear(ask("CANCEL"), HOST, now=3.0 + LINGERS)) == [481]


def test_nobody_waits_for_a_telephone_that_only_watches(watcher: Watcher) -> None:
    watcher.hear(ask("INVITE"), HOST, now=0.0)
    said = watcher.tick(now=WATCHES)
    assert (statuses(said), told(said)) == ([480], ["ended"])
    assert watcher.ringing == 0


def test_the_same_call_by_two_ways_is_one_call(watcher: Watcher) -> None:
    watcher.hear(ask("INVITE"), HOST, now=0.0)
    said = watcher.hear(ask("INVITE", branch="b"), HOST, now=0.0)
    assert (statuses(said), told(said)) == ([482], [])


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (ask("INVITE", user="somebody"), 404),
        (ask("INVITE", more="Require: 100rel\r\n"), 420),
        (ask("INVITE").replace(b"To: <sip:front@10.0.0.1>", b"To: <sip:front@10.0.0.1>;tag=7"), 481),
        (ask("BYE"), 481),
        (ask("REGISTER"), 405),
        (ask("OPTIONS"), 200),
        (ask("OPTIONS", user="anybody"), 200),
    ],
)
def test_other_questions_get_an_answer_that_takes_no_call(watcher: Watcher, data: bytes, status: int) -> None:
    said = watcher.hear(data, HOST, now=0.0)
    assert statuses(said) == [status]
    assert told(said) in ([], ["heard"])


def test_strangers_and_crowds_get_no_answer(watcher: Watcher) -> None:
    assert watcher.hear(ask("INVITE"), Peer("10.0.1.1", 5060), now=0.0) == []
    for number in range(int(BURST)):
        assert watcher.hear(ask("OPTIONS", branch=str(number)), HOST, now=0.0)
    assert watcher.hear(ask("INVITE"), HOST, now=0.0) == []
    assert statuses(watcher.hear(ask("INVITE"), HOST, now=0.5)) == [180]  # it comes again, and there is room
    assert watcher.unheard == {"stranger": 1, "too many": 1}


def test_there_is_an_end_to_the_calls_at_once(watcher: Watcher) -> None:
    for number in range(MOST_CALLS):
        watcher.hear(ask("INVITE", branch=f"b{number}", call=f"c{number}"), HOST, now=number / 50)
    assert statuses(watcher.hear(ask("INVITE", branch="x", call="x"), HOST, now=MOST_CALLS / 50)) == [503]


def test_an_answer_finds_back_through_a_wrong_address(watcher: Watcher) -> None:
    data = ask("OPTIONS").replace(b"10.0.0.1:5070;rport;", b"192.168.9.9:5090;")
    (said,) = [one for one in watcher.hear(data, HOST, now=0.0) if isinstance(one, Send)]
    assert (said.to.host, said.to.port) == ("10.0.0.1", 5090)
    assert b"received=10.0.0.1" in said.data


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_line_with_a_secret_hears_who_proves_it(algorithm: str) -> None:
    watcher = Watcher([Line("line", "desk-1", LINE.hosts, "quiet")])
    (asked,) = sent(watcher.hear(ask("INVITE"), HOST, now=0.0))
    assert asked.status == 401
    challenge = next(one for one in asked.all("www-authenticate") if f"={algorithm}," in one)

    def proved(secret: str, *, call: str = "c1", now: float = 1.0) -> list[int]:
        said = digest.answered(
            challenge, digest.Account("desk-1", secret), method="INVITE", uri="sip:desk-1@office"
        )
        more = f"Authorization: {said}\r\n"
        return statuses(
            watcher.hear(ask("INVITE", branch=f"b{call}{now}", call=call, more=more, cseq=2), HOST, now=now)
        )

    assert proved("loud") == [401]
    assert proved("quiet", call="another") == [401]
    assert proved("quiet") == [180]
    assert proved("quiet", now=digest.FRESH + 5.0) == [401]


def test_nothing_of_who_calls_is_shown_by_what_is_told(watcher: Watcher) -> None:
    said = watcher.hear(ask("INVITE"), HOST, now=0.0)
    assert "4135550177" in str(said[-1].number)  # type: ignore[union-attr]
    assert "4135550177" not in repr(said[-1])


@given(
    st.binary(max_size=200),
    st.integers(0, 300),
    st.sampled_from(["INVITE", "CANCEL", "ACK", "BYE", "OPTIONS"]),
)
def test_garbage_never_breaks_the_line(junk: bytes, place: int, method: str) -> None:
    watcher, whole = (
        Watcher([Line("line", "desk-1", LINE.hosts, "s")]),
        ask(method, more="Authorization: Digest \r\n"),
    )
    watcher.hear(junk, HOST, now=0.0)
    watcher.hear(whole[:place] + junk + whole[place:], HOST, now=0.0)
    watcher.hear(whole, HOST, now=0.1)
    watcher.tick(now=500.0)


def test_the_largest_datagrams_are_judged_quickly(watcher: Watcher) -> None:
    chance = random.Random(7)
    for data in (
        b"\r\n" * 32_000,
        chance.randbytes(65_000),
        ask("INVITE", more="X: " + '<"' * 32_000 + "\r\n"),
    ):
        watcher.hear(data[:65_507], HOST, now=0.0)
