"""The form that says whether letters and messages of recalls go out by themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.models import RecallSending
from daysheet.schedule.reminding import CLOSES, OPENS
from daysheet.schedule.sending_hours import SendingHoursForm
from daysheet.schedule.showing import say_clock


class RecallSendingForm(SendingHoursForm):
    """Whether they go by themselves, and at which hours."""

    field_order = ("goes",)

    goes = forms.ChoiceField(
        label=_("Letters and messages go out"),
        choices=[
            ("no", _("when somebody presses Write and send")),
            ("yes", _("by themselves, each morning")),
        ],
    )


def kept(row: RecallSending | None) -> dict[str, Any]:
    """Return what is kept as the form begins; nothing kept is off."""
    return {
        "goes": "yes" if row and row.is_on else "no",
        "from_clock": say_clock(row.from_clock if row else OPENS),
        "to_clock": say_clock(row.to_clock if row else CLOSES),
    }
