"""Forms of the waitlist: what a patient would take, whom the list shows, why somebody leaves it."""

from collections.abc import Iterable
from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daysheet.practice.models import Location, Provider
from daysheet.schedule.models import AppointmentType, WaitlistEntry
from daysheet.schedule.rules import UnreadableTime, read_clock
from daysheet.schedule.showing import NOTICES, say_clock, say_notice
from daysheet.ui import forms as ui

WEEKDAYS = [
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
]
LEAVES = [
    ("", _("Choose a reason")),
    ("Has a time elsewhere", _("Has a time elsewhere")),
    ("Is better", _("Is better")),
    ("Asks for no more calls", _("Asks for no more calls")),
    ("Cannot be reached", _("Cannot be reached")),
    ("Put on the list by mistake", _("Put on the list by mistake")),
]


BY_HAND = [one for one in WaitlistEntry.Source.choices if one[0] in ("asked", "recall")]
"""Ways onto the list that the desk chooses; an appointment says the others itself."""


NO_MORE = [
    ("", _("Choose a reason")),
    ("Wants no other visit", _("Wants no other visit")),
    ("Cannot be reached", _("Cannot be reached")),
    ("Goes elsewhere", _("Goes elsewhere")),
    ("Clinician says none is needed", _("Clinician says none is needed")),
]


class WaitForm(ui.Form):
    """What a patient who waits would take."""

    type = forms.ChoiceField(label=_("Type"))
    priority = forms.ChoiceField(label=_("How urgent"), choices=WaitlistEntry.Priority.choices)
    providers = forms.MultipleChoiceField(
        label=_("With"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody chosen: anyone."),
    )
    location = forms.ChoiceField(label=_("Where"), required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("Days that suit"),
        required=False,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: any day."),
    )
    from_clock = forms.CharField(label=_("Not before"), required=False, max_length=12)
    to_clock = forms.CharField(label=_("Done by"), required=False, max_length=12)
    earliest_on = ui.DayField(label=_("First day"), required=False)
    latest_on = ui.DayField(label=_("Last day"), required=False)
    notice = forms.ChoiceField(label=_("Notice"), choices=[(str(n), str(n)) for n in NOTICES])
    reason = forms.CharField(label=_("Reason in the patient's words"), required=False, max_length=300)
    source = forms.ChoiceField(label=_("On the list because"), choices=BY_HAND)

    def __init__(
        self,
        *args: Any,
        types: Iterable[AppointmentType],
        providers: Iterable[Provider],
        locations: Iterable[Location],
        asks_source: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not asks_source:
            del self.fields["source"]
        fields: dict[str, Any] = self.fields
        fields["type"].choices = [(str(one.id), f"{one.name}, {one.minutes} min") for one in types]
        fields["providers"].choices = [(str(one.id), str(one)) for one in providers]
        fields["location"].choices = [("", _("Any location"))] + [
            (str(one.id), one.name) for one in locations
        ]
        notices = sorted({*NOTICES, int(self.initial.get("notice") or 0)})
        fields["notice"].choices = [(str(n), _capital(say_notice(n))) for n in notices]

    def clean_from_clock(self) -> time | None:
        """Return the time of day that was typed."""
        return _read(self.cleaned_data["from_clock"])

    def clean_to_clock(self) -> time | None:
        """Return the time of day that was typed."""
        return _read(self.cleaned_data["to_clock"])

    def wish(self) -> dict[str, Any]:
        """Return what the command takes."""
        said = self.cleaned_data
        return {
            "type_id": UUID(said["type"]),
            "provider_ids": [UUID(one) for one in said["providers"]],
            "location_id": UUID(said["location"]) if said["location"] else None,
            "weekdays": [int(one) for one in said["weekdays"]],
            "from_clock": said["from_clock"],
            "to_clock": said["to_clock"],
            "earliest_on": said["earliest_on"],
            "latest_on": said["latest_on"],
            "notice_minutes": int(said["notice"]),
            "priority": int(said["priority"]),
            "reason": said["reason"],
        }


class LeaveForm(ui.Form):
    """Why somebody is taken off the list."""

    because = forms.ChoiceField(label=_("Why"), choices=LEAVES)


class YesForm(ui.Form):
    """Why somebody who said yes is booked, where the office has said that the patient is not simply booked."""

    limit_reason = forms.CharField(label=_("Why it is booked all the same"), required=False, max_length=200)


class NoMoreForm(ui.Form):
    """Why a visit that was not kept is followed up no more."""

    because = forms.ChoiceField(label=_("Why"), choices=NO_MORE)


class ListForm(forms.Form):
    """Whom the list shows; what makes no sense is passed over."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Who still waits")), *WaitlistEntry.State.choices],
    )
    type = forms.ChoiceField(label=_("Type"), required=False)
    who = forms.ChoiceField(label=_("With"), required=False)

    def __init__(
        self, *args: Any, types: Iterable[AppointmentType], providers: Iterable[Provider], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["type"].choices = [("", _("Any type"))] + [(str(one.id), one.name) for one in types]
        fields["who"].choices = [("", _("Anyone"))] + [(str(one.id), str(one)) for one in providers]

    def wanted(self) -> dict[str, Any]:
        """Return what the list is narrowed to."""
        self.is_valid()
        said = self.cleaned_data
        return {
            "state": said.get("state", ""),
            "type_id": UUID(said["type"]) if said.get("type") else None,
            "provider_id": UUID(said["who"]) if said.get("who") else None,
        }


def first_wish(*, type_id: UUID | None, provider_id: UUID | None = None, reason: str = "") -> dict[str, Any]:
    """Return what the form begins with for a new entry."""
    return {
        "type": str(type_id or ""),
        "priority": WaitlistEntry.Priority.ORDINARY,
        "providers": [str(provider_id)] if provider_id else [],
        "notice": "120",
        "source": "asked",
        "reason": reason,
    }


def kept_wish(entry: WaitlistEntry) -> dict[str, Any]:
    """Return an entry as the form's first values."""
    return {
        "type": str(entry.type_id),
        "priority": entry.priority,
        "providers": [str(one) for one in entry.provider_ids],
        "location": str(entry.location_id or ""),
        "weekdays": [str(one) for one in entry.weekdays],
        "from_clock": say_clock(entry.from_clock) if entry.from_clock else "",
        "to_clock": say_clock(entry.to_clock) if entry.to_clock else "",
        "earliest_on": entry.earliest_on,
        "latest_on": entry.latest_on,
        "notice": str(entry.notice_minutes),
        "reason": entry.reason,
    }


def _read(typed: str) -> time | None:
    try:
        return read_clock(typed) if typed.strip() else None
    except UnreadableTime as no:
        raise ValidationError(str(no)) from no


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
