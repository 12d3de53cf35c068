"""A bad file is named with its reason, and harms nothing else."""

import copy
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from daysheet.interop import intake
from daysheet.interop.rules.bundle import records
from daysheet.interop.rules.record import Record, Skip
from daysheet.ledger import queries as books
from daysheet.patients.models import ChartItem, Patient
from tests.interop import papers
from tests.interop.conftest import TakeIn
from tests.interop.test_read_a_bundle import SETTING

Look = Callable[[], dict[str, str]]


def test_each_bad_file_is_named_and_the_good_ones_come(bring: TakeIn, tmp_path: Path) -> None:
    folder = papers.put(
        tmp_path / "in",
        a_good=papers.whole(),
        b_cut=orjson.dumps(papers.another("Okafor", 2))[:900],
        c_foreign=b"%PDF-1.7 \xff",
        d_empty=b"",
        e_note="Buy milk.\n",
        f_good=papers.another("Marin", 3),
    )
    (folder / "g_gone").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "h_pipe")
    report = bring(folder)
    assert report.files[:6] == [
        ("c_foreign", "The file is neither a FHIR bundle nor a table of text."),
        ("d_empty", "The file is empty."),
        ("e_note", "The file is no FHIR bundle and no table of the Synthea set."),
        ("g_gone", "The file cannot be read."),
        ("h_pipe", "It is no file."),
        ("b_cut", "The file is cut off at character 900."),
    ]
    assert sorted(Patient.objects.values_list("family", flat=True)) == ["Marin", "Quill"]


def test_a_file_too_large_to_hold_is_not_read(
    bring: TakeIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LARGEST", 100)
    report = bring(papers.put(tmp_path / "in", anything=papers.whole()))
    assert report.files == [("anything", "The file is larger than 64 MB.")]


def test_a_patient_who_cannot_be_is_left_out_with_the_sentence(bring: TakeIn, tmp_path: Path) -> None:
    long_name = [{"use": "official", "family": "Q" * 300, "given": ["Nora"]}]
    report = bring(papers.put(tmp_path / "in", a=papers.whole(name=long_name), b=papers.another("Marin", 3)))
    assert report.files == [("a", "A patient was left out: At most 120 letters.")]
    assert Patient.objects.get().family == "Marin"


def test_hostile_texts_are_kept_as_texts(bring: TakeIn, tmp_path: Path) -> None:
    name = [{"use": "official", "family": "O'Ne\u202eil<script>\x00", "given": ["Žofie 😀"]}]
    line = papers.clinical("Condition", "code", "1", "'; drop table patient; --\x00\n{{ 7*7 }}" + "x" * 900)
    report = bring(papers.put(tmp_path / "in", a=papers.bundle(papers.patient(name=name), line)))
    assert report.files == []
    assert str(Patient.objects.get()) == "O'NEIL<SCRIPT>, Žofie 😀"
    label = ChartItem.objects.get().label
    assert (label[:38], len(label)) == ("'; drop table patient; -- {{ 7*7 }}xxx", 300)


def test_a_bill_beyond_all_money_is_left_out_alone(bring: TakeIn, tmp_path: Path) -> None:
    monstrous = papers.benefit(2, paid=9e9, coinsrnc=9999999999.0)
    claims = [
        papers.claim(1, 50),
        papers.claim(2, 9e6),
        monstrous,
        papers.claim(3, 9e9),
        papers.claim(4, 1e300),
    ]
    files = papers.bundle(papers.patient(), *claims)
    report = bring(papers.put(tmp_path / "in", a=files))
    assert (report.bills, report.files) == (1, [])
    assert books.troubles() == []


def test_a_cut_off_table_is_named_and_its_whole_lines_come(bring: TakeIn, tmp_path: Path) -> None:
    tables = papers.CSV | {"conditions": papers.CSV["conditions"] + "2024-01-"}
    report = bring(papers.put(tmp_path / "in", **tables))
    assert report.files == [
        ("conditions", "The file is cut off or damaged at line 3; its other lines were read.")
    ]
    assert (report.patients, report.chart_items) == (1, 1)


WRONG = [
    None,
    7,
    -1.5,
    True,
    "",
    "x",
    [],
    {},
    [[]],
    [None],
    {"a": None},
    "9999-99-99",
    "\x00",
    1e308,
    ["x", {}],
]


def spoil(value: Any, chance: random.Random) -> Any:
    """Put a wrong thing at one place of a document."""
    where = value
    while True:
        keys = list(where) if isinstance(where, dict) else list(range(len(where)))
        key = chance.choice(keys)
        inner = where[key]
        if not isinstance(inner, dict | list) or not inner or chance.random() < 0.15:
            where[key] = chance.choice(WRONG)
            return value
        where = inner


@pytest.mark.parametrize("seed", range(40))
def test_a_bundle_with_wrong_things_anywhere_is_read_without_a_crash(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(50):
        spoilt = copy.deepcopy(papers.whole())
        for _ in range(chance.randint(1, 4)):
            spoilt = spoil(spoilt, chance)
        for found in records(spoilt, SETTING):
            assert isinstance(found, Record | Skip)


def test_what_no_such_file_holds_stops_that_file_alone(
    bring: TakeIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = intake.records

    def brittle(bundle: Any, setting: Any) -> Any:
        for record in real(bundle, setting):
            if isinstance(record, Record) and record.person.family == "Quill":
                raise KeyError("surprise")
            yield record

    monkeypatch.setattr(intake, "records", brittle)
    report = bring(papers.put(tmp_path / "in", a=papers.whole(), b=papers.another("Marin", 3)))
    assert report.files == [("a", "The file is put together as no such file is (KeyError).")]
    assert Patient.objects.get().family == "Marin"
