"""What a payer wants of visits by video or phone, as a person types it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.coverage.rules.telehealth import Wanted
from daysheet.ui import forms as ui


class TelehealthForm(ui.Form):
    """Place of service, modifier, and where it stands written."""

    at_home = forms.CharField(label=_("Place of service, patient at home"), max_length=2)
    elsewhere = forms.CharField(label=_("Place of service, patient elsewhere"), max_length=2)
    modifier = forms.ChoiceField(
        label=_("Modifier on each line"),
        required=False,
        choices=[
            ("", _("None")),
            ("95", _("95, picture and sound")),
            ("93", _("93, sound alone")),
            ("GT", _("GT, as some Medicaid plans want it")),
            ("GQ", _("GQ, sent and looked at later")),
            ("FQ", _("FQ, sound alone, community health centers")),
        ],
    )
    source = forms.CharField(
        label=_("Where it stands written"),
        max_length=300,
        help_text=_("The payer's manual and page, a letter, or a call with name and day."),
    )


def wanted_facts(wanted: Wanted, *, is_own: bool) -> dict[str, Any]:
    """Return what a payer wants as the form's first values; what is shipped has no source of the office's own."""
    names = ("at_home", "elsewhere", "modifier")
    return {name: getattr(wanted, name) for name in names} | {"source": wanted.source if is_own else ""}
