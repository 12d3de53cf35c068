"""What is typed for holidays, on-call times, teams and languages."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daysheet.patients.forms import LANGUAGES
from daysheet.practice.models import Provider
from daysheet.schedule.commands.days_off import DayOff
from daysheet.schedule.forms import AbsenceForm
from daysheet.schedule.holidays import FederalHoliday, federal_holidays
from daysheet.schedule.models import Absence
from daysheet.schedule.rules import UnreadableTime, read_clock
from daysheet.ui import forms as ui
from daysheet.ui.words import day as say_day

AHEAD = timedelta(days=400)
SPOKEN = [one for one in LANGUAGES if one[0] not in ("en", "und")]


class AwayForm(AbsenceForm):
    """A span in which a clinician takes no patients, and whether it is because of being on call."""

    sort = forms.ChoiceField(
        label=gettext_lazy("Sort"),
        choices=[one for one in Absence.Sort.choices if one[0] != Absence.Sort.HOLIDAY],
        required=False,
        initial="away",
    )

    @property
    def is_on_call(self) -> bool:
        """Return whether the clinician is on call in that time."""
        return bool(self.cleaned_data.get("sort") == Absence.Sort.ON_CALL)


class HolidayForm(ui.Form):
    """A day of the office's own on which it is closed, or from some hour on."""

    name = forms.CharField(label=gettext_lazy("Which day it is"), max_length=80)
    day = ui.DayField(label=gettext_lazy("Day"))
    from_clock = forms.CharField(
        label=gettext_lazy("Closed from (empty: all day)"), required=False, max_length=12
    )

    def clean(self) -> dict[str, Any]:
        """Read the hour from which it is closed."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            typed["clock"] = read_clock(typed["from_clock"]) if typed.get("from_clock") else None
        except UnreadableTime as no:
            raise ValidationError({"from_clock": str(no)}) from no
        return typed

    def days(self) -> list[DayOff]:
        """Return the day as the command takes it."""
        typed = self.cleaned_data
        return [DayOff(typed["day"], typed["name"], typed["clock"])]


def proposed(today: date, kept: set[date]) -> list[FederalHoliday]:
    """Return the federal holidays of the next thirteen months that are not kept yet."""
    every = [one for year in range(today.year, today.year + 3) for one in federal_holidays(year)]
    return [
        one for one in every if today < one.kept_on <= today + AHEAD and not kept & {one.day, one.kept_on}
    ]


class FederalForm(ui.Form):
    """Which of the federal holidays that are proposed the office keeps."""

    holidays = forms.MultipleChoiceField(
        label=gettext_lazy("Close the office on"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, proposals: Iterable[FederalHoliday], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_day = {one.kept_on.isoformat(): one for one in proposals}
        fields: dict[str, Any] = self.fields
        fields["holidays"].choices = [(key, self._said(one)) for key, one in self.by_day.items()]

    def days(self) -> list[DayOff]:
        """Return the days as the command takes them."""
        chosen = (self.by_day[key] for key in self.cleaned_data["holidays"])
        return [DayOff(one.kept_on, one.name) for one in chosen]

    @staticmethod
    def _said(one: FederalHoliday) -> str:
        said = f"{say_day(one.kept_on)}: {one.name}"
        return said if one.day == one.kept_on else _("%(what)s (observed)") % {"what": said}


class TeamForm(ui.Form):
    """Who is in a team."""

    name = forms.CharField(label=gettext_lazy("Name of the team"), max_length=80)
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Clinicians"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, people: Iterable[Provider], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["people"].choices = [(str(one.pk), str(one)) for one in people]

    def facts(self) -> dict[str, Any]:
        """Return the team as the commands take it."""
        return {
            "name": self.cleaned_data["name"],
            "provider_ids": [UUID(one) for one in self.cleaned_data["people"]],
        }


class LanguagesForm(ui.Form):
    """In which languages a clinician sees patients."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Beside English"),
        required=False,
        choices=SPOKEN,
        widget=forms.CheckboxSelectMultiple,
    )


def language_words(codes: Iterable[str]) -> Mapping[str, str]:
    """Return languages in words."""
    names = dict(LANGUAGES)
    return {code: str(names.get(code, code)) for code in codes}
