"""When a certificate runs out, and how much learning is still to be shown."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Renewal:
    """How an issuer renews: every so many years, with so many hours or units of continuing education."""

    years: int
    credits: int | None
    confirmed: bool
    """Whether the number was seen at the issuer; else it is from another's page and says so."""


RENEWALS: dict[str, Renewal] = {
    "cmaa": Renewal(2, 10, confirmed=False),
    "cehrs": Renewal(2, 10, confirmed=False),
    "cbcs": Renewal(2, 10, confirmed=False),
    "cmas": Renewal(3, None, confirmed=True),
    "cmom": Renewal(1, None, confirmed=True),
    "cppm": Renewal(2, 36, confirmed=False),
    "rhit": Renewal(2, 20, confirmed=True),
}
"""By certificate: NHA two years with ten credits; AMT a three-year cycle and a yearly fee; PMI yearly; AAPC; AHIMA."""

REMIND_DAYS = (180, 90, 30, 7)
"""So many days before it runs out a reminder is due."""


def years_on(start: date, years: int) -> date:
    """Return the same day so many years on; from February 29 it is the last of February."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands with a certificate on a day."""

    expires_on: date
    days_left: int
    remind_on: tuple[date, ...]
    credits_open: int | None


def standing(earned_on: date, renewal: Renewal, credits_done: int, today: date) -> Standing:
    """Return the next expiry, the days left (below zero: expired), the reminders to come and the credits still open."""
    expires = years_on(earned_on, renewal.years)
    reminders = [date.fromordinal(max(1, expires.toordinal() - days)) for days in REMIND_DAYS]
    open_credits = None if renewal.credits is None else max(0, renewal.credits - credits_done)
    return Standing(
        expires, (expires - today).days, tuple(day for day in reminders if day >= today), open_credits
    )
