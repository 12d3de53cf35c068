"""One fault is one finding: whichever segment is lost, doubled or changes places with its neighbour."""

from collections.abc import Iterator

import pytest

from daysheet.formats.x12.check import check
from daysheet.formats.x12.sample import sample

AT_LEAST = {
    "837P": 0.94, "837I": 0.91, "837D": 0.93, "835": 0.95, "270": 0.9, "271": 0.88, "276": 0.85, "277": 0.9,
    "277CA": 0.96, "834": 0.88, "999": 1,
}  # fmt: skip
"""How many of the spoilt files that have a finding have one alone; the others are levels that lost their beginning."""


def spoilt(segments: list[str]) -> Iterator[list[str]]:
    first = next(number for number, text in enumerate(segments) if text.startswith("ST*")) + 1
    last = max(number for number, text in enumerate(segments) if text.startswith("SE*"))
    for number in range(first, last):
        head, one, tail = segments[:number], segments[number], segments[number + 1 :]
        yield [*head, *tail]
        yield [*head, one, one, *tail]
        if number + 1 < last and one.partition("*")[0] != tail[0].partition("*")[0]:
            yield [*head, tail[0], one, *tail[1:]]


def counted(segments: list[str]) -> bytes:
    """Return the file with the count of its set as it now is: that fault is not meant here."""
    texts, began = [], 0
    for number, text in enumerate(segments):
        began = number if text.startswith("ST*") else began
        if text.startswith("SE*"):
            text = f"SE*{number - began + 1}*{text.split('*')[2]}"
        texts.append(text)
    return ("~".join(texts) + "~").encode()


@pytest.mark.parametrize("kind", AT_LEAST)
def test_a_spoilt_file_has_one_finding(kind: str) -> None:
    segments = sample(kind, count=2, seed=1).decode().replace("\n", "").rstrip("~").split("~")
    assert list(check(counted(segments))) == []
    found = [len(list(check(counted(one)))) for one in spoilt(segments)]
    told = [count for count in found if count]
    assert len(told) > 0.5 * len(found)
    assert told.count(1) >= AT_LEAST[kind] * len(told), f"{told.count(1)} of {len(told)}"
    assert max(told) <= 8


def test_a_lost_level_does_not_hide_what_is_wrong_elsewhere() -> None:
    text = sample("837P", count=4, seed=1).decode().replace("\n", "")
    segments = text.rstrip("~").split("~")
    lost = next(number for number, one in enumerate(segments) if one.startswith("HL*2*"))
    del segments[lost]
    last = max(number for number, one in enumerate(segments) if one.startswith("CLM*"))
    segments[last] = segments[last].replace("***11:B:1", "***ZZ:B:1").replace("***22:B:1", "***ZZ:B:1")
    codes = [one.code for one in check(counted(segments))]
    assert codes[0] == "segment.unexpected"
    assert any(code.startswith("place.") for code in codes)
