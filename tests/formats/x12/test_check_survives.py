"""Whatever comes in ends in findings, in bounded work: real files, cut files, hostile ones."""

import itertools
import random
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daysheet.formats.x12.check import MOST, check
from tests.formats.x12.clean import ISA, KINDS, wire

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "data" / "x12"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not on this machine")
def test_every_file_of_the_corpus_is_looked_through() -> None:
    files = [
        file for file in sorted(CORPUS.rglob("*")) if file.is_file() and file.suffix not in {".tsv", ".md"}
    ]
    assert len(files) == 284
    found = {file.name: list(check(file.read_bytes())) for file in files}
    assert sum(bool(one) for one in found.values()) > 100


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    cut=st.integers(0, 6000),
    flips=st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), max_size=4),
)
def test_a_cut_or_garbled_file_never_raises(kind: str, cut: int, flips: list[tuple[int, int]]) -> None:
    data = bytearray(wire(kind))
    for place, value in flips:
        data[place % len(data)] = value
    list(check(bytes(data[: cut % (len(data) + 1)])))


@settings(max_examples=60, deadline=None)
@given(kind=st.sampled_from(sorted(KINDS)), seed=st.integers(0, 10_000))
def test_dropped_doubled_and_shuffled_segments_never_raise(kind: str, seed: int) -> None:
    chance = random.Random(seed)
    lines = wire(kind).decode().split("~")
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(lines))
        act = chance.randrange(3)
        if act == 0 and len(lines) > 2:
            del lines[place]
        elif act == 1:
            lines.insert(place, lines[chance.randrange(len(lines))])
        else:
            other = chance.randrange(len(lines))
            lines[place], lines[other] = lines[other], lines[place]
    list(check("~".join(lines).encode()))


HOSTILE = {
    "isa only": ISA.encode(),
    "no terminator": ISA.encode()[:-1] + b"GS*" + b"A" * 3_000_000,
    "empty segments": ISA.encode() + b"~" * 200_000,
    "nested levels": wire("270").replace(
        b"HL*4*2*22*0~", b"".join(b"HL*%d*%d*22*1~" % (n, n - 1) for n in range(4, 20_000))
    ),
    "many elements": wire("837P").replace(b"AMT*F5*20", b"AMT*F5*20" + b"*X" * 200_000),
    "nul bytes": wire("837P").replace(b"OCAMPO", b"OC\x00MPO"),
    "utf-16": wire("837P").decode().encode("utf-16"),
    "a mark at the start": b"\xef\xbb\xbf" + wire("837P"),
    "an amount of 10^30": wire("837P").replace(b"CLM*C0001*300*", b"CLM*C0001*1" + b"0" * 30 + b"*"),
    "an amount of a million digits": wire("837P").replace(
        b"CLM*C0001*300*", b"CLM*C0001*" + b"9" * 1_000_000 + b"*"
    ),
    "one number again": wire("837P") * 50,
    "nothing": b"",
    "words": b"This is a letter, not a file." * 2000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_in_findings_and_little_memory(name: str) -> None:
    tracemalloc.start()
    try:
        found = list(check(HOSTILE[name]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(found) <= MOST + 1
    assert found or name in {"a mark at the start", "nul bytes"}
    assert peak < 128 * 1024 * 1024


def test_findings_are_capped_and_the_rest_is_counted() -> None:
    faulty = wire("837P", ("DTP*472*D8*20260305", "DTP*472*D8*20260230"), ("PAT*19\n", ""))
    found = list(check(faulty * 3, most=2))
    assert [one.code for one in found[2:]] == ["file.more"]
    assert "more findings" in found[2].message


def test_the_first_finding_comes_before_the_file_is_read() -> None:
    read = 0

    def pieces():
        nonlocal read
        for piece in itertools.repeat(wire("837P", ("PAT*19\n", "")), 500):
            read += len(piece)
            yield piece

    next(iter(check(pieces())))
    assert read < 600_000
