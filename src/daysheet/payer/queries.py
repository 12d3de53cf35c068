"""What the insurance desk reads: its profiles, members, claims received, payments made."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from daysheet.kernel.money import usd
from daysheet.payer.models import AnsweredInquiry, DeductibleMet, Dice, Member, PaymentMade, ReceivedClaim
from daysheet.payer.rules.decision import ClaimedLine, Decision, Met, from_table
from daysheet.payer.rules.faults import FAULTS, Chance
from daysheet.payer.rules.plans import Profile, profile_of


@cache
def profiles() -> Mapping[str, Profile]:
    """Return the payers that this desk plays, by their ids on the wire."""
    found = {}
    for file in sorted(
        resources.files("daysheet.payer").joinpath("profiles").iterdir(), key=lambda item: item.name
    ):
        if file.name.endswith(".toml"):
            read = profile_of(file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8")))
            found[read.payer_id] = read
    return found


def profile(payer_id: str) -> Profile | None:
    """Return the payer with this id on the wire, if this desk plays it."""
    return profiles().get(payer_id.strip().upper())


def member_key(member_id: str) -> str:
    """Return a member id as it is compared: without blanks, in upper case."""
    return "".join(member_id.split()).upper()


def member(*, payer_id: str, member_id: str) -> Member | None:
    """Return the member with this number, if the payer knows one."""
    return Member.objects.filter(payer_id=payer_id, member_id=member_key(member_id)).first()


def chance() -> Chance:
    """Return the dice of this desk; without any, nothing goes wrong by chance."""
    row = Dice.objects.first()
    return Chance(row.seed, row.percent) if row else Chance()


def days_to_pay(usual: int) -> int:
    """Return after how many days this desk pays: the profile's, unless a short play wants its money sooner."""
    row = Dice.objects.first()
    return usual if row is None or row.answer_days is None else row.answer_days


def met(*, payer_id: str, member_id: str, year: int) -> Met:
    """Return what a member has met of a year's deductible and out-of-pocket maximum."""
    row = DeductibleMet.objects.filter(payer_id=payer_id, member_id=member_key(member_id), year=year).first()
    return Met(row.deductible, row.out_of_pocket) if row else Met()


def claimed_lines(claim: ReceivedClaim) -> tuple[ClaimedLine, ...]:
    """Return the lines of a claim as they were claimed."""
    return tuple(
        ClaimedLine(
            control=row["control"],
            code=row["code"],
            charge=usd(row["charge"]),
            units=usd(row["units"]),
            modifiers=tuple(row["modifiers"]),
            served_on=date.fromisoformat(row["served_on"]) if row["served_on"] else None,
            qualifier=row.get("qualifier", "HC"),
            where=row.get("where", ""),
        )
        for row in claim.content["lines"]
    )


def decision_of(claim: ReceivedClaim) -> Decision | None:
    """Return what was decided of a claim; None for one that was refused, or that only takes another back."""
    return from_table(claim.decision, claimed_lines(claim)) if claim.decision.get("lines") else None


def claims_due(day: date) -> QuerySet[ReceivedClaim]:
    """Return the decided claims that are to be paid by a day, by payer, office and number."""
    return (
        ReceivedClaim.objects.filter(state=ReceivedClaim.State.DECIDED, pay_on__lte=day)
        .select_related("envelope__partner", "corrects")
        .order_by("payer_id", "envelope__partner_id", "billing_npi", "number")
    )


def last_payment(*, payer_id: str, partner_id: UUID, billing_npi: str) -> PaymentMade | None:
    """Return the latest payment of a payer to an office."""
    paid = PaymentMade.objects.filter(payer_id=payer_id, partner_id=partner_id, billing_npi=billing_npi)
    return paid.order_by("-number").first()


def desk_claims(*, payer_id: str = "", state: str = "") -> QuerySet[ReceivedClaim]:
    """Return the claims that came in, the newest first, of a payer and in a state when these are named."""
    found = ReceivedClaim.objects.select_related("payment")
    if payer_id:
        found = found.filter(payer_id=payer_id)
    if state in ReceivedClaim.State.values:
        found = found.filter(state=state)
    return found.order_by("-number")


def desk_payments(*, payer_id: str = "") -> QuerySet[PaymentMade]:
    """Return the payments made, the newest first."""
    found = PaymentMade.objects.select_related("partner")
    return (found.filter(payer_id=payer_id) if payer_id else found).order_by("-number")


def desk_inquiries(*, payer_id: str = "") -> QuerySet[AnsweredInquiry]:
    """Return the questions answered, the newest first."""
    found = AnsweredInquiry.objects.all()
    return (found.filter(payer_id=payer_id) if payer_id else found).order_by("-answered_at", "-id")


def desk_members(text: str = "") -> QuerySet[Member]:
    """Return the members whose number or name holds every word: a named fault first, then by payer and name."""
    found = Member.objects.all()
    for word in text.replace("\0", "").split():
        found = found.filter(
            Q(member_id__icontains=word) | Q(family__icontains=word) | Q(given__icontains=word)
        )
    return found.order_by("-fault", "payer_id", "family", "given", "id")


def received_claim(received_claim_id: UUID) -> ReceivedClaim:
    """Return a claim with its envelopes, its payment and what it corrects."""
    return ReceivedClaim.objects.select_related("envelope", "answer", "payment", "corrects").get(
        pk=received_claim_id
    )


def fault_words(name: str) -> str:
    """Return what an insurance clerk calls a fault."""
    return FAULTS[name].words if name in FAULTS else ""


def decided_lines(claim: ReceivedClaim) -> list[dict[str, Any]]:
    """Return a claim's lines with what was decided of each, for the screen."""
    decision = decision_of(claim)
    by_control = {item.line.control: item for item in decision.lines} if decision else {}
    return [{"line": line, "decided": by_control.get(line.control)} for line in claimed_lines(claim)]
