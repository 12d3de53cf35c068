"""Sample files are clean, the same for a seed, and as rich as promised; each named fault brings its finding, alone."""

import pytest

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.formats.x12.sample import FAULTS, MOST, SETS, sample

READ_BACK = (
    "270", "271", "275", "276", "277", "277CA", "277RFAI", "835", "837D", "837I", "837P", "999", "999E", "999P", "999R",
)  # fmt: skip


@pytest.mark.parametrize("kind", SETS)
@pytest.mark.parametrize(("count", "seed"), [(1, 1), (24, 7)])
def test_a_sample_is_clean(kind: str, count: int, seed: int) -> None:
    assert list(check(sample(kind, count=count, seed=seed))) == []


@pytest.mark.parametrize("kind", sorted(set(SETS) - {"TA1", "999", "999E", "999P", "999R"}))
def test_a_seed_gives_the_same_bytes_and_another_seed_others(kind: str) -> None:
    assert sample(kind, count=5, seed=4) == sample(kind, count=5, seed=4)
    bodies = [list(x12.segments(sample(kind, count=5, seed=seed)))[2:-2] for seed in (4, 5)]
    assert bodies[0] != bodies[1]


@pytest.mark.parametrize("kind", READ_BACK)
def test_a_sample_is_read_without_a_problem(kind: str) -> None:
    file = x12.parse(sample(kind, count=12))
    assert file.all_problems == ()
    assert file.documents[0].kind == ("999" if kind.startswith("999") else kind)
    assert file.documents[0].content is not None


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for name, one in FAULTS.items() for kind in one.kinds]
)
def test_a_fault_brings_its_finding_and_no_other(kind: str, name: str) -> None:
    fault = FAULTS[name]
    for count, seed in ((1, 1), (4, 2)):
        found = list(check(sample(kind, count=count, seed=seed, fault=name)))
        assert [one.code for one in found] == [fault.expects]


def test_every_kind_of_claim_occurs() -> None:
    ids = {(item.id, item[1]) for item in x12.segments(sample("837P", count=10))}
    assert {
        ("REF", "F8"),
        ("REF", "G1"),
        ("REF", "X4"),
        ("LIN", ""),
        ("PAT", "19"),
        ("SVD", "GRMU1"),
        ("PWK", "OZ"),
    } <= ids
    assert any(item[3] == "MJ" for item in x12.segments(sample("837P", count=10)) if item.id == "SV1")


def test_a_remittance_takes_back_corrects_passes_on_and_moves_money_beside() -> None:
    (document,) = x12.read(sample("835", count=5))
    assert isinstance(document.content, x12.Remittance)
    assert [one.status for one in document.content.claims] == ["1", "4", "22", "1", "2", "19"]
    assert [one.reason for one in document.content.provider_adjustments] == ["WO", "L6", "FB"]
    assert x12.balance(document.content) == []


def test_every_benefit_and_every_refusal_occurs_in_a_long_answer() -> None:
    lines = list(x12.segments(sample("271", count=220)))
    assert {item[1] for item in lines if item.id == "EB"} == set(x12.labels("eb"))
    assert {item[3] for item in lines if item.id == "AAA"} == set(x12.labels("aaa"))


def test_every_answer_at_the_door_occurs() -> None:
    said = {item.component(1, 1) for item in x12.segments(sample("277CA", count=9)) if item.id == "STC"}
    assert said == {"A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8"}


@pytest.mark.parametrize(
    ("kind", "count", "fault", "says"),
    [
        ("836", 1, "", "There is no sample of 836. There are: 270, 271"),
        ("835", 0, "", "A sample holds 1 to 100,000, not 0."),
        ("999", 10_000, "", "A sample holds 1 to 9,999, not 10,000."),
        ("835", MOST + 1, "", "not 100,001"),
        (
            "835",
            1,
            "npi-digit",
            "A sample of 835 has no fault named npi-digit. There are: set-count, set-number",
        ),
        ("TA1", 1, "npi-digit", "There are: none."),
    ],
)
def test_a_wish_that_there_is_not_is_refused_with_what_there_is(
    kind: str, count: int, fault: str, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        sample(kind, count=count, fault=fault)
