"""The same file about invented people: nothing of the original's people survives, everything that is counted does."""

import itertools
from collections import Counter
from pathlib import Path

import pytest

from daysheet.formats.x12 import segments
from daysheet.formats.x12.check import check
from daysheet.formats.x12.mask import FREE_TEXT, mask
from daysheet.formats.x12.numbers import is_npi
from tests.formats.x12.clean import KINDS, wire

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "data" / "x12"
KEY, OTHER = b"k" * 32, b"o" * 32
# where people, places and their numbers stand, as a second list beside the masker's own
NAMES = {"NM1": (3, 4, 5, 9), "N1": (2, 4), "N3": (1, 2), "N4": (1, 3), "DMG": (2,), "REF": (2,), "PER": (2, 4, 6),
         "TRN": (2,), "CLM": (1,), "CLP": (1, 7), "SBR": (3, 4), "NTE": (2,), "MSG": (1,), "PWK": (6,)}  # fmt: skip
MONEY = {"CLM": (2,), "SV1": (2, 4), "SV2": (3,), "SV3": (2,), "CLP": (3, 4, 5), "SVC": (2, 3), "BPR": (2,), "AMT": (2,),
         "CAS": (3, 6, 9), "EB": (7, 8), "PLB": (4, 6), "SVD": (2,)}  # fmt: skip


def masked(data: bytes, key: bytes = KEY) -> bytes:
    return b"".join(mask(data, key))


def named(data: bytes) -> list[tuple[str, int, str]]:
    """What names somebody, and where, in order."""
    return [
        (item.id, place, item[place].strip()) for item in segments(data) for place in NAMES.get(item.id, ())
    ]


def long(data: bytes) -> set[str]:
    """Names and numbers too long to be met by chance."""
    return {value for _, _, value in named(data) if len(value) > 7}


def same(before: bytes, after: bytes) -> list[tuple[str, int, str]]:
    """What stands where it stood."""
    pairs = zip(named(before), named(after), strict=True)
    return [one for one, other in pairs if one[2] and one == other]


def counted(data: bytes) -> list[tuple[str, ...]]:
    return [(item.id, *(item[place] for place in MONEY.get(item.id, ()))) for item in segments(data)]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_survives_and_everything_that_is_counted_does(kind: str) -> None:
    clean = wire(kind)
    after = masked(clean)
    assert same(clean, after) == []
    assert long(clean) & {value for item in segments(after) for value in item.elements} == set()
    assert counted(after) == counted(clean)
    assert list(check(after)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_the_key_the_new_file_is_as_sound_as_the_old(kind: str) -> None:
    for turn in range(60):
        assert list(check(masked(wire(kind), bytes([turn]) * 32))) == []


def test_numbers_that_differ_still_differ() -> None:
    lines = "~".join(f"REF*6R*{number:02}" for number in range(50))
    after = masked(wire("837P", ("REF*6R*L0001", lines.replace("~", "\n"))))
    numbers = [
        item[2] for item in segments(after) if item.id == "REF" and item[1] == "6R" and len(item[2]) == 2
    ]
    assert len(set(numbers)) == len(numbers) == 50


def test_a_claim_and_its_payment_still_belong_together() -> None:
    claims = {item[1] for item in segments(masked(wire("837P"))) if item.id == "CLM"}
    paid = {item[1] for item in segments(masked(wire("835"))) if item.id == "CLP"}
    assert len(claims & paid) == 1  # C0001 stands in both, C0002 in none
    numbers = [item[9] for item in segments(masked(wire("837P"))) if item.id == "NM1" and item[8] == "XX"]
    assert all(is_npi(one) for one in numbers)


def test_another_key_invents_others_and_the_same_key_the_same() -> None:
    clean = wire("837P")
    assert masked(clean) == masked(clean)
    assert named(masked(clean)) != named(masked(clean, OTHER))


def test_free_words_are_removed_and_birth_dates_move_back() -> None:
    after = list(segments(masked(wire("837P"))))
    assert [item[2] for item in after if item.id == "NTE"] == [FREE_TEXT]
    born = sorted(item[2] for item in after if item.id == "DMG")
    assert "19610501" < born[0] < "19620314"
    assert "20140801" < born[1] < "20150704"


def test_a_file_of_any_size_passes_in_little_memory() -> None:
    pieces = itertools.repeat(wire("837P"), 300)
    assert sum(len(piece) for piece in mask(iter(pieces), KEY)) > 500_000


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not on this machine")
def test_no_name_or_number_of_the_corpus_survives() -> None:
    for file in sorted(CORPUS.rglob("*")):
        if not file.is_file() or file.suffix in {".tsv", ".md"}:
            continue
        data = file.read_bytes()
        after = masked(data)
        assert same(data, after) == [], file.name
        assert long(data) & long(after) == set(), file.name
        assert counted(after) == counted(data), file.name
        before, now = (Counter(one.code for one in check(each, levels=[3])) for each in (data, after))
        assert before == now, file.name


@pytest.mark.parametrize("data", [b"", b"words", b"\x00" * 900, wire("837P")[:500]])
def test_whatever_comes_in_is_no_exception(data: bytes) -> None:
    masked(data)
