"""The answer to a question about a member (271): the plan's benefits, or why there is no answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from daysheet.formats import x12
from daysheet.kernel.money import ZERO
from daysheet.payer.rules.decision import Met
from daysheet.payer.rules.plans import NO_MAXIMUM, OFFICE_VISIT, Plan, Profile

CALENDAR_YEAR, REMAINING, VISIT = "23", "29", "27"  # EB06
_INSURANCE_TYPES = {"ppo": "PR", "hmo": "HM", "medicaid": "MC", "medicare": "MB"}  # EB04
_FOLLOW_UPS = {
    "42": "R",
    "80": "P",
    "71": "C",
    "72": "C",
    "73": "C",
    "75": "C",
    "62": "C",
    "51": "N",
}  # AAA04
_LEVELS = {"42": "payer", "80": "payer", "51": "provider"}
"""Where a refusal stands when it is not about the person: 2000A or 2100A, and 2100B."""


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
    if _LEVELS.get(reason) == "payer":
        rejection = x12.Rejection("payer", reason, _FOLLOW_UPS[reason], "Y")
        return x12.EligibilityAnswer(payer=payer, rejections=(rejection,))
    if reason in _LEVELS:
        rejection = x12.Rejection(_LEVELS[reason], reason, _FOLLOW_UPS[reason])
        return x12.EligibilityAnswer(payer=payer, provider=inquiry.provider, rejections=(rejection,))
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


def spoilt(
    name: str, answer: x12.EligibilityAnswer, standing: Standing, *, day: date
) -> x12.EligibilityAnswer:
    """Return an answer with what the named fault puts in the place of it, or beside it."""
    if name in _INSTEAD:
        return replace(answer, benefits=_INSTEAD[name](answer.benefits, standing))
    if name == "lost_trace":
        return replace(answer, trace=f"X{answer.trace}")
    if name == "ended":
        until = x12.Dates("291", standing.starts_on, day - timedelta(days=1))
        return replace(answer, dates=(until,))
    if name == "begins_later":
        return replace(answer, dates=(x12.Dates("348", day + timedelta(days=1)),))
    return replace(answer, benefits=(*answer.benefits, *_BESIDE.get(name, tuple)()))


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
    ]
    if plan.out_of_pocket < NO_MAXIMUM:
        found += [
            x12.Benefit("G", "IND", ("30",), period=CALENDAR_YEAR, amount=plan.out_of_pocket, network="Y"),
            x12.Benefit("G", "IND", ("30",), period=REMAINING, amount=most, network="Y"),
        ]
    return found


def _other_payer() -> tuple[x12.Benefit, ...]:
    other = x12.Party(
        "HARBOR HMO",
        id_qualifier="PI",
        id="HARB1",
        entity="PRP",
        contacts=(x12.Contact(phone="5555550133"),),
    )
    member = x12.Reference("1W", "HM20260001")
    return (x12.Benefit("R", "IND", ("30",), references=(member,), others=(other,)),)


def _managed_care() -> tuple[x12.Benefit, ...]:
    runs = x12.Party("HARBOR HMO", id_qualifier="PI", id="HARB1", entity="PR")
    member = x12.Reference("1W", "HM20260001")
    return (x12.Benefit("MC", "IND", ("30",), insurance_type="HM", references=(member,), others=(runs,)),)


def _primary_care() -> tuple[x12.Benefit, ...]:
    doctor = x12.Party("LEE", first="GRACE", is_person=True, id_qualifier="XX", id="1234567893", entity="P3")
    return (x12.Benefit("L", "IND", others=(doctor,)),)


def _limited_visits() -> tuple[x12.Benefit, ...]:
    def visits(number: str, period: str) -> x12.Benefit:
        return x12.Benefit(
            "F", "IND", ("98",), period=period, quantity_qualifier="VS", quantity=Decimal(number), network="Y"
        )

    said_by_hsd = x12.Benefit("F", "IND", ("PT",), network="Y", deliveries=(x12.Delivery(("VS", "20")),))
    return visits("30", CALENDAR_YEAR), visits("12", REMAINING), said_by_hsd


def _not_a_benefit() -> tuple[x12.Benefit, ...]:
    return (x12.Benefit("I", "IND", ("UC",), messages=("URGENT CARE IS NOT A BENEFIT OF THIS PLAN",)),)


def _family() -> tuple[x12.Benefit, ...]:
    def sum_of(code: str, period: str, amount: str, network: str) -> x12.Benefit:
        return x12.Benefit(code, "FAM", ("30",), period=period, amount=Decimal(amount), network=network)

    return (
        sum_of("C", CALENDAR_YEAR, "1500.00", "Y"),
        sum_of("C", REMAINING, "900.00", "Y"),
        sum_of("C", CALENDAR_YEAR, "4000.00", "N"),
        sum_of("G", CALENDAR_YEAR, "9000.00", "Y"),
        sum_of("G", REMAINING, "8400.00", "Y"),
    )


def _unknown_line() -> tuple[x12.Benefit, ...]:
    return (x12.Benefit("QQ", "IND", ("30",), messages=("A LINE OF A KIND THAT NOBODY KNOWS",)),)


def _qmb() -> tuple[x12.Benefit, ...]:
    return (
        x12.Benefit("1", "IND", ("30",), insurance_type="QM", plan="QMB"),
        x12.Benefit("C", "IND", ("30",), insurance_type="QM", period=CALENDAR_YEAR, amount=ZERO),
        x12.Benefit("A", "IND", ("30",), insurance_type="QM", percent=ZERO),
    )


def _only_a_message(_: tuple[x12.Benefit, ...], __: Standing) -> tuple[x12.Benefit, ...]:
    return (x12.Benefit("D", "IND", ("30",), messages=("CALL THE NUMBER ON THE CARD",)),)


def _without_network(benefits: tuple[x12.Benefit, ...], _: Standing) -> tuple[x12.Benefit, ...]:
    return tuple(replace(item, network="") for item in benefits if item.network != "N")


def _one_for_several(benefits: tuple[x12.Benefit, ...], _: Standing) -> tuple[x12.Benefit, ...]:
    several = x12.Benefit(
        "B", "IND", (OFFICE_VISIT, "UC", "MH"), period=VISIT, amount=Decimal("25.00"), network="W"
    )
    return (*(item for item in benefits if item.code != "B"), several)


_BESIDE: dict[str, Callable[[], tuple[x12.Benefit, ...]]] = {
    "other_payer": _other_payer,
    "managed_care": _managed_care,
    "primary_care": _primary_care,
    "visits_limited": _limited_visits,
    "not_a_benefit": _not_a_benefit,
    "family": _family,
    "unknown_line": _unknown_line,
    "qmb": _qmb,
}
_INSTEAD: dict[str, Callable[[tuple[x12.Benefit, ...], Standing], tuple[x12.Benefit, ...]]] = {
    "cannot_say": _only_a_message,
    "network_unsaid": _without_network,
    "several_services": _one_for_several,
}
