"""The rows of X12: a large file read into typed claims and payments, beside the loop that only splits it."""

from datetime import UTC, date, datetime
from decimal import Decimal

from daysheet.formats import x12
from daysheet.site.bench.timing import Row

CLAIMS = 2_000
AT = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
SERVED = date(2026, 3, 9)
HOME = x12.Address("12 MAIN ST", "", "SPRINGFIELD", "MA", "011030001")
CLINIC = x12.Party(
    "RIVERBEND MEDICAL GROUP", id_qualifier="XX", id="1234567893", address=HOME, taxonomy="207Q00000X",
    references=(x12.Reference("EI", "900000001"),),
)  # fmt: skip
PLAN = x12.Party("BLUE PPO", id_qualifier="PI", id="BLUE1", address=HOME)
MEMBER = x12.Party(
    "DIAZ", first="MARIA", is_person=True, id_qualifier="MI", id="M100200", address=HOME, born_on=date(1980, 5, 4),
    gender="F",
)  # fmt: skip
SENDER, RECEIVER = x12.Mailbox("ZZ", "RIVERBEND"), x12.Mailbox("ZZ", "BLUEPPO")


def rows() -> list[Row]:
    """Return the rows; each round reads a whole file."""
    return [_row("x12-835", "a remittance read claim by claim", remittance()),
            _row("x12-837", "a claim file read claim by claim", claims())]  # fmt: skip


def claims() -> bytes:
    """Return a claim file of two thousand claims."""
    lines = tuple(
        x12.ServiceLine(
            number=n, procedure=x12.Procedure("X0020", ("25",)), charge=Decimal(75), units=Decimal(1), served_on=SERVED,
            control=f"L{n}",
        )
        for n in (1, 2)
    )  # fmt: skip
    made = tuple(
        x12.ProfessionalClaim(
            claim_id=f"C{n:06d}", charge=Decimal(150), billing=CLINIC, subscriber=x12.Subscriber(MEMBER), payer=PLAN,
            lines=lines, diagnoses=("E119", "I10"),
        )
        for n in range(CLAIMS)
    )  # fmt: skip
    sender = x12.Party(
        "RIVERBEND", id_qualifier="46", id="RIVERBEND", contacts=(x12.Contact("ROSA", phone="4135550100"),)
    )
    receiver = x12.Party("BLUE PPO", id_qualifier="46", id="BLUEPPO")
    return _file(x12.build_837p(x12.ClaimBatch("B0001", AT, sender, receiver, made)))


def remittance() -> bytes:
    """Return a remittance of two thousand claims."""
    services = tuple(
        x12.ServicePayment(
            procedure=x12.Procedure("X0020", ("25",)), charge=Decimal(75), paid=Decimal(50), units=Decimal(1),
            served_on=SERVED, control=f"L{n}", adjustments=(x12.Adjustment("CO", "45", Decimal(25)),),
        )
        for n in (1, 2)
    )  # fmt: skip
    made = tuple(
        x12.ClaimPayment(
            claim_id=f"C{n:06d}", status="1", charge=Decimal(150), paid=Decimal(100), patient=MEMBER, filing_code="12",
            payer_claim_number=f"P{n}", place="11", frequency="1", services=services,
        )
        for n in range(CLAIMS)
    )  # fmt: skip
    whole = x12.Remittance(
        payer=PLAN, payee=CLINIC, amount=Decimal(100 * CLAIMS), method="CHK", paid_on=SERVED, trace="CHK0001",
        payer_tin="1987654321", claims=made,
    )  # fmt: skip
    return _file(x12.build_835(whole))


def _file(body: x12.OutgoingSet) -> bytes:
    group = x12.OutgoingGroup(control_number=1, sets=[body])
    return x12.render_interchange(sender=SENDER, receiver=RECEIVER, control_number=1, at=AT, groups=[group])


def _row(name: str, about: str, data: bytes) -> Row:
    def ours(number: int) -> int:
        found = sum(1 for _ in x12.stream(data))
        if found < CLAIMS:
            raise RuntimeError(f"{name} read {found} of {CLAIMS} claims")
        return found

    def floor(number: int) -> int:
        return sum(len(segment.split("*")) for segment in data.decode().split("~"))

    return Row(name, about, ours, floor, rounds=6, megabytes=len(data) / 1e6, at_least_mb_s=8)
