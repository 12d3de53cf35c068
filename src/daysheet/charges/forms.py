"""What a person puts on a slip or into the fee schedule."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daysheet.charges import rules
from daysheet.charges.models import Charge
from daysheet.charges.rules import mouth as mouths
from daysheet.charges.rules.facility import as_revenue_code, read_prices, revenue_problem
from daysheet.charges.rules.kinds import DENTAL, INSTITUTIONAL
from daysheet.ui import forms as ui

LARGEST_FILE = 1_000_000
PROSTHESES = [("", _("None")), ("I", _("First placement")), ("R", _("Replacement"))]


class DiagnosisForm(ui.Form):
    """One more diagnosis."""

    code = forms.CharField(
        label=_("Diagnosis"), max_length=10, help_text=_("A code, or words such as low back pain.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "diagnosis_%s"} | kwargs)  # its neighbour has a code too


class MouthField(forms.CharField):
    """Teeth with their surfaces, or areas of the mouth, as a dentist types them."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Tooth and surfaces, or area"),
            max_length=mouths.LONGEST,
            required=False,
            help_text=_("Such as 14 MOD, 15 O. Areas: UR, UL, LL, LR, UJ, LJ, WM."),
        )

    def clean(self, value: Any) -> str:
        """Return what was typed, when it can be read."""
        told = str(super().clean(value))
        try:
            mouths.read_mouth(told)
        except mouths.NotInTheMouth as no:
            raise ValidationError(str(no)) from no
        return told


class RevenueField(forms.CharField):
    """The revenue code under which the facility bills a service; empty for a clinician's."""

    def __init__(self, help_text: Any = "") -> None:
        super().__init__(label=_("Revenue code"), max_length=10, required=False, help_text=help_text)

    def clean(self, value: Any) -> str:
        """Return the code with its four digits."""
        code = as_revenue_code(str(super().clean(value)))
        if wrong := revenue_problem(code):
            raise ValidationError(wrong)
        return code


class RevenuePricesField(forms.CharField):
    """What lines of the facility cost by their revenue codes, as one types it; empty: as before."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Another price by revenue code"),
            max_length=200,
            required=False,
            help_text=_("Such as 0260 95.00, 0510 210.00. Empty: as it was. None: no other price."),
        )

    def clean(self, value: Any) -> dict[str, str] | None:
        """Return the prices by revenue code; nothing where none was said."""
        told = str(super().clean(value)).strip()
        if not told:
            return None
        try:
            return {} if told.casefold() == "none" else read_prices(told)
        except ValueError as no:
            raise ValidationError(str(no)) from no


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
    mouth = MouthField()
    prosthesis = forms.ChoiceField(
        label=_("Crown, bridge or denture"),
        required=False,
        choices=PROSTHESES,
    )
    prior_placed_on = ui.DayField(label=_("Earlier one placed on"), required=False, back=True)
    revenue_code = RevenueField(_("Of the facility's service. Empty: the schedule's."))

    def __init__(self, *args: Any, is_dental: bool = False, is_facility: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_facility:
            self.fields.pop("revenue_code", None)
        if is_dental:
            self.fields["pointers"].required = False
            return
        for name in ("mouth", "prosthesis", "prior_placed_on"):
            del self.fields[name]

    def clean_modifiers(self) -> list[str]:
        """Return the modifiers one by one."""
        return str(self.cleaned_data["modifiers"]).replace(",", " ").upper().split()

    def clean_pointers(self) -> list[int]:
        """Return the pointers as numbers."""
        words = str(self.cleaned_data["pointers"]).replace(",", " ").split()
        is_short = not words and self.fields["pointers"].required
        if is_short or not all(word.isascii() and word.isdigit() for word in words):
            raise ValidationError(now_("Write the numbers of the diagnoses, such as 1 2."))
        return [int(word) for word in words]


class ChangeLineForm(LineForm):
    """A line that is not in the book, all but its service."""

    code = None  # type: ignore[assignment]
    field_order = ("mouth", "prosthesis", "prior_placed_on", "units", "pointers", "modifiers", "amount")


def of_line(charge: Charge) -> dict[str, Any]:
    """Return what a line says, as one types it."""
    return {
        "mouth": mouths.typed(charge.mouth),
        "prosthesis": charge.prosthesis,
        "prior_placed_on": charge.prior_placed_on,
        "units": charge.units.normalize() if charge.units % 1 else int(charge.units),
        "modifiers": " ".join(charge.modifiers),
        "pointers": " ".join(map(str, charge.pointers)),
        "amount": charge.unit_fee,
        "revenue_code": charge.revenue_code,
    }


class VoidForm(ui.Form):
    """Why a posted line is taken back."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class FeeForm(ui.Form):
    """A price from a day on."""

    code = forms.CharField(label=_("Procedure code"), max_length=5)
    label = forms.CharField(label=_("In your own words"), max_length=200)
    amount = ui.MoneyField(label=_("Fee"), maximum=rules.MOST_FEE)
    starts_on = ui.DayField(label=_("From"))
    is_favourite = forms.BooleanField(label=_("Show on the slip as a favorite"), required=False)
    is_dental = forms.BooleanField(label=_("A dental service: it goes on a dental claim"), required=False)
    mouth_need = forms.ChoiceField(
        label=_("A dentist's line must name"),
        required=False,
        choices=[
            ("", _("Nothing")),
            ("tooth", _("The tooth")),
            ("surfaces", _("The tooth with its surfaces")),
            ("area", _("The area of the mouth")),
        ],
    )
    is_prosthesis = forms.BooleanField(
        label=_("A crown, bridge or denture: the line says whether it is the first"), required=False
    )
    revenue_code = RevenueField(
        _("Four digits, where the facility bills this service itself. Empty: the clinician's.")
    )
    revenue_prices = RevenuePricesField()

    def __init__(
        self,
        *args: Any,
        asks_kind: bool = False,
        asks_revenue: bool = False,
        asks_mouth: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not asks_mouth:
            del self.fields["mouth_need"], self.fields["is_prosthesis"]
        if not asks_revenue:
            del self.fields["revenue_code"], self.fields["revenue_prices"]
        if not asks_kind:
            del self.fields["is_dental"]


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


YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class AskEstimateForm(ui.Form):
    """The two questions that decide which paper is due, and what it is about where no visit is booked."""

    has_coverage = forms.ChoiceField(
        label=_("Does the patient have a health plan, Medicare or Medicaid?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    uses_coverage = forms.ChoiceField(
        label=_("Will the patient use it for this?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=False,
    )
    provider = forms.ChoiceField(label=_("With"))
    type = forms.ChoiceField(label=_("Kind of visit"), required=False)
    service_on = ui.DayField(label=_("Day, if it is known"), required=False)
    for_what = forms.CharField(
        label=_("For what"),
        max_length=300,
        required=False,
        help_text=_("In plain words; empty: the kind of visit."),
    )
    is_request = forms.BooleanField(
        label=_("The patient asked what it costs"),
        required=False,
        help_text=_("A question about the price counts as asking for an estimate."),
    )

    def __init__(
        self,
        *args: Any,
        providers: list[tuple[str, str]],
        types: list[tuple[str, str]],
        is_booked: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_booked:
            for name in ("provider", "type", "service_on", "for_what"):
                del self.fields[name]
        else:
            del self.fields["is_request"]
            self.fields["provider"].choices = providers  # type: ignore[attr-defined]
            self.fields["type"].choices = [("", now_("None of these")), *types]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask the second question of who is covered."""
        data = super().clean() or {}
        if data.get("has_coverage") == "yes" and not data.get("uses_coverage"):
            self.add_error(
                "uses_coverage", ValidationError(now_("Ask whether the patient will use it for this."))
            )
        return data

    def facts(self) -> dict[str, Any]:
        """Return what was said."""
        said = self.cleaned_data
        has = said["has_coverage"] == "yes"
        told: dict[str, Any] = {
            "has_coverage": has,
            "uses_coverage": has and said["uses_coverage"] == "yes",
            "is_request": said.get("is_request", True),
        }
        if "provider" in self.fields:
            told |= {
                "provider_id": said["provider"],
                "type_id": said["type"] or None,
                "service_on": said["service_on"],
                "for_what": said["for_what"],
            }
        return told


class EstimateLineForm(ui.Form):
    """A service that is expected."""

    code = forms.CharField(
        label=_("Procedure"), max_length=5, help_text=_("Five letters or digits, or search by words.")
    )
    units = forms.DecimalField(label=_("Units"), max_digits=8, decimal_places=2, initial=Decimal(1))
    amount = ui.MoneyField(
        label=_("Fee"), required=False, maximum=rules.MOST_FEE, help_text=_("Empty: the schedule's.")
    )
    mouth = MouthField()
    is_visit = forms.BooleanField(label=_("The visit itself: the copay is for it"), required=False)
    revenue_code = RevenueField(_("Of the facility's service. Empty: the schedule's."))

    def __init__(self, *args: Any, bills: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if DENTAL not in bills:
            del self.fields["mouth"]
        if INSTITUTIONAL not in bills:
            del self.fields["revenue_code"]


class EstimateFactsForm(ui.Form):
    """What the paper says beside its lines."""

    for_what = forms.CharField(label=_("For what"), max_length=300)
    diagnoses = forms.CharField(
        label=_("Diagnosis codes"),
        max_length=100,
        required=False,
        help_text=_("If they are known, such as M54.50."),
    )
    discount_percent = forms.DecimalField(
        label=_("Discount for who pays without a plan, in percent"),
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=Decimal(100),
        required=False,
    )
    others_note = forms.CharField(
        label=_("Others who may send a bill"), max_length=500, required=False, widget=forms.Textarea
    )
    separately = forms.CharField(
        label=_("Scheduled separately"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        help_text=_("One on each line, such as: X-ray of the spine, before the visit."),
    )

    def __init__(self, *args: Any, is_good_faith: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_good_faith:
            for name in ("diagnoses", "discount_percent", "others_note", "separately"):
                del self.fields[name]

    def facts(self) -> dict[str, Any]:
        """Return what was said."""
        said = self.cleaned_data
        return {
            "for_what": said["for_what"],
            "diagnoses": said.get("diagnoses", "").replace(",", " ").split(),
            "discount_percent": said.get("discount_percent") or Decimal(0),
            "others_note": said.get("others_note", ""),
            "separately": said.get("separately", "").splitlines(),
        }


class MakeEstimateForm(ui.Form):
    """Why there is a new version; the first needs no reason."""

    reason = forms.CharField(label=_("Why a new version"), max_length=200, required=False)


class CloseEstimateForm(ui.Form):
    """Why an estimate is wanted no more."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class UsualServiceForm(ui.Form):
    """A service that a kind of visit usually has."""

    type = forms.ChoiceField(label=_("Kind of visit"))
    code = forms.CharField(label=_("Procedure code"), max_length=5)
    units = forms.DecimalField(label=_("Units"), max_digits=8, decimal_places=2, initial=Decimal(1))
    is_visit = forms.BooleanField(label=_("The visit itself: the copay is for it"), required=False)

    def __init__(self, *args: Any, types: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "usual_%s"} | kwargs)
        self.fields["type"].choices = types  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Return what was said."""
        said = self.cleaned_data
        return {
            "type_id": said["type"],
            "code": said["code"],
            "units": said["units"],
            "is_visit": said["is_visit"],
        }


class EstimatePolicyForm(ui.Form):
    """What self-pay takes off, and who else may send a bill."""

    discount_percent = forms.DecimalField(
        label=_("Discount for who pays without a plan, in percent"),
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=Decimal(100),
    )
    others_note = forms.CharField(
        label=_("Others who may send a bill"),
        max_length=500,
        required=False,
        widget=forms.Textarea,
        help_text=_("Such as: the laboratory sends its own bill for blood tests."),
    )


class RateForm(ui.Form):
    """What a payer, or one plan of it, allows for a service."""

    payer = forms.ChoiceField(label=_("Payer or plan"))
    code = forms.CharField(label=_("Procedure code"), max_length=5)
    amount = ui.MoneyField(label=_("Allowed"), maximum=rules.MOST_FEE)
    starts_on = ui.DayField(label=_("From"), back=True)

    def __init__(self, *args: Any, payers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"].choices = payers  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Return what was said: a plan is chosen as its payer and itself."""
        said = self.cleaned_data
        payer, _dot, plan = str(said["payer"]).partition(".")
        return {
            "payer_id": payer,
            "plan_id": plan or None,
            "code": said["code"],
            "amount": said["amount"],
            "starts_on": said["starts_on"],
        }
