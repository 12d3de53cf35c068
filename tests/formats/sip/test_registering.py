"""A telephone signs in at an exchange, stays in, and is not led astray by what comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.formats.sip import digest
from daysheet.formats.sip.message import MOST, Message, read, write
from daysheet.formats.sip.registering import (
    ALIVE,
    ASKS,
    GIVES_UP,
    LATER,
    LATEST,
    MOST_CHALLENGES,
    Exchange,
    Out,
    Registration,
    Standing,
)

EXCHANGE = Exchange(host="pbx.example", by="UDP", account="101", secret="quiet")
OURS = ("10.0.0.9", 5060)


def begun(exchange: Exchange = EXCHANGE) -> tuple[Registration, Message]:
    one = Registration(exchange, "desk-1", chance=lambda: 1.0)
    return one, asked(one.begin(OURS, now=0.0))


def asked(out: list[Out]) -> Message:
    (data,) = [one for one in out if isinstance(one, bytes)]
    return read(data)


def told(out: list[Out]) -> list[str]:
    return [one.word for one in out if isinstance(one, Standing)]


def answer(to: Message, status: int, *more: tuple[str, str], **other: str) -> bytes:
    kept = {name: value for name, value in to.headers if name in ("Via", "From", "To", "Call-ID", "CSeq")}
    headers = tuple((kept | other).items())
    return write(Message(status=status, phrase="Said", headers=(*headers, *more)))


def challenge(nonce: str = "n1", more: str = ', qop="auth"', *, algorithm: str = "MD5") -> tuple[str, str]:
    return "WWW-Authenticate", f'Digest realm="pbx", nonce="{nonce}", algorithm={algorithm}{more}'


def taken_in(one: Registration, first: Message, expires: str = "600") -> Message:
    second = asked(one.hear(answer(first, 401, challenge()), now=0.1))
    assert told(one.hear(answer(second, 200, ("Expires", expires)), now=0.2)) == ["registered"]
    return second


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
@pytest.mark.parametrize("qop", ['qop="auth"', 'qop="auth-int,auth"', 'opaque="o"'])
def test_the_password_is_proved_and_never_sent(algorithm: str, qop: str) -> None:
    one, first = begun()
    assert (first.method, first.uri, first.one("authorization")) == ("REGISTER", "sip:pbx.example", "")
    assert first.one("contact") == f"<sip:desk-1@10.0.0.9:5060;transport=udp>;expires={ASKS}"
    second = asked(one.hear(answer(first, 401, challenge(more=f", {qop}", algorithm=algorithm)), now=0.1))
    said = digest.parse(second.one("authorization"))
    who = digest.Account("101", "quiet")
    assert said["response"] == digest._response(said, who, method="REGISTER")
    assert "quiet" not in second.one("authorization")
    assert second.cseq[0] == first.cseq[0] + 1
    assert told(one.hear(answer(second, 200), now=0.2)) == ["registered"]
    assert one.is_in


def test_the_known_answer_of_rfc_2617_comes_out() -> None:
    account = digest.Account("Mufasa", "Circle Of Life")
    told = {
        "realm": "testrealm@host.com",
        "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093",
        "uri": "/dir/index.html",
        "qop": "auth",
        "nc": "00000001",
        "cnonce": "0a4f113b",
    }
    assert digest._response(told, account, method="GET") == "6629fae49393a05397450978507c4ef1"


def test_it_signs_in_anew_before_the_time_is_over_and_gives_signs_of_life() -> None:
    one, first = begun()
    taken_in(one, first, "100")
    assert one.tick(now=ALIVE - 1) == []
    assert one.tick(now=ALIVE + 1) == [b"\r\n\r\n"]
    again = asked(one.tick(now=80.3))
    assert digest.parse(again.one("authorization"))["nc"] == "00000002"
    stale = answer(again, 401, challenge("n2", ', qop="auth", stale=true'))
    proof = asked(one.hear(stale, now=80.4))
    assert digest.parse(proof.one("authorization"))["nonce"] == "n2"
    assert told(one.hear(answer(proof, 200), now=80.5)) == ["registered"]


def test_what_stands_at_our_own_address_counts_more_than_the_whole() -> None:
    one, first = begun()
    others = "<sip:other@10.0.0.8>;expires=9, <sip:desk-1@10.0.0.9:5060>;expires=50"
    (standing,) = one.hear(answer(first, 200, ("Contact", others), ("Expires", "600")), now=0.0)
    assert standing == Standing("registered", 50)


@pytest.mark.parametrize("expires", ["0", "-5", "99999999999", "soon"])
def test_a_time_beyond_reason_is_not_relied_on(expires: str) -> None:
    one, first = begun()
    assert told(one.hear(answer(first, 200, ("Expires", expires)), now=0.0)) == ["strange"]


def test_a_very_long_time_is_cut_short() -> None:
    one, first = begun()
    assert one.hear(answer(first, 200, ("Expires", "4000000000")), now=0.0) == [Standing("registered", 3600)]


def test_a_wrong_password_is_told_once_and_tried_later_each_time() -> None:
    one, first = begun()
    second = asked(one.hear(answer(first, 401, challenge()), now=0.1))
    assert told(one.hear(answer(second, 401, challenge("n2")), now=0.2)) == ["password"]
    assert one.rests
    assert one.due == pytest.approx(LATER + 0.2)
    now, waits = one.due, []
    for _ in range(6):
        first = asked(one.begin(OURS, now=now))
        second = asked(one.hear(answer(first, 401, challenge()), now=now))
        assert told(one.hear(answer(second, 401, challenge()), now=now)) == []  # the same as before
        waits.append(one.due - now)
        now = one.due
    assert waits == pytest.approx([600.0, 1200.0, *[LATEST] * 4])


def test_an_exchange_that_asks_again_and_again_is_a_loop() -> None:
    one, at = begun()
    for number in range(MOST_CHALLENGES):
        at = asked(one.hear(answer(at, 401, challenge(f"n{number}", ', qop="auth", stale=true')), now=0.1))
    assert told(one.hear(answer(at, 401, challenge("last", ', qop="auth", stale=true')), now=0.1)) == [
        "strange"
    ]


@pytest.mark.parametrize(
    ("asks", "word"),
    [
        ('Digest realm="x", nonce="n", algorithm=MD5, qop="auth-int"', "proof"),
        ('Digest realm="x", nonce="n", algorithm=SHA-512-256', "proof"),
        ('Digest realm="x", algorithm=MD5', "proof"),
        ('Basic realm="x"', "proof"),
        ("", "proof"),
    ],
)
def test_what_asks_for_a_proof_that_we_do_not_speak_gets_none(asks: str, word: str) -> None:
    one, first = begun()
    assert told(one.hear(answer(first, 401, ("WWW-Authenticate", asks)), now=0.1)) == [word]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (403, "refused"),
        (404, "unknown"),
        (302, "elsewhere"),
        (503, "busy"),
        (480, "busy"),
        (488, "refused"),
        (603, "busy"),
    ],
)
def test_each_no_has_a_word(status: int, word: str) -> None:
    one, first = begun()
    assert told(one.hear(answer(first, status), now=0.0)) == [word]


def test_who_says_later_is_asked_later_but_not_after_days() -> None:
    one, first = begun()
    one.hear(answer(first, 503, ("Retry-After", "120 (soon);duration=9")), now=0.0)
    assert one.due == 120.0
    first = asked(one.begin(OURS, now=120.0))
    one.hear(answer(first, 503, ("Retry-After", "9999999")), now=120.0)
    assert one.due == 120.0 + 3600


def test_a_time_that_is_too_short_is_asked_longer_and_without_end_is_a_no() -> None:
    one, first = begun()
    second = asked(one.hear(answer(first, 423, ("Min-Expires", "1800")), now=0.0))
    assert second.one("expires") == "1800"
    assert told(one.hear(answer(second, 423, ("Min-Expires", "1800")), now=0.0)) == ["strange"]


def test_who_asks_for_more_and_more_time_is_not_followed() -> None:
    one, first = begun()
    second = asked(one.hear(answer(first, 423, ("Min-Expires", "1800")), now=0.0))
    assert told(one.hear(answer(second, 423, ("Min-Expires", "1801")), now=0.0)) == ["strange"]


def test_silence_is_asked_again_and_then_out_of_reach() -> None:
    one, first = begun()
    again = one.tick(now=0.6)
    assert again == [write(first)]
    assert one.tick(now=0.7) == []
    assert told(one.tick(now=GIVES_UP + 1)) == ["unreachable"]


@pytest.mark.parametrize(
    "other",
    [
        {"Call-ID": "another"},
        {"CSeq": "9 REGISTER"},
        {"CSeq": "1 INVITE"},
        {"Via": "SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKguessed"},
        {"Via": "SIP/2.0/UDP 10.0.0.9:5060"},
    ],
)
def test_an_answer_to_what_we_never_asked_does_nothing(other: dict[str, str]) -> None:
    one, first = begun()
    assert one.hear(answer(first, 200, **other), now=0.0) == []
    assert not one.is_in


def test_two_ways_on_an_answer_are_one_too_many() -> None:
    one, first = begun()
    assert one.hear(answer(first, 200, ("Via", "SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKx")), now=0.0) == []


def test_an_answer_counts_once() -> None:
    one, first = begun()
    whole = answer(first, 200)
    assert told(one.hear(whole, now=0.0)) == ["registered"]
    assert one.hear(whole, now=0.0) == []
    assert one.hear(answer(first, 403), now=0.0) == []
    assert one.is_in


def test_who_leaves_signs_off_with_the_proof_it_has() -> None:
    one, first = begun()
    assert one.leave(now=0.0) == []
    taken_in(one, first)
    last = asked(one.leave(now=1.0))
    assert last.one("expires") == "0"
    assert digest.parse(last.one("authorization"))["nc"] == "00000002"


@given(st.binary(max_size=400))
def test_garbage_moves_nothing(data: bytes) -> None:
    one, _first = begun()
    assert one.hear(data, now=0.0) == []
    assert one.hear(b"SIP/2.0 200 OK\r\n" + data + b"\r\n\r\n", now=0.0) == []
    assert not one.is_in


@given(st.integers(0, 300))
def test_an_answer_that_was_cut_moves_nothing(length: int) -> None:
    one, first = begun()
    whole = answer(first, 200)
    assert one.hear(whole[: min(length, len(whole) - 4)], now=0.0) == []


def test_an_answer_that_is_too_large_moves_nothing() -> None:
    one, first = begun()
    assert one.hear(answer(first, 200) + b"x" * MOST, now=0.0) == []


@given(st.text(max_size=60))
def test_a_strange_challenge_breaks_nothing_and_leaks_nothing(text: str) -> None:
    plain = text.replace("\r", "").replace("\n", "").replace("\0", "")
    one, first = begun()
    nonce = plain.replace("\\", "").replace('"', "")
    out = one.hear(
        answer(first, 401, ("WWW-Authenticate", f'Digest realm="{plain}", nonce="{nonce}"')), now=0.0
    )
    assert all(b"quiet" not in data for data in out if isinstance(data, bytes))


@pytest.mark.parametrize(
    ("exchange", "door"),
    [
        (Exchange("pbx.example", "UDP", "1", "s"), ("pbx.example", 5060)),
        (Exchange("pbx.example", "TLS", "1", "s"), ("pbx.example", 5061)),
        (Exchange("pbx.example", "TCP", "1", "s", port=5070), ("pbx.example", 5070)),
        (Exchange("pbx.example", "TLS", "1", "s", proxy="sip1.example:5090"), ("sip1.example", 5090)),
        (Exchange("[fd00::1]", "TLS", "1", "s"), ("fd00::1", 5061)),
        (Exchange("pbx.example", "TLS", "1", "s", proxy="[fd00::1]:5062"), ("fd00::1", 5062)),
    ],
)
def test_the_door_of_an_exchange(exchange: Exchange, door: tuple[str, int]) -> None:
    assert exchange.door == door


def test_no_password_is_shown_when_an_exchange_is_printed() -> None:
    assert "quiet" not in repr(EXCHANGE)
