"""How coverage stands on the page: a row per card, and the benefit grid of an answer."""

from collections import defaultdict
from collections.abc import Callable, Sequence
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
    "case": "active",
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
    "case": ("active", _lazy("Case")),
    "qmb": ("attention", _lazy("QMB: collect nothing")),
    "other_payer": ("attention", _lazy("Another payer named")),
}
"""How a plan's standing is marked on the board and in the book: tone (with its icon) and word."""
INSIDE, OUTSIDE, UNSAID = ("Y", "W"), ("N", "W"), ("", "U")


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
    is_connected: bool
    may_be_asked: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the grid, and the line it stands in; two lines when it is the difference of both."""

    text: str
    lines: tuple[BenefitLine, ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of the benefit grid: what it is, for whom, and its figures by network."""

    title: str
    level: str
    inside: list[Figure]
    outside: list[Figure]
    unsaid: list[Figure]
    """Where the answer names no network."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom the answer names beside the plan: a doctor in charge, an administrator, a network."""

    role: str
    name: str
    id: str
    phone: str
    line: BenefitLine


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
        tone="attention" if standing.unknown_payer and standing.state == "covered" else TONES[standing.state],
        overdue=_overdue(held, now) if span.holds(today) else "",
        answer=answer,
        is_connected=held.plan.payer.partner is not None,
        may_be_asked=held.plan.payer.partner is not None and span.holds(today),
    )


def marks_of(standing: Standing) -> list[tuple[str, str]]:
    """Return the marks of a standing: how the plan stands, that it names another payer, that nothing is collected."""
    state = standing.state
    if standing.again_at is not None and state in {"cannot_say", "unasked"}:
        state = "again"
    elif standing.waits and state == "unasked":
        state = "asked"
    if state == "case":
        return [("active", standing.words)]
    shown = [state]
    if standing.unknown_payer is not None and state == "covered":
        shown.append("other_payer")
    if standing.is_qmb:
        shown.append("qmb")
    return [(MARKS[one][0], str(MARKS[one][1])) for one in shown]


def grid_of(lines: Sequence[BenefitLine]) -> list[GridRow]:
    """Return copays and shares by service, then the year's sums, then visits: each by network and level."""
    shares = [line for line in lines if line.code in {"A", "B"}]
    services = dict.fromkeys(code for line in shares for code in line.service_types.split(","))
    rows: list[GridRow] = []
    for code in sorted(services, key=lambda code: (code != "98", code)):
        own = [one for one in shares if code in one.service_types.split(",")]
        rows += _rows(_service(code), own, _share_text)
    for code, title in (("C", _("Deductible")), ("G", _("Out-of-pocket maximum"))):
        rows += _sums(title, [one for one in lines if one.code == code and one.amount is not None])
    counted = [line for line in lines if line.code in {"F", "H"} and line.quantity_of == "VS"]
    for code in dict.fromkeys(code for line in counted for code in line.service_types.split(",")):
        own = [one for one in counted if code in one.service_types.split(",")]
        for period, title in ((words.LEFT, _("Visits left")), (words.MET, _("Visits used"))):
            some = [one for one in own if one.period == period]
            rows += _rows(f"{title}: {_service(code)}", some, _count_text)
        rest = [one for one in own if one.period not in {words.LEFT, words.MET}]
        rows += _rows(f"{_('Visits allowed')}: {_service(code)}", rest, _count_text)
    return rows


def named_in(lines: Sequence[BenefitLine]) -> list[Named]:
    """Return whom the answer names: the primary care provider first, then whom to ask and who administers."""
    titles = {"L": _("Primary care provider"), "U": _("Ask this contact"), "N": _("Only at")}
    found = [
        Named(titles[line.code], who["name"], who.get("id", ""), who.get("phone", ""), line)
        for line in lines
        if line.code in titles
        for who in line.names or [{"name": line.message}]
        if who["name"]
    ]
    return sorted(found, key=lambda one: one.line.code != "L")


def _rows(title: str, lines: Sequence[BenefitLine], text: Callable[[BenefitLine], str]) -> list[GridRow]:
    """Return a row for each level (individual, family) that the lines name."""
    by_level: dict[str, list[BenefitLine]] = defaultdict(list)
    for line in lines:
        by_level[line.level].append(line)
    return [
        GridRow(
            title,
            _level(level),
            [Figure(text(one), (one,)) for one in own if one.network in INSIDE],
            [Figure(text(one), (one,)) for one in own if one.network in OUTSIDE],
            [Figure(text(one), (one,)) for one in own if one.network in UNSAID],
        )
        for level, own in sorted(by_level.items())
    ]


def _sums(title: str, lines: Sequence[BenefitLine]) -> list[GridRow]:
    """Return a year's sum, what of it is met and what is left; of three the missing one follows from two."""
    rows: list[GridRow] = []
    for level in sorted({line.level for line in lines}):
        own = [line for line in lines if line.level == level]
        columns = [_sum_of([one for one in own if one.network in some]) for some in (INSIDE, OUTSIDE, UNSAID)]
        for key, said in (("total", _("in all")), ("met", _("met")), ("left", _("left"))):
            cells = [column[key] for column in columns]
            if any(cells):
                rows.append(GridRow(f"{title}, {said}", _level(level), *cells))
    return rows


def _sum_of(lines: Sequence[BenefitLine]) -> dict[str, list[Figure]]:
    parts = {
        "total": [one for one in lines if one.period not in {words.LEFT, words.MET}],
        "met": [one for one in lines if one.period == words.MET],
        "left": [one for one in lines if one.period == words.LEFT],
    }
    cells = {key: [Figure(_share_text(one), (one,)) for one in some] for key, some in parts.items()}
    whole = parts["total"]
    for missing, given in (("met", "left"), ("left", "met")):
        if not cells[missing] and len(whole) == len(parts[given]) == 1:
            one, other = whole[0], parts[given][0]
            if (
                one.amount is not None
                and other.amount is not None
                and one.service_types == other.service_types
            ):
                rest = max(money.ZERO, one.amount - other.amount)
                cells[missing] = [Figure(money.say(rest), (one, other))]
    return cells


def _share_text(line: BenefitLine) -> str:
    amount = words.percent(line.percent) if line.percent is not None else _("not said")
    amount = money.say(line.amount) if line.amount is not None else amount
    period = "" if line.code in {"C", "G"} else (x12.label("period", line.period) or "").lower()
    kind = {"A": _("share"), "B": _("copay")}.get(line.code, "")
    return " ".join(part for part in (amount, kind, period, _service_note(line)) if part)


def _service_note(line: BenefitLine) -> str:
    """Return for which service a year's sum holds, when it is not the plan as a whole."""
    if line.code not in {"C", "G"} or line.service_types in ("", "30"):
        return ""
    return "(" + ", ".join(_service(code).lower() for code in line.service_types.split(",")) + ")"


def _count_text(line: BenefitLine) -> str:
    if line.quantity is None:
        return _("no limit") if line.code == "H" else _("not said")
    period = (x12.label("period", line.period) or "").lower()
    spent = line.period in {words.LEFT, words.MET}
    return " ".join(part for part in (f"{line.quantity.normalize():f}", "" if spent else period) if part)


def _level(level: str) -> str:
    return {"IND": _("individual"), "FAM": _("family"), "": ""}.get(
        level, (x12.label("coverage_level", level) or level).lower()
    )


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
