"""The form that says whether freed times are offered by message."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.models import OfferSending
from daysheet.schedule.reminding import CLOSES, OPENS
from daysheet.schedule.sending_hours import SendingHoursForm
from daysheet.schedule.showing import say_clock


class OfferSendingForm(SendingHoursForm):
    """Whether they go by message, after how long the next are asked, and at which hours."""

    field_order = ("mode", "interval")

    mode = forms.ChoiceField(label=_("Freed times are offered by message"), choices=OfferSending.Mode.choices)
    interval = forms.TypedChoiceField(
        label=_("Ask the next three after"),
        coerce=int,
        choices=[(15, _("15 minutes")), (30, _("30 minutes")), (60, _("1 hour")), (120, _("2 hours"))],
        help_text=_("Sooner when all have answered"),
    )


def kept(row: OfferSending | None) -> dict[str, Any]:
    """Return what is kept as the form begins; nothing kept is off."""
    return {
        "mode": row.mode if row else OfferSending.Mode.OFF,
        "interval": row.interval_minutes if row else 30,
        "from_clock": say_clock(row.from_clock if row else OPENS),
        "to_clock": say_clock(row.to_clock if row else CLOSES),
    }
