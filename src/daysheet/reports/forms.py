"""What a person says when a day is closed, and of which days the waits are asked."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.reports.waits import MOST_DAYS
from daysheet.ui import forms as ui


class CloseForm(ui.Form):
    """Why the day closes though something is open."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Needed when something is open. It stays on the sheet."),
    )


class WaitsForm(ui.Form):
    """Of which days the waits are shown, and of which door."""

    first = ui.DayField(label=_("From"), back=True, required=False)
    last = ui.DayField(label=_("To"), back=True, required=False)

    def clean(self) -> dict[str, Any]:
        """Take the days in their order, and no more of them than a page can hold."""
        told = super().clean() or self.cleaned_data
        first, last = told.get("first"), told.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day comes before the first one."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("last", _("That is more than three months. Ask for fewer days."))
        return told

    def days(self, today: date) -> tuple[date, date]:
        """Return the first and the last day: one that is not said is the other, and today where neither is."""
        told = self.cleaned_data if self.is_valid() else {}
        first, last = told.get("first"), told.get("last")
        return first or last or today, last or first or today
