"""Where a card of the calendar was put down, read from the wall clock of its door."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.schedule.models import Appointment
from daysheet.schedule.rules import instants
from daysheet.ui import forms as ui

UNREADABLE = _("This move could not be read. Nothing was moved; use Move on the appointment's page.")


class NoSuchTime(Refusal):
    """The wall clock never shows that time on that day."""


class NoSuchCard(Refusal):
    """The card names no appointment of this practice, or its column nobody and nothing."""


class CarryForm(ui.Form):
    """A card, the column in which it was put down, and the time at its top."""

    card = forms.UUIDField(error_messages={"required": UNREADABLE, "invalid": UNREADABLE})
    version = forms.IntegerField(error_messages={"required": UNREADABLE, "invalid": UNREADABLE})
    column = forms.CharField(required=False, max_length=40)
    starts_at = forms.DateTimeField(
        input_formats=["%Y-%m-%dT%H:%M"], error_messages={"required": UNREADABLE, "invalid": UNREADABLE}
    )

    def __init__(self, *args: Any, by: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def act(self, old: Appointment | None) -> dict[str, Any]:
        """Return what the command takes. Raises NoSuchCard and NoSuchTime.

        What the column does not name stays as it was: the clinician, the door, the room.
        """
        typed = self.cleaned_data
        if old is None:
            raise NoSuchCard("That appointment is not on the books. Reload the page.")
        wall: datetime = typed["starts_at"].replace(tzinfo=None)
        day = wall.date()
        changed: dict[str, Any] = {"room_id": old.room_id}
        if self.by == "week":
            day = _day(typed["column"])
        elif self.by == "rooms":
            changed["room_id"] = read_id(typed["column"])
        else:
            changed["provider_id"] = read_id(typed["column"]) or old.provider_id
        if not 1900 <= day.year <= 2200:
            raise NoSuchTime("That day is outside the book. Reload the page.")
        moments = instants(day, wall.time(), old.location.zone)
        if not moments:
            raise NoSuchTime("The clocks go forward then: that time does not exist on this day.")
        return {
            "appointment_id": old.id,
            "version": typed["version"],
            "starts_at": moments[0],
            **changed,
        }


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError as no:
        raise NoSuchCard("That is no day of the calendar. Reload the page.") from no
