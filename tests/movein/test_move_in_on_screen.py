"""A manager moves in on screen: brings a file, corrects its columns, decides, takes it in, signs, takes it back."""

import io
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.kernel.jobs import HeldJob, holding
from daysheet.kernel.models import Practice
from daysheet.movein import commands
from daysheet.movein.models import ColumnMap, OldFile
from daysheet.patients.models import Patient
from tests import desk, make
from tests.movein.conftest import PATIENTS
from tests.proofs.forms import forms_of

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture
def held(northside: Practice) -> Iterator[list[HeldJob]]:
    make.office()
    with holding() as jobs:
        yield jobs


@pytest.fixture
def browser(held: list[HeldJob]) -> Client:
    return desk.signed_in(make.member("office_manager", "ana"))


def address(name: str, file: OldFile | None = None) -> str:
    return reverse(f"movein:{name}", args=[file.pk] if file else [])


def filled(browser: Client, page: str, *, action: str) -> dict[str, Any]:
    """What a browser would send of a form on a page, as it stands."""
    found = forms_of(browser.get(page).content.decode(), at=page)
    return dict(next(one for one in found if one.action == action).body())


def bring(browser: Client, text: str | bytes, **more: str) -> OldFile:
    content = text if isinstance(text, bytes) else text.encode()
    paper = SimpleUploadedFile("patients.csv", content, "text/csv")
    form = filled(browser, address("file-bring"), action=address("file-bring"))
    answer = browser.post(address("file-bring"), form | {"file": paper, "system": "Old"} | more)
    assert answer.status_code == 303, answer.content.decode()
    return OldFile.objects.latest("number")


def press(browser: Client, page: str, action: str, **more: str) -> Any:
    form = filled(browser, page, action=action)
    return browser.post(action, form | more)


def test_a_manager_takes_a_file_in_signs_and_takes_it_back(browser: Client, held: list[HeldJob]) -> None:
    file = bring(browser, PATIENTS)
    page = address("file", file)
    assert press(browser, address("file-columns", file), address("file-columns", file)).status_code == 303
    assert "To be taken" in browser.get(page).content.decode()
    assert 'data-label="What came of it"' not in browser.get(address("files")).content.decode()
    assert press(browser, page, address("file-run", file)).status_code == 303
    assert "0 of 3" in browser.get(page).content.decode()
    held.pop().run()
    assert Patient.objects.count() == 3
    shown = browser.get(page).content.decode()
    assert "The proof comes out" in shown
    assert press(browser, page, address("file-sign", file)).status_code == 303
    paper = browser.get(address("proof-pdf", file))
    assert paper.content.startswith(b"%PDF-")
    assert press(browser, address("file-undo", file), address("file-undo", file)).status_code == 303
    held.pop().run()
    assert not Patient.objects.exists()
    assert "Taken back by" in browser.get(page).content.decode()


def test_sheets_beside_the_one_that_is_read_are_named(browser: Client) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Patients"
    pages = [book.active, book.create_sheet("Balances")]
    for page in pages:
        page.append(["ID", "Last Name", "First Name", "DOB"])
        page.append([1, "Roe", "Ann", "1/2/1990"])
    book.save(out)
    file = bring(browser, out.getvalue())
    for page in ("file-columns", "file"):
        text = browser.get(address(page, file)).content.decode()
        assert "Only the sheet Patients is read. Beside it stand: Balances." in text


def test_a_column_that_is_missing_keeps_what_was_chosen(browser: Client) -> None:
    file = bring(browser, "A,B,C,D\n1,Roe,Ann,1/2/1990\n")
    said = {"key": "A", "family": "B", "given": "C", "born_on": ""}
    form = filled(browser, address("file-columns", file), action=address("file-columns", file))
    answer = browser.post(address("file-columns", file), form | said, headers=HX)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose the column that tells it." in text
    assert "<html" not in text
    assert '<option value="B" selected>' in text


def test_columns_are_kept_as_a_map_and_read_the_next_file(browser: Client) -> None:
    file = bring(browser, "A,B,C,D\n1,Roe,Ann,1/2/1990\n")
    said = {"key": "A", "family": "B", "given": "C", "born_on": "D", "keep_as": "Ours"}
    assert (
        press(browser, address("file-columns", file), address("file-columns", file), **said).status_code
        == 303
    )
    assert ColumnMap.objects.get().columns == {"key": "A", "family": "B", "given": "C", "born_on": "D"}
    again = bring(browser, "A,B,C,D\n2,Poe,Ann,1/2/1991\n")
    assert (again.map_name, again.mapped["family"]) == ("Ours", "B")


def test_what_the_old_words_mean_is_said_once(browser: Client) -> None:
    text = "ID,Last Name,First Name,DOB,Sex,Status\n1,Roe,Ann,1/2/1990,W,Z9\n"
    file = bring(browser, text)
    press(browser, address("file-columns", file), address("file-columns", file))
    page = browser.get(address("file", file)).content.decode()
    assert "Sex: W" in page
    said = {"sex-0": "F", "status-0": "inactive"}
    assert press(browser, address("file", file), address("file-decide", file), **said).status_code == 303
    file.refresh_from_db()
    assert file.meanings == {"sex": {"W": "F"}, "status": {"Z9": "inactive"}}
    assert not file.found["strange"]


def test_look_alikes_are_shown_with_the_chart_and_decided(browser: Client, held: list[HeldJob]) -> None:
    known = make.registered()
    file = bring(browser, PATIENTS)
    press(browser, address("file-columns", file), address("file-columns", file))
    page = browser.get(address("file", file)).content.decode()
    assert f"chart {known.chart_number}" in page
    assert (
        press(browser, address("file", file), address("file-decide", file), alike="take").status_code == 303
    )
    # What is chosen beside the button counts without being kept first.
    chosen = filled(browser, address("file", file), action=address("file-decide", file)) | {"alike": "join"}
    assert browser.post(address("file-run", file), chosen).status_code == 303
    held.pop().run()
    assert Patient.objects.count() == 3
    assert known.identifiers.get().value == "101"


def test_a_large_file_is_looked_through_while_the_page_waits(
    browser: Client, held: list[HeldJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daysheet.movein.commands.files.AT_ONCE", 1)
    file = bring(browser, PATIENTS)
    press(browser, address("file-columns", file), address("file-columns", file))
    piece = browser.get(address("progress-list", file), headers=HX)
    assert "Being looked through" in piece.content.decode()
    held.pop().run()
    assert browser.get(address("progress-list", file), headers=HX)["HX-Redirect"] == address("file", file)


def test_a_look_tells_how_many_rows_it_has_read_and_is_stopped_safely(
    browser: Client, held: list[HeldJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daysheet.movein.commands.files.AT_ONCE", 1)
    for place in ("driving", "rules.sheets"):
        monkeypatch.setattr(f"daysheet.movein.{place}.TOLD_AFTER", 1)
    file = bring(browser, PATIENTS)
    press(browser, address("file-columns", file), address("file-columns", file))
    seen: list[int] = []
    plain = commands.note_look

    def stopping(by: Any, /, **more: Any) -> OldFile:
        told = plain(by, **more)
        seen.append(told.next_row)
        if len(seen) == 4:
            piece = browser.get(address("progress-list", file), headers=HX).content.decode()
            assert "2 of 3" in piece
            assert press(browser, address("file", file), address("file-stop", file)).status_code == 303
        return told

    with monkeypatch.context() as patched:
        patched.setattr(commands, "note_look", stopping)
        held.pop().run()
    assert seen == [0, 1, 1, 2]
    file.refresh_from_db()
    assert (file.state, file.found) == ("mapped", {})
    assert "Look the file through" in browser.get(address("file", file)).content.decode()
    assert press(browser, address("file", file), address("file-look", file)).status_code == 303
    held.pop().run()
    file.refresh_from_db()
    assert (file.state, file.found["new"]) == ("checked", 3)


def test_a_look_that_breaks_says_so_and_can_be_begun_anew(
    browser: Client, held: list[HeldJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daysheet.movein.commands.files.AT_ONCE", 1)
    file = bring(browser, PATIENTS)
    press(browser, address("file-columns", file), address("file-columns", file))
    with monkeypatch.context() as broken:
        broken.setattr("daysheet.movein.looking.found_in", Mock(side_effect=ValueError("no")))
        held.pop().run()
    page = browser.get(address("file", file)).content.decode()
    assert "It could not be looked through" in page
    assert press(browser, address("file", file), address("file-look", file)).status_code == 303
    held.pop().run()
    assert "It could not be looked through" not in browser.get(address("file", file)).content.decode()


def test_a_time_that_is_none_beside_a_day_is_told_on_the_page(browser: Client) -> None:
    text = "Patient ID,Appointment Date,Provider\n101,03/10/2026 9:15 AM EST,Lee\n101,03/10/2026 24:00,Lee\n"
    file = bring(browser, text, kind="appointments")
    press(browser, address("file-columns", file), address("file-columns", file))
    page = browser.get(address("file", file)).content.decode()
    assert "This is no time of day: 03/10/2026 9:15 AM EST" in page


def test_rows_that_are_not_taken_are_handed_out_without_formulas(browser: Client) -> None:
    file = bring(browser, PATIENTS + '104,"=cmd(1)",Ann,13/13/1990,F\n')
    press(browser, address("file-columns", file), address("file-columns", file))
    answer = browser.get(address("left-csv", file))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "104,'=cmd(1),Ann" in answer.content.decode()


def test_what_is_no_table_is_said_in_the_form(browser: Client) -> None:
    form = filled(browser, address("file-bring"), action=address("file-bring"))
    paper = SimpleUploadedFile("a.pdf", b"%PDF-1.4", "application/pdf")
    answer = browser.post(address("file-bring"), form | {"file": paper, "system": "Old"})
    assert answer.status_code == 409
    assert "This is no table." in answer.content.decode()


def test_a_stale_page_takes_nothing_in(browser: Client, northside: Practice) -> None:
    file = bring(browser, PATIENTS)
    press(browser, address("file-columns", file), address("file-columns", file))
    form = filled(browser, address("file", file), action=address("file-run", file))
    press(browser, address("file-columns", file), address("file-columns", file))
    assert browser.post(address("file-run", file), form).status_code == 409
    assert OldFile.objects.get().state == "checked"


def test_a_file_is_forgotten_before_anything_came_of_it(browser: Client) -> None:
    file = bring(browser, PATIENTS)
    assert press(browser, address("file", file), address("file-drop", file)).status_code == 303
    assert not OldFile.objects.exists()


def test_the_desk_sees_none_of_it(browser: Client) -> None:
    file = bring(browser, PATIENTS)
    rosa = desk.signed_in(make.member())
    assert rosa.get(address("file", file)).status_code == 403
    assert rosa.post(address("file-run", file)).status_code == 403


def test_the_list_asks_the_same_however_many_files_there_are(browser: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(address("files")).status_code == 200
        return len(seen)

    bring(browser, PATIENTS)
    browser.get(address("files"))
    one = asked()
    for _ in range(3):
        bring(browser, PATIENTS)
    assert asked() == one


def test_a_page_of_a_file_asks_the_same_however_many_rows_it_has(
    browser: Client, northside: Practice
) -> None:
    def asked(text: str) -> int:
        file = bring(browser, text)
        press(browser, address("file-columns", file), address("file-columns", file))
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(address("file", file)).status_code == 200
        return len(seen)

    bad = "".join(f"{n},Roe,Ann,13/13/1990,F\n" for n in range(200, 240))
    asked(PATIENTS + bad)
    assert asked(PATIENTS + bad) == asked(PATIENTS + bad[:24])
    assert commands.look
