"""Scanned files on screen: at this station, taken for a patient, dropped and put back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.documents import commands, queries
from daysheet.documents.models import Document, PrintStation, ScannedFile
from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import HeldJob, holding
from daysheet.patients.models import Patient
from tests import cast, desk, make
from tests.pictures import PNG, picture

pytestmark = pytest.mark.django_db


@dataclass
class Office:
    """A manager's browser at a station, and a patient before it."""

    browser: Client
    ana: Actor
    station: PrintStation
    diaz: Patient
    jobs: list[HeldJob]

    def at(self, name: str, *more: object) -> str:
        return reverse(f"documents:{name}", args=[self.diaz.pk, *more])

    def page(self, address: str, **headers: Any) -> str:
        answer = self.browser.get(address, **headers)
        assert answer.status_code == 200
        return answer.content.decode()

    def press(self, address: str, **fields: str) -> tuple[int, str]:
        hidden = desk.hidden_fields(self.page(self.at("patient-scans")), form=f'action="{address}"')
        answer = self.browser.post(address, hidden | fields)
        return answer.status_code, answer.content.decode()

    def scan(self, content: bytes = PNG, name: str = "<i>a</i>.png") -> ScannedFile:
        return commands.note_scan(
            self.ana, station_id=self.station.pk, name=name, content=content, size=len(content)
        )


@pytest.fixture
def office() -> Iterator[Office]:
    with make.acting(make.practice(clock_at=None)) as practice, holding() as jobs:
        door = make.location()
        make.office()
        by = cast.ana(practice.pk).at(practice.now())
        browser = desk.signed_in(make.member("office_manager", "ana-scan", at=door))
        station = commands.keep_station(by, name="Front desk", printers={})
        shown = browser.get(reverse("documents:stations")).content.decode()
        here = reverse("documents:station-here", args=[station.pk])
        browser.post(here, desk.hidden_fields(shown, form='id="stations-acts"'))
        yield Office(browser, by, station, make.registered(), jobs)


def test_a_scan_is_seen_and_taken(office: Office) -> None:
    scan = office.scan()
    shown = office.page(office.at("patient-scans"))
    assert "&lt;i&gt;a&lt;/i&gt;.png" in shown
    assert office.page(office.at("patient-scans"), HTTP_HX_REQUEST="true").count('id="scans"') == 1
    take = office.at("scan-take", scan.pk)
    status, body = office.press(take, kind="no-such", title="Blue card")
    assert (status, 'value="Blue card"' in body) == (422, True)
    assert office.press(take, kind="card_front", title="Blue card")[0] == 303
    paper = Document.objects.get()
    assert (paper.patient_id, paper.kind, paper.title) == (office.diaz.pk, "card_front", "Blue card")
    assert "Nothing waits" in office.page(office.at("patient-scans"))


def test_a_scan_for_nobody_can_be_put_back(office: Office) -> None:
    scan = office.scan()
    stale = desk.hidden_fields(office.page(office.at("patient-scans")), form=office.at("scan-take", scan.pk))
    assert office.press(office.at("scan-drop", scan.pk))[0] == 303
    body = office.page(office.at("patient-scans"))
    undo = office.at("scan-back", scan.pk)
    assert undo in body
    late = office.browser.post(office.at("scan-take", scan.pk), stale | {"kind": "other", "title": ""})
    assert (late.status_code, "Somebody was quicker" in late.content.decode()) == (409, True)
    assert office.browser.post(undo, desk.hidden_fields(body, form=undo)).status_code == 303
    assert queries.scans_waiting(office.station.pk).count() == 1


def test_its_bytes_are_handed_out_safely(office: Office) -> None:
    scan, pdf = office.scan(), office.scan(b"%PDF-1.7 %%EOF", "a.pdf")
    shown = office.browser.get(reverse("documents:scan-file", args=[scan.pk]))
    assert (shown.content, shown["Content-Disposition"]) == (PNG, 'inline; filename="scan.png"')
    assert "sandbox" in shown["Content-Security-Policy"]
    saved = office.browser.get(reverse("documents:scan-file", args=[pdf.pk]))
    assert saved["Content-Disposition"] == 'attachment; filename="scan.pdf"'


def test_the_line_counts_and_the_look_is_asked_for(office: Office) -> None:
    line = office.page(office.at("scan-line"), HTTP_HX_REQUEST="true")
    assert "Nothing waits from the scanner" in line
    office.scan()
    assert "1 file" in office.page(office.at("scan-line"))
    assert office.at("scan-line") in office.page(office.at("document-upload"))
    office.jobs.clear()
    with pytest.raises(commands.NoSuchScan):
        commands.look_now(office.ana, station_id=office.station.pk)
    assert not office.jobs


def test_look_now_is_a_press_where_the_scanner_has_a_folder(office: Office, tmp_path: Any) -> None:
    commands.keep_station(
        office.ana,
        name="Front desk",
        printers={},
        scan_folder=str(tmp_path),
        station_id=office.station.pk,
        version=1,
    )
    office.jobs.clear()
    assert office.press(office.at("scans-look"))[0] == 303
    assert [one.name for one in office.jobs] == ["documents.look_at_scanner"]


def test_refused_scans_have_their_sentence(office: Office) -> None:
    office.scan(b"II*\x00", "old.tif")
    body = office.page(reverse("documents:scans-refused"))
    assert "old.tif" in body
    assert "Set the scanner to PDF or JPEG" in body
    assert "Nothing waits" in office.page(office.at("patient-scans"))


def test_of_many_scans_the_newest_are_shown_and_the_rest_is_counted(office: Office) -> None:
    for number in range(23):
        office.scan(b"%%PDF-1.7 %d %%%%EOF" % number, f"scan-{number}.pdf")
    body = office.page(office.at("patient-scans"))
    assert ("scan-22.pdf" in body, "scan-2.pdf" in body) == (True, False)
    assert body.index("scan-22.pdf") < body.index("scan-3.pdf")
    assert "3 older files wait too" in body


def test_a_station_whose_scans_wait_is_kept_with_a_sentence(office: Office) -> None:
    office.scan()
    shown = office.page(reverse("documents:stations"))
    retire = reverse("documents:station-retire", args=[office.station.pk])
    answer = office.browser.post(retire, desk.hidden_fields(shown, form='id="stations-acts"'))
    assert (answer.status_code, "1 file waits from its scanner" in answer.content.decode()) == (409, True)


def test_ten_scans_ask_no_more_than_two(office: Office) -> None:
    counts = []
    for more in (2, 8):
        for number in range(more):
            office.scan(picture(size=(more, number + 1)))
        with CaptureQueriesContext(connection) as asked:
            office.page(office.at("patient-scans"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_manager_names_the_folder_and_what_is_wrong_stays(office: Office, tmp_path: Any) -> None:
    address = reverse("documents:station-change", args=[office.station.pk])

    def keep(folder: str) -> tuple[int, str]:
        hidden = desk.hidden_fields(office.page(address), form='id="station-form"')
        answer = office.browser.post(address, hidden | {"name": "Front desk", "scan_folder": folder})
        return answer.status_code, answer.content.decode()

    status, body = keep("/no/such/folder")
    assert (status, "There is no such folder" in body, 'value="/no/such/folder"' in body) == (409, True, True)
    assert keep(str(tmp_path))[0] == 303
    assert f'value="{tmp_path}"' in office.page(address)
