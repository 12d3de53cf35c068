"""What a biller types at the claims' screens."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.coverage.models import Payer
from daysheet.ui import forms as ui

AGES = [("", _("any age")), ("30", _("over 30 days")), ("60", _("over 60 days")), ("90", _("over 90 days"))]


class ClaimFilter(ui.Form):
    """Which claims to show: of a payer, of an age."""

    payer = forms.ChoiceField(label=_("Payer"), required=False)
    age = forms.ChoiceField(label=_("Age"), required=False, choices=AGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        payers = Payer.objects.order_by("name").values_list("pk", "name")
        self.fields["payer"].choices = [("", _("all payers")), *[(str(pk), name) for pk, name in payers]]  # type: ignore[attr-defined]

    def payer_id(self) -> UUID | None:
        """Return the chosen payer."""
        chosen = self.cleaned_data.get("payer") if self.is_valid() else ""
        return UUID(chosen) if chosen else None

    def days(self) -> int | None:
        """Return the chosen age in days."""
        chosen = self.cleaned_data.get("age") if self.is_valid() else ""
        return int(chosen) if chosen else None


class CorrectForm(ui.Form):
    """What may be mended on the claim itself; the rest is mended where it stands."""

    place_of_service = forms.RegexField(
        r"^[0-9]{2}$",
        label=_("Place of service"),
        max_length=2,
        error_messages={"invalid": _("Two digits, as 11 for the office.")},
    )
    prior_authorization = forms.CharField(label=_("Authorization number"), required=False, max_length=50)
    because = forms.CharField(label=_("What was corrected"), required=False, max_length=200)


class ReasonForm(ui.Form):
    """A reason in a word or two."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class MatchForm(ui.Form):
    """To which of our claims a remitted one belongs."""

    claim = forms.ChoiceField(label=_("Our claim"))
