"""What a person says about an item of work."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daysheet.kernel import clock
from daysheet.kernel.access import roles
from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.tasks import rules
from daysheet.ui import forms as ui

WORKERS = ("receptionist", "biller", "coder", "clinician", "office_manager", "privacy_officer")
MORNING = time(8)
EVENING = time(17)


class SnoozeForm(ui.Form):
    """Until when, and why."""

    until = forms.ChoiceField(
        label=_("Until"),
        choices=[
            ("hour", _("In an hour")),
            ("tomorrow", _("Tomorrow at 8:00")),
            ("week", _("In a week at 8:00")),
            ("day", _("Another day, below")),
        ],
    )
    day = ui.DayField(label=_("Day"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Ask for the day where another day was chosen."""
        data = super().clean() or {}
        if data.get("until") == "day" and not data.get("day") and "day" not in self.errors:
            self.add_error("day", ValidationError(now_("Write the day, such as 3/9 or mon.")))
        return data

    def moment(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return the instant that was chosen."""
        chosen, today = self.cleaned_data["until"], clock.local_day(now, zone)
        if chosen == "hour":
            return now + timedelta(hours=1)
        days = {"tomorrow": today + timedelta(days=1), "week": today + timedelta(days=7)}
        day = days.get(chosen) or self.cleaned_data["day"]
        return clock.local_instant(datetime.combine(day, MORNING), zone)


class HandForm(ui.Form):
    """To whom, and why."""

    to = forms.ChoiceField(label=_("To"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a colleague")),
            *[(str(one.pk), f"{one.display_name}, {_role(one.role)}") for one in practice.members()],
        ]


class ReasonForm(ui.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class CloseForm(ui.Form):
    """How it was resolved."""

    action = forms.ChoiceField(label=_("How it was resolved"))
    reason = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose")), *rules.actions_of(kind).items()]
        self.fields["action"].choices = choices  # type: ignore[attr-defined]


class NewItemForm(ui.Form):
    """An item typed by hand."""

    sentence = forms.CharField(label=_("What is to be done"), max_length=300)
    due = ui.DayField(label=_("Until"))
    role = forms.ChoiceField(label=_("Whose work"))
    chart = forms.IntegerField(label=_("Chart number"), required=False, min_value=1, max_value=10**15)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(key, _role(key)) for key in WORKERS]  # type: ignore[attr-defined]

    def clean_chart(self) -> Patient | None:
        """Return the patient of that chart number."""
        number = self.cleaned_data["chart"]
        if number is None:
            return None
        patient = Patient.objects.filter(chart_number=number).first()
        if patient is None:
            raise ValidationError(now_("No patient has this chart number."))
        return patient

    def due_at(self, zone: ZoneInfo) -> datetime:
        """Return the end of the working day that was written."""
        return clock.local_instant(datetime.combine(self.cleaned_data["due"], EVENING), zone)


def _role(key: str) -> str:
    held = roles().get(key)
    return held.name if held else key
