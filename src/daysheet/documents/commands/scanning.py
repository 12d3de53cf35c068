"""Files of a scanner: taken in, filed for a patient, dropped, put back."""

import hashlib
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from daysheet.documents import queries, rules
from daysheet.documents.commands.papers import file_document, strike_paper
from daysheet.documents.judging import fault_of_scan
from daysheet.documents.models import Document, PrintStation, ScannedFile
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.jobs import later
from daysheet.kernel.live import announce

State = ScannedFile.State


class NoSuchScan(Refusal):
    """The scanned file is not there, or somebody has said already whose it is."""


@command(needs=Can.WORK)
def look_now(by: Actor, /, *, station_id: UUID) -> PrintStation:
    """Have the folder of a station's scanner looked into at once."""
    station = queries.scanning_stations().filter(pk=station_id).first()
    if station is None:
        raise NoSuchScan(_("This station has no scanner's folder. A manager names one on its page."))
    later("documents.look_at_scanner", practice_id=by.practice_id, station_id=station.pk)
    record(by, "documents.scanner.asked", station)
    return station


@command(needs=Can.WORK)
def note_scan_folder(by: Actor, /, *, station_id: UUID, problem: str) -> PrintStation:
    """Note why a scanner's folder cannot be looked into, or that it can be again."""
    station = PrintStation.objects.select_for_update().get(pk=station_id)
    station.scan_problem = problem
    station.save(update_fields=["scan_problem"])
    record(by, "documents.scanner.noted", station, failed=bool(problem))
    return station


@command(needs=Can.WORK)
def note_scan(by: Actor, /, *, station_id: UUID, name: str, content: bytes, size: int) -> ScannedFile:
    """Take in a file of a scanner, judged; while it waits or stands refused, the same bytes again are the same row.

    What was filed or dropped and lies in the folder anew waits anew.
    """
    fault = fault_of_scan(content, size)
    told = rules.plain_name(name)
    known = content or f"{told} {size}".encode()
    row = ScannedFile(
        station_id=station_id,
        name=told,
        media_type=rules.type_of(content),
        content=b"" if fault else content,
        size=size,
        sha256=hashlib.sha256(known).hexdigest(),
        state=State.REFUSED if fault else State.WAITING,
        sentence=fault,
        seen_at=by.now,
    )
    ScannedFile.objects.bulk_create([row], ignore_conflicts=True)
    same = ScannedFile.objects.defer("content").filter(station_id=station_id, sha256=row.sha256)
    kept = same.filter(pk=row.pk).first() or same.latest("seen_at")
    record(by, "documents.scan.noted", kept, refused=bool(fault), sha256=row.sha256)
    announce(by.practice_id, "scans")
    return kept


@command(needs=Can.FILE_PAPERS)
def take_scan(
    by: Actor,
    /,
    *,
    scan_id: UUID,
    patient_id: UUID,
    kind: str,
    title: str,
    version: int,
    about: Model | None = None,
) -> Document:
    """File a scanned file for a patient; `about` is what the paper is about, such as a coverage, where it is known.

    Raises NoSuchScan when somebody was quicker, StaleForm, or UnfitPaper.
    """
    scan = _held(scan_id, version, {State.WAITING})
    with refusing(document_scan_is_filed_once=NoSuchScan(_("Somebody has filed it already."))):
        paper = file_document(
            by,
            patient_id=patient_id,
            kind=kind,
            title=title or queries.kind_words(kind),
            content=bytes(scan.content),
            subject=about or scan,
        )
    scan.document = paper
    _settled(by, scan, State.TAKEN)
    record(by, "documents.scan.taken", scan, patients=[patient_id], kind=kind)
    return paper


@command(needs=Can.FILE_PAPERS)
def drop_scan(by: Actor, /, *, scan_id: UUID, version: int) -> ScannedFile:
    """Say that a scanned file is for nobody. Raises NoSuchScan, or StaleForm."""
    scan = _held(scan_id, version, {State.WAITING})
    _settled(by, scan, State.DROPPED)
    record(by, "documents.scan.dropped", scan)
    return scan


@command(needs=Can.FILE_PAPERS)
def put_scan_back(by: Actor, /, *, scan_id: UUID) -> ScannedFile:
    """Let a scanned file wait again; the paper that was made of it is marked as filed by mistake.

    Raises NoSuchScan when it waits already, or its bytes are gone after a week.
    """
    scan = _held(scan_id, None, {State.TAKEN, State.DROPPED})
    if not scan.content:
        raise NoSuchScan(_("That is more than a week ago: the file is not held any more."))
    paper = scan.document
    if paper is not None and paper.struck_at is None:
        strike_paper(by, document_id=paper.pk)
    scan.document = None
    with refusing(
        scanned_file_is_known_once=NoSuchScan(_("The same file waits already: it was scanned again."))
    ):
        _settled(by, scan, State.WAITING)
    patients = [paper.patient_id] if paper is not None and paper.patient_id else []
    record(by, "documents.scan.put-back", scan, patients=patients)
    return scan


def _held(scan_id: UUID, version: int | None, states: set[State]) -> ScannedFile:
    scan = ScannedFile.objects.select_for_update().filter(pk=scan_id).first()
    if scan is None:
        raise NoSuchScan(_("That file is not known to this office."))
    if scan.state not in states:
        sentence = _("Somebody was quicker: it is “%(state)s” now.") % {"state": scan.get_state_display()}
        raise NoSuchScan(sentence)
    if version is not None and scan.version != version:
        raise StaleForm(_("It has gone on meanwhile. Look at the list again."))
    return scan


def _settled(by: Actor, scan: ScannedFile, state: State) -> None:
    scan.state, scan.acted_at, scan.by_name = state, by.now, by.name
    scan.version += 1
    scan.save(update_fields=["state", "document", "acted_at", "by_name", "version"])
    announce(by.practice_id, "scans")
