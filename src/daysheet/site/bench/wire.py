"""The rows of X12: a large file read, checked and written, beside the loop that only splits it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.formats.x12.sample import sample
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
    """Return the rows; each round reads, checks or writes a whole file of two thousand claims."""
    paid, billed = remittance(), claims()
    whole = batch()
    return [
        _row("x12-835", "a remittance read claim by claim", paid, read, 8),
        _row("x12-837", "a claim file read claim by claim", billed, read, 8),
        _row("x12-835-check", "a remittance checked at levels 1 to 5", mixed("835"), looked_through, 2),
        _row("x12-837-check", "a claim file checked at levels 1 to 5", mixed("837P"), looked_through, 2),
        _row(
            "x12-837-write", "a claim file written", billed, lambda data: len(_file(x12.build_837p(whole))), 4
        ),
    ]


def read(data: bytes) -> int:
    """Read a file into typed claims; return how many there were."""
    found = sum(1 for _ in x12.stream(data))
    if found < data.count(b"~CLM*") + data.count(b"~CLP*"):
        raise RuntimeError(f"only {found} claims were read")
    return found


def looked_through(data: bytes) -> int:
    """Check a file at levels 1 to 5; return how many findings there were."""
    return sum(1 for _ in check(data, levels=range(1, 6)))


def mixed(kind: str, megabytes: float = 1) -> bytes:
    """Return a clean file of all kinds of claims or payments, of about that size."""
    each = len(sample(kind, count=200)) / 200
    return sample(kind, count=int(megabytes * 1e6 / each))


def split(data: bytes) -> int:
    """Split a file into segments and elements, and do nothing else: the floor."""
    return sum(len(segment.split("*")) for segment in data.decode().split("~"))


def claims() -> bytes:
    """Return a claim file of two thousand claims."""
    return _file(x12.build_837p(batch()))


def batch() -> x12.ClaimBatch[x12.ProfessionalClaim]:
    """Return two thousand claims."""
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
    return x12.ClaimBatch("B0001", AT, sender, receiver, made)


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


def _row(name: str, about: str, data: bytes, work: Callable[[bytes], int], at_least: float) -> Row:
    return Row(
        name, about, lambda _: work(data), lambda _: split(data), rounds=6, megabytes=len(data) / 1e6,
        at_least_mb_s=at_least,
    )  # fmt: skip
