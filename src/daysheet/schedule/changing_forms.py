"""What is typed to change a series: which visits, and what is otherwise; what is left empty stays."""

from collections.abc import Sequence
from datetime import time
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daysheet.practice.models import Location, Provider
from daysheet.schedule import reasons
from daysheet.schedule.changing import Change, Place, Scope
from daysheet.schedule.forms import WEEKDAYS
from daysheet.schedule.models import AppointmentType
from daysheet.schedule.rules import LONGEST, SHORTEST, UnreadableTime, read_clock, say_clock
from daysheet.ui import forms as ui
from daysheet.ui.words import day as say_day

SCOPES = [
    ("this", gettext_lazy("This visit alone")),
    ("following", gettext_lazy("This and those that follow")),
    ("all", gettext_lazy("All that are still to come")),
]


class ChangeSeriesForm(ui.Form):
    """Which visits of a series, and what is otherwise in them."""

    visit = forms.ChoiceField(label=gettext_lazy("Visit"))
    scope = forms.ChoiceField(
        label=gettext_lazy("What is changed"),
        choices=SCOPES,
        initial="following",
        widget=forms.RadioSelect,
    )
    weekday = forms.ChoiceField(label=gettext_lazy("New weekday"), required=False)
    clock = forms.CharField(label=gettext_lazy("New time of day"), max_length=12, required=False)
    who = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    where = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), required=False, min_value=SHORTEST, max_value=LONGEST
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason in the patient's words"), required=False, max_length=300
    )
    why_moved = forms.ChoiceField(label=gettext_lazy("Why they are moved"), required=False)
    limit_reason = forms.CharField(
        label=gettext_lazy("Why it is booked all the same"), required=False, max_length=200
    )
    hours_reason = forms.CharField(
        label=gettext_lazy("Why it is booked outside the hours"), required=False, max_length=200
    )

    def __init__(
        self,
        *args: Any,
        coming: Sequence[Place],
        types: Sequence[AppointmentType],
        people: Sequence[Provider],
        doors: Sequence[Location],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        stays = ("", _("as it is"))
        fields: dict[str, Any] = self.fields
        fields["visit"].choices = [(str(one.number), _say(one)) for one in coming]
        fields["who"].choices = [stays, *((str(one.pk), str(one)) for one in people)]
        fields["where"].choices = [stays, *((str(one.pk), one.name) for one in doors)]
        fields["type"].choices = [stays, *((str(one.pk), one.name) for one in types)]
        fields["weekday"].choices = [stays, *((str(n), name) for n, name in enumerate(WEEKDAYS))]
        self.reasons = {one.key: one for one in reasons.offered() if not one.asks_words}
        fields["why_moved"].choices = [
            ("", _("not said")),
            *((one.key, reasons.said(one)) for one in self.reasons.values()),
        ]

    def clean(self) -> dict[str, Any]:
        """Read the time of day, and ask for something that is otherwise."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return typed
        try:
            typed["at"] = read_clock(typed["clock"]) if typed["clock"].strip() else None
        except UnreadableTime as no:
            raise ValidationError({"clock": str(no)}) from no
        if self.change().is_empty:
            raise ValidationError(
                _("Say what is otherwise: the weekday, the time, who, where, the type or the length.")
            )
        return typed

    @property
    def about(self) -> Scope:
        """Return which visits are changed."""
        return cast("Scope", self.cleaned_data["scope"])

    @property
    def number(self) -> int:
        """Return from which visit on."""
        return int(self.cleaned_data["visit"])

    def change(self) -> Change:
        """Return what is otherwise."""
        typed = self.cleaned_data
        at: time | None = typed.get("at")
        who, where, kind = (UUID(typed[name]) if typed[name] else None for name in ("who", "where", "type"))
        weekday = int(typed["weekday"]) if typed["weekday"] else None
        return Change(at, who, where, kind, typed["minutes"], typed["reason"].strip(), weekday)

    def moved(self) -> dict[str, Any]:
        """Return why they are moved, as the command takes it."""
        chosen = self.reasons.get(self.cleaned_data["why_moved"])
        told = {"why": chosen.words, "kind_id": chosen.kind_id} if chosen else {}
        return told | {name: self.cleaned_data[name].strip() for name in ("limit_reason", "hours_reason")}

    def seen(self) -> str:
        """Return a mark of what the visits were looked at for."""
        return sha256(repr((self.about, self.number, self.change())).encode()).hexdigest()[:24]


def _say(one: Place) -> str:
    local = one.appointment.starts_at.astimezone(one.appointment.location.zone)
    return f"{one.number}: {say_day(local.date())}, {say_clock(local.time())}"
