"""The form that says whether freed times are offered by message."""

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.models import OfferSending
from daysheet.schedule.reminding import CLOSES, OPENS
from daysheet.schedule.rules import UnreadableTime, read_clock
from daysheet.schedule.showing import say_clock
from daysheet.ui import forms as ui


class OfferSendingForm(ui.Form):
    """Whether they go by message, after how long the next are asked, and at which hours."""

    mode = forms.ChoiceField(label=_("Freed times are offered by message"), choices=OfferSending.Mode.choices)
    interval = forms.TypedChoiceField(
        label=_("Ask the next three after"),
        coerce=int,
        choices=[(15, _("15 minutes")), (30, _("30 minutes")), (60, _("1 hour")), (120, _("2 hours"))],
        help_text=_("Sooner when all have answered"),
    )
    from_clock = forms.CharField(label=_("Not before"), max_length=12, help_text=_("Such as 9:00"))
    to_clock = forms.CharField(label=_("Not after"), max_length=12, help_text=_("Such as 8 pm"))

    def clean_from_clock(self) -> time:
        """Return the time of day that was typed."""
        return _read(self.cleaned_data["from_clock"])

    def clean_to_clock(self) -> time:
        """Return the time of day that was typed; a bare 6 is the evening."""
        return _read(self.cleaned_data["to_clock"])


def kept(row: OfferSending | None) -> dict[str, Any]:
    """Return what is kept as the form begins; nothing kept is off."""
    return {
        "mode": row.mode if row else OfferSending.Mode.OFF,
        "interval": row.interval_minutes if row else 30,
        "from_clock": say_clock(row.from_clock if row else OPENS),
        "to_clock": say_clock(row.to_clock if row else CLOSES),
    }


def _read(text: str) -> time:
    try:
        return read_clock(text)
    except UnreadableTime as no:
        raise ValidationError(str(no)) from no
