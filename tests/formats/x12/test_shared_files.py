"""The collected files of other projects: none raises, none loses a set, none changes when written again."""

import csv
from pathlib import Path

import pytest

from daysheet.formats import x12
from tests.shared import shared_data


@pytest.fixture(scope="module")
def corpus() -> Path:
    return shared_data("x12")


@pytest.fixture(scope="module")
def rows(corpus: Path) -> list[dict[str, str]]:
    with (corpus / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        return list(csv.DictReader(index, delimiter="\t"))


# (file, what we say): the other readers overlook a number that does not match, or a wrong sign
STRICTER = {
    ("subscriber-health-benefit-check-error.271", "envelope.se-number"),
    ("x12_277_x212.txt", "envelope.iea-number"),
    ("1.era", "envelope.iea-number"),
    ("demo.example11.837", "claim.pointer-wrong"),  # its ISA16 names another sign than its composites use
}


def test_every_file_is_read_with_all_its_sets(corpus: Path, rows: list[dict[str, str]]) -> None:
    for row in rows:
        file = x12.parse((corpus / row["file"]).read_bytes())
        assert len(file.interchanges) == int(row["n_isa"]), row["file"]
        assert len(file.documents) == int(row["n_st"]), row["file"]  # a TA1 counts as one


def test_every_file_is_explained_and_answered(corpus: Path, rows: list[dict[str, str]]) -> None:
    for row in rows:
        data = (corpus / row["file"]).read_bytes()
        file = x12.parse(data)
        assert len(x12.outline_file(file)) == len(file.segments), row["file"]
        assert len(x12.acknowledge(data)) == len(file.interchanges), row["file"]


def test_every_file_is_the_same_when_written_and_read_again(corpus: Path, rows: list[dict[str, str]]) -> None:
    for row in rows:
        file = x12.parse((corpus / row["file"]).read_bytes())
        again = x12.parse(x12.render(file))
        assert [item.text() for item in again.segments] == [item.text() for item in file.segments], row[
            "file"
        ]


def test_a_file_that_others_accept_has_no_error_but_sums(corpus: Path, rows: list[dict[str, str]]) -> None:
    found = set()
    for row in rows:
        verdicts = {row["pyx12_4.0.0"], row["x12sdk_2.2.0"]}
        if "ok" in verdicts and "err" not in verdicts:
            file = x12.parse((corpus / row["file"]).read_bytes())
            errors = [item for item in file.all_problems if item.severity == "error" and item.snip < 3]
            found |= {(Path(row["file"]).name, item.code) for item in errors}
    assert found == STRICTER
