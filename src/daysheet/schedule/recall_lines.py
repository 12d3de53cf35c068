"""Recalls in words for the desk: when somebody is due, what is to be done now, what was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from daysheet.kernel.models import Practice
from daysheet.mailroom import queries as mail
from daysheet.schedule import recalls
from daysheet.schedule.models import Recall, RecallContact, RecallStep
from daysheet.schedule.recalling import Step
from daysheet.schedule.recalls import RecallLine
from daysheet.ui.screens import Request
from daysheet.ui.words import day as say_day

LIST_WORDS = {
    "overdue": gettext_lazy("Overdue"),
    "month": gettext_lazy("Due this month"),
    "next": gettext_lazy("Next month"),
    "lapsed": gettext_lazy("To be won back"),
    "stopped": gettext_lazy("Stopped"),
}
ACTS = {
    "letter": gettext_lazy("Write letter"),
    "email": gettext_lazy("Send e-mail"),
    "sms": gettext_lazy("Send text"),
}
CALLED = [
    ("left_message", gettext_lazy("Left message")),
    ("no_answer", gettext_lazy("No answer")),
]
"""What came of a call, as the list offers it for one press; the rest is noted on the page."""
Mark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the list: what it is, since when it is due, what is to be done now, what was done last."""

    row: RecallLine
    since: str
    tone: str
    now: str
    act: str
    """The same as an act to press."""
    is_sent: bool
    """What is to be done now is a letter or a message, done by one press."""
    is_call: bool
    last: str
    stopped: str


def lines(request: Request, rows: Sequence[Recall]) -> list[Shown]:
    """Return recalls as the page shows them."""
    today = request.office.today
    ways = mail.ways_out(Practice.objects.get(pk=request.actor.practice_id))
    found = recalls.lines(rows, today=today, now=request.actor.now, ways=ways)
    return [_shown(one, today, request.actor.now) for one in found]


def ladder(found: Recall, line: RecallLine, today: date, now: datetime) -> list[tuple[str, str, Mark]]:
    """Return the steps of the ladder: the day, the way, how it stands."""
    if found.due_on is None:
        return []
    stand = [one for one in line.contacts if not recalls.has_fallen(one, now)]
    done: dict[int | None, RecallContact] = {one.days: one for one in stand}
    made = []
    for one in sorted(Step(step.days, step.way) for step in found.type.steps.all()):
        on = found.due_on + timedelta(days=one.days)
        made.append((say_day(on), way_word(one.way), _standing(one, done, line, on, today)))
    return made


def said(rows: Iterable[RecallContact], now: datetime) -> list[tuple[RecallContact, str]]:
    """Return what was done, each in words."""
    return [(one, _contact(one, now)) for one in rows]


def way_word(way: str) -> str:
    """Return a way of contact in words."""
    return str(RecallStep.Way(way).label)


def due_words(due_on: date, today: date) -> str:
    """Return how long somebody is due, or in how many days."""
    days = (today - due_on).days
    if days == 0:
        return _("today")
    if days > 60:
        months = round(days / 30.4)
        return ngettext("%(n)d month ago", "%(n)d months ago", months) % {"n": months}
    if days > 0:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    return ngettext("in %(n)d day", "in %(n)d days", -days) % {"n": -days}


def _shown(line: RecallLine, today: date, now: datetime) -> Shown:
    recall = line.recall
    due = recall.due_on
    last = line.contacts[0] if line.contacts else None
    return Shown(
        line,
        due_words(due, today) if due else "",
        "attention" if due and due < today else "neutral",
        _now(line),
        str(ACTS.get(line.way, "")),
        bool(line.step) and line.way != RecallStep.Way.CALL,
        bool(line.step) and line.way == RecallStep.Way.CALL,
        _contact(last, now) if last else "",
        _stopped(line, today),
    )


def _now(line: RecallLine) -> str:
    if line.step is None:
        if line.after is None or line.recall.due_on is None:
            return ""
        on = say_day(line.recall.due_on + timedelta(days=line.after.days))
        return _("next: %(way)s on %(day)s") % {"way": way_word(line.after.way).lower(), "day": on}
    if line.way == RecallStep.Way.CALL and line.step.way != line.way:
        return _("Call: %(way)s does not reach the patient") % {"way": way_word(line.step.way).lower()}
    return way_word(line.way)


def _stopped(line: RecallLine, today: date) -> str:
    recall = line.recall
    if line.no_recalls:
        return _("Asks for no contact")
    if not recall.stopped_on(today):
        return ""
    why = str(recall.get_stopped_display())
    if recall.stopped_until:
        return _("%(why)s, until %(day)s") % {"why": why, "day": say_day(recall.stopped_until)}
    return why


def _contact(one: RecallContact, now: datetime) -> str:
    outcome = _("reached nobody") if recalls.has_fallen(one, now) else str(one.get_outcome_display()).lower()
    told = {"way": one.get_way_display(), "outcome": outcome}
    return _("%(way)s: %(outcome)s") % told


def _standing(
    one: Step, done: dict[int | None, RecallContact], line: RecallLine, on: date, today: date
) -> Mark:
    if one.days in done:
        return "done", str(done[one.days].get_outcome_display())
    if line.step == one:
        return "attention", _("To be done now")
    return ("neutral", _("Passed over")) if on <= today else ("hold", _("To come"))
