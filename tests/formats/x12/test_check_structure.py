# ruff: noqa: E501 - a case is one line
"""What a guide requires of loops, segments and elements; and the table of faults that other checkers miss."""

from pathlib import Path

import pytest

from daysheet.formats.x12.check import check
from daysheet.formats.x12.check.structure import is_day
from daysheet.formats.x12.check.table import TABLES, parse
from tests.formats.x12.clean import KINDS, wire

Change = tuple[str, str]

# kind, what is changed, the findings: code and place
CASES: list[tuple[str, Change, list[tuple[str, str]]]] = [
    ("837P", ("NM1*40*2*BLUE PPO*****46*BLUEPPO\n", ""), [("loop.missing", "1000B NM1")]),
    ("837P", ("PER*IC*ROSA MARIN*TE*4135550100\n", ""), [("segment.missing", "1000A PER")]),
    ("837P", ("PAT*19\n", ""), [("segment.missing", "2000C PAT")]),
    ("837P", ("DTP*472*D8*20260305", "DTP*472*D8*20260230"), [("element.date", "2400 DTP03")]),
    ("837P", ("DTP*435*D8*20260304", "DTP*435*RD8*20260304"), [("element.value", "2300 DTP02")]),
    ("837P", ("CAS*CO*45*50", "CAS*ZZ*45*50"), [("element.value", "2430 CAS01")]),
    ("837P", ("DMG*D8*20150704*M", "DMG*D8*20150704*X"), [("element.value", "2010CA DMG03")]),
    ("837P", ("DMG*D8*20150704*M", "DMG*D8*20150704"), [("element.missing", "2010CA DMG03")]),
    ("837P", ("NM1*QC*1*OKAFOR*SAM", "NM1*QC*1*OKAFOR*SAM****MI*X1"), [("element.unused", "2010CA NM108")]),
    ("837P", ("N4*SPRINGFIELD*MA*011040002", "N4*S*MA*011040002"), [("element.short", "2310C N401")]),
    ("837P", ("REF*9F*REF77", "REF*9F*" + "9" * 51), [("element.long", "2300 REF02")]),
    ("837P", ("AMT*F5*20", "AMT*F5*twenty"), [("element.number", "2300 AMT02")]),
    ("837P", ("AMT*F5*20", "AMT*F5*20\nAMT*F5*20"), [("segment.too-many", "2300 AMT")]),
    ("837P", ("AMT*F5*20\nREF*9F*REF77", "REF*9F*REF77\nAMT*F5*20"), [("segment.order", "2300 AMT")]),
    ("837P", ("AMT*F5*20", "AMT*ZZ*20"), [("element.value", "2300 AMT01")]),
    ("837P", ("AMT*F5*20", "AMT*F5*20\nSV9*1"), [("segment.unexpected", "2300 SV9")]),
    ("837P", ("NTE*ADD*GIVEN AT HOME", "NTE*ADD*GIVEN AT HOME\nNTE*TPO*SENT ON"), []),
    ("837P", ("NM1*77*2*EAST SIDE ROOMS*****XX*1999990033\n", "NM1*77*2*EAST SIDE ROOMS*****XX*1999990033\nN3*UP\n"), [("segment.too-many", "2310C N3")]),
    ("837P", ("BHT*0019*00*B0042*20260310*0930*CH", "BHT*0019*00*B0042*20260310*2530*CH"), [("element.time", "ST BHT05")]),
    ("835", ("TRN*1*EFT0042*1912345678\n", ""), [("segment.missing", "ST TRN")]),
    ("835", ("CAS*PR*3*10", "CAS*CR*3*10"), [("element.value", "2110 CAS01")]),
    ("835", ("CLP*C0004*19*", "CLP*C0004*99*"), [("element.value", "2100 CLP02")]),
    ("835", ("NM1*QC*1*ROY*SAM****MI*BP20260010\n", ""), [("segment.missing", "2100 NM1")]),
]  # fmt: skip
ENVELOPE = [
    ("837P", b"SE*85*", b"SE*81*", "envelope.se-count"),
    ("835", b"SE*44*", b"SE*45*", "envelope.se-count"),
    ("837P", b"SE*85*0001", b"SE*85*0002", "envelope.se-number"),
    ("837P", b"GE*1*42", b"GE*2*42", "envelope.ge-count"),
    ("837P", b"GE*1*42", b"GE*1*43", "envelope.ge-number"),
    ("837P", b"IEA*1*000000042", b"IEA*1*000000043", "envelope.iea-number"),
    ("837P", b"IEA*1*", b"IEA*2*", "envelope.iea-count"),
    ("837P", b"~IEA*1*000000042~", b"~", "envelope.iea-missing"),
]


@pytest.mark.parametrize(("kind", "change", "expected"), CASES, ids=range(len(CASES)))
def test_a_fault_of_structure_is_named_by_its_place(
    kind: str, change: Change, expected: list[tuple[str, str]]
) -> None:
    found = [(one.code, one.place.split(",")[0]) for one in check(wire(kind, change))]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(("kind", "old", "new", "code"), ENVELOPE)
def test_a_fault_of_the_envelope_is_named(kind: str, old: bytes, new: bytes, code: str) -> None:
    clean = wire(kind)
    assert clean.count(old) == 1
    assert [(one.code, one.snip) for one in check(clean.replace(old, new))] == [(code, 1)]


def test_every_table_is_read_and_speaks_of_a_set_we_read() -> None:
    names = {file.stem for file in TABLES.glob("*.txt")}
    assert names == set(KINDS)
    for file in TABLES.glob("*.txt"):
        assert parse(file.read_text())


@pytest.mark.parametrize("line", ["2300", "2300 CLM", "2300 CLM x", "2300 CLM 1 1!zz3", "2300 CLM 1 !an"])
def test_a_line_of_a_table_that_says_nothing_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"line 1|invalid literal"):
        parse(line)


def test_a_day_is_one_of_the_calendar() -> None:
    assert [is_day(one) for one in ("20240229", "20230229", "20261301", "2026010", "2026-1-1", "00000101")] == [
        True, False, False, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_suffix_of_the_guide_and_other_separators_change_nothing(kind: str) -> None:
    clean = wire(kind).decode()
    other = clean.replace("*", "|").replace("~", "\n").replace(":", ">")
    assert list(check(other.encode())) == []
    assert list(check(clean.replace("X222A1", "X222A2").encode())) == []


def test_the_library_of_rules_needs_nothing_but_python() -> None:
    for file in Path(TABLES).parent.rglob("*.py"):
        assert "django" not in file.read_text()
