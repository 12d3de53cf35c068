"""The answer to a question about a member (271): the plan's benefits, or why there is no answer."""

from dataclasses import dataclass
from datetime import date

from daysheet.formats import x12
from daysheet.kernel.money import ZERO
from daysheet.payer.rules.decision import Met
from daysheet.payer.rules.plans import OFFICE_VISIT, Plan, Profile

CALENDAR_YEAR, REMAINING, VISIT = "23", "29", "27"  # EB06
_INSURANCE_TYPES = {"ppo": "PR", "hmo": "HM", "medicaid": "MC", "medicare": "MB"}  # EB04
_FOLLOW_UPS = {"42": "R", "71": "C", "72": "C", "73": "C", "75": "C"}  # AAA04


@dataclass(frozen=True, slots=True)
class Standing:
    """What the payer holds of a member: the plan, from when to when, and what is met this year."""

    plan: Plan
    starts_on: date
    ends_on: date | None
    met: Met

    def is_active(self, day: date) -> bool:
        """Return whether the coverage holds on a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


def refused(inquiry: x12.EligibilityInquiry, payer: x12.Party, reason: str) -> x12.EligibilityAnswer:
    """Return an answer that gives only the reason why there is none."""
    if reason == "42":
        rejection = x12.Rejection("payer", reason, _FOLLOW_UPS[reason], "Y")
        return x12.EligibilityAnswer(payer=payer, rejections=(rejection,))
    level = "dependent" if inquiry.dependent else "subscriber"
    rejection = x12.Rejection(level, reason, _FOLLOW_UPS.get(reason, "C"))
    return _about(inquiry, payer, rejections=(rejection,))


def inactive(inquiry: x12.EligibilityInquiry, payer: x12.Party, standing: Standing) -> x12.EligibilityAnswer:
    """Return the answer that the coverage does not hold on that day."""
    ended = x12.Benefit("6", "IND", ("30",), plan=standing.plan.name)
    return _about(inquiry, payer, dates=_dates(standing), benefits=(ended,))


def active(inquiry: x12.EligibilityInquiry, payer: x12.Party, standing: Standing) -> x12.EligibilityAnswer:
    """Return the benefits: copay, deductible, coinsurance, the most a patient pays."""
    return _about(inquiry, payer, dates=_dates(standing), benefits=tuple(_benefits(standing)))


def payer_party(profile: Profile) -> x12.Party:
    """Return the payer as it signs its answers."""
    return x12.Party(profile.name, id_qualifier="PI", id=profile.payer_id)


def _about(
    inquiry: x12.EligibilityInquiry,
    payer: x12.Party,
    *,
    rejections: tuple[x12.Rejection, ...] = (),
    dates: tuple[x12.Dates, ...] = (),
    benefits: tuple[x12.Benefit, ...] = (),
) -> x12.EligibilityAnswer:
    return x12.EligibilityAnswer(
        payer=payer,
        provider=inquiry.provider,
        subscriber=inquiry.subscriber,
        dependent=inquiry.dependent,
        relationship=inquiry.relationship,
        trace=inquiry.trace,
        trace_origin=inquiry.trace_origin,
        rejections=rejections,
        dates=dates,
        benefits=benefits,
    )


def _dates(standing: Standing) -> tuple[x12.Dates, ...]:
    if standing.ends_on is None:
        return (x12.Dates("346", standing.starts_on),)
    return (x12.Dates("346", standing.starts_on), x12.Dates("347", standing.ends_on))


def _benefits(standing: Standing) -> list[x12.Benefit]:
    plan, met = standing.plan, standing.met
    kind = _INSURANCE_TYPES.get(plan.kind, "")
    found = [
        x12.Benefit("1", "IND", ("30",), insurance_type=kind, plan=plan.name),
        x12.Benefit("1", "IND", (OFFICE_VISIT, "UC"), insurance_type=kind),
    ]
    for service_type, copay in sorted(plan.copays.items()):
        found.append(x12.Benefit("B", "IND", (service_type,), period=VISIT, amount=copay, network="Y"))
    if not plan.copays:
        found.append(x12.Benefit("B", "IND", (OFFICE_VISIT,), period=VISIT, amount=ZERO, network="Y"))
    left = max(ZERO, plan.deductible - met.deductible)
    most = max(ZERO, plan.out_of_pocket - met.out_of_pocket)
    found += [
        x12.Benefit("C", "IND", ("30",), period=CALENDAR_YEAR, amount=plan.deductible, network="Y"),
        x12.Benefit("C", "IND", ("30",), period=REMAINING, amount=left, network="Y"),
        x12.Benefit("A", "IND", ("30",), percent=plan.coinsurance, network="Y"),
        x12.Benefit("A", "IND", ("30",), percent=plan.out_of_network_coinsurance, network="N"),
        x12.Benefit("G", "IND", ("30",), period=CALENDAR_YEAR, amount=plan.out_of_pocket, network="Y"),
        x12.Benefit("G", "IND", ("30",), period=REMAINING, amount=most, network="Y"),
    ]
    return found
