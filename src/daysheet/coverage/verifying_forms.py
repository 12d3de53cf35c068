"""What a person is told of a plan by the payer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.coverage import copays
from daysheet.coverage.commands import Told
from daysheet.coverage.models import EligibilityResponse
from daysheet.ui import forms as ui


class ToldForm(ui.Form):
    """Who said what of a plan, by phone or on the payer's portal."""

    service_on = ui.DayField(label=_("For which day of service"), help_text=_("It speaks for that month."))
    way = forms.ChoiceField(label=_("How the payer was asked"), choices=EligibilityResponse.Way.choices)
    told_by = forms.CharField(
        label=_("Who said it"),
        max_length=100,
        required=False,
        help_text=_("The name of who answered the phone."),
    )
    reference = forms.CharField(
        label=_("Reference number"),
        max_length=80,
        required=False,
        help_text=_("Of the call, as the payer gives it."),
    )
    verdict = forms.ChoiceField(
        label=_("Coverage"),
        choices=[
            ("", _("Choose")),
            ("eligible", _("Active on that day")),
            ("inactive", _("Not active on that day")),
        ],
    )
    is_benefits = forms.BooleanField(label=_("The benefits were asked as well"), required=False)
    copay = ui.MoneyField(label=_("Copay"), required=False)
    deductible_left = ui.MoneyField(label=_("Deductible left"), required=False)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.service = copays.usual()
        self.fields["copay"].label = _("Copay, %(service)s") % {"service": copays.words_of(self.service)}

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        said = dict(self.cleaned_data)
        return {"service_on": said.pop("service_on"), "told": Told(**said, service=self.service)}
