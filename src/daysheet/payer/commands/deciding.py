"""How a claim that was taken in is decided: the truth of the books first, then what was named or drawn."""

from dataclasses import dataclass
from datetime import date

from daysheet.kernel.money import ZERO
from daysheet.payer import queries
from daysheet.payer.models import DeductibleMet, Member, ReceivedClaim
from daysheet.payer.rules.decision import Decision, adjudicate, to_table
from daysheet.payer.rules.faults import Stage, is_of
from daysheet.payer.rules.plans import Profile
from daysheet.payer.rules.receipt import is_too_late, pay_day


@dataclass(frozen=True, slots=True)
class MemberYear:
    """What a member has met in a year: decisions are counted in, and taken out when they no longer stand."""

    payer_id: str
    member_id: str
    year: int

    def count(self, decision: Decision, *, sign: int) -> None:
        """Count a decision in (1) or take it out again (-1)."""
        if not (decision.deductible or decision.patient_share):
            return
        met, _ = DeductibleMet.objects.get_or_create(
            payer_id=self.payer_id, member_id=self.member_id, year=self.year
        )
        met.deductible = max(ZERO, met.deductible + sign * decision.deductible)
        met.out_of_pocket = max(ZERO, met.out_of_pocket + sign * decision.patient_share)
        met.save(update_fields=["deductible", "out_of_pocket"])


@dataclass(frozen=True, slots=True)
class Examiner:
    """Who decides a claim of a member on a day."""

    profile: Profile
    member: Member
    today: date

    def decide(self, row: ReceivedClaim) -> None:
        """Fill in what is paid and when; what the claim corrects is taken out of the member's year first."""
        before = queries.decision_of(row.corrects) if row.corrects else None
        year = MemberYear(row.payer_id, row.member_id, (row.service_on or self.today).year)
        if before:
            year.count(before, sign=-1)
        row.state = ReceivedClaim.State.DECIDED
        row.pay_on = pay_day(self.today, queries.days_to_pay(self.profile.delay_days))
        if row.frequency == "8":
            row.decision = {}
            return
        decision = adjudicate(
            queries.claimed_lines(row),
            plan=self.profile.plan(self.member.plan),
            met=queries.met(payer_id=row.payer_id, member_id=row.member_id, year=year.year),
            fault=self._fault(row),
        )
        year.count(decision, sign=1)
        row.decision = to_table(decision)

    def _fault(self, row: ReceivedClaim) -> str:
        if refused := self._truth(row):
            return refused
        if row.corrects:
            return ""
        named = self.member.fault
        if named == "inactive":
            return "denied_co_27"
        if is_of(named, Stage.DECISION) or is_of(named, Stage.PAYMENT):
            return named
        chance, rates = queries.chance(), self.profile.rates
        if chance.draw(rates, Stage.MEMBER, row.member_id) == "inactive":
            return "denied_co_27"
        drawn = chance.draw(rates, Stage.DECISION, row.likeness)
        return drawn or chance.draw(rates, Stage.PAYMENT, row.likeness)

    def _truth(self, row: ReceivedClaim) -> str:
        """Return why the claim is denied by what the payer's own books say, or empty text."""
        served_on = row.service_on or self.today
        limit = self.profile.filing_limit_days
        if not row.corrects and is_too_late(served_on=served_on, received_on=self.today, limit_days=limit):
            return "denied_co_29"
        if served_on < self.member.starts_on:
            return "denied_co_26"
        if self.member.ends_on is not None and served_on >= self.member.ends_on:
            return "denied_co_27"
        same = ReceivedClaim.objects.filter(likeness=row.likeness).exclude(state=ReceivedClaim.State.REJECTED)
        latest = same.order_by("-number").first()
        if not row.corrects and latest is not None and latest.frequency != "8":
            return "denied_co_18"
        return ""
