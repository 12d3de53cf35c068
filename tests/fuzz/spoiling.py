"""Clean files of every kind, and the ways to spoil one: each by a source of chance, so that a seed repeats it."""

import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random

from daysheet.formats.x12.sample import SETS, sample

BESIDE = Path(__file__).resolve().parents[3] / "shared"
LARGEST = 200_000
"""Bytes of a spoilt file: what is longer is cut, so that a run tries many files and not a few large ones."""
SIGNS = b"*~:^|>\\!_\x1d\x00\x1c \t\r\n.,-+0123456789AEINSGTBH\x80\xc3\xa9\xff"
ODD_VALUES = (
    b"", b" ", b"0", b"-1", b"1" + b"0" * 30, b"1E30", b"NaN", b"Infinity", b".", b"-", b"99999999", b"00000000",
    b"20260230", b"20260101-", b"-", b"X" * 300, b":" * 40, b"^" * 40, b"1:2:3", b"A^B", b"\xc3", b"\xc3\xa9", b"\0",
    b"\xd9\xa3", b"\xc2\xb2", b"HL", b"837", b"005010X222A1", b"000000001", b"2147483648", b"999999999999",
)  # fmt: skip
Act = Callable[[bytearray, Random, Sequence[bytes]], bytearray]


@cache
def samples(kind: str) -> tuple[bytes, ...]:
    """Return a few clean files of a kind, short and long."""
    return tuple(sample(kind, count=count, seed=seed) for count, seed in ((1, 1), (3, 2), (12, 3)))


@cache
def corpus() -> tuple[bytes, ...]:
    """Return the collected files of other projects, in one order; none where they are not on this machine."""
    for root in (BESIDE, Path(os.environ.get("DAYSHEET_SHARED", ""))):
        if (root / "data" / "x12").is_dir():
            files = sorted((root / "data" / "x12").rglob("*"))
            return tuple(
                one.read_bytes() for one in files if one.is_file() and one.suffix not in {".tsv", ".md"}
            )
    return ()


def sources() -> tuple[bytes, ...]:
    """Return everything that is spoilt: samples of every kind, and the files of others."""
    return tuple(data for kind in SETS for data in samples(kind)) + corpus()


def spoilt(chance: Random, clean: Sequence[bytes], *, acts: int = 6) -> bytes:
    """Return one of the files with one to `acts` things done to it."""
    data = bytearray(chance.choice(clean)[:LARGEST])
    for _ in range(chance.randint(1, acts)):
        data = chance.choice(ACTS)(data, chance, clean)[:LARGEST]
    return bytes(data)


def _place(data: bytearray, chance: Random) -> int:
    return chance.randrange(len(data)) if data else 0


def flip(data: bytearray, chance: Random, _: Sequence[bytes] = ()) -> bytearray:
    """Make some bytes others."""
    for _ in range(chance.choice((1, 1, 2, 8)) if data else 0):
        data[_place(data, chance)] = chance.choice((chance.randrange(256), chance.choice(SIGNS)))
    return data


def cut(data: bytearray, chance: Random, _: Sequence[bytes] = ()) -> bytearray:
    """End the file somewhere, or begin it later."""
    at = _place(data, chance)
    return data[:at] if chance.random() < 0.8 else data[at:]


def leave_out(data: bytearray, chance: Random, _: Sequence[bytes] = ()) -> bytearray:
    """Take a few bytes out."""
    at = _place(data, chance)
    del data[at : at + chance.randint(1, 60)]
    return data


def put_in(data: bytearray, chance: Random, _: Sequence[bytes] = ()) -> bytearray:
    """Put some signs in."""
    at = _place(data, chance)
    data[at:at] = bytes(chance.choice(SIGNS) for _ in range(chance.choice((1, 2, 40))))
    return data


def _lines(data: bytearray) -> tuple[bytes, list[bytearray]]:
    end = bytes(data[105:106]) or b"~"
    return end, data.split(end)


def drop_segment(data: bytearray, chance: Random, _: Sequence[bytes] = ()) -> bytearray:
    """Lose one segment."""
    end, lines = _lines(data)
    del lines[chance.randrange(len(lines))]
    return bytearray(end.join(lines))


def double_segment(data: bytearray, chance: Random, _: Sequence[bytes] = ()) -> bytearray:
    """Say one segment again, there or elsewhere, once or often."""
    end, lines = _lines(data)
    line = lines[chance.randrange(len(lines))]
    at = chance.randrange(len(lines) + 1)
    lines[at:at] = [line] * chance.choice((1, 1, 2, 50))
    return bytearray(end.join(lines))


def move_segments(data: bytearray, chance: Random, _: Sequence[bytes] = ()) -> bytearray:
    """Let some neighbouring segments stand elsewhere."""
    end, lines = _lines(data)
    at = chance.randrange(len(lines))
    taken = lines[at : at + chance.choice((1, 2, 10))]
    del lines[at : at + len(taken)]
    to = chance.randrange(len(lines) + 1)
    lines[to:to] = taken
    return bytearray(end.join(lines))


def odd_value(data: bytearray, chance: Random, _: Sequence[bytes] = ()) -> bytearray:
    """Give one element a value that nobody expects, or one that another element has."""
    end, lines = _lines(data)
    sign = bytes(data[3:4]) or b"*"
    at = chance.randrange(len(lines))
    values = lines[at].split(sign)
    other = lines[chance.randrange(len(lines))].split(sign)
    values[chance.randrange(len(values))] = bytearray(
        chance.choice((*ODD_VALUES, chance.choice(other), chance.choice(other)))
    )
    lines[at] = bytearray(sign.join(values))
    return bytearray(end.join(lines))


def fewer_or_more_elements(data: bytearray, chance: Random, _: Sequence[bytes] = ()) -> bytearray:
    """Cut a segment after an element, or give it many more."""
    end, lines = _lines(data)
    sign = bytes(data[3:4]) or b"*"
    at = chance.randrange(len(lines))
    values = lines[at].split(sign)
    if chance.random() < 0.7:
        del values[chance.randint(1, len(values)) :]
    else:
        values += [bytearray(b"X")] * chance.choice((1, 5, 300))
    lines[at] = bytearray(sign.join(values))
    return bytearray(end.join(lines))


def splice(data: bytearray, chance: Random, clean: Sequence[bytes] = ()) -> bytearray:
    """Go on with a piece of another file."""
    other = chance.choice(clean or (bytes(data),))
    start = chance.randrange(len(other) + 1)
    at = _place(data, chance)
    return data[:at] + other[start : start + chance.choice((50, 500, len(other)))] + data[at:]


def other_signs(data: bytearray, chance: Random, _: Sequence[bytes] = ()) -> bytearray:
    """Let other signs separate, everywhere or in the header alone; now and then the same sign for two things."""
    olds = [bytes(data[at : at + 1]) for at in (3, 82, 104, 105)]
    news = [bytes([chance.choice(b"|>~*:^!\\_\n\r\t\x1d\x1e;,.A1\xa7")]) for _ in olds]
    upto = chance.choice((106, len(data), len(data)))
    table = bytearray(range(256))
    for old, new in zip(olds, news, strict=True):
        if old and chance.random() < 0.8:
            table[old[0]] = new[0]
    return data[:upto].translate(table) + data[upto:]


def line_ends(data: bytearray, chance: Random, _: Sequence[bytes] = ()) -> bytearray:
    """Put blanks behind each segment, or a mark before the file."""
    end = bytes(data[105:106]) or b"~"
    if chance.random() < 0.2:
        return bytearray(b"\xef\xbb\xbf") + data
    return data.replace(end, end + chance.choice((b"\n", b"\r\n", b" ", b"\0", b"\r\n   ", end)))


ACTS: tuple[Act, ...] = (
    flip, flip, cut, leave_out, put_in, drop_segment, drop_segment, double_segment, move_segments, odd_value,
    odd_value, odd_value, fewer_or_more_elements, splice, other_signs, line_ends,
)  # fmt: skip
