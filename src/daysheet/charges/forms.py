"""What a person puts on a slip or into the fee schedule."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daysheet.charges import rules
from daysheet.ui import forms as ui

LARGEST_FILE = 1_000_000


class DiagnosisForm(ui.Form):
    """One more diagnosis."""

    code = forms.CharField(
        label=_("Diagnosis"), max_length=10, help_text=_("A code, or words such as low back pain.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "diagnosis_%s"} | kwargs)  # its neighbour has a code too


class LineForm(ui.Form):
    """One more line."""

    code = forms.CharField(
        label=_("Procedure"), max_length=5, help_text=_("Five letters or digits, or search by words.")
    )
    units = forms.DecimalField(label=_("Units"), max_digits=8, decimal_places=2, initial=Decimal(1))
    modifiers = forms.CharField(
        label=_("Modifiers"), max_length=20, required=False, help_text=_("Such as 25 GP.")
    )
    pointers = forms.CharField(
        label=_("Diagnoses"), max_length=12, initial="1", help_text=_("Their numbers, such as 1 2.")
    )
    amount = ui.MoneyField(
        label=_("Fee"), required=False, maximum=rules.MOST_FEE, help_text=_("Empty: the schedule's.")
    )

    def clean_modifiers(self) -> list[str]:
        """Return the modifiers one by one."""
        return str(self.cleaned_data["modifiers"]).replace(",", " ").upper().split()

    def clean_pointers(self) -> list[int]:
        """Return the pointers as numbers."""
        words = str(self.cleaned_data["pointers"]).replace(",", " ").split()
        if not words or not all(word.isascii() and word.isdigit() for word in words):
            raise ValidationError(now_("Write the numbers of the diagnoses, such as 1 2."))
        return [int(word) for word in words]


class VoidForm(ui.Form):
    """Why a posted line is taken back."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class FeeForm(ui.Form):
    """A price from a day on."""

    code = forms.CharField(label=_("Procedure code"), max_length=5)
    label = forms.CharField(label=_("In your own words"), max_length=200)
    amount = ui.MoneyField(label=_("Fee"), maximum=rules.MOST_FEE)
    starts_on = ui.DayField(label=_("From"))
    is_favourite = forms.BooleanField(label=_("Show on the slip as a favourite"), required=False)


class FeeFileForm(ui.Form):
    """A file of prices from a day on."""

    file = forms.FileField(
        label=_("Fee file"), help_text=_("CSV: code, label, amount. One line for each procedure.")
    )
    starts_on = ui.DayField(label=_("From"))

    def clean_file(self) -> str:
        """Return the file as text."""
        given: Any = self.cleaned_data["file"]
        if given.size > LARGEST_FILE:
            raise ValidationError(
                now_("That file is larger than a fee schedule can be. Choose the CSV file.")
            )
        try:
            return bytes(given.read()).decode("utf-8-sig")
        except UnicodeDecodeError as bad:
            raise ValidationError(now_("That is no text file. Save the sheet as CSV (UTF-8) first.")) from bad
