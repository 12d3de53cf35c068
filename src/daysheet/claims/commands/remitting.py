"""Remittances (835): balanced on three levels, posted by themselves, and what needs a person put on the list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse

from daysheet.claims import queries, remits, rules
from daysheet.claims.commands.outcomes import Outcomes
from daysheet.claims.commands.story import Story
from daysheet.claims.models import Claim, Remittance, RemittedClaim
from daysheet.coverage.models import Payer
from daysheet.formats import x12
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.kernel.money import ZERO, say, usd
from daysheet.kernel.numbers import next_number
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import LedgerEntry
from daysheet.ledger.rules import PlanClaim
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.tasks import commands as tasks


class UnknownPayer(Refusal):
    """The remittance comes from a payer that this office has not set up."""


@command(needs=Can.POST_REMITTANCES)
def read_835(by: Actor, /, *, envelope: Envelope) -> str:
    """Read every remittance of an envelope and post what adds up; the same one again posts nothing.

    Raises UnknownPayer when a remittance's payer is not set up: the envelope is parked as it came.
    """
    told = [
        _read(by, envelope, document, document.content)
        for document in x12.read(bytes(envelope.content))
        if isinstance(document.content, x12.Remittance)
    ]
    record(by, "claims.remittances.read", envelope, remittances=len(told))
    return " ".join(told) or "It holds no remittance that can be read."


def _read(by: Actor, envelope: Envelope, document: x12.Document, advice: x12.Remittance) -> str:
    payer = queries.payer_of_remittance(envelope.partner_id, advice)
    if payer is None:
        raise UnknownPayer(
            "This remittance comes from a payer that is not set up here. Add the payer, then read it again."
        )
    remittance = Remittance.objects.select_for_update().filter(payer=payer, trace=advice.trace).first()
    if remittance is not None and remittance.state != Remittance.State.PARKED:
        return f"Remittance {remittance.number} ({advice.trace}) was read before: nothing new."
    faults = remits.faults_of_envelope(document)
    off = usd(remits.difference(advice))
    remittance = _keep(by, envelope, document, advice, payer, remittance)
    if faults or off:
        return _park(by, remittance, advice, faults, off)
    return _post(by, remittance, advice, payer)


def _keep(
    by: Actor,
    envelope: Envelope,
    document: x12.Document,
    advice: x12.Remittance,
    payer: Payer,
    before: Remittance | None,
) -> Remittance:
    """Write the remittance down; one that was parked is written anew by its better copy."""
    remittance = before or Remittance(number=next_number("remittance"), payer=payer, trace=advice.trace)
    if before is not None:
        before.claims.all().delete()
    today = local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
    remittance.envelope = envelope
    remittance.set_number = document.control_number
    remittance.method = advice.method
    remittance.amount = usd(advice.amount)
    remittance.paid_on = advice.paid_on or today
    remittance.state = Remittance.State.PARKED
    remittance.difference, remittance.trouble = ZERO, ""
    remittance.provider_adjustments = [
        {"reason": item.reason, "reference": item.reference, "amount": str(usd(item.amount))}
        for item in advice.provider_adjustments
    ]
    remittance.read_at = by.now
    remittance.save()
    return remittance


def _row(remittance: Remittance, rank: int, payment: x12.ClaimPayment) -> RemittedClaim:
    return RemittedClaim(
        remittance=remittance,
        rank=rank,
        control=payment.claim_id,
        status=payment.status,
        payer_control=payment.payer_claim_number,
        charge=usd(payment.charge),
        paid=usd(payment.paid),
        patient_share=usd(payment.patient_responsibility or ZERO),
        state=RemittedClaim.State.PARKED,
        difference=remits.claim_difference(payment),
        adjustments=remits.as_rows(remits.parts_of(payment)),
        remarks=_once([*payment.remarks, *(code for item in payment.services for code in item.remarks)]),
        lines=remits.lines_of(payment),
    )


def _once(codes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(codes))


def _park(
    by: Actor, remittance: Remittance, advice: x12.Remittance, faults: Sequence[str], off: Decimal
) -> str:
    """Post nothing of a remittance that is not whole or does not add up, and say by how much."""
    expected = usd(remittance.amount - off)
    remittance.difference = off
    remittance.trouble = (
        f"The file is not whole: {faults[0]}"
        if faults
        else f"The claims less the adjustments come to {say(expected)}, the payment says {say(remittance.amount)}: "
        f"{say(abs(off))} too {'much' if off > 0 else 'little'}."
    )
    remittance.save()
    for rank, payment in enumerate(advice.claims, 1):
        row = _row(remittance, rank, payment)
        row.claim = queries.claim_by_control(payment.claim_id)
        row.patient_id = row.claim.patient_id if row.claim else None
        row.trouble = "The whole payment is parked."
        row.save()
    _tell_mailroom(by, remittance)
    tasks.open_item(
        by,
        kind="parked_remittance",
        reason_code="835-cut-off" if faults else "835-difference",
        sentence=f"Remittance {remittance.number} of {remittance.payer.name} is parked. {remittance.trouble}",
        due_at=Story(by).zone_day_end(2),
        source_of_due="office rule: two days",
        role="biller",
        subject=remittance,
        link=reverse("claims:remittance", args=[remittance.pk]),
    )
    record(by, "claims.remittance.parked", remittance, difference=off)
    return f"Remittance {remittance.number} is parked: {remittance.trouble}"


def _post(by: Actor, remittance: Remittance, advice: x12.Remittance, payer: Payer) -> str:
    posting = _Posting(remittance, payer)
    rows = []
    for rank, payment in enumerate(advice.claims, 1):
        row = _row(remittance, rank, payment)
        posting.look_at(row)
        row.save()
        rows.append(row)
    _lock_claims(rows)
    beside = usd(sum((item.amount for item in advice.provider_adjustments), ZERO))
    posted = sum((item.paid for claim in posting.claims for item in claim.postings), ZERO)
    remittance.payment = ledger.post_plan_payment(
        by,
        payer_id=payer.pk,
        amount=usd(posted - beside),
        trace=remittance.trace,
        received_on=remittance.paid_on,
        lines=posting.claims,
        source_key=f"{payer.payer_id}/{remittance.trace}",
        provider_level=beside,
        method=_method(remittance),
    )
    keys = {_source_key(remittance, row): row for row in rows}
    for key, entry_id in LedgerEntry.objects.filter(source_key__in=keys).values_list("source_key", "pk"):
        keys[key].entry_id = entry_id
        keys[key].save(update_fields=["entry_id"])
    outcomes = Outcomes(by, remittance)
    for row in rows:
        if row.state == RemittedClaim.State.POSTED and row.claim is not None:
            outcomes.tell(row, row.claim)
        else:
            outcomes.ask_about(row)
    _keep_state(remittance)
    _tell_mailroom(by, remittance)
    tasks.close_items_of(by, subject_id=remittance.pk, kind="parked_remittance", action_code="done")
    good = sum(row.state == RemittedClaim.State.POSTED for row in rows)
    patients = [row.patient_id for row in rows if row.patient_id]
    record(by, "claims.remittance.posted", remittance, patients=patients, posted=good, claims=len(rows))
    return f"Remittance {remittance.number}: posted {good} of {len(rows)} claims, {say(remittance.amount)}."


def _lock_claims(rows: Sequence[RemittedClaim]) -> None:
    """Lock the claims before the book, in one order: a person may be at one of them."""
    ids = [row.claim_id for row in rows if row.claim_id]
    list(Claim.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True))


def _tell_mailroom(by: Actor, remittance: Remittance) -> None:
    patients = remittance.claims.filter(patient__isnull=False).values_list("patient_id", flat=True)
    mailroom.match_envelope(by, envelope=remittance.envelope, patient_ids=list(patients), subject=remittance)


def _keep_state(remittance: Remittance) -> None:
    open_rows = remittance.claims.exclude(state=RemittedClaim.State.POSTED).exists()
    remittance.state = Remittance.State.PARTLY if open_rows else Remittance.State.POSTED
    remittance.save(update_fields=["state", "payment"])


def _method(remittance: Remittance) -> str:
    return "check" if remittance.method == "CHK" else "eft"


def _source_key(remittance: Remittance, row: RemittedClaim) -> str:
    return f"{remittance.payer.payer_id}/{remittance.trace}/{row.control}/{row.rank}"


@dataclass(slots=True)
class _Posting:
    """What of a remittance can be posted, gathered claim by claim; a bad one never stops its neighbours."""

    remittance: Remittance
    payer: Payer
    claims: list[PlanClaim] = field(default_factory=list)

    def look_at(self, row: RemittedClaim) -> None:
        """Decide whether a remitted claim is posted, parked alone, or belongs to nobody here."""
        claim = queries.claim_by_control(row.control)
        if claim is None or claim.payer_id != self.payer.pk:
            row.state = RemittedClaim.State.UNMATCHED
            row.trouble = "No claim of this office to this payer has that number."
            return
        row.claim, row.patient_id = claim, claim.patient_id
        row.trouble = self._trouble(row, claim)
        if not row.trouble:
            self.take(row, claim)

    def _trouble(self, row: RemittedClaim, claim: Claim) -> str:
        """Return why a claim cannot be posted as it is said; empty when it can."""
        if row.status == rules.REVERSED and self._undoes_by_hand(row, claim):
            return ""
        if row.difference:
            return f"The claim does not add up: {say(abs(row.difference))} apart."
        if row.status == rules.PREDETERMINED:
            return "This is an estimate and no payment."
        if abs(row.charge) != claim.charge:
            return f"It speaks of a charge of {say(abs(row.charge))}, the claim of {say(claim.charge)}."
        if row.status == rules.REVERSED and not self._undoes(row, claim):
            return "It takes back what is not posted here, or not in these figures."
        return ""

    def take(self, row: RemittedClaim, claim: Claim) -> None:
        """Add a claim to what is posted."""
        row.claim, row.patient_id, row.state, row.trouble = (
            claim,
            claim.patient_id,
            RemittedClaim.State.POSTED,
            "",
        )
        lines = list(claim.lines.select_related("charge").order_by("line"))
        self.claims.append(
            PlanClaim(
                source_key=_source_key(self.remittance, row),
                postings=remits.postings(claim, lines, remits.said(row)),
                source_id=row.pk,
                is_reversal=row.status == rules.REVERSED,
            )
        )

    def _undoes(self, row: RemittedClaim, claim: Claim) -> bool:
        """Find the decision that a reversal takes back: the latest that stands, equal to it to the cent."""
        earlier = queries.standing_decision(claim.pk)
        if earlier is None or not rules.is_mirror(
            remits.kept_parts(row), row.paid, remits.kept_parts(earlier), earlier.paid
        ):
            return False
        row.undoes = earlier
        return True

    def _undoes_by_hand(self, row: RemittedClaim, claim: Claim) -> bool:
        """Find the decision that a person posted in other figures and the payer takes back as it had said it.

        What is posted then is the mirror of what was posted; what the payer says is kept.
        """
        earlier = queries.standing_decision(claim.pk)
        if earlier is None or not earlier.as_said or abs(row.charge) != claim.charge:
            return False
        as_said = remits.parts_in(earlier.as_said["adjustments"])
        if not rules.is_mirror(remits.kept_parts(row), row.paid, as_said, earlier.paid):
            return False
        row.undoes, row.as_said = earlier, remits.kept_as_said(row)
        row.adjustments = remits.as_rows(rules.negated(remits.kept_parts(earlier)))
        row.lines = remits.negated_lines(earlier.lines)
        row.difference = ZERO
        return True
