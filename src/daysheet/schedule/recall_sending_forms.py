"""The form that says whether letters and messages of recalls go out by themselves."""

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.models import RecallSending
from daysheet.schedule.reminding import CLOSES, OPENS
from daysheet.schedule.rules import UnreadableTime, read_clock
from daysheet.schedule.showing import say_clock
from daysheet.ui import forms as ui


class RecallSendingForm(ui.Form):
    """Whether they go by themselves, and at which hours."""

    goes = forms.ChoiceField(
        label=_("Letters and messages go out"),
        choices=[
            ("no", _("when somebody presses Write and send")),
            ("yes", _("by themselves, each morning")),
        ],
    )
    from_clock = forms.CharField(label=_("Not before"), max_length=12, help_text=_("Such as 9:00"))
    to_clock = forms.CharField(label=_("Not after"), max_length=12, help_text=_("Such as 8 pm"))

    def clean_from_clock(self) -> time:
        """Return the time of day that was typed."""
        return _read(self.cleaned_data["from_clock"])

    def clean_to_clock(self) -> time:
        """Return the time of day that was typed; a bare 6 is the evening."""
        return _read(self.cleaned_data["to_clock"])


def kept(row: RecallSending | None) -> dict[str, Any]:
    """Return what is kept as the form begins; nothing kept is off."""
    return {
        "goes": "yes" if row and row.is_on else "no",
        "from_clock": say_clock(row.from_clock if row else OPENS),
        "to_clock": say_clock(row.to_clock if row else CLOSES),
    }


def _read(text: str) -> time:
    try:
        return read_clock(text)
    except UnreadableTime as no:
        raise ValidationError(str(no)) from no
