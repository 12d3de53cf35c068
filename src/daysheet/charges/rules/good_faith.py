"""The good-faith estimate for who is not covered, or does not use a plan: by when, and when a bill is far over. Pure.

45 CFR 149.610(b)(1)(vi): booked at least 3 business days ahead, within 1 business day; at least 10 ahead, within 3;
on request, within 3 business days of the request. A change of what is expected brings a new estimate no later than 1
business day before the service (149.610(b)(1)).
149.620: a bill is substantially in excess when it is at least $400 more than expected, for each provider; the
patient may begin a dispute within 120 calendar days of the first bill.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from daysheet.charges.rules.business_days import business_day_before, business_days_after

Kind = Literal["good_faith", "insured"]
FAR_OVER = Decimal(400)
DISPUTE_DAYS = 120
SHORT_NOTICE, LONG_NOTICE = 3, 10
LONGEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which an estimate is on time, and the rule that says so."""

    on: date
    source: str


def kind_for(*, has_coverage: bool, uses_it: bool) -> Kind:
    """Return which paper is due: a plan's member who means to use the plan gets no good-faith estimate."""
    return "insured" if has_coverage and uses_it else "good_faith"


def when_booked(booked_on: date, service_on: date) -> Deadline | None:
    """Return by when the estimate for a booked service is due; nothing where it is booked at short notice."""
    if service_on >= business_days_after(booked_on, LONG_NOTICE):
        words = "law: 3 business days after booking (booked 10 or more ahead)"
        return Deadline(business_days_after(booked_on, 3), words)
    if service_on >= business_days_after(booked_on, SHORT_NOTICE):
        words = "law: 1 business day after booking (booked 3 to 9 ahead)"
        return Deadline(business_days_after(booked_on, 1), words)
    return None


def when_asked(asked_on: date) -> Deadline:
    """Return by when an estimate that somebody asked for is due; a question about the price is a request."""
    return Deadline(business_days_after(asked_on, 3), "law: 3 business days after the request")


def when_changed(changed_on: date, service_on: date | None) -> Deadline:
    """Return by when a new estimate is due after something of it changed: 1 business day before the service."""
    if service_on is None:
        return when_asked(changed_on)
    last = business_day_before(service_on)
    return Deadline(max(last, changed_on), "law: changed, 1 business day before the service")


def far_over(*, billed: Decimal, expected: Decimal) -> Decimal | None:
    """Return by how much a provider's bill is over what was expected, where that is $400 or more."""
    over = billed - expected
    return over if over >= FAR_OVER else None
