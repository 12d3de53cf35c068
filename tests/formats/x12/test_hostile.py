"""Files that are meant to hurt end in findings: bounded reading, bounded work, bounded memory, capped findings."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from daysheet.formats import x12
from daysheet.formats.x12.check import MOST, check
from daysheet.formats.x12.loop import LARGEST_LOOP
from daysheet.formats.x12.mask import mask
from daysheet.formats.x12.problems import MOST_ALIKE
from daysheet.formats.x12.sample import sample
from tests.formats.x12.hostile import CLAIM, FILES, HEADER, VERBS, Source
from tests.fuzz.driving import calls_of

ROOT = Path(__file__).resolve().parents[3]
LARGEST = 256
"""MiB that a process may take, Python and the library itself included."""
UNFINISHED = 2 << 20
"""Bytes that are read until a segment without an end is given up."""
LARGE = (
    "500 MB without a terminator", "a document of 500 MB", "a million segments of a letter",
    "a million lines of a claim", "100,000 levels, each in the one before", "2,000,000 elements in a segment",
    "200,000 headers", "200,000 sets of nothing", "300,000 numbers of people",
)  # fmt: skip
SMALL = (
    "a million empty segments", "100,000 elements in a segment", "100,000 parts of an element", "NUL bytes",
    "nothing but NUL bytes", "ISA only", "UTF-16", "a byte order mark", "an amount of 10^30",
    "an amount of a million digits",
)  # fmt: skip
WITHOUT_FINDING = {"NUL bytes", "100,000 parts of an element"}


def taken(name: str, verb: str) -> dict[str, int]:
    """Return what a verb took for a file, in a process of its own."""
    words = [sys.executable, "-m", "tests.formats.x12.hostile", name, verb]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


def codes(name: str) -> list[str]:
    return [one.code for one in check(Source(FILES[name]()))]


@pytest.mark.parametrize("verb", ["read", "check", "acknowledge", "told", "mask", "sheets"])
def test_a_segment_without_an_end_is_given_up_soon(verb: str) -> None:
    source = Source(FILES["500 MB without a terminator"]())
    VERBS[verb](source)
    assert source.taken < UNFINISHED


def test_a_segment_without_an_end_is_named() -> None:
    assert codes("500 MB without a terminator") == ["text.endless", "envelope.iea-missing"]
    assert "text.endless" in codes("2,000,000 elements in a segment")


@pytest.mark.parametrize("verb", ["check", "acknowledge", "told", "mask"])
@pytest.mark.parametrize("name", SMALL)
def test_each_verb_ends_and_reads_the_file_once(name: str, verb: str) -> None:
    source = Source(FILES[name]())
    VERBS[verb](source)
    assert source.taken == sum(len(piece) for piece in FILES[name]())


@pytest.mark.parametrize("name", SMALL)
def test_each_file_ends_in_findings(name: str) -> None:
    found = codes(name)
    assert len(found) <= MOST + 1
    assert bool(found) or name in WITHOUT_FINDING


@pytest.mark.nightly
@pytest.mark.parametrize("verb", ["check", "acknowledge", "told", "mask"])
@pytest.mark.parametrize(
    "name", [name for name in LARGE if name not in {"200,000 headers", "200,000 sets of nothing"}]
)
def test_a_large_file_takes_little_memory(name: str, verb: str) -> None:
    assert taken(name, verb)["mib"] < LARGEST


@pytest.mark.nightly
@pytest.mark.parametrize("verb", ["check", "told", "mask"])  # an acknowledgement answers each of them
@pytest.mark.parametrize("name", ["200,000 headers", "200,000 sets of nothing"])
def test_any_number_of_envelopes_takes_little_memory(name: str, verb: str) -> None:
    assert taken(name, verb)["mib"] < 64


@pytest.mark.parametrize(
    ("name", "verb", "most"),
    [
        ("100,000 levels, each in the one before", "told", 64),
        ("100,000 levels, each in the one before", "acknowledge", LARGEST),
        ("200,000 payments beside claims", "check", LARGEST),
    ],
)
def test_memory_is_measured(name: str, verb: str, most: int) -> None:
    assert taken(name, verb)["mib"] < most


def _grown(verb: str, what: bytes, times: int) -> bytes:
    at = CLAIM.index(b"~", CLAIM.index(b"CLM*")) + 1
    return CLAIM[:at] + what * times + CLAIM[at:]


@pytest.mark.parametrize(
    "verb", ["read", "check", "acknowledge", "told", "explain", "mask", "answer", "sheets"]
)
@pytest.mark.parametrize(
    "what", [b"LX*1~", b"X~", b"HL*9*8*22*1~", b"NM1*82*1*LEE~", b"CLM*C1*1~", b"SBR*S~"]
)
def test_twice_the_file_is_twice_the_work(verb: str, what: bytes) -> None:
    one, two, three = (calls_of(verb, _grown(verb, what, times)) for times in (100, 300, 500))
    # the second step costs what the first did: the calls are counted, no clock is asked
    assert three - two < 1.5 * (two - one) + 500


def test_of_one_fault_some_are_told_and_other_faults_all() -> None:
    data = HEADER + b"ZZ*1~" * 5_000 + b"IEA*1*7~"
    found = [one.code for one in check(data)]
    assert found.count("envelope.stray") == MOST_ALIKE
    assert {"envelope.iea-number", "envelope.iea-count", "file.more"} <= set(found)


def test_a_repeated_number_is_found_each_time() -> None:
    assert codes("one ISA13 2,000 times").count("envelope.isa-repeated") == MOST_ALIKE
    assert [one.code for one in check(CLAIM * 3)].count("envelope.isa-repeated") == 2


def test_a_loop_beyond_all_measure_is_a_finding_and_the_next_claim_is_whole() -> None:
    first, second = CLAIM.index(b"CLM*"), CLAIM.rindex(b"CLM*")
    at = CLAIM.index(b"~", first) + 1
    data = CLAIM[:at] + b"X~" * (LARGEST_LOOP + 5) + CLAIM[at:]
    found = list(x12.stream(data))
    assert [claim.claim_id for _, claim in found] == [one.claim_id for _, one in x12.stream(CLAIM)]
    assert found[1][1] == list(x12.stream(CLAIM))[1][1]
    assert second > first
    assert [one.code for one in found[0][0].problems].count("envelope.loop-size") == 1
    (answer,) = x12.acknowledge(data)
    assert [one.status for one in answer.groups[0].sets] == ["R"]


def test_a_letter_or_a_digit_never_separates() -> None:
    data = HEADER[:-1] + b"G" + CLAIM[106:]
    assert x12.parse(data).documents == ()
    assert "text.header" in [one.code for one in check(data)]
    assert x12.parse(b"ISA" + b"*" * 2000).interchanges == ()


def test_a_header_of_signs_of_two_bytes_is_read_whole() -> None:
    long = CLAIM.replace(b"*00501*", b"*" + "é".encode() * 200 + b"*")
    assert len(x12.parse(long).documents) == 1
    assert x12.render(x12.parse(long)) == long


@pytest.mark.parametrize("kind", ["../structure/837P", "X" * 5000, "..", "\0", "837P\n"])
def test_the_name_of_a_set_never_becomes_a_path(kind: str) -> None:
    data = CLAIM.replace(b"ST*837*", f"ST*{kind}*".encode())
    assert all(one.code.startswith("envelope.") for one in check(data))


def test_what_a_999_repeats_can_end_no_segment_of_ours() -> None:
    signs = x12.Delimiters("|", "^", ">", "\n")
    data = x12.render(x12.parse(CLAIM), signs).replace(b"ST|837|0001", b"ST|837|1~AK9*A*1*1*1")
    (answer,) = x12.acknowledge(data)
    written = x12.render_interchange(
        sender=answer.interchange.receiver,
        receiver=answer.interchange.sender,
        control_number=1,
        at=answer.interchange.at,
        groups=[x12.OutgoingGroup(1, [x12.build_999(one) for one in answer.groups])],
    )
    assert written.count(b"~AK9*") == 1
    assert b"AK9*R*" in written
    assert [one for one in check(written, levels=[1]) if one.severity == "error"] == []


@pytest.mark.parametrize("value", ["-", "--", "1", "1-", "²", ".", "9" * 100_000, "é"])
def test_any_value_is_masked(value: str) -> None:
    data = CLAIM.replace(
        b"PER*IC*ROSA MARIN*TE*4135550100", f"PER*IC*ROSA*TE*{value}~TRN*1*{value}*{value}".encode()
    )
    masked = b"".join(mask(data, b"a key"))
    assert sum(1 for _ in x12.segments(masked)) == sum(1 for _ in x12.segments(data))


@pytest.mark.parametrize("signs", [("*", "^", " ", "~"), ("|", "^", ":", "."), ("*", "I", "D", "-")])
def test_a_masked_file_is_cut_where_the_first_was(signs: tuple[str, str, str, str]) -> None:
    data = x12.render(x12.parse(sample("835", count=3)), x12.Delimiters(*signs))
    masked = b"".join(mask(data, b"a key"))
    assert [one.id for one in x12.segments(masked)] == [one.id for one in x12.segments(data)]
    assert [len(one) for one in x12.segments(masked)] == [len(one) for one in x12.segments(data)]
