"""Forms of reminders: a rule, and how a patient wants to be reminded."""

from collections.abc import Iterable
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.models import AppointmentType, ReminderRule
from daysheet.schedule.reminder_lines import WAYS
from daysheet.schedule.rules import UnreadableTime, read_clock
from daysheet.schedule.showing import say_clock
from daysheet.ui import forms as ui

UNITS = [("hours", _("hours")), ("days", _("days"))]
WAY_CHOICES = list(WAYS.items())


class RuleForm(ui.Form):
    """When a message goes, and how."""

    name = forms.CharField(label=_("Name"), max_length=60)
    type = forms.ChoiceField(
        label=_("For"),
        required=False,
        help_text=_("A kind of visit with a rule of its own follows that alone."),
    )
    lead = forms.IntegerField(label=_("How long before the visit"), min_value=1, max_value=720)
    unit = forms.ChoiceField(label=_("Counted in"), choices=UNITS)
    first = forms.ChoiceField(label=_("First by"), choices=WAY_CHOICES)
    second = forms.ChoiceField(label=_("If that fails by"), required=False)
    third = forms.ChoiceField(label=_("If that fails too by"), required=False)
    from_clock = forms.CharField(label=_("Not before"), max_length=12, help_text=_("Such as 9:00"))
    to_clock = forms.CharField(label=_("Not after"), max_length=12, help_text=_("Such as 8 pm"))
    also_confirmed = forms.BooleanField(
        label=_("Also to those who have said that they will come"), required=False
    )

    def __init__(self, *args: Any, types: Iterable[AppointmentType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["type"].choices = [("", _("Every kind of visit"))] + [(str(one.id), one.name) for one in types]
        for name in ("second", "third"):
            fields[name].choices = [("", _("nothing more")), *WAY_CHOICES]

    def clean_from_clock(self) -> time:
        """Return the time of day that was typed."""
        return _read(self.cleaned_data["from_clock"])

    def clean_to_clock(self) -> time:
        """Return the time of day that was typed; a bare 8 after the beginning is the evening."""
        return _read(self.cleaned_data["to_clock"])

    def rule(self) -> dict[str, Any]:
        """Return what the command takes."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "type_id": UUID(said["type"]) if said["type"] else None,
            "lead": timedelta(**{said["unit"]: said["lead"]}),
            "channels": [said[turn] for turn in ("first", "second", "third") if said[turn]],
            "from_clock": said["from_clock"],
            "to_clock": said["to_clock"],
            "also_confirmed": said["also_confirmed"],
        }


def kept(rule: ReminderRule) -> dict[str, Any]:
    """Return a kept rule as its form begins."""
    hours = rule.lead_minutes // 60
    in_days = hours % 24 == 0
    turns = dict(zip(("first", "second", "third"), rule.channels, strict=False))
    return {
        "name": rule.name,
        "type": str(rule.type_id or ""),
        "lead": hours // 24 if in_days else hours,
        "unit": "days" if in_days else "hours",
        "from_clock": say_clock(rule.from_clock),
        "to_clock": say_clock(rule.to_clock),
        "also_confirmed": rule.also_confirmed,
    } | turns


class ReminderWishForm(ui.Form):
    """How a patient wants to be reminded."""

    prefers = forms.ChoiceField(
        label=_("First by"), required=False, choices=[("", _("as the office does it")), *WAY_CHOICES]
    )
    no_email = forms.BooleanField(label=_("No e-mail"), required=False)
    no_reminders = forms.BooleanField(
        label=_("No messages at all"),
        required=False,
        help_text=_(
            "No text, e-mail or letter goes out by itself, about visits or recalls. The desk may still call."
        ),
    )


def _read(text: str) -> time:
    try:
        return read_clock(text)
    except UnreadableTime as no:
        raise ValidationError(str(no)) from no
