"""What a person types about money. No field takes a card number, and none is shown again when typed."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.cards import holds_card_number
from daysheet.ledger.checks import MOST_AT_A_DESK
from daysheet.ui import forms as ui

CENT = Decimal("0.01")
BRANDS = [
    ("", _("Choose")),
    *((name, name) for name in ("Visa", "Mastercard", "American Express", "Discover", "Other")),
]
METHODS = [("cash", _("Cash")), ("check", _("Check")), ("card", _("Card, on the terminal"))]


class MoneyForm(ui.Form):
    """A form about money: what looks like a card number is refused and blanked before anything keeps it."""

    def full_clean(self) -> None:
        """Judge the form with every card number taken out of what was typed."""
        written = [name for name, field in self.fields.items() if not isinstance(field, forms.ChoiceField)]
        typed = [name for name in written if holds_card_number(str(self.data.get(self.add_prefix(name), "")))]
        if typed:
            self.data = {
                **{key: self.data.get(key) for key in self.data},
                **{self.add_prefix(name): "" for name in typed},
            }
        super().full_clean()
        for name in typed:
            sentence = now_(
                "A card number does not belong here. Type only the last four digits and the approval."
            )
            self.errors.pop(name, None)
            self.add_error(name, ValidationError(sentence))


class PaymentForm(MoneyForm):
    """Money over the desk."""

    amount = ui.MoneyField(label=_("Amount"), minimum=CENT, maximum=MOST_AT_A_DESK)
    method = forms.ChoiceField(label=_("How"), choices=METHODS, widget=forms.RadioSelect)
    check_number = forms.CharField(label=_("Check number"), max_length=20, required=False)
    card_brand = forms.ChoiceField(label=_("Card brand"), choices=BRANDS, required=False)
    card_last4 = forms.CharField(label=_("Last four digits"), max_length=4, required=False)
    approval = forms.CharField(label=_("Approval number"), max_length=20, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way of paying needs."""
        data = super().clean() or {}
        method = data.get("method")
        if method == "check" and not data.get("check_number"):
            self._ask("check_number", now_("Type the number of the check."))
        if method == "card":
            last4 = str(data.get("card_last4") or "")
            if not (len(last4) == 4 and last4.isascii() and last4.isdigit()):
                self._ask("card_last4", now_("Type the last four digits of the card."))
            if not data.get("card_brand"):
                self._ask("card_brand", now_("Choose the brand of the card."))
            if not data.get("approval"):
                self._ask("approval", now_("Type the approval number on the terminal's slip."))
        return data

    def _ask(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, ValidationError(sentence))


class RefundForm(MoneyForm):
    """Credit that goes back to the patient."""

    amount = ui.MoneyField(label=_("Amount"), minimum=CENT, maximum=MOST_AT_A_DESK)
    method = forms.ChoiceField(label=_("How it goes back"), choices=METHODS)
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[
            ("", _("Choose")),
            ("overcharged", _("Overcharged")),
            ("duplicate", _("Paid twice")),
            ("service not provided", _("Service not provided")),
            ("error", _("Error")),
            ("other", _("Other")),
        ],
    )


class WriteOffForm(MoneyForm):
    """What the office gives up."""

    amount = ui.MoneyField(label=_("Amount"), minimum=CENT, maximum=MOST_AT_A_DESK)
    from_account = forms.ChoiceField(
        label=_("Taken off"),
        choices=[("patient", _("what the patient owes")), ("insurance", _("what the plan owes"))],
    )
    reason = forms.CharField(label=_("Why"), max_length=200)


class ReasonForm(MoneyForm):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class OpenDrawerForm(MoneyForm):
    """What lies in a drawer in the morning."""

    location_id = forms.ChoiceField(label=_("Drawer at"))
    opening_float = ui.MoneyField(label=_("Opening float"), maximum=MOST_AT_A_DESK)

    def __init__(self, *args: Any, locations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location_id"].choices = locations  # type: ignore[attr-defined]


class CountDrawerForm(MoneyForm):
    """What lies in a drawer in the evening, counted before the expected sum is shown."""

    counted = ui.MoneyField(label=_("Counted"), maximum=MOST_AT_A_DESK)
    reason = forms.CharField(
        label=_("Why it differs"),
        max_length=200,
        required=False,
        help_text=_("Only when it is over or short."),
    )
