"""A scanner's folder: whole files are taken in once and moved; nothing else is touched."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection

from daysheet.documents import commands, folders, queries, scanning
from daysheet.documents.commands import NoSuchScan, UnsoundStation
from daysheet.documents.jobs import look_at_scanner
from daysheet.documents.models import Document, PrintStation, ScannedFile
from daysheet.documents.rules import LARGEST
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.jobs import holding
from tests import cast, make
from tests.pictures import PNG, picture

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


@dataclass
class Desk:
    """A station whose scanner has a folder."""

    ana: Actor
    folder: Path
    station: PrintStation

    def put(self, name: str, content: bytes, *, seconds_ago: int = 20) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        at = self.ana.now.timestamp() - seconds_ago
        os.utime(path, (at, at))
        return path

    def look(self, before: folders.Marks | None = None) -> folders.Marks:
        return scanning.look(self.ana, station_id=self.station.pk, before=before or {})

    def look_twice(self) -> None:
        self.look(self.look())

    def lies(self, within: str = ".") -> list[str]:
        place = self.folder / within
        return sorted(one.name for one in place.iterdir() if not one.is_dir()) if place.is_dir() else []


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "scans"
    folder.mkdir()
    with make.acting(make.practice(clock_at=None)) as practice, holding():
        make.office()
        by = cast.ana(practice.pk).at(practice.now())
        station = commands.keep_station(by, name="Desk 1", printers={}, scan_folder=str(folder))
        yield Desk(by, folder, station)


@pytest.mark.django_db
def test_a_whole_file_is_taken_in_at_the_second_look_and_moved(desk: Desk) -> None:
    desk.put("a.png", PNG)
    marks = desk.look()
    assert (len(marks), desk.lies(), ScannedFile.objects.count()) == (1, ["a.png"], 0)
    assert desk.look(marks) == {}
    assert (desk.lies(), desk.lies("done")) == ([], ["a.png"])
    row = ScannedFile.objects.get()
    assert (row.state, row.name, row.media_type, bytes(row.content)) == ("waiting", "a.png", "image/png", PNG)
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_a_file_that_grows_or_is_fresh_waits(desk: Desk) -> None:
    desk.put("grows.pdf", PDF)
    desk.put("fresh.pdf", PDF, seconds_ago=1)
    desk.put("empty.pdf", b"")
    marks = desk.look()
    desk.put("grows.pdf", PDF * 2)
    assert len(desk.look(marks)) == 3
    assert (desk.lies(), ScannedFile.objects.count()) == (["empty.pdf", "fresh.pdf", "grows.pdf"], 0)


@pytest.mark.django_db
def test_the_same_bytes_again_are_the_same_row_and_both_files_are_kept(desk: Desk) -> None:
    for _round in range(2):
        desk.put("a.pdf", PDF)
        desk.look_twice()
    assert ScannedFile.objects.count() == 1
    assert (desk.lies(), len(desk.lies("done"))) == ([], 2)


@pytest.mark.django_db
def test_a_paper_scanned_again_after_it_was_filed_or_dropped_waits_again(desk: Desk) -> None:
    diaz, lee = make.registered(), make.registered("Lee", "Ann")

    def scanned() -> ScannedFile:
        desk.put("a.png", PNG)
        desk.look_twice()
        return queries.scans_waiting(desk.station.pk).get()

    first = scanned()
    commands.drop_scan(desk.ana, scan_id=first.pk, version=first.version)
    for patient in (diaz, lee):
        again = scanned()
        commands.take_scan(
            desk.ana, scan_id=again.pk, patient_id=patient.pk, kind="other", title="", version=again.version
        )
    assert Document.objects.filter(struck_at=None).count() == 2
    waits = scanned()
    with pytest.raises(NoSuchScan, match="scanned again"):
        commands.put_scan_back(desk.ana, scan_id=first.pk)
    commands.drop_scan(desk.ana, scan_id=waits.pk, version=waits.version)
    assert commands.put_scan_back(desk.ana, scan_id=first.pk).state == "waiting"


@pytest.mark.django_db
def test_a_station_is_not_retired_while_its_scans_wait(desk: Desk) -> None:
    desk.put("a.png", PNG)
    desk.look_twice()
    with pytest.raises(UnsoundStation, match="1 file waits"):
        commands.retire_station(desk.ana, station_id=desk.station.pk)
    scan = queries.scans_waiting(desk.station.pk).get()
    commands.drop_scan(desk.ana, scan_id=scan.pk, version=scan.version)
    assert commands.retire_station(desk.ana, station_id=desk.station.pk).retired_at is not None


@pytest.mark.django_db
def test_what_waits_of_a_station_that_is_gone_is_shown_at_the_others(desk: Desk) -> None:
    other = commands.keep_station(desk.ana, name="Desk 2", printers={})
    desk.put("a.png", PNG)
    desk.look_twice()
    assert not queries.scans_waiting(other.pk).exists()
    PrintStation.objects.filter(pk=desk.station.pk).update(retired_at=desk.ana.now)
    assert queries.scans_waiting(other.pk).count() == 1
    assert not queries.scans_waiting(None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"hello", "Only pictures"),
        (b"\x00" * 100, "Only pictures"),
        (b"II*\x00 and more", "TIFF"),
        (PNG[:-30], "damaged or cut off"),
        (picture("JPEG", size=(80, 80))[:200], "damaged or cut off"),
        (b"%PDF-1.7\nhalf of it", "cut off"),
        (b"x" * (LARGEST + 1), "larger than 8 MB"),
    ],
)
def test_what_cannot_be_filed_is_refused_with_a_sentence(desk: Desk, content: bytes, sentence: str) -> None:
    desk.put("odd.bin", content)
    desk.look_twice()
    row = queries.scans_refused().get()
    assert sentence in row.sentence
    assert bytes(row.content) == b""
    assert (desk.lies(), desk.lies("refused"), desk.lies("done")) == ([], ["odd.bin"], [])


@pytest.mark.django_db
def test_links_hidden_files_and_folders_are_left_alone(desk: Desk, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(PDF)
    (desk.folder / "link.pdf").symlink_to(secret)
    (desk.folder / "inner").mkdir()
    (desk.folder / "inner" / "deep.pdf").write_bytes(PDF)
    os.mkfifo(desk.folder / "pipe.pdf")
    desk.put(".hidden.pdf", PDF)
    desk.look_twice()
    assert not ScannedFile.objects.exists()
    assert desk.lies() == [".hidden.pdf", "link.pdf", "pipe.pdf"]
    assert secret.read_bytes() == PDF


@pytest.mark.django_db
def test_done_that_is_a_link_leads_nowhere(desk: Desk, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (desk.folder / "done").symlink_to(away)
    desk.put("a.pdf", PDF)
    desk.look_twice()
    assert (list(away.iterdir()), desk.lies()) == ([], ["a.pdf"])
    assert "plain folders" in queries.scanning_stations().get().scan_problem
    (desk.folder / "done").unlink()
    desk.look_twice()
    assert queries.scanning_stations().get().scan_problem == ""
    assert desk.lies("done") == ["a.pdf"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["<b>x.pdf", "a\nb.pdf", "\u202efdp.exe", "-rf", "z" * 250 + ".pdf", "..pdf..", "\udcff\udcfe.pdf"],
)
def test_a_hostile_name_is_a_name_like_another(desk: Desk, name: str) -> None:
    if name.startswith("."):
        name = "x" + name
    desk.put(name, PDF)
    desk.look_twice()
    row = ScannedFile.objects.get()
    assert row.name.isprintable()
    assert len(row.name) <= 120
    assert (desk.lies(), desk.lies("done")) == ([], [name])


@pytest.mark.django_db
def test_two_looks_at_once_make_one_row(desk: Desk) -> None:
    desk.put("a.pdf", PDF)
    marks = desk.look()
    with folders.opened(str(desk.folder)) as held:
        whole, _growing = folders.sorted_out(held, marks, desk.ana.now.timestamp())
        desk.look(marks)
        assert folders.bytes_of(held, whole[0]) is None
        folders.put_away(held, whole[0], folders.DONE)
    assert (ScannedFile.objects.count(), desk.lies("done")) == (1, ["a.pdf"])


@pytest.mark.django_db
def test_the_job_looks_again_while_something_may_grow(desk: Desk) -> None:
    desk.put("a.pdf", PDF)
    with holding() as held:
        look_at_scanner(practice_id=str(desk.ana.practice_id), station_id=str(desk.station.pk))
        assert [one.name for one in held] == ["documents.look_at_scanner"]
        assert "a.pdf" not in str(held)
        held[0].run()
        assert len(held) == 1
    assert ScannedFile.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["scans", "/no/such/folder", "/", "/tmp/../tmp", "/tmp\x00x"])
def test_a_folder_that_cannot_be_one_is_refused(desk: Desk, path: str) -> None:
    with pytest.raises(UnsoundStation):
        commands.keep_station(desk.ana, name="Desk 2", printers={}, scan_folder=path)
    assert PrintStation.objects.count() == 1


@pytest.mark.django_db
def test_a_link_anothers_folder_and_our_own_are_refused(desk: Desk, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(desk.folder)
    done = tmp_path / "done"
    done.mkdir()
    for path in (link, desk.folder, done, Path(settings.STATE), tmp_path / "gone"):
        with pytest.raises(UnsoundStation):
            commands.keep_station(desk.ana, name="Desk 2", printers={}, scan_folder=str(path))
    other = make.practice("Southside", clock_at=None)
    by = cast.ana(other.pk).at(other.now())
    with make.acting(other), pytest.raises(UnsoundStation, match="has this folder"):
        commands.keep_station(by, name="Desk 1", printers={}, scan_folder=str(desk.folder))


@pytest.mark.django_db
def test_an_office_for_training_reads_no_folder(tmp_path: Path) -> None:
    practice = make.practice(is_training=True, clock_at=cast.NOW)
    with make.acting(practice), pytest.raises(UnsoundStation, match="training"):
        commands.keep_station(cast.ana(practice.pk), name="Desk", printers={}, scan_folder=str(tmp_path))


@pytest.mark.django_db
def test_a_taken_scan_can_be_put_back_and_taken_for_another(desk: Desk) -> None:
    diaz, lee = make.registered(), make.registered("Lee", "Ann")
    scan = commands.note_scan(desk.ana, station_id=desk.station.pk, name="a", content=PNG, size=len(PNG))
    facts = {"scan_id": scan.pk, "kind": "card_front", "title": ""}
    first = commands.take_scan(desk.ana, patient_id=diaz.pk, version=1, **facts)
    with pytest.raises(NoSuchScan):
        commands.take_scan(desk.ana, patient_id=lee.pk, version=1, **facts)
    commands.put_scan_back(desk.ana, scan_id=scan.pk)
    second = commands.take_scan(desk.ana, patient_id=lee.pk, version=3, **facts)
    assert (second.patient_id, Document.objects.get(pk=first.pk).struck_at) == (lee.pk, desk.ana.now)
    with pytest.raises(Refusal, match="filed again"):
        commands.restore_paper(desk.ana, document_id=first.pk)


@pytest.mark.django_db(transaction=True)
def test_two_windows_take_one_scan_and_one_wins() -> None:
    practice = make.practice(clock_at=None)
    by = cast.ana(practice.pk).at(practice.now())
    with make.acting(practice), holding():
        make.office()
        station = commands.keep_station(by, name="Desk 1", printers={})
        scan = commands.note_scan(by, station_id=station.pk, name="a", content=PNG, size=len(PNG))
        people = [make.registered().pk, make.registered("Lee", "Ann").pk]
    start = Barrier(2)

    def take(place: int) -> bool:
        start.wait()
        try:
            commands.take_scan(
                by, scan_id=scan.pk, patient_id=people[place], kind="other", title="", version=1
            )
        except NoSuchScan:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == [False, True]
    with make.acting(practice):
        assert Document.objects.count() == 1
