"""Forms of the desk."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daysheet.practice.models import Provider
from daysheet.schedule.models import AppointmentType
from daysheet.ui import forms as ui

METHODS = [("cash", _("Cash")), ("check", _("Check")), ("card", _("Card"))]
BRANDS = [
    ("", _("Choose a brand")),
    ("Visa", "Visa"),
    ("Mastercard", "Mastercard"),
    ("American Express", "American Express"),
    ("Discover", "Discover"),
    ("Other", _("Other")),
]


class CopayForm(ui.Form):
    """Money taken at the desk: how much, how. No field of ours takes a card number."""

    amount = ui.MoneyField(label=_("Take"))
    method = forms.ChoiceField(label=_("How"), choices=METHODS, initial="cash")
    check_number = forms.CharField(label=_("Check number"), required=False, max_length=20)
    card_brand = forms.ChoiceField(label=_("Card"), choices=BRANDS, required=False)
    card_last4 = forms.CharField(label=_("Last four digits"), required=False, max_length=4)
    approval = forms.CharField(label=_("Approval number"), required=False, max_length=20)

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way needs."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        method = typed.get("method")
        amount = typed.get("amount")
        if amount is not None and amount <= 0:
            self.add_error("amount", _("Take more than nothing. A refund is an act of its own."))
        if method == "check" and not typed.get("check_number"):
            self.add_error("check_number", _("Write the number of the check."))
        last4 = typed.get("card_last4", "")
        if method == "card" and not (len(last4) == 4 and last4.isdigit()):
            self.add_error("card_last4", _("Write the last four digits that the terminal printed."))
        if method == "card" and not typed.get("card_brand"):
            self.add_error("card_brand", _("Choose the brand that the terminal printed."))
        return typed


class IdentityForm(ui.Form):
    """What the patient said, typed as heard."""

    born_on = ui.BirthDateField(label=_("Birth date as said"))
    street = forms.CharField(label=_("Street as said"), required=False, max_length=120)
    phone = ui.PhoneField(label=_("Phone as said"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["born_on"].today = today

    def clean(self) -> dict[str, Any]:
        """Ask for a second identifier beside the birth date."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not typed.get("street") and not typed.get("phone") and not self.errors:
            raise ValidationError(_("Ask for a second thing: the street or the phone number."))
        return typed


class LeftForm(ui.Form):
    """Why a patient left before being seen."""

    reason = forms.CharField(label=_("Why did the patient leave?"), max_length=200)


class WalkInForm(ui.Form):
    """Who sees a patient that came without an appointment, and why."""

    provider_id = forms.ChoiceField(label=_("Who"))
    type_id = forms.ChoiceField(label=_("Type"), required=False)
    reason = forms.CharField(label=_("Reason in the patient's words"), required=False, max_length=300)

    def __init__(
        self, *args: Any, providers: Iterable[Provider], types: Iterable[AppointmentType], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["provider_id"].choices = [(str(one.id), str(one)) for one in providers]
        fields["type_id"].choices = [("", _("Not known yet"))] + [(str(one.id), one.name) for one in types]
