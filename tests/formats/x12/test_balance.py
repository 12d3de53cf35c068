"""A remittance balances on three levels, a claim with its lines and with every payer before."""

from dataclasses import replace
from decimal import Decimal

import pytest

from daysheet.formats import x12

from . import samples as office

usd = office.usd


def told(found: list[x12.Imbalance]) -> list[tuple[str, Decimal]]:
    return [(item.level, item.difference) for item in found]


def with_claim(**more: object) -> x12.Remittance:
    return office.remittance(claims=(office.payment(**more),))


def test_a_sound_remittance_has_no_imbalance() -> None:
    assert x12.balance(office.remittance()) == []


def test_a_cent_at_a_service_is_found_there() -> None:
    first, second = office.payment().services
    remittance = with_claim(services=(replace(first, paid=usd("60.01")), second))
    assert told(x12.balance(remittance)) == [("service", usd("0.01"))]


def test_a_cent_at_the_claim_is_found_at_claim_and_transaction() -> None:
    assert told(x12.balance(with_claim(paid=usd("94.99")))) == [
        ("claim", usd("-0.01")),
        ("transaction", usd("0.01")),
    ]


def test_lines_must_add_up_to_the_claim() -> None:
    found = x12.balance(with_claim(charge=usd("160.5"), adjustments=(office.adjusted("OA", "23", "10"),)))
    assert told(found) == [("claim lines", usd("10"))]


def test_the_patient_share_is_a_warning() -> None:
    (found,) = x12.balance(with_claim(patient_responsibility=usd("20")))
    assert (found.level, found.severity, found.difference) == ("patient share", "warning", usd("-5"))


def test_the_payment_is_claims_less_provider_adjustments() -> None:
    taken = x12.ProviderAdjustment("1234567893", office.SERVED, "WO", "C0000", usd("30"))
    added = x12.ProviderAdjustment("1234567893", office.SERVED, "L6", "", usd("-0.55"))
    assert x12.balance(office.remittance(provider_adjustments=(taken, added), amount=usd("65.55"))) == []
    found = x12.balance(office.remittance(provider_adjustments=(taken, added)))
    assert told(found) == [("transaction", usd("29.45"))]


def test_amounts_beside_the_sums_never_enter() -> None:
    assert x12.balance(with_claim(amounts=(x12.Amount("AU", usd("999")),))) == []


def test_an_inpatient_claim_may_omit_lines() -> None:
    lump = with_claim(
        services=(), adjustments=(office.adjusted("CO", "45", "30.5"), office.adjusted("PR", "3", "25"))
    )
    assert x12.balance(lump) == []


def test_a_reversal_with_its_correction_nets_out() -> None:
    def negated(service: x12.ServicePayment) -> x12.ServicePayment:
        turned = tuple(replace(item, amount=-item.amount) for item in service.adjustments)
        return replace(service, charge=-service.charge, paid=-service.paid, adjustments=turned)

    paid = office.payment()
    back = replace(
        paid, status="22", charge=-paid.charge, paid=-paid.paid, patient_responsibility=None,
        services=tuple(negated(item) for item in paid.services),
    )  # fmt: skip
    remittance = office.remittance(claims=(back, paid), amount=usd("0"), method="NON", handling="H")
    assert x12.balance(remittance) == []
    (document,) = x12.read(office.wrap(x12.build_835(remittance)))
    assert document.content == remittance
    assert [claim.is_reversal for claim in document.content.claims] == [True, False]


def test_a_fault_in_the_file_becomes_a_problem_of_the_set() -> None:
    data = office.wrap(x12.build_835(with_claim(paid=usd("90"))))
    (document,) = x12.read(data)
    assert [(problem.code, problem.snip) for problem in document.problems] == [
        ("balance.claim", 3),
        ("balance.transaction", 3),
    ]


def test_a_claim_balances_with_its_lines() -> None:
    assert x12.balance_claim(office.claim()) == []
    assert told(x12.balance_claim(office.claim(charge=usd("150.51")))) == [("claim", usd("0.01"))]


def test_a_second_claim_balances_with_the_first_payer() -> None:
    assert x12.balance_claim(office.secondary_claim()) == []


@pytest.mark.parametrize(
    ("paid", "levels"), [("94", ["other payer", "other payer"]), ("96", ["other payer", "other payer"])]
)
def test_what_the_first_payer_paid_must_come_out(paid: str, levels: list[str]) -> None:
    claim = office.secondary_claim()
    other = replace(claim.other_payers[0], paid=usd(paid))
    assert [item.level for item in x12.balance_claim(replace(claim, other_payers=(other,)))] == levels


def test_each_line_of_a_second_claim_must_come_out() -> None:
    claim = office.secondary_claim()
    first, second = claim.lines
    short = replace(first.adjudications[0], paid=usd("59"))
    found = x12.balance_claim(replace(claim, lines=(replace(first, adjudications=(short,)), second)))
    assert told(found) == [("line", usd("1")), ("other payer", usd("1"))]
