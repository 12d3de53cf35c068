"""What an insurance clerk chooses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.payer import queries
from daysheet.payer.models import ReceivedClaim
from daysheet.payer.rules.faults import FAULTS
from daysheet.ui import forms as ui


class DeskFilter(ui.Form):
    """Which payer's work to show, and which claims."""

    payer = forms.ChoiceField(label=_("Payer"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        payers = [(key, profile.name) for key, profile in queries.profiles().items()]
        self.fields["payer"].choices = [("", _("all payers")), *payers]  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", _("any")), *ReceivedClaim.State.choices]  # type: ignore[attr-defined]

    def chosen(self, name: str) -> str:
        """Return what was chosen, or empty text."""
        return str(self.cleaned_data.get(name, "")) if self.is_valid() else ""


class FaultForm(ui.Form):
    """What is to go wrong with a member."""

    fault = forms.ChoiceField(
        label=_("What is to go wrong"),
        required=False,
        choices=[("", _("Nothing by name")), *((name, fault.words) for name, fault in FAULTS.items())],
    )
