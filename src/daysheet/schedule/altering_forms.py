"""What is typed to change a booked visit at its own time: its kind, its length, its reason."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.schedule.rules import LONGEST, SHORTEST
from daysheet.ui import forms as ui

REASONS = ("limit_reason", "block_reason", "overbook_reason")
"""Why it is so all the same; asked for where something stands against it."""


class ChangeVisitForm(ui.Form):
    """Of what kind a visit is, how long, and why the patient comes."""

    type = forms.ChoiceField(label=_("Type"))
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=SHORTEST, max_value=LONGEST)
    reason = forms.CharField(label=_("Reason in the patient's words"), required=False, max_length=300)
    limit_reason = forms.CharField(label=_("Why it is booked all the same"), required=False, max_length=200)
    block_reason = forms.CharField(label=_("Why it is booked into kept time"), required=False, max_length=200)
    overbook_reason = forms.CharField(
        label=_("Why it is booked over another visit"), required=False, max_length=200
    )

    def __init__(
        self, *args: Any, visit: Appointment, types: Sequence[AppointmentType], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        every = list(types)
        if visit.type_id not in {one.pk for one in every}:
            every.insert(0, visit.type)
        field: Any = self.fields["type"]
        field.choices = [(str(one.pk), f"{one.name}, {one.minutes} min") for one in every]

    def act(self) -> dict[str, Any]:
        """Return what the command takes."""
        typed = self.cleaned_data
        same = {name: typed[name] for name in ("minutes", "reason", *REASONS)}
        return {"type_id": UUID(typed["type"]), **same}


class StandAgainForm(ui.Form):
    """Why a visit stands again in a session that has as many as it takes; asked for where it has."""

    block_reason = forms.CharField(label=_("Why it is booked into kept time"), required=False, max_length=200)
