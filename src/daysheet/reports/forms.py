"""What a person says when a day is closed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.ui import forms as ui


class CloseForm(ui.Form):
    """Why the day closes though something is open."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Needed when something is open. It stays on the sheet."),
    )
