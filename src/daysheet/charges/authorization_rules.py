"""The rules of a claim that carries the number of an authorization: within its days, within its visits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AuthorizationFacts:
    """An authorization or referral whose number the claim carries."""

    words: str
    """What it is, with its number."""
    starts_on: date
    ends_on: date | None = None
    """The first day without it."""
    approved: int | None = None
    place: int | Decimal = 1
    """The how manieth visit under it this is; where hours, days or units are counted, how many with this visit."""
    counted_in: str = "visits"


OfAuthorization = Callable[[AuthorizationFacts, date], Iterator[tuple[str, str]]]
"""What is wrong, as a sentence and a field."""


def is_out_of_its_days(one: AuthorizationFacts, service_on: date) -> Iterator[tuple[str, str]]:
    """Return that the day of service lies before or after the days that were authorized."""
    if service_on < one.starts_on:
        yield (
            (
                f"{one.words} begins on {_said(one.starts_on)}, after the day of service. "
                "Ask for one that covers the day, or mend its days."
            ),
            "starts_on",
        )
    elif one.ends_on and service_on >= one.ends_on:
        yield (
            (
                f"{one.words} ended on {_said(one.ends_on - timedelta(days=1))}, before the day of service. "
                "Ask for more time, or for another one."
            ),
            "last_day",
        )


def is_used_up(one: AuthorizationFacts, _service_on: date) -> Iterator[tuple[str, str]]:
    """Return that more visits took place, or more hours, days or units were given, than were approved."""
    if one.approved is None or one.place <= one.approved:
        return
    if one.counted_in != "visits":
        yield (
            (
                f"{one.words} is used up: with this visit it is {Decimal(one.place).normalize():f} of "
                f"{one.approved} approved ({one.counted_in}). "
                "Ask for more and write down how many, or for another number."
            ),
            "visits_approved",
        )
    else:
        yield (
            (
                f"{one.words} is used up: this is visit {one.place} of {one.approved} approved. "
                "Ask for more visits and write down how many, or for another number."
            ),
            "visits_approved",
        )


AUTHORIZATION_RULES: tuple[tuple[str, str, OfAuthorization], ...] = (
    ("authorization-days", "TR3 837P 2300 REF G1, 9F", is_out_of_its_days),
    ("authorization-used-up", "TR3 837P 2300 REF G1, 9F", is_used_up),
)


def _said(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
