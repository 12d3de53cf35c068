"""The answer to a claim file claim by claim: a 277CA made of what the check finds, as a payer's door would say it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from .acknowledge import acknowledge
from .check import Codes, Profile, check_sets
from .documents import Document, read
from .envelope import Interchange
from .guides.claim import Claim, ClaimBatch
from .guides.institutional import InstitutionalClaim
from .guides.parts import Dates, Party
from .guides.status import ClaimStatus, ProviderStatus, Status, StatusReport, Totals
from .guides.writing import clean
from .problems import Problem
from .record import record

ZERO = Decimal(0)
MOST_REASONS = 3
TAKEN = ("A2", "20")
RECEIVED = ("A1", "19")
NONE_TAKEN = ("A3", "23")

# how the code of a finding begins -> status code, and who is meant
_REASONS: tuple[tuple[str, str, str], ...] = (
    ("balance.claim", "481", ""),
    ("balance.", "400", ""),
    ("identity.insured-number", "164", "IL"),
    ("identity.insured-birth", "158", "IL"),
    ("identity.insured-address", "126", "IL"),
    ("identity.tax-number", "128", "85"),
    ("identity.claim-number", "478", ""),
    ("identity.line-number", "121", ""),
    ("identity.", "125", ""),
    ("providers.taxonomy", "145", "85"),
    ("providers.billing", "562", "85"),
    ("providers.rendering", "562", "82"),
    ("providers.", "562", ""),
    ("place.of-", "249", ""),
    ("place.kind", "249", ""),
    ("place.accident", "582", ""),
    ("place.billing-post-box", "503", "85"),
    ("place.billing-zip", "500", "85"),
    ("place.zip", "500", ""),
    ("place.", "126", ""),
    ("dates.admission", "189", ""),
    ("dates.birth", "158", ""),
    ("dates.paid", "516", ""),
    ("dates.", "187", ""),
    ("codes.first-diagnosis", "254", ""),
    ("codes.cause-as-first", "254", ""),
    ("codes.admitting-diagnosis", "232", ""),
    ("codes.admission-type", "231", ""),
    ("codes.admission-source", "229", ""),
    ("codes.newborn-source", "229", ""),
    ("codes.status-of-patient", "234", ""),
    ("codes.still-here", "234", ""),
    ("codes.condition", "460", ""),
    ("codes.occurrence", "461", ""),
    ("codes.accident-without-cause", "461", ""),
    ("codes.death-", "461", ""),
    ("codes.value", "463", ""),
    ("codes.kind-on-a-bill", "228", ""),
    ("codes.on-a-bill", "228", ""),
    ("codes.frequency-of-payers", "535", ""),
    ("codes.first-operation", "465", ""),
    ("codes.decided-procedure", "454", ""),
    ("codes.room-on-a-visit", "455", ""),
    ("codes.total-as-a-line", "455", ""),
    ("codes.present-", "675", ""),
    ("codes.surface", "240", ""),
    ("codes.side-of-tooth", "240", ""),
    ("codes.tooth", "244", ""),
    ("codes.milk-tooth", "244", ""),
    ("codes.missing-tooth-filled", "244", ""),
    ("codes.mouth-area", "244", ""),
    ("codes.cause", "255", ""),
    ("codes.reason-for-visit", "255", ""),
    ("codes.diagnosis", "255", ""),
    ("codes.edition", "255", ""),
    ("codes.two-editions", "255", ""),
    ("codes.operation", "465", ""),
    ("codes.revenue", "455", ""),
    ("codes.bill", "228", ""),
    ("codes.drug", "218", ""),
    ("codes.adjustment", "286", ""),
    ("codes.remark", "286", ""),
    ("codes.procedure", "454", ""),
    ("codes.dental-procedure", "454", ""),
    ("modifiers.", "453", ""),
    ("units.drug", "218", ""),
    ("units.cents", "480", ""),
    ("units.negative", "480", ""),
    ("units.", "267", ""),
    ("pointers.", "477", ""),
    ("hierarchy.line-numbers", "121", ""),
    ("authorization.frequency", "535", ""),
    ("authorization.original", "464", ""),
    ("authorization.", "252", ""),
    ("cob.", "286", ""),
    ("attachments.", "685", ""),
    ("coverage.", "171", ""),
    ("payer.", "448", ""),
)
_OTHERWISE = ("21", "")


@record
class ClaimAnswer:
    """What is said to one set of claims: the envelope it came in, and the report that goes back."""

    interchange: Interchange
    report: StatusReport

    @property
    def claims(self) -> tuple[ClaimStatus, ...]:
        """Return what is said of each claim, provider by provider."""
        return tuple(claim for provider in self.report.providers for claim in provider.claims)


def answer_claims(
    data: bytes, *, at: datetime, codes: Codes | None = None, profile: Profile | None = None
) -> Iterator[ClaimAnswer]:
    """Return a report for each set of claims that the 999 takes; a set that it refuses holds no claims to speak of.

    A claim with an error among its findings is refused with up to three reasons, every other is taken. `at` is the local
    moment of receipt.
    """
    refused = set(_refused(data))
    found: dict[int, list[Problem]] = {}
    for number, finding in check_sets(data, codes=codes, profile=profile):
        if finding.severity == "error" and not finding.code.startswith("envelope."):
            found.setdefault(number, []).append(finding)
    numbers = count(1)
    for document in read(data):
        if document.kind == "TA1":
            continue
        number = next(numbers)
        batch = document.content
        if isinstance(batch, ClaimBatch) and batch.claims and number not in refused:
            faults = _by_claim(document, len(batch.claims), found.get(number, ()))
            yield ClaimAnswer(document.interchange, _report(batch, faults, at))


def _refused(data: bytes) -> Iterator[int]:
    """Return the numbers of the sets that the 999 does not take, counted in the file."""
    numbers = count(1)
    for answer in acknowledge(data):
        for group in answer.groups:
            for one in group.sets:
                number = next(numbers)
                if not one.taken:
                    yield number


def _by_claim(document: Document, claims: int, findings: Iterable[Problem]) -> list[list[Problem]]:
    """Return the findings of each claim: its own, and those of the office, insured and patient above it."""
    owners = _owners(document)
    faults: list[list[Problem]] = [[] for _ in range(claims)]
    for finding in findings:
        for place in owners.get(finding.position, range(len(faults))):
            faults[place].append(finding)
    return faults


def _owners(document: Document) -> dict[int, Sequence[int]]:
    """Return for each segment of a set which claims it speaks of."""
    owners: dict[int, Sequence[int]] = {}
    claim = -1
    above: dict[str, list[int]] = {}
    owner: Sequence[int] | None = None
    for segment in document.segments:
        if segment.id == "HL":
            # the levels are numbered from the office (20) down to the patient (23)
            above = {kind: claims for kind, claims in above.items() if kind < segment[3]}
            owner = above[segment[3]] = []
        elif segment.id == "CLM":
            claim += 1
            for claims in above.values():
                claims.append(claim)
            owner = (claim,)
        if owner is not None:
            owners[segment.position] = owner
    return owners


def _report(batch: ClaimBatch[Claim], faults: Sequence[Sequence[Problem]], at: datetime) -> StatusReport:
    told = [
        (claim.billing, _status(claim, found, at.date()))
        for claim, found in zip(batch.claims, faults, strict=True)
    ]
    providers: dict[str, list[ClaimStatus]] = {}
    parties: dict[str, Party] = {}
    for billing, status in told:
        providers.setdefault(billing.id, []).append(status)
        parties.setdefault(billing.id, billing)
    everything = [status for _, status in told]
    return StatusReport(
        f"A{batch.reference}"[:30], at, _named(batch.receiver, "PR"), batch.reference, at.date(), at.date(),
        _named(batch.submitter), batch.reference, (_whole(everything, at.date()),), _totals(everything),
        tuple(
            ProviderStatus(
                _named(parties[key]), statuses=(replace(_whole(one, at.date()), on=None),), totals=_totals(one),
                claims=tuple(one),
            )
            for key, one in providers.items()
        ),
    )  # fmt: skip


def _named(party: Party, entity: str = "") -> Party:
    """Return who somebody is, without address and what else stands beside."""
    return Party(
        party.name, party.first, party.middle, party.suffix, is_person=party.is_person,
        id_qualifier=party.id_qualifier if party.id else "", id=party.id, entity=entity,
    )  # fmt: skip


def _status(claim: Claim, findings: Sequence[Problem], today: date) -> ClaimStatus:
    patient = _named(claim.patient_party)
    if patient.id_qualifier not in ("MI", "II"):
        insured = claim.subscriber.party
        patient = replace(patient, id_qualifier="MI" if insured.id else "", id=insured.id)
    bill = f"{claim.bill_type}{claim.frequency}" if isinstance(claim, InstitutionalClaim) else ""
    return ClaimStatus(
        claim.claim_id, patient, (_said(findings, claim.charge, today),), bill_type=bill, served=_served(claim, today),
        clearinghouse_trace=claim.trace,
    )  # fmt: skip


def _said(findings: Sequence[Problem], charge: Decimal, today: date) -> Status:
    if not findings:
        return Status(*TAKEN, "PR", today, "WQ", charge)
    reasons = list(dict.fromkeys(reason_for(one) for one in findings))
    (category, code, entity), *more = reasons[:MOST_REASONS]
    return Status(category, code, entity, today, "U", charge, tuple(more), clean(findings[0].message)[:264])


def reason_for(finding: Problem) -> tuple[str, str, str]:
    """Return a finding as category, status and entity: what is missing (A6), or what is wrong (A7)."""
    category = "A6" if finding.code.endswith("missing") else "A7"
    for begin, code, entity in _REASONS:
        if finding.code.startswith(begin):
            return category, code, entity
    return category, *_OTHERWISE


def _served(claim: Claim, today: date) -> Dates:
    if isinstance(claim, InstitutionalClaim) and claim.statement_from:
        first, last = claim.statement_from, claim.statement_to or claim.statement_from
    else:
        days = [day for line in claim.lines for day in (line.served_on, line.served_to) if day]
        own = getattr(claim, "served_on", None)
        days += [own] if own else []
        first, last = min(days, default=today), max(days, default=today)
    return Dates("472", first, last if last != first else None)


def _whole(statuses: Sequence[ClaimStatus], today: date) -> Status:
    """Return what is said of a file or a provider as a whole."""
    charge = sum((one.statuses[0].charge or ZERO for one in statuses), ZERO)
    if all(one.rejected for one in statuses):
        return Status(*NONE_TAKEN, "", today, "U", charge)
    return Status(*RECEIVED, "PR", today, "WQ", charge)


def _totals(statuses: Sequence[ClaimStatus]) -> Totals:
    taken = [one.statuses[0].charge or ZERO for one in statuses if not one.rejected]
    turned = [one.statuses[0].charge or ZERO for one in statuses if one.rejected]
    return Totals(
        len(taken) or None,
        sum(taken, ZERO) if taken else None,
        len(turned) or None,
        sum(turned, ZERO) if turned else None,
    )
