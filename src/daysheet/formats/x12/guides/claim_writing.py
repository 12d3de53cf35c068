"""How the part that all claim files share is written (837): levels, other payers, earlier decisions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from daysheet.formats.x12.envelope import GUIDES
from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.segment import Segment, composite, segment
from daysheet.formats.x12.write import OutgoingSet

from . import writing
from .claim import C, Claim, ClaimBatch, ClaimLine, Drug, LineAdjudication, OtherPayer
from .parts import Dates, Party, Reference

Providers = Sequence[tuple[str, str, str, str]]
"""Field of the claim, role (NM101), loop, PRV code: in the order of the guide."""


def build_claims(batch: ClaimBatch[C], kind: str, claim: Callable[[C], list[Segment]]) -> OutgoingSet:
    """Return the claims as an 837 of a kind; neighbours of one office and one insured share their levels.

    Raises CannotBuild, with the place, when the guide asks for something that is missing.
    """
    if batch.at is None:
        raise CannotBuild("The moment of the file is missing (BHT04).")
    if not batch.claims:
        raise CannotBuild("A claim file holds at least one claim (2300).")
    number = writing.limited(writing.required(batch.reference, "The number of the file (BHT03)"), 30, "BHT03")
    clock = f"{batch.at:%H%M%S}".removesuffix("00")
    if not batch.submitter.contacts:
        raise CannotBuild("The submitter needs a contact (1000A PER).")
    lines = [
        segment("BHT", "0019", batch.purpose, number, f"{batch.at:%Y%m%d}", clock, batch.kind),
        *_correspondent(batch.submitter, "41", "submitter (1000A NM1)"),
        *_correspondent(batch.receiver, "40", "receiver (1000B NM1)"),
    ]
    levels = _Levels()
    for item in batch.claims:
        lines += levels.above(item)
        lines += claim(item)
    return OutgoingSet("837", GUIDES[kind], tuple(lines))


def _correspondent(party: Party, entity: str, what: str) -> list[Segment]:
    writing.required(party.name, f"The name of the {what}")
    writing.required(party.id, f"The id of the {what}")
    return writing.party(party, entity)


class _Levels:
    """The hierarchy of a file while it is written: what the next claim shares with the one before."""

    def __init__(self) -> None:
        self.count = 0
        self.office = 0
        self.before: Claim | None = None

    def above(self, claim: Claim) -> list[Segment]:
        """Return the levels that the claim does not share with its neighbour."""
        before, self.before = self.before, claim
        lines: list[Segment] = []
        shared = before is not None and (before.billing, before.pay_to) == (claim.billing, claim.pay_to)
        if not shared:
            self.count += 1
            self.office = self.count
            lines += _office(claim, self.count)
        if shared and before is not None and _people(before) == _people(claim):
            return lines
        self.count += 1
        lines += _insured(claim, self.count, self.office)
        if claim.patient is not None:
            self.count += 1
            lines += _dependent(claim, claim.patient, self.count)
        return lines


def _people(claim: Claim) -> tuple[object, ...]:
    return claim.subscriber, claim.payer, claim.patient, claim.patient_relationship


def _office(claim: Claim, count: int) -> list[Segment]:
    billing = claim.billing
    _has_place(billing, "The billing provider", "2010AA")
    if not (billing.reference("EI") or billing.reference("SY")):
        raise CannotBuild("The billing provider needs a tax number (2010AA REF EI or SY).")
    currency, rest = _split(billing.extras, "CUR")
    own, loops = loops_apart(rest)
    lines = [segment("HL", str(count), "", "20", "1")]
    if billing.taxonomy:
        lines.append(segment("PRV", "BI", "PXC", writing.clean(billing.taxonomy)))
    lines += [*currency, *_named(billing, "85", own)]
    if claim.pay_to is not None:
        lines += writing.party(claim.pay_to, "87")
    return lines + loops


def _has_place(party: Party, what: str, loop: str) -> None:
    writing.required(party.name, f"{what} has no name ({loop} NM103): it")
    if party.address is None or not (party.address.line1 and party.address.city):
        raise CannotBuild(f"{what} has no address ({loop} N3, N4).")


def _named(party: Party, entity: str, extras: Sequence[Segment]) -> list[Segment]:
    lines = writing.party(party, entity)
    return [*lines[: len(lines) - len(party.extras)], *extras]


def _split(items: Sequence[Segment], name: str) -> tuple[list[Segment], list[Segment]]:
    return [item for item in items if item.id == name], [item for item in items if item.id != name]


def loops_apart(items: Sequence[Segment]) -> tuple[list[Segment], list[Segment]]:
    """Return kept segments of a loop itself, and those from the first inner loop on."""
    at = next((index for index, item in enumerate(items) if item.id in ("NM1", "LIN", "LQ")), len(items))
    return list(items[:at]), list(items[at:])


def _insured(claim: Claim, count: int, above: int) -> list[Segment]:
    plan = claim.subscriber
    person = plan.party
    writing.required(person.name, "The name of the insured (2010BA NM103)")
    writing.required(claim.payer.id, "The id of the payer (2010BB NM109)")
    if claim.patient is None:
        if plan.relationship != "18":
            raise CannotBuild("A claim without a dependent says 18 for the insured (2000B SBR02).")
        _has_place(person, "The patient", "2010BA")
        if person.born_on is None or not person.gender:
            raise CannotBuild("The patient needs a birth date and a sex (2010BA DMG).")
    elif plan.relationship:
        raise CannotBuild("The insured of a dependent carries no relationship (2000B SBR02).")
    about, rest = _split(person.extras, "PAT")
    return [
        segment("HL", str(count), str(above), "22", "0" if claim.patient is None else "1"),
        segment(
            "SBR", plan.rank, plan.relationship, writing.clean(plan.group_number),
            writing.clean(plan.group_name),
            plan.insurance_type, "", "", "", plan.filing_code,
        ),
        *about,
        *_named(person, "IL", rest),
        *writing.party(claim.payer, "PR"),
    ]  # fmt: skip


def _dependent(claim: Claim, patient: Party, count: int) -> list[Segment]:
    writing.required(claim.patient_relationship, "The relationship of the dependent (2000C PAT01)")
    _has_place(patient, "The patient", "2010CA")
    if patient.born_on is None or not patient.gender:
        raise CannotBuild("The patient needs a birth date and a sex (2010CA DMG).")
    about, rest = _split(patient.extras, "PAT")
    return [
        segment("HL", str(count), str(count - 1), "23", "0"),
        *(about or [segment("PAT", claim.patient_relationship)]),
        *_named(patient, "QC", rest),
    ]


def claim_head(claim: Claim, numbers: Sequence[tuple[str, str]]) -> list[Segment]:
    """Return the segments that every kind of claim has: days, papers, numbers, words."""
    named = [Reference(code, getattr(claim, field)) for field, code in numbers]
    return [
        *(writing.dtp(item) for item in claim.dates),
        *(
            segment(
                "PWK", item.kind, item.how, "", "", "AC" if item.control else "", writing.clean(item.control)
            )
            for item in claim.attachments
        ),
        *writing.refs((*named, *claim.references)),
        *(segment("NTE", item.code, writing.clean(item.text)) for item in claim.notes),
    ]


def claim_segments(
    claim: Claim,
    head: Iterable[Segment],
    order: Sequence[str],
    providers: Providers,
    line: Callable[..., list[Segment]],
) -> list[Segment]:
    """Return a claim whole: its own segments in the order of the guide, providers, other payers, lines."""
    if not claim.lines:
        raise CannotBuild("A claim holds at least one line (2400).")
    # TR3 837 2300 CLM05-3, REF F8: a replacement or void names the claim it changes
    if (claim.frequency in ("7", "8")) != bool(claim.original_claim):
        raise CannotBuild(
            "The payer's claim number belongs to a replacement or void, and only there (2300 REF F8)."
        )
    own, loops = loops_apart(claim.extras)
    lines = ordered([*head, *own], order)
    for field, entity, _, role in providers:
        provider: Party | None = getattr(claim, field)
        if provider is not None:
            lines += writing.party(provider, provider.entity or entity, role=role)
    lines += loops
    for other in claim.other_payers:
        lines += _other_payer(other)
    for item in claim.lines:
        lines += line(item)
    return lines


def clm(claim: Claim, place: str, kind: str, signature: str = "", more: Sequence[str] = ()) -> Segment:
    """Return the first segment of a claim; `kind` says what `place` is (CLM05-2), `more` are CLM10 and later."""
    number = writing.limited(writing.required(claim.claim_id, "The claim number (2300 CLM01)"), 20, "CLM01")
    return segment(
        "CLM", number, writing.cents(claim.charge, "CLM02"), "", "", composite(place, kind, claim.frequency),
        signature, claim.assignment, claim.benefits_assigned, claim.release, *more,
    )  # fmt: skip


def amount(code: str, value: Decimal | None) -> Iterator[Segment]:
    """Return an AMT, or nothing."""
    if value is not None:
        yield segment("AMT", code, writing.cents(value, f"AMT {code}"))


def line_control(line: ClaimLine) -> str:
    """Return our number of a line: it comes back in the remittance and is the key that finds it."""
    return writing.required(line.control, f"The control number of line {line.number} (2400 REF 6R)")


def service_dates(starts_on: date | None, ends_on: date | None) -> list[Segment]:
    """Return the day or days of a service, where there are any."""
    return [] if starts_on is None else [writing.span("DTP", "472", starts_on, ends_on)]


def line_segments(
    line: ClaimLine,
    service: Sequence[Segment],
    order: Sequence[str],
    *,
    drug: Drug | None = None,
    role: str = "",
) -> list[Segment]:
    """Return a line whole: what was done, days, numbers, words, drug, who did it, what payers decided."""
    own, loops = loops_apart(line.extras)
    head = [
        segment("LX", str(line.number)),
        *service,
        *service_dates(line.served_on, line.served_to),
        *(writing.dtp(item) for item in line.dates),
        *writing.refs(
            (Reference("G1", line.prior_authorization), Reference("6R", line_control(line)), *line.references)
        ),
        *(segment("NTE", item.code, writing.clean(item.text)) for item in line.notes),
        *own,
    ]
    lines = ordered(head, order)
    if drug is not None:
        lines.append(segment("LIN", "", "N4", writing.clean(drug.ndc)))
        if drug.quantity is not None:
            lines.append(segment("CTP", "", "", "", writing.plain(drug.quantity), drug.unit))
    if line.rendering is not None:
        lines += writing.party(line.rendering, "82", role=role)
    lines += loops
    for adjudication in line.adjudications:
        lines += _adjudication(adjudication)
    return lines


def has_pointers(number: int, pointers: Sequence[int], diagnoses: int) -> None:
    """Promise that a line points to one to four diagnoses that the claim names. Raises CannotBuild."""
    if not 1 <= len(pointers) <= 4:
        raise CannotBuild(f"Line {number} points to one to four diagnoses (2400 SV107).")
    if not all(1 <= pointer <= diagnoses for pointer in pointers):
        raise CannotBuild(f"Line {number} points to a diagnosis that the claim does not name (2400 SV107).")


def diagnoses(codes: tuple[str, ...]) -> Segment:
    """Return diagnoses as an HI, the principal one first."""
    return segment(
        "HI", *(f"{'ABF' if index else 'ABK'}:{writing.clean(code)}" for index, code in enumerate(codes))
    )


def accident(causes: Sequence[str], state: str) -> str:
    """Return what an accident was, and where (CLM11)."""
    return composite(*[*causes, "", "", ""][:3], state)


def ordered(items: Sequence[Segment], order: Sequence[str]) -> list[Segment]:
    """Return segments in the order of a guide; those of one id stay as they are among themselves."""
    rank = _ranks(tuple(order))
    last = len(rank)
    return sorted(items, key=lambda item: rank.get(item.id, last))


@cache
def _ranks(order: tuple[str, ...]) -> dict[str, int]:
    return {name: index for index, name in enumerate(order)}


def _other_payer(other: OtherPayer) -> list[Segment]:
    amounts = (("D", other.paid), ("A8", other.non_covered), ("EAF", other.remaining))
    number = writing.required(other.payer.id, "The id of the other payer (2330B NM109)")
    assert number
    payer = writing.party(other.payer, "PR")
    at = next(
        (index for index, item in enumerate(payer) if index and item.id not in ("N3", "N4")), len(payer)
    )
    payer[at:at] = [writing.span("DTP", "573", other.paid_on)] if other.paid_on else []
    payer[at + bool(other.paid_on) : at + bool(other.paid_on)] = writing.ref("F8", other.claim_number)
    return [
        segment(
            "SBR", other.rank, other.relationship, writing.clean(other.group_number),
            writing.clean(other.group_name),
            other.insurance_type, "", "", "", other.filing_code,
        ),
        *writing.cas(other.adjustments),
        *(segment("AMT", code, writing.cents(value, f"AMT {code}")) for code,
        value in amounts if value is not None),
        segment("OI", "", "", other.benefits_assigned, other.patient_signature, "", other.release),
        *([segment("MIA", *other.mia)] if other.mia else []),
        *([segment("MOA", *other.moa)] if other.moa else []),
        *other.extras,
        # TR3 837P 2330A: the other insured carries no birth date
        *writing.party(replace(other.subscriber, born_on=None, gender=""), "IL"),
        *payer,
    ]  # fmt: skip


def _adjudication(item: LineAdjudication) -> list[Segment]:
    lines = [
        segment(
            "SVD", writing.required(item.payer_id, "The payer of the line (2430 SVD01)"),
            writing.cents(item.paid, "SVD02"),
            writing.procedure(item.procedure) if item.procedure else "", item.revenue_code,
            writing.plain(item.units), item.bundled_into,
        ),
        *writing.cas(item.adjustments),
    ]  # fmt: skip
    if item.paid_on is not None:
        lines.append(writing.dtp(Dates("573", item.paid_on)))
    if item.remaining is not None:
        lines.append(segment("AMT", "EAF", writing.cents(item.remaining, "AMT EAF")))
    return [*lines, *item.extras]
