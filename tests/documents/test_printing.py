"""A paper goes to its station's printer; what the printer says is kept, and nothing prints twice by itself."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pypdf
import pytest

from daysheet.documents import commands, jobs, printing, queries, rules
from daysheet.documents.models import Document, PrintJob, PrintStation, StationPrinter
from daysheet.documents.test_page import test_page as a_test_page
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.jobs import HeldJob, holding
from tests import cast, make

pytestmark = pytest.mark.django_db
TAKEN = b"\x01\x01\x00\x00\x00\x00\x00\x01\x02\x21\x00\x06job-id\x00\x04\x00\x00\x00\x93\x03"
BUSY = b"\x01\x01\x05\x07\x00\x00\x00\x01\x01\x03"


@dataclass
class Printer:
    """A printer of our own on this machine: it answers what it is told to, and keeps what it was sent."""

    port: int = 0
    answer: bytes = TAKEN
    status: int = 200
    heard: list[tuple[str, str, bytes]] = field(default_factory=list)

    @property
    def uri(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/ipp/print"


@pytest.fixture
def printer() -> Iterator[Printer]:
    held = Printer()

    class Tray(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            held.heard.append((self.path, self.headers["Content-Type"], sent))
            self.send_response(held.status)
            self.send_header("Content-Length", str(len(held.answer)))
            self.end_headers()
            self.wfile.write(held.answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tray)
    held.port = server.server_port
    Thread(target=server.serve_forever, daemon=True).start()
    yield held
    server.shutdown()
    server.server_close()


@dataclass
class Desk:
    """A practice with one station."""

    practice_id: Any
    rosa: Actor
    ana: Actor
    station: PrintStation
    held: list[HeldJob]

    def paper(self, kind: str = "receipt", media_type: str = "application/pdf") -> Document:
        return commands.keep_document(
            self.ana, kind=kind, title="Paper", media_type=media_type, content=b"%PDF-1.7 paper"
        )

    def print(self, paper: Document, by: Actor | None = None) -> PrintJob:
        return commands.print_paper(by or self.rosa, document_id=paper.pk, station_id=self.station.pk)

    def work(self, job: PrintJob) -> PrintJob:
        jobs.print_paper(practice_id=str(self.practice_id), job_id=str(job.pk))
        job.refresh_from_db()
        return job


@pytest.fixture
def desk(printer: Printer) -> Iterator[Desk]:
    with make.acting(make.practice()) as practice, holding() as held:
        ana = cast.ana(practice.pk)
        station = commands.keep_station(
            ana, name="Front desk", printers={"plain": printer.uri, "label": printer.uri}
        )
        yield Desk(practice.pk, cast.rosa(practice.pk), ana, station, held)


def test_a_paper_reaches_the_printer_with_its_bytes(desk: Desk, printer: Printer) -> None:
    job = desk.work(desk.print(desk.paper()))
    assert (job.state, job.printer_job, job.sentence, job.tries) == ("printed", 147, "", 1)
    ((path, kind, sent),) = printer.heard
    assert (path, kind) == ("/ipp/print", "application/ipp")
    assert sent.endswith(b"\x03%PDF-1.7 paper")
    assert sent[2:4] == b"\x00\x02"


def test_no_name_of_a_patient_goes_to_the_printer_s_list(desk: Desk, printer: Printer) -> None:
    diaz = make.patient()
    paper = commands.keep_document(
        desk.ana,
        kind="receipt",
        title="Receipt for Maria Diaz",
        media_type="application/pdf",
        content=b"%PDF-1.7",
        patient_id=diaz.pk,
    )
    desk.work(desk.print(paper))
    assert b"Diaz" not in printer.heard[0][2]
    assert f"receipt {paper.number}".encode() in printer.heard[0][2]


def test_a_job_that_runs_twice_prints_once(desk: Desk, printer: Printer) -> None:
    job = desk.print(desk.paper())
    desk.work(job)
    desk.work(job)
    assert len(printer.heard) == 1


def test_what_comes_late_of_a_sending_that_was_given_up_changes_nothing(desk: Desk, printer: Printer) -> None:
    by, job = cast.system(desk.practice_id), desk.print(desk.paper())
    first = commands.begin_print(by, job_id=job.pk)
    assert first is not None
    job.refresh_from_db()
    with pytest.raises(commands.NoSuchPrint, match="being sent now"):
        commands.print_again(desk.rosa, job_id=job.pk, version=job.version)
    later = desk.rosa.at(desk.rosa.now + timedelta(minutes=3))
    commands.print_again(later, job_id=job.pk, version=job.version)
    second = commands.begin_print(by.at(later.now), job_id=job.pk)
    assert second is not None
    desk.held.clear()
    noted = commands.note_print(
        by, job_id=job.pk, version=first.version, sentence="not reached", was_sent=False
    )
    assert (noted.state, desk.held) == ("sending", [])
    assert commands.note_print(by, job_id=job.pk, version=second.version, printer_job=7).state == "printed"


def test_what_is_sent_for_minutes_without_a_word_is_said_to_be_silent(desk: Desk) -> None:
    job = desk.print(desk.paper())
    commands.begin_print(cast.system(desk.practice_id), job_id=job.pk)
    job.refresh_from_db()
    assert job.tried_at is not None
    judged = [queries.is_silent(job, job.tried_at + timedelta(seconds=after)) for after in (30, 121)]
    assert judged == [False, True]


def test_what_waits_for_a_retired_station_is_not_sent(desk: Desk, printer: Printer) -> None:
    job = desk.print(desk.paper())
    commands.retire_station(desk.ana, station_id=desk.station.pk)
    done = desk.work(job)
    assert (done.state, "used no more" in done.sentence, printer.heard) == ("failed", True, [])
    with pytest.raises(commands.NoPrinterHere):
        commands.print_again(desk.rosa, job_id=job.pk, version=done.version)


def test_a_printer_that_says_no_is_told_at_the_desk(desk: Desk, printer: Printer) -> None:
    printer.answer = BUSY
    job = desk.work(desk.print(desk.paper()))
    assert (job.state, "busy" in job.sentence) == ("failed", True)
    printer.answer = TAKEN
    again = commands.print_again(desk.rosa, job_id=job.pk, version=job.version)
    assert (again.state, desk.work(again).state) == ("waiting", "printed")


@pytest.mark.parametrize(("status", "answer"), [(500, TAKEN), (200, b"<html>")], ids=["http", "odd"])
def test_what_may_have_been_printed_is_never_sent_again_by_itself(
    desk: Desk, printer: Printer, status: int, answer: bytes
) -> None:
    printer.status, printer.answer = status, answer
    job = desk.work(desk.print(desk.paper()))
    assert (job.state, "Look at it before" in job.sentence) == ("failed", True)


def test_a_printer_that_is_off_is_tried_three_times(desk: Desk) -> None:
    commands.keep_station(
        desk.ana,
        name="Front desk",
        printers={"plain": "ipp://127.0.0.1:1/ipp/print"},
        station_id=desk.station.pk,
        version=1,
    )
    job = desk.print(desk.paper())
    states = [desk.work(job).state for _number in range(3)]
    assert states == ["waiting", "waiting", "failed"]
    assert "Is it on" in job.sentence
    assert sum(one.name == "documents.print_paper" for one in desk.held) == 3


def test_an_office_for_training_asks_no_printer(desk: Desk, printer: Printer) -> None:
    with make.acting(make.practice("School", is_training=True)) as school, holding():
        ana = cast.ana(school.pk)
        station = commands.keep_station(ana, name="Desk", printers={"plain": printer.uri})
        paper = commands.keep_document(
            ana, kind="receipt", title="Paper", media_type="application/pdf", content=b"%PDF"
        )
        job = commands.print_paper(ana, document_id=paper.pk, station_id=station.pk)
        printing.carry(cast.system(school.pk), job_id=job.pk)
        job.refresh_from_db()
        assert (job.state, printer.heard) == ("printed", [])


def test_a_receipt_takes_its_own_printer_else_the_plain_one_and_a_label_only_its_own(desk: Desk) -> None:
    found = {kind: queries.printer_for(desk.station.pk, kind) for kind in ("receipt", "label", "letter")}
    assert {kind: one.sort for kind, one in found.items() if one} == {
        "receipt": "plain",
        "label": "label",
        "letter": "plain",
    }
    StationPrinter.objects.filter(sort="label").delete()
    assert queries.printer_for(desk.station.pk, "label") is None
    assert queries.printer_for(None, "receipt") is None
    with pytest.raises(commands.NoPrinterHere):
        desk.print(desk.paper("label"))


def test_who_may_not_read_a_paper_may_not_print_it(desk: Desk) -> None:
    coder = Actor.of_role("coder", practice_id=desk.practice_id, user_id=None, name="Cy", now=cast.NOW)
    with pytest.raises(NotPermitted):
        desk.print(desk.paper("receipt"), by=coder)
    assert not PrintJob.objects.exists()


def test_a_file_that_no_printer_takes_is_refused(desk: Desk) -> None:
    with pytest.raises(commands.NoPrinterHere, match="PDF and pictures"):
        desk.print(desk.paper("letter", "text/plain"))


def test_what_waits_is_dropped_and_an_old_page_changes_nothing(desk: Desk, printer: Printer) -> None:
    job = desk.print(desk.paper())
    with pytest.raises(StaleForm):
        commands.drop_print(desk.rosa, job_id=job.pk, version=9)
    dropped = commands.drop_print(desk.rosa, job_id=job.pk, version=job.version)
    assert (desk.work(dropped).state, printer.heard) == ("dropped", [])
    with pytest.raises(commands.NoSuchPrint):
        commands.print_again(desk.rosa, job_id=job.pk, version=dropped.version)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "Front desk"}, "name"),
        ({"printers": {"plain": "http://printer/"}}, "plain"),
        ({"printers": {"plain": "ipp://user@printer/ipp"}}, "plain"),
        ({"printers": {"receipt": "ipp://printer/../x"}}, "receipt"),
        ({"printers": {"label": "ipp://printer:99999/ipp"}}, "label"),
    ],
)
def test_a_station_that_is_not_sound_is_refused_at_its_field(
    desk: Desk, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(commands.UnsoundStation) as no:
        commands.keep_station(desk.ana, **{"name": "Back desk", "printers": {}} | facts)
    assert field in no.value.fields
    assert PrintStation.objects.count() == 1


def test_only_a_manager_sets_printers(desk: Desk) -> None:
    with pytest.raises(NotPermitted):
        commands.keep_station(desk.rosa, name="Mine", printers={})


def test_a_retired_station_gives_its_name_free(desk: Desk) -> None:
    commands.retire_station(desk.ana, station_id=desk.station.pk)
    assert commands.keep_station(desk.ana, name="Front desk", printers={}).pk != desk.station.pk
    assert queries.printer_for(desk.station.pk, "receipt") is None


@pytest.mark.parametrize(
    ("uri", "fault"),
    [
        ("ipp://printer.local/ipp/print", ""),
        ("ipps://10.0.0.4:631/printers/desk_1", ""),
        ("ipp://printer", ""),
        ("ipp://printer:0/", "port"),
        ("ipp://", "shape"),
        ("ipp://printer/a b", "shape"),
        ("ipp://printer\n/ipp", "shape"),
        ("file:///etc/passwd", "shape"),
    ],
)
def test_the_address_of_a_printer_is_judged(uri: str, fault: str) -> None:
    assert rules.fault_of_place(uri) == fault


def test_a_test_page_goes_to_each_printer_of_the_station_and_names_nobody(
    desk: Desk, printer: Printer
) -> None:
    places = {"receipt": printer.uri, "label": printer.uri, "plain": printer.uri}
    commands.keep_station(
        desk.ana, station_id=desk.station.pk, version=desk.station.version, name="Desk", printers=places
    )
    for sort in places:
        job = commands.print_test_page(desk.rosa, station_id=desk.station.pk, sort=sort)
        assert (desk.work(job).state, job.sort) == ("printed", sort)
    paper = Document.objects.filter(kind="test_page").last()
    assert paper is not None
    assert (paper.patient_id, len(printer.heard)) == (None, 3)
    assert b"%PDF-1.4" in printer.heard[0][2]
    with pytest.raises(commands.NoPrinterHere):
        commands.print_test_page(desk.rosa, station_id=desk.station.pk, sort="encounter")


@pytest.mark.parametrize("sort", ["label", "receipt", "encounter", "plain"])
def test_the_test_page_is_a_sound_pdf_that_shows_its_lines(sort: str) -> None:
    page = pypdf.PdfReader(io.BytesIO(a_test_page(sort, ["Front (desk) \\ 1", "Zoë's \N{SNOWMAN}"]))).pages[0]
    assert page.extract_text().split("\n")[:2] == ["Front (desk) \\ 1", "Zoë's ?"]
    assert (page.mediabox.width < 300) is (sort in ("label", "receipt"))


def test_a_test_page_is_sent_again_to_the_printer_it_was_for(desk: Desk, printer: Printer) -> None:
    places = {"label": printer.uri, "plain": "ipp://127.0.0.1:1/gone"}
    commands.keep_station(
        desk.ana, station_id=desk.station.pk, version=desk.station.version, name="Desk", printers=places
    )
    printer.answer = BUSY
    job = desk.work(commands.print_test_page(desk.rosa, station_id=desk.station.pk, sort="label"))
    assert job.state == "failed"
    again = commands.print_again(desk.rosa, job_id=job.pk, version=job.version)
    assert (again.sort, again.uri) == ("label", printer.uri)
