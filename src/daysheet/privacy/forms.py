"""What is filled in about a signature, and what is asked of the diary."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.privacy.rules import REASONS, WORDS
from daysheet.ui import forms as ui

KINDS = [(kind, _(words)) for kind, words in WORDS.items()]


class SignatureForm(ui.Form):
    """A notice or consent: who signed and when, or why nobody did."""

    kind = forms.ChoiceField(label=_("What"), choices=KINDS)
    signed_by = forms.CharField(
        label=_("Signed by"),
        required=False,
        max_length=300,
        help_text=_("With the relationship, when not the patient"),
    )
    signed_on = ui.DayField(label=_("On"), required=False, back=True)
    because = forms.ChoiceField(
        label=_("Not signed, because"),
        required=False,
        choices=[("", _("It was signed")), *[(one, _(one)) for one in REASONS]],
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a name or a reason, not both."""
        said: dict[str, Any] = super().clean() or {}
        if bool(said.get("signed_by")) == bool(said.get("because")):
            raise forms.ValidationError(_("Write who signed, or choose why nobody did."))
        return said


class DiaryForm(ui.Form):
    """The filters of the diary; codes and ids alone, for they stand in the address."""

    first = ui.DayField(label=_("From"), required=False, back=True)
    last = ui.DayField(label=_("To"), required=False, back=True)
    person = forms.ChoiceField(label=_("Who"), required=False)
    action = forms.CharField(label=_("Action begins with"), required=False, max_length=60)
    chart = forms.IntegerField(label=_("Chart"), required=False, min_value=1, max_value=10**12)

    def __init__(self, *args: Any, people: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["person"]
        chosen.choices = [("", _("Everybody")), *[(one, one) for one in people]]
