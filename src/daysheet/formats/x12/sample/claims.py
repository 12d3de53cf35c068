"""Sample claim files (837P): ten kinds of claims take turns, from a plain one to one for a second plan."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from daysheet.formats.x12.guides.claim import (
    Attachment,
    C,
    ClaimBatch,
    ClaimLine,
    Drug,
    LineAdjudication,
    OtherPayer,
    Subscriber,
)
from daysheet.formats.x12.guides.parts import Procedure
from daysheet.formats.x12.guides.professional import ProfessionalClaim, ServiceLine
from daysheet.formats.x12.guides.professional_writing import build_837p
from daysheet.formats.x12.write import OutgoingSet

from .cast import AT, DIAGNOSES, FIRST_PLAN, PLAN, Cast, adjusted

Made = Callable[[Cast, ProfessionalClaim], ProfessionalClaim]


def professional(cast: Cast, claims: int) -> OutgoingSet:
    """Return the body of a claim file of an office."""
    made = tuple(
        KINDS[(number - 1) % len(KINDS)](cast, _plain(cast, number)) for number in range(1, claims + 1)
    )
    return build_837p(ClaimBatch("B0001", AT, cast.submitter, cast.receiver, made))


def _plain(cast: Cast, number: int) -> ProfessionalClaim:
    day = cast.day()
    lines = tuple(
        ServiceLine(
            number=place, procedure=cast.procedure(), charge=cast.money(40, 400),
            units=Decimal(cast.chance.randrange(1, 4)), served_on=day, control=f"L{number:06d}{place}",
            pointers=(1, 2) if place == 1 else (1,),
        )
        for place in range(1, cast.chance.randrange(1, 4) + 1)
    )  # fmt: skip
    return ProfessionalClaim(
        claim_id=f"C{number:06d}", charge=_charge(lines), billing=cast.office,
        subscriber=Subscriber(cast.person(number), group_number="GR100"), payer=PLAN, lines=lines,
        diagnoses=tuple(cast.chance.sample(DIAGNOSES, 2)), rendering=cast.doctor,
    )  # fmt: skip


def _as_it_is(cast: Cast, claim: ProfessionalClaim) -> ProfessionalClaim:
    return claim


def _dependent(cast: Cast, claim: ProfessionalClaim) -> ProfessionalClaim:
    insured = replace(claim.subscriber.party, address=None, born_on=None, gender="")
    return replace(
        claim, subscriber=replace(claim.subscriber, party=insured, relationship=""), patient=cast.person(),
        patient_relationship="19",
    )  # fmt: skip


def _second_plan(cast: Cast, claim: ProfessionalClaim) -> ProfessionalClaim:
    return second_plan(cast, claim, claim.lines[0].served_on)


def second_plan(cast: Cast, claim: C, served_on: date | None) -> C:
    """Return a claim as it goes to a second plan, with what the first one did the day after."""
    lines = tuple(replace(line, adjudications=(_decided(cast, line, served_on),)) for line in claim.lines)
    done = [line.adjudications[0] for line in lines]
    share = sum((one.amount for item in done for one in item.adjustments if one.group == "PR"), Decimal(0))
    other = OtherPayer(
        FIRST_PLAN, replace(cast.person(90_000_000 + int(claim.claim_id[1:])), born_on=None, gender=""), "P", "18",
        filing_code="CI", paid=sum((one.paid for one in done), Decimal(0)), remaining=share,
    )  # fmt: skip
    return replace(claim, subscriber=replace(claim.subscriber, rank="S"), lines=lines, other_payers=(other,))


def _decided(cast: Cast, line: ClaimLine, served_on: date | None) -> LineAdjudication:
    """Return what the first plan did: sixty of a hundred paid, twenty to the patient, the rest not owed."""
    paid, share = cast.part(line.charge, 60), cast.part(line.charge, 20)
    reasons = (adjusted("CO", "45", line.charge - paid - share), adjusted("PR", "2", share))
    paid_on = None if served_on is None else served_on + timedelta(days=1)
    return LineAdjudication(FIRST_PLAN.id, paid, line.procedure, line.units, reasons, paid_on)


def _replacement(cast: Cast, claim: ProfessionalClaim) -> ProfessionalClaim:
    return replace(claim, frequency="7", original_claim=f"P{claim.claim_id[1:]}")


def _void(cast: Cast, claim: ProfessionalClaim) -> ProfessionalClaim:
    return replace(claim, frequency="8", original_claim=f"P{claim.claim_id[1:]}")


def _with_paper(cast: Cast, claim: ProfessionalClaim) -> ProfessionalClaim:
    return replace(claim, attachments=(Attachment("OZ", "BM", f"PAPER{claim.claim_id[1:]}"),))


def _authorized(cast: Cast, claim: ProfessionalClaim) -> ProfessionalClaim:
    return replace(claim, prior_authorization=f"AUTH{claim.claim_id[1:]}", patient_paid=Decimal(20))


def _laboratory(cast: Cast, claim: ProfessionalClaim) -> ProfessionalClaim:
    return _one_line(claim, clia="22D1234567", procedure=Procedure("X0070", ("QW",)))


def _anaesthesia(cast: Cast, claim: ProfessionalClaim) -> ProfessionalClaim:
    minutes = Decimal(cast.chance.randrange(15, 180))
    return _one_line(claim, procedure=Procedure("X0100", ("AA",)), units=minutes, unit="MJ")


def _drug(cast: Cast, claim: ProfessionalClaim) -> ProfessionalClaim:
    return _one_line(claim, procedure=Procedure("X0110"), drug=Drug(cast.digits(11), Decimal(2), "ML"))


def _one_line(claim: ProfessionalClaim, *, clia: str = "", **line: Any) -> ProfessionalClaim:
    lines = (replace(claim.lines[0], **line), *claim.lines[1:])
    return replace(claim, lines=lines, clia=clia)


def _charge(lines: tuple[ServiceLine, ...]) -> Decimal:
    return sum((line.charge for line in lines), Decimal(0))


KINDS: tuple[Made, ...] = (
    _as_it_is, _dependent, _second_plan, _replacement, _void, _with_paper, _authorized, _laboratory, _anaesthesia, _drug,
)  # fmt: skip
