"""`daysheet x12 sample`: a file that is clean, or wrong in one way that has a name."""

import json
from pathlib import Path

import pytest

from daysheet.formats.x12.sample import FAULTS, SETS, sample
from daysheet.site.cli import answer


def test_a_sample_is_written_and_nothing_is_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "835.x12"
    assert answer(["x12", "sample", "835", "--claims", "3", "--seed", "9", "-o", str(target)]) == 0
    assert target.read_bytes() == sample("835", count=3, seed=9)
    assert "835, seed 9, nothing wrong." in capsys.readouterr().out
    assert answer(["x12", "sample", "835", "-o", str(target)]) == 1
    assert "is there already" in capsys.readouterr().err


def test_a_fault_is_found_by_the_check(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert answer(["x12", "sample", "837P", "--fault", "npi-digit"]) == 0
    target = tmp_path / "bad.x12"
    target.write_bytes(capsysbinary.readouterr().out)
    assert answer(["x12", "check", str(target)]) == 1
    assert b"1 error" in capsysbinary.readouterr().out


def test_sets_and_faults_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["x12", "sample", "list"]) == 0
    assert capsys.readouterr().out.count("\n") == len(SETS)
    assert answer(["x12", "sample", "837D", "--fault", "list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["fault"] for one in told] == [name for name, one in FAULTS.items() if "837D" in one.kinds]


def test_a_set_that_there_is_not_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["x12", "sample", "836"]) == 1
    assert "There is no sample of 836" in capsys.readouterr().err
    assert answer(["x12", "sample", "836", "--fault", "list"]) == 1
    assert "There is no sample of 836" in capsys.readouterr().err
