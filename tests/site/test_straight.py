"""Plain words go straight to a verb's function; Typer reads all others."""

from pathlib import Path

import pytest

from daysheet.formats.x12.sample import sample
from daysheet.site.cli import answer
from daysheet.site.cli.straight import straight
from daysheet.site.cli.x12 import x12


@pytest.mark.parametrize(
    "words",
    [
        "check a.x12",
        "check a.x12 b.x12 --json",
        "check --levels 1-5 a.x12 --profile lakeside-comp",
        "check -",
    ],
)
def test_plain_words_go_straight(words: str) -> None:
    call = straight(x12, words.split())
    assert call is not None


def test_what_goes_straight_is_what_typer_would_give() -> None:
    call = straight(x12, ["check", "a.x12", "--levels", "3", "-", "--json"])
    assert call.keywords == {"files": ["a.x12", "-"], "levels": "3", "as_json": True}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "words",
    [
        "", "check", "check --help", "check a.x12 --levels", "check a.x12 --levels=3", "check a.x12 --levels -3",
        "check a.x12 --colour", "mask a b", "sample 837P --claims 3", "paint a.x12", "check a.x12 --levels 1 --levels 2",
    ],
)  # fmt: skip
def test_all_other_words_go_to_typer(words: str) -> None:
    assert straight(x12, words.split()) is None


def test_the_exit_code_is_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.x12", tmp_path / "bad.x12"
    good.write_bytes(sample("835"))
    bad.write_bytes(sample("835", fault="service-sum"))
    assert answer(["x12", "check", str(good)]) == 0
    assert answer(["x12", "check", str(bad)]) == 1
    assert answer(["x12", "check", str(bad), "--levels", "9"]) == 2
    assert answer(["x12", "check", str(tmp_path / "none.x12")]) == 1
    told = capsys.readouterr()
    assert "nothing to say" in told.out
    assert "1 error" in told.out
    assert "There is no file" in told.err
