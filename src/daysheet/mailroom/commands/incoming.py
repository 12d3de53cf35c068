"""What comes in: kept first, read afterwards, parked with a sentence when it cannot be read."""

import hashlib
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from daysheet.formats import x12
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.jobs import later
from daysheet.kernel.numbers import next_number
from daysheet.mailroom import routes, rules
from daysheet.mailroom.commands.partners import PartnerIsUnknown
from daysheet.mailroom.commands.states import _locked, _step
from daysheet.mailroom.models import Envelope, TradingPartner
from daysheet.mailroom.reading import patients_of


class NothingToRead(Refusal):
    """Only what came in and lies parked or unread can be read again."""


@command(needs=Can.SEND_MAIL)
def receive(by: Actor, /, *, partner_id: UUID, content: bytes, kind: str = "") -> list[Envelope]:
    """Keep what a partner sent, one envelope per interchange, and have it read soon.

    The same bytes from the same partner again are the old envelope, in the state it has.
    """
    # Its key stays free: whoever posts to the partner holds the next number, and asks for the key at the commit.
    partner = TradingPartner.objects.select_for_update(no_key=True).filter(pk=partner_id).first()
    if partner is None:
        raise PartnerIsUnknown("That partner is not known to this office.")
    pieces = [content] if kind else x12.split_interchanges(content)
    envelopes = [_keep(by, partner, piece, kind) for piece in pieces]
    numbers = [envelope.number for envelope in envelopes]
    record(by, "mailroom.envelopes.received", partner, envelopes=numbers, bytes=len(content))
    return envelopes


@command(needs=Can.SEND_MAIL)
def handle_envelope(by: Actor, /, *, envelope_id: UUID) -> Envelope:
    """Give an incoming envelope to the room that reads its kind; park it with the reason when nobody can.

    An envelope that was read already stays as it is.
    """
    envelope = _locked(envelope_id)
    if envelope.direction != Envelope.Direction.IN or envelope.state != Envelope.State.RECEIVED:
        record(by, "mailroom.envelope.left-alone", envelope, state=envelope.state)
        return envelope
    # Several files may answer for the same claims at once: those of one partner are read one after the other.
    TradingPartner.objects.select_for_update(no_key=True).get(pk=envelope.partner_id)
    try:
        with transaction.atomic():
            sentence, state = _read(by, envelope), Envelope.State.HANDLED
    except Refusal as no:
        sentence, state = no.sentence, Envelope.State.PARKED
    envelope = _locked(envelope_id)  # its reader may have said whom it is about
    envelope.attempts += 1
    envelope.state, envelope.handled_at = state, by.now
    envelope.trouble = sentence if state == Envelope.State.PARKED else ""
    envelope.save(update_fields=["state", "handled_at", "trouble", "attempts"])
    _step(by, envelope, sentence)
    record(by, f"mailroom.envelope.{state.value}", envelope, patients=patients_of(envelope))
    if state == Envelope.State.PARKED:
        routes.tell_stuck(by, envelope)
    return envelope


@command(needs=Can.SEND_MAIL)
def park_envelope(by: Actor, /, *, envelope_id: UUID, sentence: str, try_again: bool = False) -> Envelope:
    """Put aside an envelope whose reader broke down; or let it be read once more, a little later."""
    envelope = _locked(envelope_id)
    envelope.attempts += 1
    if try_again and envelope.attempts < 3:
        pause = timedelta(minutes=envelope.attempts)
        later(
            "mailroom.handle_envelope", at=by.now + pause, practice_id=by.practice_id, envelope_id=envelope.pk
        )
    else:
        envelope.state = Envelope.State.PARKED
    envelope.trouble = sentence
    envelope.save(update_fields=["attempts", "state", "trouble"])
    _step(by, envelope, sentence)
    record(
        by, "mailroom.envelope.not-read", envelope, patients=patients_of(envelope), attempts=envelope.attempts
    )
    if envelope.state == Envelope.State.PARKED:
        routes.tell_stuck(by, envelope)
    return envelope


@command(needs=Can.SEND_MAIL)
def read_again(by: Actor, /, *, envelope_id: UUID) -> Envelope:
    """Have a parked envelope read once more, after what kept it from being read was mended."""
    envelope = _locked(envelope_id)
    if envelope.direction != Envelope.Direction.IN or envelope.state == Envelope.State.HANDLED:
        raise NothingToRead("This envelope was read already; reading it again would change nothing.")
    envelope.state, envelope.trouble, envelope.attempts = Envelope.State.RECEIVED, "", 0
    envelope.save(update_fields=["state", "trouble", "attempts"])
    _step(by, envelope, "To be read again.")
    record(by, "mailroom.envelope.to-be-read-again", envelope, patients=patients_of(envelope))
    later("mailroom.handle_envelope", practice_id=by.practice_id, envelope_id=envelope.pk)
    return envelope


def _keep(by: Actor, partner: TradingPartner, piece: bytes, kind: str) -> Envelope:
    sha256 = hashlib.sha256(piece).hexdigest()
    known = Envelope.objects.filter(partner=partner, direction=Envelope.Direction.IN, sha256=sha256).first()
    if known is not None:
        _step(by, known, "The same bytes came again; nothing new.")
        return known
    seen = x12.look_at(piece)
    envelope = Envelope.objects.create(
        number=next_number("envelope"),
        direction=Envelope.Direction.IN,
        kind=kind or _shown_kind(seen),
        partner=partner,
        state=Envelope.State.RECEIVED,
        content=piece,
        sha256=sha256,
        control_number=seen.control_number,
        created_at=by.now,
    )
    _step(by, envelope, f"Came from {partner.name}, {len(piece):,} bytes.")
    later("mailroom.handle_envelope", practice_id=by.practice_id, envelope_id=envelope.pk)
    return envelope


def _shown_kind(seen: x12.Piece) -> str:
    """Return the kind that an envelope is filed under: its set, or TA1 when it holds nothing else."""
    return seen.kinds[-1] if seen.kinds else "unknown"


def _read(by: Actor, envelope: Envelope) -> str:
    """Return what the readers of all its sets made of an envelope."""
    content = bytes(envelope.content)
    seen = x12.look_at(content)
    kinds = seen.kinds or (envelope.kind,)
    readers = [(kind, routes.reader_of(kind)) for kind in kinds]
    if all(reader is None for _, reader in readers):
        if fault := rules.fault_of(content, seen):
            raise Refusal(fault)
        raise Refusal(f"Nobody in this office reads a {', '.join(kinds)} yet. It is kept as it came.")
    if seen.kinds and (fault := rules.fault_of(content, seen)):
        raise Refusal(fault)
    # one reader may take several kinds: it reads the whole envelope, once
    return " ".join(reader(by, envelope) for reader in dict.fromkeys(one for _, one in readers if one))
