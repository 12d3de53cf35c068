"""What the payer pays on a day: one advice (835) for each payer and office."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

from daysheet.formats import x12
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_instant
from daysheet.kernel.commands import command
from daysheet.kernel.jobs import later
from daysheet.kernel.models import Practice
from daysheet.kernel.money import usd
from daysheet.kernel.numbers import next_number
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.payer import queries
from daysheet.payer.commands.deciding import MemberYear
from daysheet.payer.mailing import sealed
from daysheet.payer.models import PaymentMade, ReceivedClaim
from daysheet.payer.remits import Beside, remittance, sums
from daysheet.payer.rules.decision import corrected, to_table
from daysheet.payer.rules.plans import Profile
from daysheet.payer.rules.receipt import PAYMENTS_START, pay_day

_TAKEN_BACK_LATER = frozenset({"reversal", "take_back"})


@command(needs=Can.ANSWER_AS_PAYER)
def pay_due(by: Actor, /, *, day: date) -> list[Envelope]:
    """Pay what is due by a day: one advice for each payer and office; paid claims are never paid again."""
    sent = []
    due = list(queries.claims_due(day).select_for_update(of=("self",)))
    for _, group in groupby(due, key=lambda row: (row.payer_id, row.envelope.partner_id, row.billing_npi)):
        claims = list(group)
        profile = queries.profile(claims[0].payer_id)
        if profile is not None:
            sent.append(_pay(by, profile, claims, day))
    record(by, "payer.payments.made", None, day=day.isoformat(), payments=len(sent), claims=len(due))
    return sent


def _pay(by: Actor, profile: Profile, claims: Sequence[ReceivedClaim], day: date) -> Envelope:
    partner = claims[0].envelope.partner
    last = queries.last_payment(
        payer_id=profile.payer_id, partner_id=partner.id, billing_npi=claims[0].billing_npi
    )
    carried_in = [
        Beside(reason, reference, usd(amount)) for reason, reference, amount in (last.carried if last else [])
    ]
    number = next_number("payment made")
    trace = f"{profile.payer_id}{number:07d}"
    made = sums(claims, carried_in=carried_in, trace=trace)
    decisions = [queries.decision_of(claim) for claim in claims]
    is_broken = any(item.fault == "unbalanced" for item in decisions if item)
    advice = remittance(claims, profile=profile, made=made, trace=trace, paid_on=day, is_broken=is_broken)
    if any(item.fault == "unbalanced_claim" for item in decisions if item):
        advice = _balanced(advice)
    at = by.now.astimezone(Practice.objects.get(pk=by.practice_id).zone)
    content, control = sealed(partner, [x12.build_835(advice)], at=at)
    envelope = mailroom.post_envelope(
        by, kind="835", partner_id=partner.id, content=content, control_number=control
    )
    payment = PaymentMade.objects.create(
        number=number,
        payer_id=profile.payer_id,
        partner=partner,
        billing_npi=claims[0].billing_npi,
        billing_name=claims[0].billing_name,
        trace=trace,
        amount=advice.amount,
        claims=len(advice.claims),
        adjustments=[[item.reason, item.reference, str(item.amount)] for item in made.beside],
        carried=[[item.reason, item.reference, str(item.amount)] for item in made.carried],
        is_broken=is_broken,
        paid_on=day,
        envelope=envelope,
        made_at=by.now,
    )
    for claim in claims:
        _settle(by, profile, claim, payment, day)
    return envelope


def _balanced(advice: x12.Remittance) -> x12.Remittance:
    """Return the advice with the sum that its claims come to, so that one claim alone is wrong."""
    wrong = [item.difference for item in x12.balance(advice) if item.level == "transaction"]
    return replace(advice, amount=usd(advice.amount - sum(wrong))) if wrong else advice


def _settle(by: Actor, profile: Profile, claim: ReceivedClaim, payment: PaymentMade, day: date) -> None:
    claim.state = ReceivedClaim.State.PAID
    claim.payment = payment
    claim.save(update_fields=["state", "payment"])
    decision = queries.decision_of(claim)
    if decision is None or claim.corrects_id or decision.fault not in _TAKEN_BACK_LATER:
        return
    again = corrected(decision)
    year = MemberYear(claim.payer_id, claim.member_id, (claim.service_on or day).year)
    year.count(decision, sign=-1)
    year.count(again, sign=1)
    table = to_table(again)
    table["fault"] = decision.fault if decision.fault == "take_back" else ""
    pay_on = pay_day(day, queries.days_to_pay(profile.correction_days))
    ReceivedClaim.objects.create(
        number=next_number("received claim"),
        payer_id=claim.payer_id,
        control=claim.control,
        our_control=claim.our_control,
        frequency=claim.frequency,
        billing_npi=claim.billing_npi,
        billing_tax_id=claim.billing_tax_id,
        billing_name=claim.billing_name,
        member_id=claim.member_id,
        patient_name=claim.patient_name,
        charge=claim.charge,
        service_on=claim.service_on,
        content=claim.content,
        decision=table,
        state=ReceivedClaim.State.DECIDED,
        envelope=claim.envelope,
        answer=claim.answer,
        corrects=claim,
        likeness=claim.likeness,
        received_at=by.now,
        pay_on=pay_on,
    )
    start = local_instant(
        datetime.combine(pay_on, PAYMENTS_START), Practice.objects.get(pk=by.practice_id).zone
    )
    later("payer.pay_due", at=start, practice_id=by.practice_id)
