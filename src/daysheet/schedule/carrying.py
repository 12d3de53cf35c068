"""Where a card of the calendar was put down, read from the wall clock of its door."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.practice import queries as practice
from daysheet.practice.models import Location
from daysheet.schedule.models import Appointment
from daysheet.schedule.rules import UnreadableTime, instants, read_clock
from daysheet.ui import forms as ui
from daysheet.ui.days import day_in_address

UNREADABLE = _("This move could not be read. Nothing was moved; use Move on the appointment's page.")


REASONS = ("limit_reason", "block_reason", "hours_reason")
"""Why a visit is put where it is not simply put."""


class NoSuchTime(Refusal):
    """The wall clock never shows that time on that day."""


class NoSuchCard(Refusal):
    """The card names no appointment of this practice, or its column nobody and nothing."""


class CarryForm(ui.Form):
    """A card, the column in which it was put down, and the time at its top or in words."""

    card = forms.UUIDField(error_messages={"required": UNREADABLE, "invalid": UNREADABLE})
    version = forms.IntegerField(error_messages={"required": UNREADABLE, "invalid": UNREADABLE})
    column = forms.CharField(required=False, max_length=40)
    starts_at = forms.DateTimeField(
        required=False, input_formats=["%Y-%m-%dT%H:%M"], error_messages={"invalid": UNREADABLE}
    )
    clock = forms.CharField(
        label=_("Time of day"),
        required=False,
        max_length=12,
        error_messages={"required": _("Write the time at which it is to begin, such as 9:40 or 2 pm.")},
    )
    at = forms.CharField(required=False, max_length=40)
    """The door of the sheet; empty where the sheet shows all doors."""
    provider = forms.CharField(required=False, max_length=40)
    """Whose week it is."""
    block_reason = forms.CharField(label=_("Why it is booked into kept time"), required=False, max_length=200)
    hours_reason = forms.CharField(
        label=_("Why it is booked outside the hours"), required=False, max_length=200
    )
    limit_reason = forms.CharField(label=_("Why it is booked all the same"), required=False, max_length=200)

    def __init__(self, *args: Any, by: str, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.day = by, day
        self.fields["clock"].required = "clock" in self.data

    def add_error(self, field: str | None, error: Any) -> None:
        """Remember what is wrong; a reason that was missing is asked for from then on."""
        super().add_error(field, error)
        if field in REASONS:
            self.fields[field].required = True

    def clean(self) -> dict[str, Any]:
        """Read the time of day where it was typed; the day is that of the sheet then."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("starts_at"):
            typed["wall"] = typed["starts_at"].replace(tzinfo=None)
        elif typed.get("clock"):
            try:
                typed["wall"] = datetime.combine(self.day, read_clock(typed["clock"]))
            except UnreadableTime as no:
                self.add_error("clock", str(no))
        elif not self.errors:
            self.add_error("starts_at", UNREADABLE)
        return typed

    def act(self, old: Appointment | None) -> dict[str, Any]:
        """Return what the command takes. Raises NoSuchCard and NoSuchTime.

        What the column does not name stays as it was: the clinician, the door, the room. A visit that was laid into
        the tray at another door comes to the door of the sheet, and leaves its room.
        """
        typed = self.cleaned_data
        if old is None:
            raise NoSuchCard("That appointment is not on the books. Reload the page.")
        wall: datetime = typed["wall"]
        day, door = wall.date(), _door(typed["at"]) or old.location
        changed: dict[str, Any] = {"room_id": old.room_id if door.pk == old.location_id else None}
        if self.by == "week":
            day = _day(typed["column"])
            changed["provider_id"] = read_id(typed["provider"]) or old.provider_id
        elif self.by == "rooms":
            changed["room_id"] = read_id(typed["column"])
        else:
            changed["provider_id"] = read_id(typed["column"]) or old.provider_id
        if not 1900 <= day.year <= 2200:
            raise NoSuchTime("That day is outside the book. Reload the page.")
        moments = instants(day, wall.time(), door.zone)
        if not moments:
            raise NoSuchTime("The clocks go forward then: that time does not exist on this day.")
        return {
            "appointment_id": old.id,
            "version": typed["version"],
            "starts_at": moments[0],
            "location_id": door.pk,
            **{name: typed[name].strip() for name in REASONS},
            **changed,
        }


def _door(word: str) -> Location | None:
    location_id: UUID | None = read_id(word)
    return practice.locations().filter(pk=location_id).first() if location_id else None


def _day(word: str) -> date:
    try:
        return day_in_address(word)
    except ValueError as no:
        raise NoSuchCard("That is no day of the calendar. Reload the page.") from no
