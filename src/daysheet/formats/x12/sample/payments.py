"""Sample remittances (835): paid, denied, second plan, taken back and corrected, passed on, and money beside claims."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from daysheet.formats.x12.guides.parts import Address, Adjustment, Contact, Party
from daysheet.formats.x12.guides.remittance import (
    ClaimPayment,
    ProviderAdjustment,
    Remittance,
    ServicePayment,
    moa,
)
from daysheet.formats.x12.guides.remittance_writing import build_835
from daysheet.formats.x12.write import OutgoingSet

from .cast import FIRST_PLAN, TODAY, Cast, adjusted

Decided = Callable[[Cast, ClaimPayment], tuple[ClaimPayment, ...]]
YEAR_END = date(2026, 12, 31)


def remittance(cast: Cast, claims: int) -> OutgoingSet:
    """Return the body of a remittance for so many claims; one that is corrected stands there twice."""
    made: list[ClaimPayment] = []
    for number in range(1, claims + 1):
        made += KINDS[(number - 1) % len(KINDS)](cast, _paid(cast, number))
    total = sum((one.paid for one in made), Decimal(0))
    beside = _beside(cast, total)
    amount = total - sum((one.amount for one in beside), Decimal(0))
    return build_835(
        Remittance(
            payer=Party(
                "BLUE PPO", address=Address("1 PLAN PLAZA", "", "BOSTON", "MA", "02101"),
                contacts=(Contact("TECH DESK", phone="8005550100", code="BL"),),
            ),
            payee=Party(cast.office.name, id_qualifier="XX", id=cast.office.id, references=()),
            amount=amount, method="CHK" if amount else "NON", handling="I" if amount else "H", paid_on=TODAY,
            trace=f"CHK{cast.digits(6)}", payer_tin="1912345678", claims=tuple(made), provider_adjustments=beside,
            produced_on=TODAY,
        )
    )  # fmt: skip


def _beside(cast: Cast, total: Decimal) -> tuple[ProviderAdjustment, ...]:
    """Return money taken back, interest, and a balance carried: never more than was paid."""
    if total < Decimal(10):
        return ()
    who = cast.office.id
    return (
        ProviderAdjustment(who, YEAR_END, "WO", "P999001", cast.part(total, 5)),
        ProviderAdjustment(who, YEAR_END, "L6", "P999002", -cast.part(total, 1)),
        ProviderAdjustment(who, YEAR_END, "FB", "P999003", cast.part(total, 2)),
    )


def _paid(cast: Cast, number: int) -> ClaimPayment:
    day = cast.day()
    services = tuple(
        _service(cast, day, f"L{number:06d}{place}") for place in range(1, cast.chance.randrange(1, 4) + 1)
    )
    claim = ClaimPayment(
        claim_id=f"C{number:06d}", status="1", charge=Decimal(0), paid=Decimal(0),
        patient=cast.person(number, has_home=False), filing_code="12", payer_claim_number=f"P{number:06d}",
        place="11", frequency="1", rendering=replace(cast.doctor, taxonomy=""),
    )  # fmt: skip
    return _with(claim, services)


def _service(cast: Cast, day: date, control: str) -> ServicePayment:
    charge = cast.money(40, 400)
    paid, share = cast.part(charge, 60), cast.part(charge, 15)
    return ServicePayment(
        procedure=cast.procedure(), charge=charge, paid=paid, units=Decimal(1), served_on=day, control=control,
        adjustments=(adjusted("CO", "45", charge - paid - share), adjusted("PR", "2", share)),
    )  # fmt: skip


def _with(claim: ClaimPayment, services: tuple[ServicePayment, ...]) -> ClaimPayment:
    """Return the claim with these services and the sums that follow from them."""
    shares = (item.amount for one in services for item in one.adjustments if item.group == "PR")
    return replace(
        claim, services=services, charge=sum((one.charge for one in services), Decimal(0)),
        paid=sum((one.paid for one in services), Decimal(0)), patient_responsibility=sum(shares, Decimal(0)),
    )  # fmt: skip


def _as_it_is(cast: Cast, claim: ClaimPayment) -> tuple[ClaimPayment, ...]:
    return (claim,)


def _denied(cast: Cast, claim: ClaimPayment) -> tuple[ClaimPayment, ...]:
    services = tuple(
        replace(one, paid=Decimal(0), adjustments=(adjusted("CO", "16", one.charge),), remarks=("M76",))
        for one in claim.services
    )
    return (replace(_with(claim, services), status="4", moa=moa("MA130")),)


def _second(cast: Cast, claim: ClaimPayment) -> tuple[ClaimPayment, ...]:
    services = tuple(
        replace(one, paid=cast.part(one.charge, 10), adjustments=_after_another(cast, one.charge))
        for one in claim.services
    )
    return (replace(_with(claim, services), status="2"),)


def _after_another(cast: Cast, charge: Decimal) -> tuple[Adjustment, ...]:
    paid, share = cast.part(charge, 10), cast.part(charge, 5)
    return (adjusted("OA", "23", charge - paid - share), adjusted("PR", "2", share))


def _corrected(cast: Cast, claim: ClaimPayment) -> tuple[ClaimPayment, ...]:
    """Return the payment of an earlier day taken back, and the claim decided anew."""
    back = tuple(
        replace(
            one, charge=-one.charge, paid=-one.paid, units=None,
            adjustments=tuple(replace(item, amount=-item.amount) for item in one.adjustments),
        )
        for one in claim.services
    )  # fmt: skip
    taken = replace(_with(claim, back), status="22", patient_responsibility=None)
    less = Decimal(1)
    first, *rest = claim.services
    anew = (
        replace(
            first, paid=first.paid - less,
            adjustments=(replace(first.adjustments[0], amount=first.adjustments[0].amount + less), first.adjustments[1]),
        ),
        *rest,
    )  # fmt: skip
    return taken, _with(claim, anew)


def _passed_on(cast: Cast, claim: ClaimPayment) -> tuple[ClaimPayment, ...]:
    return (replace(claim, status="19", crossover=FIRST_PLAN),)


KINDS: tuple[Decided, ...] = (_as_it_is, _denied, _corrected, _second, _passed_on)
