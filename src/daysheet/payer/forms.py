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


class MemberForm(ui.Form):
    """Somebody whom a payer of this desk insures."""

    plan = forms.ChoiceField(label=_("Plan"))
    member_id = forms.CharField(label=_("Member number"), max_length=20)
    family = forms.CharField(label=_("Family name"), max_length=60)
    given = forms.CharField(label=_("Given name"), max_length=35)
    born_on = ui.BirthDateField(label=_("Birth date"))
    starts_on = ui.DayField(label=_("First day covered"), back=True)
    ends_on = ui.DayField(label=_("Last day covered"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = [
            (f"{payer_id}:{plan.key}", plan.name)
            for payer_id, profile in queries.profiles().items()
            for plan in profile.plans.values()
        ]
        self.fields["plan"].choices = [("", _("Choose a plan")), *plans]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        payer_id, _colon, plan = self.cleaned_data["plan"].partition(":")
        return self.cleaned_data | {"payer_id": payer_id, "plan": plan}


class FaultForm(ui.Form):
    """What is to go wrong with a member."""

    fault = forms.ChoiceField(
        label=_("What is to go wrong"),
        required=False,
        choices=[("", _("Nothing by name")), *((name, fault.words) for name, fault in FAULTS.items())],
    )
