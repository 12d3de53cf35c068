"""Kept time in words: for whom, until when, how many, and why a visit may not be booked into it."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.schedule.blocks import HOURS, Block, Shut, Stand, released_at
from daysheet.schedule.rules import turn_of
from daysheet.schedule.slots import WallClock, moment_of
from daysheet.ui.words import day as say_day


def say_shut(one: Shut, wall: WallClock) -> str:
    """Return why a visit may not be booked into a session."""
    if one.stand is Stand.FULL:
        return ngettext(
            "%(name)s: %(n)d is booked, and that is as many as one session takes.",
            "%(name)s: %(n)d are booked, and that is as many as one session takes.",
            one.block.most or 0,
        ) % {"name": one.block.name, "n": one.block.most or 0}
    until = released_at(one.block, one.day, wall)
    if until is None:
        return _("This time is kept for %(name)s.") % {"name": one.block.name}
    return _("This time is kept for %(name)s until %(when)s.") % {
        "name": one.block.name,
        "when": say_moment(until, one.block.zone),
    }


def say_moment(minute: int, zone: ZoneInfo) -> str:
    """Return a minute as a day, with the time of day when it is not midnight."""
    local = moment_of(minute).astimezone(zone)
    told = say_day(local.date())
    if (local.hour, local.minute) == (0, 0):
        return told
    return f"{told}, {local.hour % 12 or 12}:{local:%M} {_('am') if local.hour < 12 else _('pm')}"


def say_release(block: Block) -> str:
    """Return when a block's sessions are open to all."""
    if block.release is None:
        return _("never")
    if block.unit == HOURS:
        return ngettext("%(n)d hour before", "%(n)d hours before", block.release) % {"n": block.release}
    if block.release == 0:
        return _("the same day")
    return ngettext("%(n)d day before", "%(n)d days before", block.release) % {"n": block.release}


def say_share(block: Block) -> str:
    """Return how many of its kinds a session takes, and from how many on the rest is open."""
    said = []
    if block.most is not None:
        said.append(_("at most %(n)d") % {"n": block.most})
    if block.least is not None:
        said.append(_("open to all once %(n)d are booked") % {"n": block.least})
    return ", ".join(said)


def say_turn(turn: int, today: date) -> str:
    """Return in which weeks something holds, as seen from today."""
    if turn == 0:
        return _("every week")
    if turn == turn_of(today):
        return _("this week and every second one")
    return _("next week and every second one")


def turn_choices(today: date) -> list[tuple[str, str]]:
    """Return the weeks that can be chosen."""
    mine = turn_of(today)
    return [(str(turn), say_turn(turn, today)) for turn in (0, mine, 3 - mine)]


def say_all(shut: Iterable[Shut], wall: WallClock) -> str:
    """Return all that is against a visit, in one line."""
    return " ".join(say_shut(one, wall) for one in shut)
