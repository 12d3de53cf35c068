"""What came back about claims that were sent: TA1 for the interchange, 999 for the file, 277CA for each claim."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

from daysheet.claims import queries
from daysheet.claims.commands.story import Story
from daysheet.claims.models import Claim
from daysheet.formats import x12
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_instant
from daysheet.kernel.commands import command
from daysheet.kernel.models import Practice
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.tasks import commands as tasks


@command(needs=Can.SEND_CLAIMS)
def read_ta1(by: Actor, /, *, envelope: Envelope) -> str:
    """Read what the other side says of our interchange; a refused one gives all its claims back to us."""
    told = [
        _interchange(by, envelope, document.content)
        for document in x12.read(bytes(envelope.content))
        if isinstance(document.content, x12.InterchangeAck)
    ]
    record(by, "claims.ta1.read", envelope, answers=len(told))
    return " ".join(told) or "No interchange is named in it."


def _interchange(by: Actor, envelope: Envelope, ack: x12.InterchangeAck) -> str:
    sent = queries.sent_interchange(envelope.partner_id, ack.control_number)
    if sent is None:
        return f"It answers interchange {ack.control_number}, which this office did not send."
    claims = queries.claims_of_envelope(sent.pk)
    _match(by, envelope, sent, claims)
    words = x12.label("ta1", ack.code) or ack.code
    if ack.status == "R":
        _reject(
            by,
            claims,
            "ta1_rejected",
            [f"TA1-{ack.code}"],
            f"The interchange was refused: {words}.",
            envelope,
        )
        mailroom.mark(by, envelope=sent, state="rejected", sentence=f"Refused as an interchange: {words}.")
        return f"Interchange {ack.control_number} was refused: {words}. {len(claims)} claims are open again."
    for claim in claims:
        Story(by).tell(claim, "ta1_accepted", sentence="The interchange arrived.", envelope=envelope)
    return f"Interchange {ack.control_number} was taken."


@command(needs=Can.SEND_CLAIMS)
def read_999(by: Actor, /, *, envelope: Envelope) -> str:
    """Read what the other side says of our file; R means that none of its claims were taken."""
    told = [
        _group(by, envelope, document.content)
        for document in x12.read(bytes(envelope.content))
        if isinstance(document.content, x12.GroupAck)
    ]
    record(by, "claims.999.read", envelope, answers=len(told))
    return " ".join(told) or "No file is named in it."


def _group(by: Actor, envelope: Envelope, ack: x12.GroupAck) -> str:
    sent = queries.sent_interchange(envelope.partner_id, ack.group_control)
    if sent is None:
        return f"It answers file {ack.group_control}, which this office did not send."
    claims = queries.claims_of_envelope(sent.pk)
    _match(by, envelope, sent, claims)
    # one set for each file of ours: what is said of it is said of all its claims
    refused = ack.status == "R" or any(item.status in {"R", "M", "W", "X"} for item in ack.sets)
    if refused:
        codes = [code for item in ack.sets for code in item.error_codes] or list(ack.error_codes)
        where = next((error for item in ack.sets for error in item.errors), None)
        place = f" at {where.segment} of loop {where.loop or 'unknown'}" if where else ""
        sentence = f"The file was refused{place}: none of its claims were taken."
        _reject(by, claims, "rejected_999", [f"999-{code}" for code in codes], sentence, envelope)
        mailroom.mark(by, envelope=sent, state="rejected", sentence=sentence)
        return f"File {ack.group_control} was refused; {len(claims)} claims are open again."
    noted = " with remarks" if ack.status in {"E", "P"} else ""
    for claim in claims:
        Story(by).tell(claim, "received_999", sentence=f"The file was taken{noted}.", envelope=envelope)
    mailroom.mark(by, envelope=sent, state="accepted", sentence=f"Taken as a file{noted}.")
    return f"File {ack.group_control} was taken{noted}: {len(claims)} claims."


@command(needs=Can.SEND_CLAIMS)
def read_277ca(by: Actor, /, *, envelope: Envelope) -> str:
    """Read what the payer says of each claim: taken with its own number, or rejected and to be sent as new."""
    taken, rejected, unknown = 0, 0, 0
    for document in x12.read(bytes(envelope.content)):
        if not isinstance(document.content, x12.StatusReport):
            continue
        for claim, statuses, number in _said(envelope, document.content):
            if claim is None:
                unknown += 1
            elif _status(by, envelope, claim, statuses, number):
                taken += 1
            else:
                rejected += 1
    if unknown:
        _ask_about_unknown(by, envelope, unknown)
    record(by, "claims.277ca.read", envelope, taken=taken, rejected=rejected, unknown=unknown)
    stray = f", {unknown} not ours" if unknown else ""
    return f"{taken} claims taken, {rejected} rejected{stray}."


def _said(
    envelope: Envelope, report: x12.StatusReport
) -> list[tuple[Claim | None, tuple[x12.Status, ...], str]]:
    """Return each claim with all that is said of it; a refusal above it holds for everything below."""
    said: list[tuple[Claim | None, tuple[x12.Status, ...], str]] = []
    above = tuple(status for status in report.statuses if status.rejected)
    for provider in report.providers:
        refused = above + tuple(status for status in provider.statuses if status.rejected)
        for told in provider.claims:
            lines = tuple(status for line in told.lines for status in line.statuses if status.rejected)
            claim = queries.claim_by_control(told.claim_id)
            said.append((claim, lines + refused + told.statuses, told.payer_claim_number))
    if above and not said:
        sent = queries.sent_interchange(envelope.partner_id, report.batch_reference)
        said += [(claim, above, "") for claim in (queries.claims_of_envelope(sent.pk) if sent else [])]
    return said


def _status(by: Actor, envelope: Envelope, claim: Claim, statuses: Sequence[x12.Status], number: str) -> bool:
    mailroom.match_envelope(by, envelope=envelope, patient_ids=[claim.patient_id])
    codes = list(dict.fromkeys(f"{status.category}-{status.code}" for status in statuses))
    refusals = [status for status in statuses if status.rejected]
    if refusals:
        first = refusals[0]
        words = x12.label("status", first.code) or first.message or f"status {first.code}"
        why = x12.label("status_category", first.category) or first.category
        sentence = f"{why}: {words} ({first.category}-{first.code}). {first.next_action}"
        _reject(by, [claim], "rejected_277", codes, sentence, envelope)
        return False
    if number:
        claim.payer_control = number
    kind = "accepted_277" if any(item.proves_filing for item in statuses) else "received_277"
    said = f"The payer took it as {number}." if number else "The payer has it."
    Story(by).tell(claim, kind, sentence=said, codes=codes, envelope=envelope)
    return True


def _reject(
    by: Actor, claims: Sequence[Claim], kind: str, codes: Sequence[str], sentence: str, envelope: Envelope
) -> None:
    """Give claims back to whoever bills: mend them and send them as new, before the payer's filing limit."""
    story = Story(by)
    for claim in claims:
        state = story.tell(claim, kind, sentence=sentence, codes=codes, envelope=envelope)
        if state.progress != "rejected":
            continue
        story.ask_for(
            claim,
            kind="rejection",
            code=next(iter(codes), "rejected"),
            sentence=f"Claim {claim.number} was not taken. {sentence}",
            due_at=min(story.zone_day_end(1), _filing_end(by, claim)),
            source=f"payer: file by {claim.file_by:%b} {claim.file_by.day}",
        )


def _filing_end(by: Actor, claim: Claim) -> datetime:
    zone = Practice.objects.get(pk=by.practice_id).zone
    return local_instant(datetime.combine(claim.file_by, time(17, 0)), zone)


def _match(by: Actor, envelope: Envelope, sent: Envelope, claims: Sequence[Claim]) -> None:
    patients: list[UUID] = [claim.patient_id for claim in claims]
    mailroom.match_envelope(by, envelope=envelope, patient_ids=patients, reply_to_id=sent.pk)


def _ask_about_unknown(by: Actor, envelope: Envelope, count: int) -> None:
    tasks.open_item(
        by,
        kind="unmatched",
        reason_code="277CA",
        sentence=f"A claim acknowledgement names {count} claims that this office does not know.",
        due_at=Story(by).zone_day_end(2),
        source_of_due="office rule: two days",
        role="biller",
        subject=envelope,
    )
