"""The bytes that a printer is sent and answers with, checked against RFC 8010's own layout by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.formats import ipp

OK = bytes.fromhex("0101 0000 00000001 01") + (
    b"\x47\x00\x12attributes-charset\x00\x05utf-8"
    b"\x48\x00\x1battributes-natural-language\x00\x02en"
    b"\x02"
    b"\x21\x00\x06job-id\x00\x04\x00\x00\x00\x93"
    b"\x23\x00\x09job-state\x00\x04\x00\x00\x00\x03"
    b"\x03"
)


def request(**more: object) -> bytes:
    facts: dict[str, object] = {
        "printer": "ipp://printer.example/ipp/print",
        "job_name": "receipt 7",
        "user": "daysheet",
        "media_type": "application/pdf",
        "paper": b"%PDF-1.7 paper",
    } | more
    return ipp.print_request(**facts)  # type: ignore[arg-type]


def test_a_request_is_laid_out_as_the_rfc_says() -> None:
    assert request(request_id=5) == (
        b"\x01\x01\x00\x02\x00\x00\x00\x05"
        b"\x01"
        b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x48\x00\x1battributes-natural-language\x00\x02en"
        b"\x45\x00\x0bprinter-uri\x00\x1fipp://printer.example/ipp/print"
        b"\x42\x00\x14requesting-user-name\x00\x08daysheet"
        b"\x42\x00\x08job-name\x00\x09receipt 7"
        b"\x49\x00\x0fdocument-format\x00\x0fapplication/pdf"
        b"\x02"
        b"\x21\x00\x06copies\x00\x04\x00\x00\x00\x01"
        b"\x03"
        b"%PDF-1.7 paper"
    )


def test_a_long_name_is_cut_at_a_whole_sign() -> None:
    made = request(job_name="é" * 200)
    assert b"\x00\xfe" + "é".encode() * 127 + b"\x49" in made


def test_an_answer_names_its_job() -> None:
    told = ipp.read_answer(OK)
    assert (told.is_taken, told.request_id, told.job_id, told.sentence) == (True, 1, 147, "")


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (0x0406, "no such printer"),
        (0x040A, "this kind of file"),
        (0x0507, "busy"),
        (0x0500, "It said no (0x0500): out of toner"),
    ],
)
def test_a_no_is_a_sentence(status: int, says: str) -> None:
    body = b"\x01\x01" + status.to_bytes(2, "big") + b"\x00\x00\x00\x01\x01"
    body += b"\x41\x00\x0estatus-message\x00\x0cout of toner\x03"
    told = ipp.read_answer(body)
    assert (told.is_taken, says in told.sentence) == (False, True)


@pytest.mark.parametrize("content", [b"", b"\x01", b"<html>", OK[:-1], OK[:40]])
def test_what_is_no_answer_is_told(content: bytes) -> None:
    with pytest.raises(ipp.NotIpp):
        ipp.read_answer(content)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    try:
        ipp.read_answer(content)
    except ipp.NotIpp:
        return
