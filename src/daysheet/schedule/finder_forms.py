"""What is asked of a time: the form above the times that fit, and why each of them is a good one, in words."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.finder import EVERY_DAY, Finder
from daysheet.schedule.forms import PARTS
from daysheet.schedule.pattern_forms import language_words
from daysheet.schedule.ranking import Why
from daysheet.schedule.rules import UnreadableTime, read_clock, say_clock
from daysheet.schedule.wishes import WEEKDAYS
from daysheet.ui import forms as ui

WHY = {
    Why.SOONEST: _("soonest"),
    Why.USUAL: _("usual clinician"),
    Why.MEETS: _("ends where the next begins"),
    Why.WASTES: _("leaves a gap that fits nothing"),
}


class FinderForm(ui.Form):
    """What kind of visit, with whom, where, from when, in which part of the day."""

    type = forms.ChoiceField(label=_("Type"))
    who = forms.ChoiceField(label=_("Who"), required=False)
    where = forms.ChoiceField(label=_("Where"), required=False)
    from_day = ui.DayField(label=_("From"))
    part = forms.ChoiceField(label=_("Part of day"), choices=PARTS, required=False)
    interpreter = forms.ChoiceField(label=_("Interpreter"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    language = forms.ChoiceField(label=_("Clinician who speaks"), required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("On"), required=False, choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    after = forms.CharField(label=_("Not before"), required=False, max_length=12)
    before = forms.CharField(label=_("Over by"), required=False, max_length=12)

    def __init__(self, *args: Any, finder: Finder, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["type"].choices = [(str(one.id), f"{one.name}, {one.minutes} min") for one in finder.types]
        fields["who"].choices = [("", _("Anyone"))] + [(str(one.id), str(one)) for one in finder.providers]
        fields["where"].choices = [("", _("Any location"))] + [
            (str(one.id), one.name) for one in finder.locations
        ]
        fields["interpreter"].choices = [("", _("None needed"))] + [
            (str(one.id), one.name) for one in finder.interpreters
        ]
        fields["team"].choices = [("", _("Any"))] + [(str(one.pk), one.name) for one in finder.teams]
        spoken = language_words(finder.languages)
        fields["language"].choices = [("", _("Any language")), *spoken.items()]
        fields["from_day"].today = today

    def clean(self) -> dict[str, Any]:
        """Read the hours between which it is to be."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("after", "before"):
            try:
                typed[name] = read_clock(typed[name]) if typed.get(name) else None
            except UnreadableTime as no:
                self.add_error(name, str(no))
        if not self.errors and typed["after"] and typed["before"] and typed["before"] <= typed["after"]:
            self.add_error("before", _("That is before the hour from which on it may be."))
        return typed

    def wanted(self) -> dict[str, Any]:
        """Return what the finder looks for."""
        typed = self.cleaned_data
        names = ("type", "who", "where", "interpreter", "team")
        ids = {name: UUID(typed[name]) if typed.get(name) else None for name in names}
        days = tuple(int(one) for one in typed["weekdays"]) or EVERY_DAY
        same = {name: typed.get(name) for name in ("from_day", "language", "after", "before")}
        return {**ids, **same, "weekdays": days, "part": typed.get("part") or "any"}


def say_why(why: Sequence[Why]) -> str:
    """Return what speaks for a time and against it, in words."""
    return ", ".join(str(WHY[one]) for one in why)


def typed_again(found: Finder) -> list[tuple[str, str]]:
    """Return what is asked for as a form carries it on, name by name."""
    told = []
    for name, value in found.wanted.items():
        if name == "weekdays":
            told += [(name, str(one)) for one in value] if tuple(value) != EVERY_DAY else []
        elif name in ("after", "before"):
            told.append((name, say_clock(value) if value else ""))
        else:
            told.append((name, value.isoformat() if isinstance(value, date) else str(value or "")))
    return told


def asked_without(found: Finder, *names: str) -> str:
    """Return the same search without some of its wishes, as the address carries it."""
    return urlencode([(name, "" if name in names else value) for name, value in typed_again(found)])
