"""A file is cut into its interchanges without losing a byte, and each says what it holds."""

import random

import pytest

from daysheet.formats import x12
from daysheet.formats.x12.sample import SETS, sample

from . import samples as office

KIND_OF = {"278R": "278", "820S": "820", "999E": "999", "999P": "999", "999R": "999"}


@pytest.mark.parametrize("kind", SETS)
def test_an_interchange_says_what_it_holds(kind: str) -> None:
    data = sample(kind, count=2, seed=41)
    assert x12.split_interchanges(data) == [data]
    assert x12.look_at(data) == x12.Piece("000000042", (KIND_OF.get(kind, kind),), True, True)


def test_pieces_are_every_byte_and_each_is_whole() -> None:
    parts = [sample(kind, count=3, seed=n) for n, kind in enumerate(SETS)]
    whole = b"\xef\xbb\xbf\r\n" + b"\r\n \r\n".join(parts) + b"\r\n"
    pieces = x12.split_interchanges(whole)
    assert b"".join(pieces) == whole
    assert len(pieces) == len(parts)
    assert all(x12.look_at(piece).is_whole for piece in pieces)


def test_an_acknowledgement_beside_a_set_comes_first() -> None:
    ack = x12.InterchangeAck("000000016", office.NOON, "A", "000")
    data = office.wrap(x12.build_999(office.group_ack()), acks=[ack])
    assert x12.look_at(data).kinds == ("TA1", "999")


def test_a_name_that_says_isa_begins_nothing() -> None:
    who = office.replace(office.MS_DIAZ, name="ISA", first="ISA")
    data = office.wrap(x12.build_837p(office.claim_batch(office.claim(subscriber=x12.Subscriber(who)))))
    assert x12.split_interchanges(data) == [data]


def test_other_signs_and_a_short_header_are_known_too() -> None:
    odd = office.wrap(x12.build_835(office.remittance()), delimiters=x12.Delimiters("|", "!", ">", "\n"))
    short = sample("835").replace(b"NORTHSIDE      *", b"NORTHSIDE*")
    assert x12.split_interchanges(odd + short) == [odd, short]
    assert x12.look_at(short).kinds == ("835",)


@pytest.mark.parametrize("data", [b"", b" \r\n", b"<html>", b"ISA*00", b"ISA" * 500, bytes(range(256)) * 9])
def test_what_is_no_interchange_is_one_piece_and_holds_nothing(data: bytes) -> None:
    assert x12.split_interchanges(data) == [data]
    assert x12.look_at(data) == x12.Piece()


def test_foreign_bytes_before_the_first_are_a_piece_of_their_own() -> None:
    data = b"Dear office, here is your file:\n" + sample("999")
    first, second = x12.split_interchanges(data)
    assert x12.look_at(first) == x12.Piece()
    assert second == sample("999")


@pytest.mark.parametrize("cut", [20, 200, 900])
def test_what_is_cut_off_is_not_whole(cut: int) -> None:
    seen = x12.look_at(sample("837P", count=2)[:-cut])
    assert (seen.is_interchange, seen.is_whole) == (True, False)


def test_a_last_sign_alone_may_lack() -> None:
    assert x12.look_at(sample("837P")[:-1]).is_whole


def test_any_damage_loses_no_byte() -> None:
    chance = random.Random(7)
    clean = b"".join(sample(kind, count=2) for kind in SETS)
    for _ in range(80):
        data = bytearray(clean)
        for _ in range(chance.randrange(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        start = chance.randrange(len(data))
        spoilt = bytes(data[start : start + chance.randrange(20_000)])
        pieces = x12.split_interchanges(spoilt)
        assert b"".join(pieces) == spoilt
        for piece in pieces:
            x12.look_at(piece)
