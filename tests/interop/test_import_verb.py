"""`daysheet import synthea`: a table, JSON, sentences and honest exit codes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daysheet.kernel.models import Practice
from daysheet.site import cli
from daysheet.site.cli import import_ as verb
from tests import make
from tests.interop import papers


@pytest.fixture
def northside(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> Practice:
    """The only office, with the verb led to the test's database."""

    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(verb, "office", here)
    return practice


def test_the_table_says_what_came(
    northside: Practice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = papers.put(tmp_path / "in", anything=papers.whole())
    assert cli.answer(["import", "synthea", str(folder)]) == 0
    said = capsys.readouterr().out
    assert northside.name in said
    assert [word for word in ("patients", "visits", "coverages", "ledger entries") if word not in said] == []
    assert cli.answer(["import", "synthea", str(folder)]) == 0
    assert "nothing changed" in capsys.readouterr().out


def test_json_tells_counts_files_and_reasons(
    northside: Practice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = papers.put(tmp_path / "in", a=papers.whole(), b=b"{")
    assert cli.answer(["import", "synthea", str(folder), "--practice", northside.name, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["practice"], told["changed"], told["patients"], told["visits"]) == (
        northside.name,
        True,
        1,
        1,
    )
    assert told["files"] == [{"file": "b", "why": "The file is cut off at character 1."}]


def test_without_an_office_or_with_several_it_asks(
    northside: Practice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = papers.put(tmp_path / "in", anything=papers.whole())
    make.practice("Southside Pediatrics")
    assert cli.answer(["import", "synthea", str(folder)]) == 1
    assert capsys.readouterr().err == (
        "daysheet import: There are several offices. Say which with --practice: "
        "Northside Family Medicine, Southside Pediatrics.\n"
    )
    Practice.objects.update(kind="payer")
    assert cli.answer(["import", "synthea", str(folder)]) == 1
    assert "There is no office yet." in capsys.readouterr().err
    assert cli.answer(["import", "synthea", str(folder), "--practice", northside.name]) == 1
    assert "is no medical office" in capsys.readouterr().err


def test_a_practice_for_training_is_taken_only_when_it_is_named(
    northside: Practice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make.practice("Practice for play", is_training=True)
    folder = papers.put(tmp_path / "in", anything=papers.whole())
    assert cli.answer(["import", "synthea", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["practice"] == northside.name


def test_a_folder_that_is_not_there_is_a_usage_error(northside: Practice, tmp_path: Path) -> None:
    assert cli.answer(["import", "synthea", str(tmp_path / "nowhere")]) == 2
