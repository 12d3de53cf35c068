"""A state's list of training providers: the map, the proposed schools, and what is refused."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.test import Client

from daysheet.academy.figures import pack
from daysheet.academy.figures.loading import etpl
from daysheet.site.cli import answer

PACK = Path(pack.__file__).parents[1] / "pack" / "academy.sqlite"
MAP = """
state = "ma"
release = "January 2026"
[columns]
provider = "Provider Name"
program = "Program Title"
city = "Town"
zip = "Zip"
opeid = "OPE"
cip = "CIP Code"
cost = "Total Cost"
"""
LIST = """Provider Name,Program Title,Town,Zip,OPE,CIP Code,Total Cost
Amherst,Medical Office Assistant,,,002115,51.0710,"$4,500"
The Anna Maria College,Medical Reception,Paxton,01612-0001,,51.0712,3000
anna maria college inc.,Medical Billing,PAXTON,,,,2000
Nobody's School of Offices,Medical Administrative Assistant,Lowell,01850,,510716,
Anna Maria College,Welding,Paxton,01612,,48.0508,9000
,Medical Office Assistant,Paxton,01612,,51.0710,1
"""


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("daysheet.site.state.state_dir", lambda: tmp_path / "state")
    return tmp_path / "state" / "academy" / "academy.sqlite"


def written(folder: Path, listed: str = LIST, told: str = MAP) -> list[str]:
    """The words after `daysheet academy load-etpl`."""
    (folder / "list.csv").write_text(listed)
    (folder / "map.toml").write_text(told)
    return ["academy", "load-etpl", str(folder / "list.csv"), "--map", str(folder / "map.toml")]


def rows(file: Path) -> list[tuple]:
    with closing(sqlite3.connect(file)) as link:
        return link.execute(
            "select provider, program, unitid, cip, cost from etpl order by provider, program"
        ).fetchall()


def test_schools_are_found_by_number_by_zip_code_and_by_town(tmp_path: Path) -> None:
    written(tmp_path)
    found = etpl.proposals(tmp_path / "list.csv", etpl.read_plan(tmp_path / "map.toml"), PACK)
    assert [(one.program, one.unitid, one.found_by) for one in found] == [
        ("Medical Office Assistant", 164465, "number"),
        ("Medical Reception", 164492, "name and ZIP code"),
        ("Medical Billing", 164492, "name and town"),
        ("Medical Administrative Assistant", None, "not found"),
    ]


def test_a_confirmed_list_is_taken_in_once_and_twice_changes_nothing(
    tmp_path: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [*written(tmp_path), "--yes"]
    assert answer(told) == 0
    assert "4 programs of the trade, 3 with a school" in capsys.readouterr().out
    assert len(rows(own)) == 4
    assert rows(own)[0] == ("Amherst", "Medical Office Assistant", 164465, "51.0710", 4500)
    assert answer(told) == 0
    assert "Nothing changed." in capsys.readouterr().out


def test_nothing_is_taken_in_before_somebody_says_yes(
    tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("typer.confirm", lambda *_args, **_more: False)
    assert answer(written(tmp_path)) == 1
    assert answer([*written(tmp_path), "--json"]) == 1
    assert "Say --yes when the schools are right." in capsys.readouterr().err
    assert not own.exists()


@pytest.mark.parametrize(
    ("listed", "told", "says"),
    [
        (LIST, "state = [", "this is not TOML"),
        (LIST, MAP.replace('"ma"', '"Massachusetts"'), "write the state in two letters"),
        (LIST, 'state = "MA"', "a table [columns] says"),
        (LIST, MAP.replace('provider = "Provider Name"', ""), "must name the column of the provider"),
        (LIST, MAP + 'phone = "Phone"', "not phone"),
        (LIST, MAP.replace("Total Cost", "Price"), "it has no column 'PRICE'"),
        (
            LIST.replace("51.07", "48.05").replace("Medical", "Metal").replace("510716", "480508"),
            MAP,
            "no program of the trade",
        ),
        (LIST + "Anna Maria College,Medical", MAP, "cut off"),
        ("\0\0\0\0", MAP, "not a text table"),
    ],
)
def test_a_list_that_does_not_fit_its_map_is_refused_in_a_sentence(
    listed: str, told: str, says: str, tmp_path: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer([*written(tmp_path, listed, told), "--yes"]) == 1
    assert says in capsys.readouterr().err
    assert not own.exists()


@pytest.mark.django_db
def test_a_schools_page_names_its_programs_on_the_list(
    tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answer([*written(tmp_path, LIST.replace("Medical Reception", "Reception <b>")), "--yes"]) == 0
    monkeypatch.setattr(pack, "place", lambda: own)
    page = Client().get("/academy/programs/164492/").content.decode()
    assert "Reception &lt;b&gt;" in page
    assert "January 2026" in page
