"""The hours at which messages of a switch go out, as its form takes them."""

from datetime import time

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.rules import UnreadableTime, read_clock
from daysheet.ui import forms as ui


class SendingHoursForm(ui.Form):
    """From when to when something goes out; each switch adds what it switches."""

    from_clock = forms.CharField(label=_("Not before"), max_length=12, help_text=_("Such as 9:00"))
    to_clock = forms.CharField(label=_("Not after"), max_length=12, help_text=_("Such as 8 pm"))

    def clean_from_clock(self) -> time:
        """Return the time of day that was typed."""
        return _read(self.cleaned_data["from_clock"])

    def clean_to_clock(self) -> time:
        """Return the time of day that was typed; a bare 6 is the evening."""
        return _read(self.cleaned_data["to_clock"])


def _read(text: str) -> time:
    try:
        return read_clock(text)
    except UnreadableTime as no:
        raise ValidationError(str(no)) from no
