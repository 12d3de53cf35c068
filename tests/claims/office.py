"""An office and its payers, joined by the loopback, each with its own mailroom: the whole loop by commands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from daysheet.charges import commands as charges
from daysheet.charges.models import FeeItem, VisitDiagnosis
from daysheet.claims import commands
from daysheet.claims.models import Claim, ClaimEvent, Remittance, RemittedClaim
from daysheet.coverage.models import Payer
from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import HeldJob, holding
from daysheet.kernel.models import Practice
from daysheet.ledger import queries as ledger
from daysheet.mailroom.models import Envelope, TradingPartner
from daysheet.payer import commands as payer
from daysheet.tasks.models import WorkqueueItem
from daysheet.visits.models import Visit
from tests import cast, make

FEES = {"X0020": "120.00", "X0015": "60.00", "X0030": "180.00"}
MAIL = ("mailroom.deliver_envelope", "mailroom.handle_envelope")


class Loop:
    """Northside and the payers' desk on one training clock; the mail between them runs when told to."""

    def __init__(self) -> None:
        self.now = cast.NOW
        self.office = make.practice(is_training=True, clock_at=self.now)
        self.payers = make.practice(
            "The Payers", kind=Practice.Kind.PAYER, is_training=True, clock_at=self.now
        )
        self.later: list[HeldJob] = []
        with make.acting(self.payers):
            make.partner(
                "Northside",
                "loopback",
                our_id="PAYERS",
                their_id="NORTHSIDE",
                other_practice_id=self.office.pk,
            )
        with make.acting(self.office):
            self.partner = make.partner(
                "The Payers",
                "loopback",
                our_id="NORTHSIDE",
                their_id="PAYERS",
                other_practice_id=self.payers.pk,
            )
            make.office()
            self.door = make.location()
            self.dr_lee = make.provider(at=self.door)
            self.plan = make.plan(by_partner=self.partner)
            self.diaz = make.patient(street="5 Elm St", city="Springfield", state="MA", zip="01103")
            self.coverage = make.coverage(self.diaz, self.plan)
            for code, amount in FEES.items():
                FeeItem.objects.create(
                    code=code, label="Visit", amount=Decimal(amount), starts_on=date(2025, 1, 1)
                )
        self.enroll()

    def by(self, who: str = "ben") -> Actor:
        """A person of the office at this moment."""
        people = {
            "ben": cast.ben,
            "rosa": cast.rosa,
            "ana": cast.ana,
            "auditor": cast.auditor,
            "system": cast.system,
        }
        return people[who](self.office.pk, self.now)

    def desk(self) -> Actor:
        """The payers' own software."""
        return cast.system(self.payers.pk, self.now)

    def enroll(self, member_id: str = "XJ4001", **more: Any) -> None:
        """Let the payer know Ms. Diaz, or change what goes wrong with her."""
        facts = {
            "family": "Diaz",
            "given": "Maria",
            "born_on": date(1962, 3, 14),
            "starts_on": date(2025, 1, 1),
        }
        payer.enroll_member(self.desk(), payer_id="BLUE1", member_id=member_id, **(facts | more))

    def meet_deductible(self) -> None:
        """Let Ms. Diaz have met this year's deductible."""
        from daysheet.payer.models import DeductibleMet

        with make.acting(self.payers):
            DeductibleMet.objects.create(
                payer_id="BLUE1",
                member_id="XJ4001",
                year=2026,
                deductible=Decimal("500.00"),
                out_of_pocket=Decimal("500.00"),
            )

    def visit(self, *codes: str, diagnoses: Sequence[str] = ("M54.50",), days_ago: int = 0) -> Visit:
        """A visit of Ms. Diaz with posted charges."""
        day = cast.MONDAY - timedelta(days=days_ago)
        with make.acting(self.office):
            number = Visit.objects.count() + 1
            visit = Visit.objects.create(
                number=number,
                patient=self.diaz,
                provider=self.dr_lee,
                location=self.door,
                coverage=self.coverage,
                service_on=day,
                flow_since=self.now,
                arrived_at=self.now,
            )
            for rank, code in enumerate(diagnoses, 1):
                VisitDiagnosis.objects.create(visit=visit, rank=rank, code=code, label="Low back pain")
        with holding():
            for code in codes or ("X0020", "X0015"):
                charges.put_charge(self.by("ana"), visit_id=visit.pk, code=code)
            charges.post_charges(self.by("ana"), visit_id=visit.pk)
        return visit

    def made(self, *codes: str, **more: Any) -> Claim:
        """A claim of such a visit, not yet sent."""
        return commands.make_claim(self.by(), visit_id=self.visit(*codes, **more).pk)

    def sent(self, *codes: str, **more: Any) -> Claim:
        """A claim that was sent, with whatever came back at once."""
        claim = self.made(*codes, **more)
        self.send(claim)
        return self.again(claim)

    def send(self, *claims: Claim) -> None:
        """Send claims and let the mail run."""
        with holding() as held:
            commands.send_claims(self.by(), claim_ids=[claim.pk for claim in claims])
        self.run(held)

    def resend(self, claim: Claim, **more: Any) -> Claim:
        """Correct a claim, send it again, and let the mail run; a changed line is named by its number."""
        with holding() as held:
            with make.acting(self.office):
                charges_by_line = dict(claim.lines.values_list("line", "charge_id"))
            lines = [replace(one, charge_id=charges_by_line[one.line]) for one in more.pop("lines", ())]
            claim = commands.correct_and_resend(
                self.by(), claim_id=claim.pk, version=claim.version, lines=lines, **more
            )
        self.run(held)
        return self.again(claim)

    def pay(self, day: date = date(2026, 3, 25)) -> None:
        """Move the clock to a day, let the payers pay, and let the mail run."""
        self.now = datetime(day.year, day.month, day.day, 14, 0, tzinfo=cast.NOW.tzinfo)
        Practice.objects.update(clock_at=self.now)
        with holding() as held:
            payer.pay_due(self.desk(), day=day)
        self.run(held)

    def run(self, jobs: Sequence[HeldJob]) -> None:
        """Run the mail until nothing moves; what waits for another day is kept."""
        waiting = list(jobs)
        while waiting:
            job = waiting.pop(0)
            if job.name not in MAIL:
                self.later.append(job)
                continue
            with holding() as held:
                job.run()
            waiting += held

    def take(self, content: bytes) -> list[Envelope]:
        """Let the office receive bytes from the payers and read them."""
        from daysheet.mailroom import commands as mailroom

        with holding() as held:
            envelopes = mailroom.receive(self.by("system"), partner_id=self.partner.pk, content=content)
        self.run(held)
        with make.acting(self.office):
            return [Envelope.objects.get(pk=envelope.pk) for envelope in envelopes]

    # --- looking ---

    def again(self, claim: Claim) -> Claim:
        """The claim as it stands now."""
        with make.acting(self.office):
            return Claim.objects.select_related("patient", "payer").get(pk=claim.pk)

    def story(self, claim: Claim) -> list[str]:
        """The kinds of what happened to a claim."""
        with make.acting(self.office):
            return list(
                ClaimEvent.objects.filter(claim=claim).order_by("rank").values_list("kind", flat=True)
            )

    def items(self, kind: str = "") -> list[tuple[str, str]]:
        """Open work: kind and reason."""
        with make.acting(self.office):
            found = WorkqueueItem.objects.exclude(state="closed").order_by("number")
            return list((found.filter(kind=kind) if kind else found).values_list("kind", "reason_code"))

    def remittances(self) -> list[Remittance]:
        """The remittances, in order."""
        with make.acting(self.office):
            return list(Remittance.objects.order_by("number"))

    def remitted(self) -> list[RemittedClaim]:
        """The remitted claims, in order."""
        with make.acting(self.office):
            return list(RemittedClaim.objects.order_by("remittance__number", "rank"))

    def due(self, claim: Claim) -> tuple[Decimal, Decimal]:
        """What is due for a claim's charges: from the plan, from the patient."""
        with make.acting(self.office):
            lines = list(claim.lines.values_list("charge_id", flat=True))
            due = ledger.claim_balance(claim.pk, lines)
            return due.insurance, due.patient

    def incoming(self, kind: str) -> list[Envelope]:
        """What the office received of a kind."""
        with make.acting(self.office):
            return list(Envelope.objects.filter(direction="in", kind=kind).order_by("number"))

    def outgoing(self, kind: str = "837P") -> list[Envelope]:
        """What the office sent of a kind."""
        with make.acting(self.office):
            return list(Envelope.objects.filter(direction="out", kind=kind).order_by("number"))

    def payer_row(self) -> Payer:
        """Blue PPO as the office knows it."""
        with make.acting(self.office):
            return Payer.objects.get(payer_id="BLUE1")

    def partner_row(self) -> TradingPartner:
        """The office's trading partner."""
        return self.partner


def ids(claims: Sequence[Claim]) -> list[UUID]:
    """The ids of claims."""
    return [claim.pk for claim in claims]
