"""Forms of the desk."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daysheet.documents.rules import LARGEST
from daysheet.kernel.money import CENT
from daysheet.ledger.checks import MOST_AT_A_DESK
from daysheet.ledger.forms import METHODS, PaymentForm
from daysheet.practice.models import Provider
from daysheet.schedule.models import AppointmentType
from daysheet.ui import forms as ui


class CopayForm(PaymentForm):
    """Money taken at check-in or check-out: the ledger's own form, with its guard against card numbers."""

    amount = ui.MoneyField(
        label=_("Take"),
        minimum=CENT,
        maximum=MOST_AT_A_DESK,
        error_messages={"required": _("Write how much you take.")},
    )
    method = forms.ChoiceField(label=_("How"), choices=METHODS, initial="cash")


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


class CardForm(ui.Form):
    """Pictures of a card or an ID: the front, the back, or both."""

    front = forms.FileField(label=_("Front"), required=False, allow_empty_file=True)
    back = forms.FileField(label=_("Back"), required=False, allow_empty_file=True)

    def contents(self) -> dict[str, bytes]:
        """Return the bytes of both sides, no more of them than a paper may have."""
        said = self.cleaned_data
        return {side: said[side].read(LARGEST + 1) if said[side] else b"" for side in ("front", "back")}


class FollowUpForm(ui.Form):
    """The time of the next visit, and why it is booked where the patient is not simply booked."""

    minute = forms.IntegerField(min_value=0, max_value=9_999_999_999, widget=forms.HiddenInput)
    limit_reason = forms.CharField(label=_("Why it is booked all the same"), required=False, max_length=200)


class LeftForm(ui.Form):
    """Why a patient left before being seen."""

    reason = forms.CharField(
        label=_("Why did the patient leave?"),
        max_length=200,
        error_messages={"required": _("Say why the patient left.")},
    )


class NotNowForm(ui.Form):
    """Why a matter of a coming visit is not for now."""

    reason = forms.CharField(
        label=_("Not now, because"), max_length=200, error_messages={"required": _("Say why not now.")}
    )


class WalkInForm(ui.Form):
    """Who sees a patient that came without an appointment, and why."""

    provider_id = forms.ChoiceField(label=_("Who"))
    type_id = forms.ChoiceField(label=_("Type"), required=False)
    reason = forms.CharField(label=_("Reason in the patient's words"), required=False, max_length=300)
    limit_reason = forms.CharField(label=_("Why this clinician all the same"), required=False, max_length=200)

    def __init__(
        self, *args: Any, providers: Iterable[Provider], types: Iterable[AppointmentType], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["provider_id"].choices = [(str(one.id), str(one)) for one in providers]
        fields["type_id"].choices = [("", _("Not known yet"))] + [(str(one.id), one.name) for one in types]


class CardAheadForm(ui.Form):
    """Which kept card and how much for a visit to come, and who agreed."""

    card = forms.ChoiceField(label=_("Card"))
    amount = ui.MoneyField(label=_("How much"), minimum=CENT, maximum=MOST_AT_A_DESK)
    purpose = forms.ChoiceField(
        label=_("What it is for"),
        choices=[("copay", _("Copay")), ("prepayment", _("Payment ahead (deposit)"))],
        widget=forms.RadioSelect,
    )
    consented_by = forms.CharField(label=_("Who agrees"), max_length=120)

    def __init__(self, *args: Any, cards: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["card"].choices = cards  # type: ignore[attr-defined]


class MissedFeeForm(ui.Form):
    """Whether a fee is asked for a missed visit, and why."""

    decision = forms.ChoiceField(
        label=_("The fee"), choices=[("charge", _("is charged")), ("waive", _("is waived"))]
    )
    amount = ui.MoneyField(label=_("Amount"), required=False)
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        error_messages={"required": _("Say why the fee is charged or waived.")},
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the amount of what is charged."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("decision") == "charge" and not typed.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Write the amount."))
        return typed
