"""What a person types about what may be asked of a patient, and about payment plans."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daysheet.ledger.checks import MOST_AT_A_DESK
from daysheet.ledger.forms import CENT, MoneyForm, ReasonForm
from daysheet.ledger.instalments import MOST
from daysheet.ledger.models import AskedAnyway, PaymentPlan
from daysheet.privacy.forms import RELATIONSHIPS
from daysheet.ui import forms as ui


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


class PlanForm(MoneyForm):
    """What is agreed with a patient: the whole, what is paid at once, how often, how many or how much each."""

    amount = ui.MoneyField(label=_("Amount under the plan"), minimum=CENT, maximum=MOST_AT_A_DESK)
    down = ui.MoneyField(label=_("Paid at once"), maximum=MOST_AT_A_DESK, required=False)
    every = forms.ChoiceField(
        label=_("How often"), choices=PaymentPlan.Every.choices, widget=forms.RadioSelect
    )
    count = forms.IntegerField(label=_("How many instalments"), min_value=1, max_value=MOST, required=False)
    each = ui.MoneyField(
        label=_("or how much each time"), minimum=CENT, maximum=MOST_AT_A_DESK, required=False
    )
    first_on = ui.DayField(label=_("First instalment on"))
    grace_days = forms.IntegerField(label=_("Days of grace"), min_value=0, max_value=60)
    card_id = forms.ChoiceField(label=_("Kept card to take them from"), required=False)

    def __init__(self, *args: Any, cards: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["card_id"].choices = [("", _("None: the patient pays each time")), *cards]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two: how many, or how much each."""
        data = super().clean() or {}
        if not self.errors and (data.get("count") is None) == (data.get("each") is None):
            self.add_error(
                "count", ValidationError(now_("Say how many instalments, or how much each: one of the two."))
            )
        return data


class PlanSignForm(MoneyForm):
    """The signature under a payment plan."""

    signed_by = forms.CharField(label=_("Name of the person who signs"), max_length=200)
    relationship = forms.ChoiceField(label=_("Who signs"), choices=RELATIONSHIPS, required=False)
    strokes = forms.CharField(required=False, widget=forms.HiddenInput)
    agrees = forms.BooleanField(
        label=_("I sign by typing my name: it stands for my signature"), required=False
    )


class PlanCardForm(MoneyForm):
    """The kept card that the instalments are taken from, or none."""

    card_id = forms.ChoiceField(label=_("Kept card"), required=False)

    def __init__(self, *args: Any, cards: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["card_id"].choices = [("", _("None: the patient pays each time")), *cards]  # type: ignore[attr-defined]


class ReturnForm(ReasonForm):
    """What goes back to a card, and why; no amount: all that is left."""

    amount = ui.MoneyField(label=_("Only a part"), minimum=CENT, maximum=MOST_AT_A_DESK, required=False)

    field_order = ("reason", "amount")
