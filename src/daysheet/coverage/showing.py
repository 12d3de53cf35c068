"""How coverage stands on the page: a row per card, and the benefit grid of an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from daysheet.coverage.models import BenefitLine, Coverage, EligibilityResponse
from daysheet.coverage.queries import Standing
from daysheet.coverage.rules import spans, words
from daysheet.formats import x12
from daysheet.kernel import money

TONES = {
    "covered": "done",
    "inactive": "stop",
    "not_found": "stop",
    "cannot_say": "attention",
    "unasked": "neutral",
    "none": "neutral",
}
MARKS = {
    "covered": ("done", _lazy("Covered")),
    "inactive": ("stop", _lazy("Not active")),
    "not_found": ("stop", _lazy("Not found")),
    "cannot_say": ("attention", _lazy("No answer")),
    "again": ("active", _lazy("Asked again by itself")),
    "asked": ("active", _lazy("Asked")),
    "unasked": ("neutral", _lazy("Not asked")),
    "none": ("neutral", _lazy("No plan")),
    "qmb": ("attention", _lazy("QMB: collect nothing")),
}
"""How a plan's standing is marked on the board and in the book: tone (with its icon) and word."""
INSIDE, OUTSIDE = ("Y", "W", "", "U"), ("N", "W")


@dataclass(frozen=True, slots=True)
class Card:
    """A coverage as the panel shows it."""

    coverage: Coverage
    rank: str
    days: str
    is_now: bool
    standing: Standing
    tone: str
    overdue: str
    answer: EligibilityResponse | None
    may_be_asked: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of the benefit grid: what it is, in network, out of network."""

    title: str
    inside: str
    outside: str


def card_of(
    held: Coverage, standing: Standing, answer: EligibilityResponse | None, *, today: date, now: datetime
) -> Card:
    """Return a coverage with its rank in words, its days, its state, and which verification is due."""
    span = spans.Span(held.pk, held.rank, held.starts_on, held.ends_on)
    return Card(
        coverage=held,
        rank=spans.RANKS[held.rank].capitalize(),
        days=_days(held, today),
        is_now=span.holds(today),
        standing=standing,
        tone=TONES[standing.state],
        overdue=_overdue(held, now) if span.holds(today) else "",
        answer=answer,
        may_be_asked=held.plan.payer.partner is not None and span.holds(today),
    )


def marks_of(standing: Standing) -> list[tuple[str, str]]:
    """Return the marks of a standing: how the plan stands, and that nothing may be collected."""
    state = standing.state
    if standing.again_at is not None:
        state = "again"
    elif standing.waits and state == "unasked":
        state = "asked"
    shown = [state, "qmb"] if standing.is_qmb else [state]
    return [(MARKS[one][0], str(MARKS[one][1])) for one in shown]


def grid_of(lines: Sequence[BenefitLine]) -> list[GridRow]:
    """Return copays and shares by service, then deductible and out-of-pocket, each in and out of network."""
    shares = [line for line in lines if line.code in {"A", "B"}]
    services = dict.fromkeys(code for line in shares for code in line.service_types.split(","))
    rows = [
        _row(_service(code), [one for one in shares if code in one.service_types.split(",")])
        for code in sorted(services, key=lambda code: (code != "98", code))
    ]
    rows += [_row(title, [one for one in lines if one.code == code]) for code, title in _yearly()]
    return [row for row in rows if row.inside or row.outside]


def _row(title: str, lines: Sequence[BenefitLine]) -> GridRow:
    inside = [line for line in lines if line.network in INSIDE]
    outside = [line for line in lines if line.network in OUTSIDE]
    return GridRow(title, _cell(inside), _cell(outside))


def _cell(lines: Sequence[BenefitLine]) -> str:
    return "; ".join(dict.fromkeys(f"{_figure(line)} ({_('line')} {line.line})" for line in lines))


def _figure(line: BenefitLine) -> str:
    amount = words.percent(line.percent) if line.percent is not None else ""
    amount = money.say(line.amount) if line.amount is not None else amount
    level = {"FAM": _("family"), "IND": ""}.get(line.level, "")
    period = (x12.label("period", line.period) or "").lower()
    kind = {"A": _("share"), "B": _("copay")}.get(line.code, "")
    return " ".join(part for part in (amount or _("not said"), kind, period, level) if part)


def _yearly() -> list[tuple[str, str]]:
    return [("C", _("Deductible")), ("G", _("Out-of-pocket maximum"))]


def _service(code: str) -> str:
    return x12.label("service_type", code) or (
        _("Service type %(c)s") % {"c": code} if code else _("Any service")
    )


def _days(held: Coverage, today: date) -> str:
    if held.starts_on > today:
        return _("from %(day)s") % {"day": _day(held.starts_on)}
    if held.ends_on is None:
        return _("since %(day)s") % {"day": _day(held.starts_on)}
    last = held.ends_on - timedelta(days=1)
    return _("%(first)s to %(last)s") % {"first": _day(held.starts_on), "last": _day(last)}


def _overdue(held: Coverage, now: datetime) -> str:
    """Return which of the two clocks has run out, in words."""
    enrollment = spans.is_due(held.enrollment_verified_at, now=now, every=spans.ENROLLMENT_EVERY)
    benefits = spans.is_due(held.benefits_verified_at, now=now, every=spans.BENEFITS_EVERY)
    if enrollment:
        return _("enrollment to be verified")
    return _("benefits to be verified") if benefits else ""


def _day(day: date) -> str:
    return f"{day:%b %-d, %Y}"
