"""What a person types about what may be asked of a patient, and about payment plans."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.ledger.forms import MoneyForm
from daysheet.ledger.models import AskedAnyway


class AskAnywayForm(MoneyForm):
    """Why a service day may be asked for although a rule protects the patient."""

    service_on = forms.ChoiceField(label=_("Service day"))
    why = forms.ChoiceField(
        label=_("Why it may be asked"), choices=AskedAnyway.Why.choices, widget=forms.RadioSelect
    )
    said = forms.CharField(
        label=_("Where that stands"),
        max_length=200,
        help_text=_("The signed paper with its day, or the plan's answer."),
    )

    def __init__(self, *args: Any, days: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service_on"].choices = list(days)  # type: ignore[attr-defined]
