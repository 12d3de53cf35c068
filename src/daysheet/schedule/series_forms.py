"""What is typed for a series: how the visits repeat, what is settled for each, why several are cancelled."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daysheet.practice.models import Location, Provider
from daysheet.schedule.forms import CancelForm
from daysheet.schedule.models import AppointmentSeries, AppointmentType
from daysheet.schedule.planning import Occurrence, Wanted
from daysheet.schedule.repeating import MOST_VISITS, Repeat
from daysheet.schedule.rules import UnreadableTime, instants, read_clock
from daysheet.schedule.slots import minute_of, moment_of
from daysheet.schedule.wishes import WEEKDAYS
from daysheet.ui import forms as ui
from daysheet.ui.days import UnreadableDay, read_day

SKIP, OWN = "skip", "own"


class SeriesForm(ui.Form):
    """What each visit is, and how they repeat."""

    type = forms.ChoiceField(label=gettext_lazy("Type"))
    who = forms.ChoiceField(label=gettext_lazy("Who"))
    where = forms.ChoiceField(label=gettext_lazy("Where"))
    first_on = ui.DayField(label=gettext_lazy("First day"))
    clock = forms.CharField(label=gettext_lazy("Time of day"), max_length=12)
    every = forms.IntegerField(label=gettext_lazy("Every"), min_value=1, max_value=90, initial=1)
    unit = forms.ChoiceField(
        label=gettext_lazy("Days, weeks or months"), choices=AppointmentSeries.Unit.choices, initial="week"
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On"),
        required=False,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For weeks. None chosen: the weekday of the first day."),
    )
    times = forms.IntegerField(
        label=gettext_lazy("How many visits"), min_value=1, max_value=MOST_VISITS, required=False
    )
    until_on = ui.DayField(label=gettext_lazy("Or until"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason in the patient's words"), required=False, max_length=300
    )
    limit_reason = forms.CharField(
        label=gettext_lazy("Why it is booked all the same"), required=False, max_length=200
    )
    hours_reason = forms.CharField(
        label=gettext_lazy("Why it is booked outside the hours"), required=False, max_length=200
    )
    pays_self = forms.BooleanField(
        label=gettext_lazy("Pays self: no plan is used for these visits"), required=False
    )

    def __init__(
        self,
        *args: Any,
        types: Sequence[AppointmentType],
        people: Sequence[Provider],
        doors: Sequence[Location],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.doors = {str(one.pk): one for one in doors}
        fields: dict[str, Any] = self.fields
        fields["type"].choices = [(str(one.pk), f"{one.name}, {one.minutes} min") for one in types]
        fields["who"].choices = [(str(one.pk), str(one)) for one in people]
        fields["where"].choices = [(pk, one.name) for pk, one in self.doors.items()]

    def clean(self) -> dict[str, Any]:
        """Read the time of day, and ask for an end."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return typed
        if not typed.get("times") and not typed.get("until_on"):
            raise ValidationError({"times": _("Say how many visits, or until which day.")})
        if typed.get("until_on") and typed["until_on"] < typed["first_on"]:
            raise ValidationError({"until_on": _("That day comes before the first one.")})
        try:
            typed["at"] = read_clock(typed["clock"])
        except UnreadableTime as no:
            raise ValidationError({"clock": str(no)}) from no
        return typed

    def rule(self) -> Repeat:
        """Return how the visits repeat."""
        typed = self.cleaned_data
        weekdays = [int(one) for one in typed["weekdays"]]
        return Repeat(
            typed["first_on"], typed["every"], typed["unit"], weekdays, typed["times"], typed["until_on"]
        )

    def wanted(self, patient_id: UUID, also_needs: Sequence[UUID]) -> Wanted:
        """Return what every visit is to be."""
        typed = self.cleaned_data
        door = self.doors[typed["where"]]
        who, kind = UUID(typed["who"]), UUID(typed["type"])
        return Wanted(patient_id, who, door.pk, kind, door.zone, typed["at"], also_needs=tuple(also_needs))

    def facts(self) -> dict[str, Any]:
        """Return the series as the command takes it, but for the times."""
        typed = self.cleaned_data
        return {
            "provider_id": UUID(typed["who"]),
            "location_id": UUID(typed["where"]),
            "type_id": UUID(typed["type"]),
            "first_on": typed["first_on"],
            "clock": typed["at"],
            "every": typed["every"],
            "unit": typed["unit"],
            "weekdays": [int(one) for one in typed["weekdays"]],
            "reason": typed["reason"],
            "limit_reason": typed["limit_reason"],
            "hours_reason": typed["hours_reason"],
            "pays_self": typed["pays_self"],
        }


class PlannedVisit:
    """One visit of the preview with what was chosen for it."""

    def __init__(self, row: Occurrence, typed: Mapping[str, Any], zone: ZoneInfo, *, books: bool) -> None:
        self.row, self.zone = row, zone
        self.near = row.near.starts_at if row.near else None
        usual = self._at(row.starts_at) if not row.against else self._at(self.near) if self.near else SKIP
        self.chosen = str(typed.get(f"visit_{row.number}", usual))[:40]
        self.own = str(typed.get(f"own_{row.number}", ""))[:40]
        if not books and self.chosen not in (SKIP, OWN, *(value for value, _moment in self.choices)):
            self.chosen = usual  # how they repeat was changed: a time of before is none of these
        self.error = ""

    @property
    def choices(self) -> list[tuple[str, datetime | None]]:
        """Return what can be chosen beside leaving it out: the wanted time, or the nearest free one."""
        at = self.near if self.row.against else self.row.starts_at
        return [(self._at(at), at)] if at else []

    def settle(self, today: Any) -> datetime | None:
        """Return when the visit will be; nothing when it is left out. What cannot be read stands in `error`."""
        if self.chosen == SKIP:
            return None
        if self.chosen == OWN:
            return self._own(today)
        minute = self.chosen.removeprefix("at.")
        if not minute.isdecimal() or len(minute) > 8:
            self.error = _("Choose one of the times.")
            return None
        return moment_of(int(minute))

    def _own(self, today: Any) -> datetime | None:
        words, _space, clock = self.own.strip().partition(" ")
        try:
            moments = instants(read_day(words, today=today), read_clock(clock), self.zone)
        except (UnreadableDay, UnreadableTime) as no:
            self.error = str(no) or _("Write a day and a time, such as 3/12 10:40.")
            return None
        if not moments:
            self.error = _("The clocks go forward then: that time does not exist on this day.")
            return None
        return moments[0]

    @staticmethod
    def _at(moment: datetime) -> str:
        return f"at.{minute_of(moment)}"


class CancelSeriesForm(CancelForm):
    """From which visit on, and why."""

    from_number = forms.IntegerField(
        label=gettext_lazy("From visit number"), min_value=1, max_value=MOST_VISITS, initial=1
    )
    field_order = ("from_number", "reason", "words")
