"""How a claim that was taken in is decided: the truth of the books first, then what was named or drawn."""

from datetime import date

from daysheet.kernel.money import ZERO
from daysheet.payer import queries
from daysheet.payer.models import DeductibleMet, Member, ReceivedClaim
from daysheet.payer.rules.decision import Decision, adjudicate, to_table
from daysheet.payer.rules.faults import Stage, is_of
from daysheet.payer.rules.plans import Profile
from daysheet.payer.rules.receipt import is_too_late, pay_day


def decide(row: ReceivedClaim, *, profile: Profile, member: Member, today: date) -> None:
    """Fill in what is paid for a claim and when; what it corrects is taken out of the member's year first."""
    before = queries.decision_of(row.corrects) if row.corrects else None
    year = (row.service_on or today).year
    if before:
        count_toward_year(row.payer_id, row.member_id, year, before, sign=-1)
    row.state = ReceivedClaim.State.DECIDED
    row.pay_on = pay_day(today, profile.delay_days)
    if row.frequency == "8":
        row.decision = {}
        return
    decision = adjudicate(
        queries.claimed_lines(row),
        plan=profile.plan(member.plan),
        met=queries.met(payer_id=row.payer_id, member_id=row.member_id, year=year),
        fault=_fault(row, profile, member, today),
    )
    count_toward_year(row.payer_id, row.member_id, year, decision, sign=1)
    row.decision = to_table(decision)


def count_toward_year(payer_id: str, member_id: str, year: int, decision: Decision, *, sign: int) -> None:
    """Add what a decision takes from the member to the member's year, or take it out again."""
    if not (decision.deductible or decision.patient_share):
        return
    met, _ = DeductibleMet.objects.get_or_create(payer_id=payer_id, member_id=member_id, year=year)
    met.deductible = max(ZERO, met.deductible + sign * decision.deductible)
    met.out_of_pocket = max(ZERO, met.out_of_pocket + sign * decision.patient_share)
    met.save(update_fields=["deductible", "out_of_pocket"])


def _fault(row: ReceivedClaim, profile: Profile, member: Member, today: date) -> str:
    served_on = row.service_on or today
    if (
        is_too_late(served_on=served_on, received_on=today, limit_days=profile.filing_limit_days)
        and not row.corrects
    ):
        return "denied_co_29"
    if served_on < member.starts_on:
        return "denied_co_26"
    if member.ends_on is not None and served_on >= member.ends_on:
        return "denied_co_27"
    if row.corrects:
        return ""
    same = ReceivedClaim.objects.filter(likeness=row.likeness).exclude(state=ReceivedClaim.State.REJECTED)
    latest = same.order_by("-number").first()
    if latest is not None and latest.frequency != "8":
        return "denied_co_18"
    if member.fault == "inactive":
        return "denied_co_27"
    if is_of(member.fault, Stage.DECISION) or is_of(member.fault, Stage.PAYMENT):
        return member.fault
    chance = queries.chance()
    if chance.draw(profile.rates, Stage.MEMBER, row.member_id) == "inactive":
        return "denied_co_27"
    return chance.draw(profile.rates, Stage.DECISION, row.likeness) or chance.draw(
        profile.rates, Stage.PAYMENT, row.likeness
    )
