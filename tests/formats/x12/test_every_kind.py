"""What holds of every kind of set: written back as it was read; whatever is done to it, it ends in findings."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daysheet.formats import x12
from daysheet.formats.x12.check import MOST, check
from daysheet.formats.x12.sample import SETS, sample
from tests.fuzz.driving import VERBS, drive
from tests.fuzz.spoiling import ACTS, samples, spoilt

SIGNS = [x12.Delimiters("|", "^", ">", "\n"), x12.Delimiters("~", "!", ";", "\r")]


@pytest.mark.parametrize("kind", SETS)
@settings(max_examples=8, deadline=None)
@given(count=st.integers(1, 12), seed=st.integers(0, 10_000))
def test_a_file_is_written_back_byte_for_byte(kind: str, count: int, seed: int) -> None:
    data = sample(kind, count=count, seed=seed)
    assert x12.render(x12.parse(data)) == data


@pytest.mark.parametrize("kind", SETS)
@pytest.mark.parametrize("signs", SIGNS, ids=["bars", "tildes"])
def test_other_separators_change_nothing_that_is_said(kind: str, signs: x12.Delimiters) -> None:
    data = sample(kind, count=3, seed=2)
    other = x12.render(x12.parse(data), signs)
    assert other[3:4].decode() == signs.element
    assert [one.content for one in x12.read(other)] == [one.content for one in x12.read(data)]
    assert x12.render(x12.parse(other), x12.STANDARD) == data


@pytest.mark.parametrize("kind", SETS)
@settings(max_examples=12, deadline=None)
@given(end=st.integers(107, 100_000))
def test_a_file_that_is_cut_has_findings(kind: str, end: int) -> None:
    data = samples(kind)[1]
    cut = data[: 107 + (end - 107) % (len(data) - 108)]
    drive(cut)
    assert 0 < len(list(check(cut))) <= MOST


@pytest.mark.parametrize("kind", SETS)
def test_a_lost_or_doubled_segment_is_found(kind: str) -> None:
    lines = samples(kind)[0].split(b"~")[:-1]
    for place in range(1, len(lines)):
        for changed in (lines[:place] + lines[place + 1 :], lines[: place + 1] + lines[place:]):
            data = b"~".join(changed) + b"~"
            found = list(check(data))
            # a TA1 alone may be said twice, and an envelope may be empty
            assert found or kind == "TA1", lines[place]
            for verb in ("read", "told", "sheets", "answer"):
                VERBS[verb](data)


@pytest.mark.parametrize("kind", SETS)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 1_000_000))
def test_bytes_and_segments_may_be_anything(kind: str, seed: int) -> None:
    drive(spoilt(Random(seed), samples(kind), acts=3))


@pytest.mark.parametrize("act", sorted(set(ACTS), key=lambda act: act.__name__), ids=lambda act: act.__name__)
@pytest.mark.parametrize("kind", SETS)
def test_each_way_to_spoil_a_file_ends_in_findings_or_in_a_file(kind: str, act) -> None:
    chance = Random(20260309)
    for _ in range(3):
        drive(bytes(act(bytearray(samples(kind)[0]), chance, samples(kind))))
