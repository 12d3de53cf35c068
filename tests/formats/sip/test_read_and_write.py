"""SIP messages are read as they come, crooked ones too; what is none is told, and nothing else ever happens."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.formats.sip.address import address, number_of, user_of, via
from daysheet.formats.sip.message import MOST, Frames, Message, NotSip, read, split, write

PLAIN = (
    b"INVITE sip:desk@10.0.0.2 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bKa;rport\r\n"
    b'From: "A, caller" <sip:+14135550177@10.0.0.1>;tag=1\r\n'
    b"To: <sip:desk@10.0.0.2>\r\n"
    b"Call-ID: one@10.0.0.1\r\n"
    b"CSeq: 7 INVITE\r\n"
    b"Content-Length: 4\r\n"
    b"\r\n"
    b"v=0\n"
)
CROOKED = (
    b"\r\n\r\nINVITE sip:desk@[2001:db8::9]:5070;unknown=%00x SIP/2.0\r\n"
    b"v:  SIP  / 2.0\r\n  /TCP     10.0.0.1  ;branch\r\n =\tz9hG4bKf ,\r\n"
    b" SIP/2.0/UDP  [2001:db8::1]:9 ;branch=z9hG4bKg\r\n"
    b'f  : "J \\"quoted\\" < R, x" \t <sip:+1-413-555-0177;ext=5@10.0.0.1>\r\n  ;\r\n\ttag = 98\r\n'
    b"TO :sip:desk@10.0.0.2\r\n"
    b"i: a b\x80\xffc@host\r\n"
    b"cseq: 0009\r\n  INVITE\r\n"
    b"NewFangled: a newfangled value; second\r\n"
    b"s:\r\n"
    b"l: 0\r\n\r\nleft over of nobody"
)


def changed(old: bytes, new: bytes) -> bytes:
    assert old in PLAIN
    return PLAIN.replace(old, new)


def test_a_plain_message_is_read_and_written_back() -> None:
    message = read(PLAIN)
    assert (message.method, message.uri, message.call_id) == ("INVITE", "sip:desk@10.0.0.2", "one@10.0.0.1")
    assert (message.cseq, message.body) == ((7, "INVITE"), b"v=0\n")
    assert number_of(message) == "+14135550177"
    assert write(message) == PLAIN


def test_a_crooked_message_means_the_same() -> None:
    message = read(CROOKED)
    first, second = (via(value) for value in message.values("Via"))
    assert (first.transport, first.host, first.params["branch"]) == ("TCP", "10.0.0.1", "z9hG4bKf")
    assert (second.host, second.port) == ("[2001:db8::1]", 9)
    caller = address(message.one("from"))
    assert (caller.display, caller.params["tag"]) == ('J "quoted" < R, x', "98")
    assert number_of(message) == "+1-413-555-0177"
    assert message.cseq == (9, "INVITE")
    assert message.body == b""
    assert b"a b\x80\xffc@host" in write(message)  # given back as it came, though it is no UTF-8


def test_an_answer_is_read() -> None:
    message = read(PLAIN.replace(b"INVITE sip:desk@10.0.0.2 SIP/2.0", b"SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd"))
    assert (message.status, message.is_request) == (200, False)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "end"),
        (b"\0" * 500, "end"),
        (PLAIN[:-6], "end"),
        (PLAIN[:-1], "cut"),
        (changed(b"Length: 4", b"Length: -999"), "length"),
        (changed(b"Length: 4", b"Length: 4\r\nl: 5"), "length"),
        (changed(b"Length: 4", b"Length: 99999999999999"), "length"),
        (changed(b"CSeq: 7 INVITE", b"CSeq: 36893488147419103232 INVITE"), "cseq"),
        (changed(b"CSeq: 7 INVITE", b"CSeq: 7 BYE"), "cseq"),
        (changed(b"Call-ID: one@10.0.0.1\r\n", b""), "call-id"),
        (changed(b"Call-ID", b"To: <sip:x@y>\r\nCall-ID"), "to"),
        (changed(b"SIP/2.0\r\n", b"SIP/7.0\r\n"), "start"),
        (changed(b"INVITE sip", b"INVITE  sip"), "start"),
        (changed(b"INVITE sip:desk@10.0.0.2", b"GET /"), "cseq"),
        (changed(b"Via:", b" Via:"), "fold"),
        (changed(b"To:", b"no colon here\r\nTo:"), "header"),
        (changed(b"To:", b"n\0l: x\r\nTo:"), "nul"),
        (changed(b"To:", b"bare: a\nb\r\nTo:"), "line"),
        (changed(b"To:", b"x: y\r\n" * 300 + b"To:"), "headers"),
        (PLAIN + b"x" * MOST, "size"),
    ],
)
def test_what_is_no_message_is_told_in_a_word_of_ours(data: bytes, why: str) -> None:
    with pytest.raises(NotSip) as told:
        read(data).cseq  # noqa: B018 (reading it judges it)
    assert told.value.why == why


@pytest.mark.parametrize(
    ("headers", "number"),
    [
        (b"P-Asserted-Identity: <tel:+14135550122;x=y>, <sip:x@y>", "+14135550122"),
        (b'P-Asserted-Identity: "=cmd" <sip:boss@y>', "+14135550177"),
        (b"P-Asserted-Identity: <<<>>>", "+14135550177"),
        (b"Privacy: header;id", ""),
        (b"Privacy: none", "+14135550177"),
    ],
)
def test_the_number_is_what_the_system_vouches_for_and_a_withheld_one_stays_withheld(
    headers: bytes, number: str
) -> None:
    assert number_of(read(changed(b"To:", headers + b"\r\nTo:"))) == number


@pytest.mark.parametrize(
    ("uri", "user"),
    [
        ("sip:+1%34135550177:secret@h", "+14135550177"),
        ("sip:h", ""),
        ("tel:+1-413;phone-context=x", "+1-413"),
        ("mailto:a@b", ""),
        ("sips:anonymous@anonymous.invalid", "anonymous"),
        ("sip:a@b?Replaces=x%40y", "a"),
    ],
)
def test_a_uri_names_a_person_or_a_number(uri: str, user: str) -> None:
    assert user_of(uri) == user


def test_a_message_with_a_line_end_in_a_header_is_never_written() -> None:
    with pytest.raises(NotSip):
        write(Message("OPTIONS", "sip:x", headers=(("To", "a\r\nEvil: yes"),)))


@given(st.integers(1, 60), st.integers(1, 5))
def test_a_stream_is_cut_into_its_messages_wherever_it_breaks(size: int, number: int) -> None:
    frames, found = Frames(), []
    stream = (b"\r\n\r\n" + PLAIN) * number
    for start in range(0, len(stream), size):
        found += [one for one in frames.feed(stream[start : start + size]) if one]
    assert found == [PLAIN] * number


def test_a_stream_without_lengths_or_without_end_is_given_up() -> None:
    with pytest.raises(NotSip):
        list(Frames().feed(changed(b"Content-Length: 4\r\n", b"")))
    with pytest.raises(NotSip):
        list(Frames().feed(b"x" * (MOST + 1)))


@given(st.binary(max_size=400), st.integers(0, len(CROOKED)), st.integers(0, 40))
def test_garbage_within_a_message_never_breaks_the_reader(junk: bytes, place: int, gone: int) -> None:
    for whole in (PLAIN, CROOKED):
        data = whole[:place] + junk + whole[place + gone :]
        try:
            message = read(data)
            number_of(message)
            for value in message.values("via"):
                via(value)
            for name in ("from", "to", "contact"):
                address(message.one(name))
            assert read(write(message)).headers[:-1]
        except NotSip:
            pass
        with suppress(NotSip):
            list(Frames().feed(data))


@given(st.text(alphabet='a,"\\<>; ', max_size=40))
def test_nothing_is_lost_in_splitting(text: str) -> None:
    assert "".join(split(text, ",")).replace(" ", "").count("a") == text.count("a")
