"""Forms of visits asked for from home: what the office opens to it, and the desk's answer."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.models import AppointmentType, SelfBooking, VisitRequest
from daysheet.schedule.models.asking import MOST_A_DAY, MOST_MISSED
from daysheet.schedule.slots import time_of
from daysheet.ui import forms as ui


class SelfBookingForm(ui.Form):
    """What the office does when a patient asks for a kind of visit."""

    how = forms.ChoiceField(
        label=_("When a patient asks"), choices=SelfBooking.How.choices, widget=forms.RadioSelect
    )
    called = forms.CharField(label=_("Patients read"), max_length=60)
    called_es = forms.CharField(label=_("In Spanish"), required=False, max_length=60)
    most_a_day = forms.IntegerField(
        label=_("Booked at once in a day"),
        min_value=1,
        max_value=MOST_A_DAY,
        help_text=_("So many with one clinician. The desk answers the others."),
    )
    most_missed = forms.IntegerField(
        label=_("Missed visits"),
        min_value=1,
        max_value=MOST_MISSED,
        help_text=_("Who missed so many within a year is answered by the desk."),
    )
    notice_hours = forms.IntegerField(
        label=_("Hours ahead"),
        min_value=0,
        max_value=336,
        help_text=_("No visit that begins sooner can be asked for."),
    )

    @staticmethod
    def kept(kind: AppointmentType, rule: SelfBooking | None) -> dict[str, Any]:
        """Return a rule as the form shows it; the usual one where nothing was said yet."""
        held = rule or SelfBooking(type=kind, called=kind.name)
        names = ("how", "called", "called_es", "most_a_day", "most_missed", "notice_hours")
        return {name: getattr(held, name) for name in names}


class AnswerForm(ui.Form):
    """The time that the desk books, or offers instead."""

    slot = forms.CharField(label=_("Time"))
    act = forms.ChoiceField(choices=[("book", ""), ("offer", "")], required=False)
    limit_reason = forms.CharField(label=_("Why it is booked all the same"), required=False, max_length=200)

    def clean_slot(self) -> str:
        """Return a time that can be read."""
        if time_of(self.cleaned_data["slot"]) is None:
            raise forms.ValidationError(_("Choose a time."))
        return str(self.cleaned_data["slot"])

    def time(self, type_id: UUID) -> dict[str, Any]:
        """Return what the command takes."""
        found = time_of(self.cleaned_data["slot"])
        assert found is not None  # what cannot be read was refused
        provider_id, location_id, starts_at = found
        return {
            "provider_id": provider_id,
            "location_id": location_id,
            "starts_at": starts_at,
            "type_id": type_id,
            "limit_reason": self.cleaned_data["limit_reason"],
        }


class DeclineForm(ui.Form):
    """Why a request is declined, as the patient reads it."""

    because = forms.ChoiceField(
        label=_("Why"), choices=[("", _("Choose a reason")), *VisitRequest.Because.choices]
    )
