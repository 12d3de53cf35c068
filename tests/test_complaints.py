"""Each complaint of the two lists has a test that proves it, or one sentence that says what is open."""

import ast
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
KEPT = tomllib.loads((TESTS / "complaints.toml").read_text())
OFFICE = ("9", "10", "11", "13", "14", "15", "16", "17", "19", "24")
SCREENS = (
    "too-many-steps", "wrong-chart", "lost-work", "sign-in-in-a-panel", "two-savers", "autofill-and-double-press",
    "duplicates", "browsers-zone", "calendar-slow", "calendar-keys", "by-accident", "stolen-slot", "colour-alone",
    "popups", "bare-errors", "place-lost", "letter-keys", "pickers", "bulk-acts", "print-and-kiosk",
)  # fmt: skip
PROOFS = sorted({proof for one in KEPT["complaint"] for proof in one["proof"]})


@cache
def written_in(file: str) -> dict[str, ast.FunctionDef]:
    """Return the tests of a file by name, read from its syntax tree."""
    tree = ast.parse((TESTS.parent / file).read_text())
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("proof", PROOFS)
def test_a_named_test_exists_says_something_and_is_never_skipped(proof: str) -> None:
    file, _, name = proof.partition("::")
    assert name.startswith("test_")
    found = written_in(file)[name]
    calls = {ast.unparse(one.func) for one in ast.walk(found) if isinstance(one, ast.Call)}
    assert any(isinstance(one, ast.Assert) for one in ast.walk(found)) or calls & {"expect", "pytest.raises"}
    marks = [ast.unparse(one) for one in found.decorator_list]
    assert [mark for mark in marks if "skip" in mark or "xfail" in mark] == []


def test_every_complaint_of_the_lists_has_its_proof_or_is_open() -> None:
    assert {one["id"] for one in KEPT["complaint"]} | set(KEPT["open"]) == {*OFFICE, *SCREENS}


def test_no_entry_stands_twice_and_none_is_empty() -> None:
    ids = [one["id"] for one in KEPT["complaint"]]
    assert [each for each, times in Counter(ids).items() if times > 1] == []
    for one in KEPT["complaint"]:
        assert set(one) == {"id", "says", "we", "proof"}
        assert one["proof"]
        assert len(set(one["proof"])) == len(one["proof"])


def test_each_complaint_and_what_is_open_is_one_sentence() -> None:
    said = [text for one in KEPT["complaint"] for text in (one["says"], one["we"])]
    for sentence in (*said, *KEPT["open"].values()):
        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert ". " not in sentence
    assert len(set(said)) == len(said)


def test_a_test_that_is_named_after_a_complaint_is_in_the_list() -> None:
    named = {
        f"{path.relative_to(TESTS.parent).as_posix()}::{name}"
        for path in TESTS.rglob("test_*.py")
        if "\ndef test_complaint_" in path.read_text()
        for name in written_in(path.relative_to(TESTS.parent).as_posix())
        if name.startswith("test_complaint_")
    }
    assert named <= set(PROOFS)
