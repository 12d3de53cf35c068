"""A paper carried to its printer: the printer is asked between two transactions, never inside one."""

import http.client
import ssl
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents import commands
from daysheet.documents.commands.printing import ToPrint
from daysheet.formats import ipp
from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice

SECONDS = 15
PORT = 631
USER = "daysheet"


class NotReached(Exception):
    """Nothing was sent: the printer is off, or not at that address."""


class NotKnown(Exception):
    """The paper was sent and no sound answer came: it may be printed or not."""


def carry(by: Actor, *, job_id: UUID) -> None:
    """Send a paper to its printer and note what came of it. Safe to run twice."""
    paper = commands.begin_print(by, job_id=job_id)
    if paper is None:
        return
    try:
        answer = _played(paper) if _is_played(by) else send(paper)
    except NotReached:
        said = _("The printer does not answer. Is it on, and in the network?")
        commands.note_print(by, job_id=job_id, version=paper.version, sentence=said, was_sent=False)
    except NotKnown:
        said = _("The printer was sent the paper and did not answer. Look at it before you print again.")
        commands.note_print(by, job_id=job_id, version=paper.version, sentence=said)
    else:
        said = f"{_('The printer did not take it.')} {answer.sentence}" if answer.sentence else ""
        commands.note_print(
            by, job_id=job_id, version=paper.version, sentence=said, printer_job=answer.job_id
        )


def send(paper: ToPrint) -> ipp.Answer:
    """Send a paper to a printer (RFC 8010 over HTTP). Raises NotReached or NotKnown."""
    place = urlsplit(paper.uri)
    line = _line(place.scheme, place.hostname or "", place.port or PORT)
    asked = ipp.print_request(
        printer=paper.uri,
        job_name=paper.name,
        user=USER,
        media_type=paper.media_type,
        paper=paper.content,
        request_id=paper.number,
    )
    try:
        try:
            line.connect()
        except OSError as gone:
            raise NotReached(paper.uri) from gone
        try:
            line.request("POST", place.path or "/", asked, {"Content-Type": "application/ipp"})
            answer = line.getresponse()
            said = answer.read(64 * 1024)
        except (OSError, http.client.HTTPException) as lost:
            raise NotKnown(paper.uri) from lost
    finally:
        line.close()
    if answer.status != http.client.OK:
        raise NotKnown(paper.uri)
    try:
        return ipp.read_answer(said)
    except ipp.NotIpp as odd:
        raise NotKnown(paper.uri) from odd


def _is_played(by: Actor) -> bool:
    """Return whether the office is for training or demonstration: nothing leaves it, and no printer is asked."""
    practice = Practice.objects.get(pk=by.practice_id)
    return practice.is_training or practice.is_demo


def _played(paper: ToPrint) -> ipp.Answer:
    return ipp.Answer(status=0, request_id=paper.number)


def _line(scheme: str, host: str, port: int) -> http.client.HTTPConnection:
    if scheme == "ipps":
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=SECONDS)
