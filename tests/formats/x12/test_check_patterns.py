"""A segment that the pattern of its line takes has no fault: the pattern only spares the look at every element."""

import random

import pytest

from daysheet.formats.x12.check.patterns import pattern_of
from daysheet.formats.x12.check.structure import check_elements
from daysheet.formats.x12.check.table import TABLES, Line, structure_of
from daysheet.formats.x12.sample import sample
from daysheet.formats.x12.segment import Segment
from daysheet.formats.x12.text import SegmentStream

KINDS = sorted(path.stem for path in TABLES.glob("*.txt"))
ODD = (
    "", "X", "-5", "20261340", "20240229", "20230229", "20260431", "ZZ:1:2", "1.234", "1.23456", "A" * 90, "99", "007",
    "\u0661\u0662", " 7", "1\n", "D8", "RD8", "20260301-20260302", "2026030109", "2461", "0930", "12345678901234567890",
    ".5", "5.", "-", "+1",
)  # fmt: skip


def lines(kind: str) -> list[Line]:
    structure = structure_of(kind)
    assert structure is not None
    return [line for place in structure.values() for known in place.by_id.values() for line in known]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_pattern_takes_has_no_fault(kind: str) -> None:
    dice = random.Random(7)
    taken = 0
    for line in lines(kind):
        pattern = pattern_of(line)
        known = {one.position: sorted(one.values) for one in line.elements}
        for _ in range(120):
            values = [line.segment]
            for position in range(1, line.last + dice.randrange(3)):
                listed = known.get(position, [])
                values.append(dice.choice(listed) if listed and dice.random() < 0.9 else dice.choice(ODD))
            item = Segment(values)
            if pattern.fullmatch("*".join(values)):
                taken += 1
                assert not list(check_elements(line, item)), values
    assert taken > 20


@pytest.mark.parametrize("kind", ["837P", "835"])
def test_nearly_every_segment_of_a_clean_file_is_taken_by_a_pattern(kind: str) -> None:
    patterns = [(line.segment, pattern_of(line)) for line in lines(kind)]
    segments = [
        item
        for item in SegmentStream(sample(kind, count=40))
        if item.id not in ("ISA", "GS", "ST", "SE", "GE", "IEA")
    ]
    taken = [
        item
        for item in segments
        if any(item.id == name and pattern.fullmatch(item.text()) for name, pattern in patterns)
    ]
    assert len(taken) > 0.98 * len(segments)
