"""An office as the payer sees it: a trading partner that sends 270s and 837Ps. Nothing here is Daysheet's own builder."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from daysheet.formats import x12
from daysheet.kernel.jobs import HeldJob, holding
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.payer import commands
from daysheet.payer.models import Member
from tests import cast, make

BORN = date(1962, 3, 14)
VISIT, EXERCISE = ("X0020", Decimal("120.00")), ("X0015", Decimal("60.00"))


class PayerDesk:
    """The payer's practice with one office as its partner; everything it posts stays in the outbox."""

    def __init__(self) -> None:
        self.practice = make.practice("The Payers", kind=Practice.Kind.PAYER)
        with acting_in(self.practice.pk):
            self.partner = make.partner("Northside", "none", our_id="PAYERS", their_id="NORTHSIDE")
        self.jobs: list[HeldJob] = []
        self.sent = 0

    def at(self, now: datetime = cast.NOW) -> Any:
        """The desk's own software at a moment."""
        return cast.system(self.practice.pk, now)

    def enroll(self, member_id: str = "XJ4001", payer_id: str = "BLUE1", **more: Any) -> Member:
        """Let the payer know Ms. Diaz."""
        facts = {"family": "Diaz", "given": "Maria", "born_on": BORN, "starts_on": date(2025, 1, 1)} | more
        return commands.enroll_member(self.at(), payer_id=payer_id, member_id=member_id, **facts)

    def meet_deductible(self, member_id: str = "XJ4001", payer_id: str = "BLUE1") -> None:
        """Let the member have met this year's deductible."""
        from daysheet.payer.models import DeductibleMet

        with acting_in(self.practice.pk):
            DeductibleMet.objects.create(
                payer_id=payer_id,
                member_id=member_id,
                year=2026,
                deductible=Decimal("500.00"),
                out_of_pocket=Decimal("500.00"),
            )

    def take(self, content: bytes, now: datetime = cast.NOW) -> list[Envelope]:
        """Receive an envelope, answer it, and return what was posted in reply."""
        with holding() as held:
            (envelope,) = mailroom.receive(self.at(now), partner_id=self.partner.pk, content=content)
            mailroom.handle_envelope(self.at(now), envelope_id=envelope.pk)
        self.jobs += held
        return self.outbox()

    def pay(self, day: date, now: datetime = cast.NOW) -> list[x12.Remittance]:
        """Pay what is due and return the advices."""
        with holding() as held:
            commands.pay_due(self.at(now), day=day)
        self.jobs += held
        return [document.content for item in self.outbox() for document in read(item)]

    def outbox(self) -> list[Envelope]:
        """What was posted since the last look."""
        with acting_in(self.practice.pk):
            posted = list(Envelope.objects.filter(direction="out").order_by("number"))
        new = posted[self.sent :]
        self.sent = len(posted)
        return new

    def envelope(self, sets: Sequence[x12.OutgoingSet], number: int = 1, *, ack: bool = False) -> bytes:
        """An interchange of the office."""
        return x12.render_interchange(
            sender=x12.Mailbox("ZZ", "NORTHSIDE"),
            receiver=x12.Mailbox("ZZ", "PAYERS"),
            control_number=number,
            at=datetime(2026, 3, 9, 10, 0),
            groups=[x12.OutgoingGroup(control_number=number, sets=list(sets))],
            usage="T",
            ack_requested=ack,
        )


def read(envelope: Envelope) -> list[x12.Document]:
    """What an envelope holds."""
    return list(x12.read(bytes(envelope.content)))


def inquiry(member_id: str = "XJ4001", payer_id: str = "BLUE1", **more: Any) -> x12.OutgoingSet:
    """A question about Ms. Diaz for the Monday."""
    subscriber = {"name": "Diaz", "first": "Maria", "born_on": BORN, "gender": "F"} | more
    asked = x12.EligibilityInquiry(
        payer=x12.Party("A PAYER", id_qualifier="PI", id=payer_id),
        provider=x12.Party("NORTHSIDE", id_qualifier="XX", id="1234567893"),
        subscriber=x12.Party(is_person=True, id_qualifier="MI", id=member_id, **subscriber),
        trace="T1",
        trace_origin="9123456789",
        served_on=cast.MONDAY,
    )
    return x12.build_270(x12.InquiryBatch("VISIT1", datetime(2026, 3, 9, 10, 0), (asked,)))


def claim(
    claim_id: str = "C1",
    *lines: tuple[str, Decimal],
    member_id: str = "XJ4001",
    payer_id: str = "BLUE1",
    served_on: date = cast.MONDAY,
    npi: str = "1234567893",
    **more: Any,
) -> x12.ProfessionalClaim:
    """A claim for Ms. Diaz: one visit, unless lines are given."""
    rows = lines or (VISIT,)
    home = x12.Address("12 Main St", city="Springfield", state="MA", zip="011030001")
    return x12.ProfessionalClaim(
        claim_id=claim_id,
        charge=sum((charge for _, charge in rows), Decimal(0)),
        billing=x12.Party(
            "NORTHSIDE",
            id_qualifier="XX",
            id=npi,
            address=home,
            references=(x12.Reference("EI", "123456789"),),
        ),
        subscriber=x12.Subscriber(
            x12.Party(
                "DIAZ",
                first="MARIA",
                is_person=True,
                id_qualifier="MI",
                id=member_id,
                address=home,
                born_on=BORN,
                gender="F",
            )
        ),
        payer=x12.Party("A PAYER", id_qualifier="PI", id=payer_id),
        diagnoses=("M5450",),
        lines=tuple(
            x12.ServiceLine(
                number=number,
                procedure=x12.Procedure(code),
                charge=charge,
                units=Decimal(1),
                served_on=served_on,
                control=f"{claim_id}-{number}",
            )
            for number, (code, charge) in enumerate(rows, 1)
        ),
        **more,
    )


def batch(*claims: x12.ProfessionalClaim, reference: str = "B1") -> x12.OutgoingSet:
    """Claims in one set."""
    return x12.build_837p(
        x12.ClaimBatch(
            reference=reference,
            at=datetime(2026, 3, 9, 10, 0),
            submitter=x12.Party(
                "NORTHSIDE",
                id_qualifier="46",
                id="NORTHSIDE",
                contacts=(x12.Contact("BEN", phone="4135550100"),),
            ),
            receiver=x12.Party("THE PAYERS", id_qualifier="46", id="PAYERS"),
            claims=claims,
        )
    )
