"""`daysheet import csv`: the same commands as the pages, told in words, JSON and exit codes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from daysheet.kernel.models import Practice
from daysheet.movein import driving
from daysheet.movein.models import OldFile
from daysheet.patients.models import Patient
from daysheet.site import cli
from daysheet.site.cli import import_ as verb
from tests.movein.conftest import PATIENTS

pytestmark = pytest.mark.django_db
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def here(northside: Practice, monkeypatch: pytest.MonkeyPatch) -> Practice:
    """The only office, with the verb led to the test's database."""

    @contextmanager
    def inside() -> Iterator[None]:
        yield

    monkeypatch.setattr(verb, "office", inside)
    return northside


def put(tmp_path: Path, text: str) -> str:
    path = tmp_path / "patients.csv"
    path.write_text(text)
    return str(path)


def test_a_file_is_taken_in_and_told(tmp_path: Path, capsys: Said) -> None:
    words = ["import", "csv", put(tmp_path, PATIENTS), "--as", "patients", "--from", "Old Chart"]
    assert cli.answer(words) == 0
    said = capsys.readouterr().out
    assert "Taken: 3" in said
    assert "The proof comes out." in said
    assert Patient.objects.count() == 3
    assert cli.answer([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["known"] == 3


def test_a_run_that_was_killed_goes_on_with_the_same_words(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["import", "csv", put(tmp_path, PATIENTS)]
    monkeypatch.setitem(driving.AT_ONCE, "patients", 2)
    with monkeypatch.context() as stopped:
        stopped.setattr(verb, "bar", lambda *_, **__: nullcontext(_stop))
        assert cli.answer(words) != 0
    assert Patient.objects.count() == 2
    assert cli.answer(words) == 0
    assert "Taken: 3" in capsys.readouterr().out
    assert OldFile.objects.count() == 1


def _stop(done: int, of: int) -> None:
    raise KeyboardInterrupt


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: Said) -> None:
    assert cli.answer(["import", "csv", put(tmp_path, PATIENTS), "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["new"], told["dry_run"]) == ("patients", 3, True)
    assert not Patient.objects.exists()
    assert not OldFile.objects.exists()


def test_what_was_not_taken_is_written_out_mended_and_taken(tmp_path: Path, capsys: Said) -> None:
    left = tmp_path / "left.csv"
    words = [
        "import",
        "csv",
        put(tmp_path, PATIENTS + "104,=Roe,Ann,1990-13-01,F\n"),
        "--bad-rows",
        str(left),
    ]
    assert cli.answer(words) == 1
    text = left.read_text("utf-8-sig")
    assert text.splitlines()[1].startswith("104,'=Roe,Ann,1990-13-01,F,")
    assert text.splitlines()[1].endswith("DOB: This is no day: 1990-13-01")
    left.write_text(text.replace("1990-13-01,F", "1990-12-01,F").replace("'=Roe", "Roe"))
    assert cli.answer(["import", "csv", str(left)]) == 0
    assert Patient.objects.get(identifiers__value="104").family == "Roe"


def test_a_file_without_the_columns_it_needs_is_refused(tmp_path: Path, capsys: Said) -> None:
    assert cli.answer(["import", "csv", put(tmp_path, "a,b\n1,2\n"), "--as", "patients"]) != 0
    assert "Say which column tells" in capsys.readouterr().err
    assert not OldFile.objects.exists()


def test_a_shipped_map_reads_its_systems_numbers(tmp_path: Path) -> None:
    text = (
        "PatNum,LName,FName,Birthdate,Gender,PatStatus,WirelessPhone\n7,Roe,Ann,1990-01-02,1,2,5552010142\n"
    )
    assert cli.answer(["import", "csv", put(tmp_path, text), "--map", "Open Dental: patients"]) == 0
    ann = Patient.objects.get()
    assert (ann.sex, ann.status) == ("F", "inactive")
