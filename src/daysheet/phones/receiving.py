"""The edge at which a telephone system's report comes in: size, token, stamp, signature and words are judged here."""

from dataclasses import dataclass
from uuid import UUID

import orjson
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from daysheet.kernel import clock
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.phones import commands, keys, queries, rules
from daysheet.phones.commands import Report

MOST = 16 * 1024
LONGEST = 100
EVENTS = ("ringing", "answered", "ended", "voicemail")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the telephone system is told: a status, and a sentence."""

    status: int
    sentence: str


def receive(request: HttpRequest, token: str) -> Answer:
    """Take a report in, or say why not; what is refused leaves nothing behind."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    body = request.read(MOST + 1) if length.isdecimal() and int(length) <= MOST else None
    if body is None or len(body) > MOST:
        return Answer(413, _("A report has 16 KiB at most."))
    practice_id = keys.practice_of(token)
    if practice_id is None:
        return Answer(404, _("No telephone system reports at this address."))
    with acting_in(practice_id), transaction.atomic():
        return _inside(request, practice_id, token, body)


def _inside(request: HttpRequest, practice_id: UUID, token: str, body: bytes) -> Answer:
    door = queries.hook()
    if door is None or not rules.is_same(door.token_hash, keys.hash_of(token)):
        return Answer(404, _("No telephone system reports at this address."))
    stamp = request.headers.get("X-Daysheet-Timestamp", "")
    signature = request.headers.get("X-Daysheet-Signature", "")
    if not rules.is_signed(keys.unseal(door.secret), stamp, body, signature):
        return Answer(401, _("The signature does not fit. Sign the stamp, a point and the body."))
    if not rules.is_fresh(stamp, now=clock.system_now()):
        return Answer(401, _("The stamp is more than five minutes from now."))
    report = _read(body)
    if report is None:
        return Answer(422, _("Send id, event, call and number as texts in JSON."))
    return take_in(practice_id, report)


def take_in(practice_id: UUID, report: Report) -> Answer:
    """Take a report in that was judged: of the door, or of a line. Called within the practice."""
    try:
        call = commands.hear(reporter(practice_id), report=report)
    except Refusal as no:
        return Answer(409, no.sentence)
    return Answer(200, _("Taken in.") if call else _("Known already."))


def reporter(practice_id: UUID) -> Actor:
    """Return the telephone system of a practice as one that acts, now."""
    now = Practice.objects.get(pk=practice_id).now()
    return Actor.system(practice_id=practice_id, now=now, name="Telephone system")


def _read(body: bytes) -> Report | None:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(said, dict):
        return None
    told = [said.get("id"), said.get("event"), said.get("call"), said.get("number", "")]
    way = said.get("direction", "in")
    if not all(isinstance(one, str) and len(one) <= LONGEST and "\0" not in one for one in told):
        return None
    if not (told[0] and told[2]) or told[1] not in EVENTS or way not in ("in", "out"):
        return None
    return Report(id=told[0], event=told[1], line_id=told[2], dialed=told[3], direction=way)
