"""Each rule finds its fault, alone; passes a near twin; and without the rule nobody would have seen the fault."""

import re
from collections import Counter
from pathlib import Path

import pytest

from daysheet.formats.x12.check import FAMILIES, RULES, check
from tests.formats.x12.clean import KINDS, wire
from tests.formats.x12.faults import FAULTS


@pytest.mark.parametrize("kind", KINDS)
def test_a_clean_file_is_clean(kind: str) -> None:
    assert list(check(wire(kind))) == []


def test_every_rule_has_its_fault() -> None:
    assert set(FAULTS) == set(RULES)
    assert len(RULES) >= 150
    assert {code.partition(".")[0] for code in RULES} == set(FAMILIES) - {
        "envelope"
    }  # the envelope's stand elsewhere


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_found_alone_and_its_twin_is_not(code: str) -> None:
    fault, rule = FAULTS[code], RULES[code]
    faulty = wire(fault.kind, *fault.changes)
    found = list(check(faulty))
    assert [one.code for one in found] == [code] * fault.times
    for one in found:
        assert (one.snip, one.severity) == (rule.snip, rule.severity)
        assert one.message.endswith(".")
        assert one.segment
    assert list(check(wire(fault.kind, *fault.twin))) == []
    assert list(check(faulty, without={code})) == []


@pytest.mark.parametrize("code", RULES)
def test_a_rule_points_into_the_guide_and_says_how_to_mend(code: str) -> None:
    rule = RULES[code]
    assert rule.fix.endswith(".")
    loop, *_ = rule.at.split()
    assert loop[0].isdigit() or loop in {"ST", "PLB"}
    assert rule.kinds
    assert 2 <= rule.snip <= 6


def test_levels_can_be_chosen() -> None:
    balance, code = FAULTS["balance.claim"], FAULTS["codes.diagnosis"]
    faulty = wire("837P", *balance.changes, *code.changes)
    assert [one.code for one in check(faulty, levels=[3])] == ["balance.claim"]
    assert [one.code for one in check(faulty, levels=[5])] == ["codes.diagnosis"]
    assert list(check(faulty, levels=[1, 2])) == []


def test_findings_come_in_the_order_of_the_file() -> None:
    faulty = wire(
        "837P",
        *FAULTS["codes.diagnosis"].changes,
        *FAULTS["place.zip"].changes,
        *FAULTS["units.zero"].changes,
    )
    places = [one.position for one in check(faulty)]
    assert len(places) == 3
    assert places == sorted(places)


def test_the_documents_count_the_rules_rightly() -> None:
    counts = Counter(rule.family for rule in RULES.values())
    docs = Path(__file__).parents[3] / "docs"
    table = dict(
        re.findall(r"^\| `(\w+)` \| (\d+) \|", (docs / "algorithms" / "x12.md").read_text(), re.MULTILINE)
    )
    assert {family: int(told) for family, told in table.items()} == counts
    room = (docs / "rooms" / "formats.md").read_text()
    assert all(f"{family} {count}" in room for family, count in counts.items())
    assert f"\n{len(RULES)}, by the family" in room
