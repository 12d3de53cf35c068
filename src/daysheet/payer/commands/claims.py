"""Claims that come in (837P, 837D, 837I): acknowledged at once, decided at once, paid when their day comes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from daysheet.formats import x12
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_instant
from daysheet.kernel.commands import command
from daysheet.kernel.jobs import later
from daysheet.kernel.models import Practice
from daysheet.kernel.money import usd
from daysheet.kernel.numbers import next_number
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.payer import acks, queries
from daysheet.payer.acks import Batch, BilledClaim, billed_as
from daysheet.payer.commands.deciding import Examiner
from daysheet.payer.mailing import sealed
from daysheet.payer.models import Member, ReceivedClaim
from daysheet.payer.rules import receipt
from daysheet.payer.rules.decision import ClaimedLine
from daysheet.payer.rules.faults import Stage, is_of
from daysheet.payer.rules.plans import Profile
from daysheet.payer.rules.receipt import Refused

AnyLine = x12.ServiceLine | x12.DentalLine | x12.HospitalLine
TAKEN = frozenset(("837P", "837D", "837I"))
"""The claim files that this payer decides."""


@command(needs=Can.ANSWER_AS_PAYER)
def answer_837(by: Actor, /, *, envelope_id: UUID) -> str:
    """Acknowledge an envelope of claims (TA1 when due, 999, 277CA), and decide what was taken."""
    envelope = Envelope.objects.select_related("partner").get(pk=envelope_id)
    at = by.now.astimezone(Practice.objects.get(pk=by.practice_id).zone)
    data = bytes(envelope.content)
    batches = [
        (item.control_number, item.content)
        for item in x12.read(data)
        if isinstance(item.content, x12.ClaimBatch) and item.kind in TAKEN
    ]
    fault = _file_fault([batch for _, batch in batches])
    taken_sets: set[str] = set()
    for ack in x12.acknowledge(data):
        if ack.ta1 is None:
            continue
        ta1 = _ta1(ack.ta1, fault)
        if ta1.status != "A" or ack.interchange.ack_requested:
            _send(by, envelope, "TA1", [], at=at, acks=[ta1])
        if ta1.status == "R":
            continue
        groups = [_group(group, fault) for group in ack.groups]
        if groups:
            _send(by, envelope, "999", [x12.build_999(group) for group in groups], at=at)
        taken_sets |= {
            item.control_number for group in groups for item in group.sets if item.status in ("A", "E")
        }
    taken = [batch for number, batch in batches if number in taken_sets]
    count = _take_in(by, envelope, taken, at)
    record(by, "payer.claims.received", envelope, claims=count)
    return f"Received {count} {'claim' if count == 1 else 'claims'}."


def _file_fault(batches: Sequence[Batch]) -> str:
    """Return what is to go wrong with the whole file, named for a member in it; it happens once."""
    for batch in batches:
        for claim in batch.claims:
            member = queries.member(payer_id=claim.payer.id, member_id=claim.subscriber.party.id)
            if member and is_of(member.fault, Stage.FILE):
                fault = member.fault
                _use_up(member)
                return fault
    return ""


def _use_up(member: Member) -> None:
    member.fault = ""
    member.save(update_fields=["fault"])


def _ta1(ta1: x12.InterchangeAck, fault: str) -> x12.InterchangeAck:
    if fault == "ta1_rejected":
        return replace(ta1, status="R", code="006")
    if fault == "ta1_errors":
        return replace(ta1, status="E", code="009")
    return ta1


def _group(group: x12.GroupAck, fault: str) -> x12.GroupAck:
    if fault == "set_rejected":
        sets = tuple(replace(item, status="R", error_codes=("5",)) for item in group.sets)
        return replace(group, status="R", accepted=0, sets=sets)
    if fault == "set_with_errors":
        sets = tuple(replace(item, status="E", error_codes=("5",)) for item in group.sets)
        return replace(group, status="E", sets=sets)
    return group


def _send(
    by: Actor,
    envelope: Envelope,
    kind: str,
    sets: Sequence[x12.OutgoingSet],
    *,
    at: datetime,
    acks: Sequence[x12.InterchangeAck] = (),
) -> Envelope:
    content, number = sealed(envelope.partner, sets, at=at, acks=acks)
    return mailroom.post_envelope(
        by,
        kind=kind,
        partner_id=envelope.partner_id,
        content=content,
        control_number=number,
        reply_to_id=envelope.id,
    )


def _take_in(by: Actor, envelope: Envelope, batches: Sequence[Batch], at: datetime) -> int:
    rows: list[ReceivedClaim] = []
    reports = []
    for batch in batches:
        taken = []
        for claim in batch.claims:
            row, item = _receive(by, envelope, claim, at.date())
            rows.append(row)
            taken.append(item)
        profile = queries.profile(batch.claims[0].payer.id) if batch.claims else None
        reference = f"{next_number('acknowledgement'):09d}"
        reports.append(
            x12.build_277ca(acks.report(batch, taken, profile=profile, reference=reference, at=at))
        )
    if reports:
        answer = _send(by, envelope, "277CA", reports, at=at)
        ReceivedClaim.objects.filter(pk__in=[row.pk for row in rows]).update(answer=answer)
    for day in sorted({row.pay_on for row in rows if row.pay_on}):
        zone = Practice.objects.get(pk=by.practice_id).zone
        start = local_instant(datetime.combine(day, receipt.PAYMENTS_START), zone)
        later("payer.pay_due", at=start, practice_id=by.practice_id)
    return len(rows)


def _receive(
    by: Actor, envelope: Envelope, claim: BilledClaim, today: date
) -> tuple[ReceivedClaim, acks.Taken]:
    profile = queries.profile(claim.payer.id)
    payer_id = profile.payer_id if profile else claim.payer.id
    lines = [_line(line) for line in claim.lines]
    member_id = queries.member_key(claim.subscriber.party.id)
    like = receipt.likeness(payer_id=payer_id, member_id=member_id, lines=lines)
    number = next_number("received claim")
    row = ReceivedClaim(
        number=number,
        payer_id=payer_id,
        control=claim.claim_id,
        our_control=f"{payer_id}{number:08d}",
        frequency=claim.frequency,
        original=claim.original_claim,
        billing_npi=claim.billing.id,
        billing_tax_id=claim.billing.reference("EI"),
        billing_name=claim.billing.name,
        member_id=member_id,
        patient_name=f"{claim.patient_party.name}, {claim.patient_party.first}",
        charge=usd(claim.charge),
        service_on=min((line.served_on for line in lines if line.served_on), default=None),
        content=_content(claim, lines),
        state=ReceivedClaim.State.REJECTED,
        envelope=envelope,
        likeness=like,
        received_at=by.now,
    )
    member = queries.member(payer_id=payer_id, member_id=member_id)
    refused = _refusal(profile, claim, row, member)
    if refused is None and profile is not None and member is not None:
        Examiner(profile, member, today).decide(row)
    row.save()
    named = member.fault if member else ""
    return row, acks.Taken(
        claim, "" if refused else row.our_control, refused, named == "forwarded" and not refused
    )


def _refusal(
    profile: Profile | None, claim: BilledClaim, row: ReceivedClaim, member: Member | None
) -> Refused | None:
    """Return why a claim is not taken in: what is wrong with it, or what was drawn for its first try."""
    if profile is None:
        return receipt.REFUSALS["rejected_a3"]
    if member is None:
        return receipt.REFUSALS["not_found"]
    if not receipt.is_npi(claim.billing.id):
        return receipt.REFUSALS["rejected_provider"]
    if claim.frequency in ("7", "8"):
        row.corrects = _original(row)
        return None if row.corrects else receipt.REFUSALS["no_original"]
    if ReceivedClaim.objects.filter(likeness=row.likeness, state=ReceivedClaim.State.REJECTED).exists():
        return None  # the second try of a refused claim is taken
    fault = member.fault
    if not (is_of(fault, Stage.RECEIPT) or is_of(fault, Stage.MEMBER)):
        chance = queries.chance()
        fault = chance.draw(profile.rates, Stage.RECEIPT, row.likeness)
        fault = fault or chance.draw(profile.rates, Stage.MEMBER, row.member_id)
    if fault == "rejected_a7" and not _diagnoses(claim):
        fault = "rejected_line"  # a dentist's claim may name no diagnosis that could be wrong
    return receipt.REFUSALS.get(fault)


def _original(row: ReceivedClaim) -> ReceivedClaim | None:
    """Return the latest decision of the claim that a correction names."""
    same = ReceivedClaim.objects.filter(payer_id=row.payer_id, our_control=row.original)
    first = same.exclude(state=ReceivedClaim.State.REJECTED).order_by("number").first()
    while first is not None:
        newer = first.corrections.order_by("-number").first()
        if newer is None or newer.frequency == "8":
            return first if newer is None else None
        first = newer
    return None


def _line(line: AnyLine) -> ClaimedLine:
    procedure = billed_as(line)
    return ClaimedLine(
        control=line.control or str(line.number),
        code=procedure.code,
        charge=usd(line.charge),
        units=line.units,
        modifiers=procedure.modifiers,
        served_on=line.served_on,
        qualifier=procedure.qualifier or "HC",
        where=_where(line),
        revenue_code=line.revenue_code if isinstance(line, x12.HospitalLine) else "",
    )


def _where(line: AnyLine) -> str:
    """Return where in the mouth a dentist worked, as it was claimed: teeth with surfaces, areas."""
    if not isinstance(line, x12.DentalLine):
        return ""
    teeth = [f"{tooth.number} {''.join(tooth.surfaces)}".strip() for tooth in line.teeth]
    return ", ".join((*teeth, *line.areas))


def _diagnoses(claim: BilledClaim) -> list[str]:
    """Return all diagnoses of a claim, the first one first."""
    if not isinstance(claim, x12.InstitutionalClaim):
        return list(claim.diagnoses)
    named = (claim.principal, *claim.diagnoses)
    return [one.code for one in named if one is not None]


def _content(claim: BilledClaim, lines: Sequence[ClaimedLine]) -> dict[str, Any]:
    """Return the claim as it was read, money as text."""
    patient, subscriber, person = claim.patient_party, claim.subscriber.party, claim.rendering
    place = claim.bill_type if isinstance(claim, x12.InstitutionalClaim) else claim.place
    return {
        "patient": {"family": patient.name, "given": patient.first, "middle": patient.middle},
        "subscriber": {"family": subscriber.name, "given": subscriber.first, "id": subscriber.id},
        "is_dependent": claim.patient is not None,
        "filing_code": claim.subscriber.filing_code,
        "place": place,
        "diagnoses": _diagnoses(claim),
        "rendering": {"name": person.name, "first": person.first, "npi": person.id} if person else None,
        "lines": [
            {
                "control": line.control,
                "code": line.code,
                "modifiers": list(line.modifiers),
                "units": str(line.units),
                "charge": str(line.charge),
                "served_on": line.served_on.isoformat() if line.served_on else None,
                "qualifier": line.qualifier,
                "where": line.where,
                "revenue_code": line.revenue_code,
            }
            for line in lines
        ],
    }
