"""Visits away from the office, as they are typed: ten rows for a clinician and a day; and the places."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daysheet.patients.models import Patient
from daysheet.practice.models import Provider
from daysheet.schedule.rules import UnreadableTime, first_reading, read_clock
from daysheet.ui import forms as ui
from daysheet.visits.models import CarePlace
from daysheet.visits.places import AWAY, HOME, labels
from daysheet.visits.rounds import who_of

AT_HOME = "home"


class ListForm(ui.Form):
    """Whose list, and of which day."""

    provider = forms.ChoiceField(label=_("Clinician"))
    day = ui.DayField(label=_("Day"), back=True)

    def __init__(self, *args: Any, providers: Iterable[Provider], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["provider"].choices = [(str(one.pk), str(one)) for one in providers]


class RoundRowForm(ui.Form):
    """One row: who, where, when."""

    who = forms.CharField(label=_("Patient"), max_length=100, required=False)
    pick = forms.CharField(label=_("Who it is"), max_length=36, required=False)
    where = forms.ChoiceField(label=_("Where"))
    at = forms.CharField(label=_("Time"), max_length=12, required=False)
    admitted_on = ui.DayField(label=_("Admitted"), required=False, back=True)

    def __init__(self, *args: Any, places: Iterable[CarePlace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["where"].choices = [
            *((str(one.pk), one.name) for one in places),
            (AT_HOME, _("Patient's home")),
        ]
        self.choices: list[tuple[str, str]] = []

    def offer(self, choices: Iterable[Patient]) -> None:
        """Show those among whom a person chooses."""
        self.choices = [(str(one.pk), who_of(one)) for one in choices]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was typed."""
        return not any((self.data.get(self.add_prefix(name)) or "").strip() for name in ("who", "at"))

    def picked(self) -> UUID | None:
        """Return whom a person chose, as far as that can be an id."""
        try:
            return UUID(self.cleaned_data.get("pick") or "")
        except ValueError:
            return None

    def clean_at(self) -> time | None:
        """Return the time of day; empty means that of the row above."""
        text = self.cleaned_data["at"].strip()
        if not text:
            return None
        try:
            return read_clock(text)
        except UnreadableTime as no:
            raise ValidationError(str(no)) from no

    def said(self, *, day: date, clock: time, zone: ZoneInfo) -> dict[str, Any]:
        """Return what the command takes beside patient and clinician."""
        typed = self.cleaned_data
        return {
            "at": first_reading(day, clock, zone),
            "care_place_id": None if typed["where"] == AT_HOME else UUID(typed["where"]),
            "admitted_on": typed["admitted_on"],
        }


class CarePlaceForm(ui.Form):
    """A hospital or home."""

    name = forms.CharField(label=_("Name"), max_length=60)
    place_of_service = forms.ChoiceField(
        label=_("What it is"),
        choices=[("", _("Choose"))] + [(code, f"{code} {labels()[code]}") for code in AWAY if code != HOME],
    )
    street = forms.CharField(label=_("Street and number"), max_length=55)
    city = forms.CharField(label=_("City"), max_length=30)
    state = forms.CharField(label=_("State"), max_length=2)
    zip_code = forms.CharField(
        label=_("ZIP code"), max_length=10, help_text=_("Nine digits, if you know them.")
    )
    npi = forms.CharField(label=_("NPI"), max_length=10, required=False)
