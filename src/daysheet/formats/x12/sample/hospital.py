"""Sample claim files of hospitals and dentists (837I, 837D): several kinds of claims take turns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from daysheet.formats.x12.guides.claim import Attachment, C, ClaimBatch, Subscriber
from daysheet.formats.x12.guides.dental import DentalClaim, DentalLine, Orthodontics, Tooth, ToothStatus
from daysheet.formats.x12.guides.dental_writing import build_837d
from daysheet.formats.x12.guides.institutional import (
    Diagnosis,
    HospitalLine,
    HospitalProcedure,
    InstitutionalClaim,
    Occurrence,
    ValueCode,
)
from daysheet.formats.x12.guides.institutional_writing import build_837i
from daysheet.formats.x12.guides.parts import Procedure
from daysheet.formats.x12.write import OutgoingSet

from .cast import AT, DIAGNOSES, PLAN, Cast
from .claims import second_plan

ONE = Decimal(1)
FRONT_TEETH = frozenset((*range(6, 12), *range(22, 28)))


def institutional(cast: Cast, claims: int) -> OutgoingSet:
    """Return the body of a claim file of a hospital: stays and visits take turns."""
    cast.office = replace(cast.office, name="NORTHSIDE", taxonomy="282N00000X")
    made = tuple(_in_turn(STAYS, cast, _stay(cast, number), number) for number in range(1, claims + 1))
    return build_837i(ClaimBatch("B0001", AT, cast.submitter, cast.receiver, made))


def dental(cast: Cast, claims: int) -> OutgoingSet:
    """Return the body of a claim file of a dentist: fillings, crowns, braces, a question beforehand."""
    cast.office = replace(cast.office, name="NORTHSIDE", taxonomy="122300000X")
    cast.doctor = replace(cast.doctor, taxonomy="122300000X")
    made = tuple(
        _in_turn(TREATMENTS, cast, _filling(cast, number), number) for number in range(1, claims + 1)
    )
    return build_837d(ClaimBatch("B0001", AT, cast.submitter, cast.receiver, made))


def _in_turn(kinds: tuple[Callable[[Cast, C], C], ...], cast: Cast, claim: C, number: int) -> C:
    return kinds[(number - 1) % len(kinds)](cast, claim)


def _core(cast: Cast, claim_id: str, number: int) -> dict[str, Any]:
    insured = Subscriber(cast.person(number), group_number="GR100")
    return {"claim_id": claim_id, "billing": cast.office, "subscriber": insured, "payer": PLAN}


def _as_it_is(cast: Cast, claim: C) -> C:
    return claim


def _second_stay(cast: Cast, claim: InstitutionalClaim) -> InstitutionalClaim:
    done = second_plan(cast, claim, claim.statement_to)
    return replace(
        done,
        lines=tuple(
            replace(
                line,
                adjudications=tuple(
                    replace(one, revenue_code=line.revenue_code) for one in line.adjudications
                ),
            )
            for line in done.lines
        ),
    )


def _second_treatment(cast: Cast, claim: DentalClaim) -> DentalClaim:
    return second_plan(cast, claim, claim.served_on)


def _stay(cast: Cast, number: int) -> InstitutionalClaim:
    """Return a stay of some days: a room, and tests on the first of them."""
    out = cast.day()
    days = cast.chance.randrange(1, 6)
    came = out - timedelta(days=days)
    room, tests = cast.money(200, 900) * days, cast.money(50, 400)
    first, other = cast.chance.sample(DIAGNOSES, 2)
    lines = (
        _of_hospital(1, f"H{number:06d}", "0120", None, room, "DA", Decimal(days), None),
        _of_hospital(2, f"H{number:06d}", "0300", cast.procedure(), tests, "UN", ONE, came),
    )
    return InstitutionalClaim(
        **_core(cast, f"H{number:06d}", number), charge=room + tests, lines=lines, bill_type="11",
        statement_from=came, statement_to=out, admitted_on=came, admission_hour="0915", discharge_hour="1100",
        admission_type="1", admission_source="1", patient_status="01", principal=Diagnosis(first, "Y"),
        admitting=first, diagnoses=(Diagnosis(other, "N"),), values=(ValueCode("80", Decimal(days)),),
        attending=replace(cast.doctor, taxonomy="207R00000X"),
    )  # fmt: skip


def _of_hospital(
    number: int,
    claim_id: str,
    revenue: str,
    procedure: Procedure | None,
    charge: Decimal,
    unit: str,
    units: Decimal,
    on: date | None,
) -> HospitalLine:
    return HospitalLine(
        number, procedure, charge, units, on, f"{claim_id}{number}", revenue_code=revenue, unit=unit
    )


def _operated(cast: Cast, claim: InstitutionalClaim) -> InstitutionalClaim:
    """An operation on the second day, after an accident."""
    came = claim.statement_from
    if came is None:
        return claim
    return replace(
        claim, procedures=(HospitalProcedure("0X0000Z", came), HospitalProcedure("0X0001Z", came)),
        occurrences=(Occurrence("11", came - timedelta(days=2)),), conditions=("09",),
        spans=(Occurrence("71", came - timedelta(days=30), came - timedelta(days=28)),),
        operating=replace(cast.doctor, taxonomy="", id=cast.npi()),
    )  # fmt: skip


def _visit(cast: Cast, claim: InstitutionalClaim) -> InstitutionalClaim:
    """A visit of one day: every line says when and what."""
    day = claim.statement_to
    charge = cast.money(90, 600)
    line = _of_hospital(1, claim.claim_id, "0450", cast.procedure(), charge, "UN", ONE, day)
    return replace(
        claim, bill_type="13", statement_from=day, admitted_on=day, admission_hour="", discharge_hour="",
        admission_type="3", admission_source="1", admitting="", principal=replace(claim.principal or Diagnosis("I10"),
        present=""), diagnoses=tuple(replace(one, present="") for one in claim.diagnoses), values=(),
        reasons=(claim.admitting,), lines=(line,), charge=charge,
    )  # fmt: skip


def _replaced(cast: Cast, claim: C) -> C:
    return replace(claim, frequency="7", original_claim=f"P{claim.claim_id[1:]}")


def _with_paper(cast: Cast, claim: C) -> C:
    return replace(
        claim, attachments=(Attachment("OZ", "BM", f"PAPER{claim.claim_id[1:]}"),),
        prior_authorization=f"AUTH{claim.claim_id[1:]}",
    )  # fmt: skip


def _filling(cast: Cast, number: int) -> DentalClaim:
    """Return a tooth filled and a cleaning on one day."""
    filled, cleaned = cast.money(80, 300), cast.money(40, 120)
    number_of_tooth = cast.chance.randrange(1, 33)
    sides: tuple[str, ...] = cast.chance.choice((("M", "O"), ("D",), ("O",), ("B", "L")))
    if number_of_tooth in FRONT_TEETH:  # they bite with an edge
        sides = tuple({"O": "I", "B": "F"}.get(one, one) for one in sides)
    tooth = Tooth(str(number_of_tooth), sides)
    lines = (
        _of_dentist(1, f"T{number:06d}", "D0000", filled, teeth=(tooth,)),
        _of_dentist(2, f"T{number:06d}", "D0001", cleaned),
    )
    return DentalClaim(
        **_core(cast, f"T{number:06d}", number), charge=filled + cleaned, lines=lines, served_on=cast.day(),
        rendering=cast.doctor,
    )  # fmt: skip


def _of_dentist(number: int, claim_id: str, code: str, charge: Decimal, **more: Any) -> DentalLine:
    return DentalLine(
        number, Procedure(code, qualifier="AD"), charge, ONE, None, f"{claim_id}{number}", **more
    )


def _crown(cast: Cast, claim: DentalClaim) -> DentalClaim:
    """A crown made anew, for a patient who lacks two teeth."""
    lines = (replace(claim.lines[0], prosthesis="I"), *claim.lines[1:])
    treated = {tooth.number for line in lines for tooth in line.teeth}
    gone = [tooth for tooth in ("17", "32", "16") if tooth not in treated][:2]
    return replace(claim, lines=lines, tooth_status=tuple(ToothStatus(tooth, "M") for tooth in gone))


def _braces(cast: Cast, claim: DentalClaim) -> DentalClaim:
    line = replace(claim.lines[0], teeth=(), areas=("01", "02"))
    return replace(
        claim, lines=(line,), charge=line.charge, orthodontics=Orthodontics(Decimal(24), Decimal(18))
    )


def _asked_before(cast: Cast, claim: DentalClaim) -> DentalClaim:
    """A plan of treatment: nothing is done yet, nothing is billed."""
    return replace(claim, is_predetermination=True, served_on=None)


STAYS: tuple[Callable[[Cast, InstitutionalClaim], InstitutionalClaim], ...] = (
    _as_it_is, _operated, _visit, _second_stay, _replaced, _with_paper,
)  # fmt: skip
TREATMENTS: tuple[Callable[[Cast, DentalClaim], DentalClaim], ...] = (
    _as_it_is, _crown, _braces, _asked_before, _second_treatment, _replaced, _with_paper,
)  # fmt: skip
