"""Printing at a station: which printers it has, what is sent to one, and how far that got."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.documents import folders, queries, rules
from daysheet.documents.commands.papers import keep_document
from daysheet.documents.models import Document, PrintJob, PrintStation, StationPrinter
from daysheet.documents.test_page import test_page
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.jobs import later
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice

State = PrintJob.State
TEST_PAGE = "test_page"
MOST_TRIES = 3
NEXT_TRY = timedelta(seconds=20)
LONGEST_NAME = 60


class UnsoundStation(Refusal):
    """A station without a name, with a name that another has, or with an address that is no printer's."""


class NoPrinterHere(Refusal):
    """The station has no printer for this paper, or a printer cannot print it."""


class NoSuchPrint(Refusal):
    """The print is not there, or in a state from which the act does not follow."""


@dataclass(frozen=True, slots=True)
class ToPrint:
    """What is sent to which printer."""

    uri: str
    name: str
    media_type: str
    content: bytes
    number: int
    """Of the request: the paper's number and how often it was tried."""
    version: int
    """Of the print, while this is sent: what comes of it is noted for this sending alone."""


@command(needs=Can.MANAGE_OFFICE)
def keep_station(
    by: Actor,
    /,
    *,
    name: str,
    printers: Mapping[str, str],
    station_id: UUID | None = None,
    location_id: UUID | None = None,
    scan_folder: str = "",
    version: int = 0,
) -> PrintStation:
    """Name a station, say where its printers are and where its scanner puts files; it need have none.

    Raises UnsoundStation, or StaleForm when somebody else has changed it.
    """
    told = " ".join(name.replace("\x00", " ").split())
    if not told or len(told) > LONGEST_NAME:
        sentence = _("Give the station a name of at most 60 signs, such as Front desk 1.")
        raise UnsoundStation(sentence, name=sentence)
    station = PrintStation(version=0)
    if station_id is not None:
        station = PrintStation.objects.select_for_update().get(pk=station_id, retired_at__isnull=True)
    if station_id is not None and station.version != version:
        raise StaleForm(_("Somebody else has changed this station meanwhile. Look at it again."))
    places = {sort: uri.strip() for sort, uri in printers.items() if uri.strip()}
    for sort, uri in places.items():
        _place_is_sound(sort, uri)
    _folder_is_sound(by, scan_folder.strip())
    station.name, station.location_id = told, location_id
    station.scan_folder, station.scan_problem = scan_folder.strip(), ""
    station.version += 1
    taken, used = _("Another station has this name."), _("Another station's scanner has this folder.")
    with refusing(
        print_station_name_is_own=UnsoundStation(taken, name=taken),
        scan_folder_has_one_station=UnsoundStation(used, scan_folder=used),
    ):
        station.save()
    StationPrinter.objects.filter(station=station).delete()
    StationPrinter.objects.bulk_create(
        [StationPrinter(station=station, sort=sort, uri=uri) for sort, uri in places.items()]
    )
    record(by, "documents.station.kept", station, sorts=sorted(places))
    return station


@command(needs=Can.MANAGE_OFFICE)
def retire_station(by: Actor, /, *, station_id: UUID) -> PrintStation:
    """Use a station no more: nothing is printed there from now on. Raises UnsoundStation while scans wait there."""
    station = PrintStation.objects.select_for_update().get(pk=station_id)
    waiting = queries.scans_waiting(station_id).filter(station=station).count()
    if waiting:
        said = ngettext(
            "%(n)s file waits from its scanner: file it, or say that it is for nobody; then retire the station.",
            "%(n)s files wait from its scanner: file them, or say that they are for nobody; then retire the station.",
            waiting,
        )
        raise UnsoundStation(said % {"n": waiting})
    station.retired_at = station.retired_at or by.now
    station.scan_folder = ""
    station.save(update_fields=["retired_at", "scan_folder"])
    record(by, "documents.station.retired", station)
    return station


@command(needs=Can.WORK)
def print_paper(by: Actor, /, *, document_id: UUID, station_id: UUID) -> PrintJob:
    """Send a paper to the printer of a station, without a question; whoever may read it may print it.

    Raises NoPrinterHere.
    """
    paper = Document.objects.defer("content").get(pk=document_id)
    by.must(rules.needed(paper.kind))
    printer = queries.printer_for(station_id, paper.kind)
    if printer is None:
        raise NoPrinterHere(
            _("This station has no printer for that. Open the paper and print it from the browser.")
        )
    if paper.media_type not in rules.PRINTABLE:
        raise NoPrinterHere(_("A printer takes PDF and pictures only."))
    job = PrintJob.objects.create(
        document=paper,
        station_id=station_id,
        sort=printer.sort,
        uri=printer.uri,
        asked_at=by.now,
        by_name=by.name,
    )
    record(by, "documents.print.asked", job, patients=queries.named_in(paper), kind=paper.kind)
    _carry_on(by, job)
    return job


@command(needs=Can.FILE_PAPERS)
def print_test_page(by: Actor, /, *, station_id: UUID, sort: str) -> PrintJob:
    """Send a page with nobody's data to one of a station's printers, to see whether it prints. Raises NoPrinterHere."""
    printer = queries.printer_of(station_id, sort)
    if printer is None:
        raise NoPrinterHere(_("This station has no such printer."))
    lines = [
        "Daysheet: test page",
        f"{printer.station.name}: {printer.get_sort_display()}",
        printer.uri,
        f"{by.now:%Y-%m-%d %H:%M} UTC, {by.name}",
        "The frame stands along all four edges of the paper.",
    ]
    paper = keep_document(
        by,
        kind=TEST_PAGE,
        title=_("Test page"),
        media_type="application/pdf",
        content=test_page(sort, lines),
    )
    job = PrintJob.objects.create(
        document=paper, station_id=station_id, sort=sort, uri=printer.uri, asked_at=by.now, by_name=by.name
    )
    record(by, "documents.print.asked", job, kind=TEST_PAGE)
    _carry_on(by, job)
    return job


@command(needs=Can.WORK)
def print_again(by: Actor, /, *, job_id: UUID, version: int) -> PrintJob:
    """Send again what was not printed, to the printer that the station has now.

    What is being sent is sent again only when nothing was heard of it for minutes. Raises NoSuchPrint, NoPrinterHere.
    """
    job = _held(by, job_id, version, {State.FAILED, State.SENDING, State.WAITING})
    if job.state == State.SENDING and not queries.is_silent(job, by.now):
        raise NoSuchPrint(_("It is being sent now. Wait some minutes, and look at the printer first."))
    is_test = job.document.kind == TEST_PAGE
    printer = (
        queries.printer_of(job.station_id, job.sort)
        if is_test
        else queries.printer_for(job.station_id, job.document.kind)
    )
    if printer is None:
        raise NoPrinterHere(_("This station has no printer for that now."))
    job.state, job.tries, job.sentence = State.WAITING, 0, ""
    job.uri, job.sort = printer.uri, printer.sort
    job.version += 1
    job.save()
    record(by, "documents.print.asked-again", job)
    _carry_on(by, job)
    return job


@command(needs=Can.WORK)
def drop_print(by: Actor, /, *, job_id: UUID, version: int) -> PrintJob:
    """Drop what was not printed."""
    job = _held(by, job_id, version, {State.FAILED, State.SENDING, State.WAITING})
    job.state = State.DROPPED
    job.version += 1
    job.save(update_fields=["state", "version"])
    record(by, "documents.print.dropped", job)
    announce(by.practice_id, "prints")
    return job


@command(needs=Can.WORK)
def begin_print(by: Actor, /, *, job_id: UUID) -> ToPrint | None:
    """Return what is to be sent now, or nothing; it counts as tried before the printer hears of it."""
    rows = PrintJob.objects.select_for_update(of=("self",)).select_related("document", "station")
    job = rows.filter(pk=job_id).first()
    if job is None:
        record(by, "documents.print.gone")
        return None
    record(by, "documents.print.looked-at", job)
    if job.state != State.WAITING:
        return None
    if job.station.retired_at is not None:
        job.state, job.sentence = State.FAILED, _("The station is used no more. Print the paper at another.")
        job.version += 1
        job.save(update_fields=["state", "sentence", "version"])
        announce(by.practice_id, "prints")
        return None
    job.state, job.tried_at = State.SENDING, by.now
    job.tries += 1
    job.version += 1
    job.save(update_fields=["state", "tried_at", "tries", "version"])
    paper = job.document
    name = f"{paper.kind} {paper.number}"
    return ToPrint(job.uri, name, paper.media_type, bytes(paper.content), job.tries, job.version)


@command(needs=Can.WORK)
def note_print(
    by: Actor,
    /,
    *,
    job_id: UUID,
    version: int,
    sentence: str = "",
    printer_job: int | None = None,
    was_sent: bool = True,
) -> PrintJob:
    """Note what came of one sending, by the version that began it; of an earlier one nothing is noted.

    What never reached the printer is tried again by itself, three times in all.
    """
    job = PrintJob.objects.select_for_update().get(pk=job_id)
    record(by, "documents.print.noted", job, failed=bool(sentence))
    if job.state != State.SENDING or job.version != version:
        return job
    job.sentence, job.printer_job = sentence[:300], printer_job
    if not sentence:
        job.state = State.PRINTED
    elif not was_sent and job.tries < MOST_TRIES:
        job.state = State.WAITING
        later("documents.print_paper", at=by.now + NEXT_TRY, practice_id=by.practice_id, job_id=job.pk)
    else:
        job.state = State.FAILED
    job.version += 1
    job.save()
    announce(by.practice_id, "prints")
    return job


def _held(by: Actor, job_id: UUID, version: int, states: set[State]) -> PrintJob:
    rows = (
        PrintJob.objects.select_for_update(of=("self",)).select_related("document").defer("document__content")
    )
    job = rows.filter(pk=job_id).first()
    if job is None:
        raise NoSuchPrint(_("That print is not known to this office."))
    by.must(rules.needed(job.document.kind))
    if job.version != version:
        raise StaleForm(_("It has gone on meanwhile. Look at the list again."))
    if job.state not in states:
        sentence = _("That cannot be done now: it is “%(state)s”.") % {"state": job.get_state_display()}
        raise NoSuchPrint(sentence)
    return job


def _place_is_sound(sort: str, uri: str) -> None:
    if sort not in StationPrinter.Sort.values:
        raise UnsoundStation(_("There is no such sort of paper."))
    fault = rules.fault_of_place(uri)
    if fault:
        sentence = (
            _("The port is a number from 1 to 65535.")
            if fault == "port"
            else _("Write it as ipp://printer.local/ipp/print or ipp://server:631/printers/desk.")
        )
        raise UnsoundStation(sentence, **{sort: sentence})


def _folder_is_sound(by: Actor, path: str) -> None:
    if not path:
        return
    practice = Practice.objects.get(pk=by.practice_id)
    fault = (
        _("An office for training or demonstration reads no folder of this machine.")
        if practice.is_training or practice.is_demo
        else folders.fault_of(path)
    )
    if fault:
        raise UnsoundStation(fault, scan_folder=fault)


def _carry_on(by: Actor, job: PrintJob) -> None:
    later("documents.print_paper", practice_id=by.practice_id, job_id=job.pk)
    announce(by.practice_id, "prints")
