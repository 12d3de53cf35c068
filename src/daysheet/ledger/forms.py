"""What a person types about money. No field takes a card number, and none is shown again when typed."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.cards import holds_card_number
from daysheet.kernel.money import ZERO, say
from daysheet.ledger.checks import MOST_AT_A_DESK
from daysheet.ledger.coins import COINS, MOST_PIECES, NOTES, WORDS
from daysheet.patients.models import Patient
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
            self.fields[name].widget.attrs["data-blanked"] = (
                "yes"  # the page keeps what was typed, but for this
            )


class PaymentForm(MoneyForm):
    """Money over the desk."""

    amount = ui.MoneyField(label=_("Amount"), minimum=CENT, maximum=MOST_AT_A_DESK)
    method = forms.ChoiceField(label=_("How"), choices=METHODS, widget=forms.RadioSelect)
    tendered = ui.MoneyField(label=_("Handed over"), maximum=MOST_AT_A_DESK, required=False)
    check_number = forms.CharField(label=_("Check number"), max_length=20, required=False)
    card_brand = forms.ChoiceField(label=_("Card brand"), choices=BRANDS, required=False)
    card_last4 = forms.CharField(label=_("Last four digits"), max_length=4, required=False)
    approval = forms.CharField(label=_("Approval number"), max_length=20, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ui.need(self, "check_number", "card_brand", "card_last4", "approval")

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way of paying needs."""
        data = super().clean() or {}
        method = data.get("method")
        amount, tendered = data.get("amount"), data.get("tendered")
        if method == "cash" and amount and tendered is not None and tendered < amount:
            self._ask("tendered", now_("That is less than the amount. Lower it, or pay in several ways."))
        self._ask_about(check=method == "check", card=method == "card")
        return data

    def _ask_about(self, *, check: bool, card: bool) -> None:
        data = self.cleaned_data
        if check and not data.get("check_number"):
            self._ask("check_number", now_("Type the number of the check."))
        if card:
            last4 = str(data.get("card_last4") or "")
            if not (len(last4) == 4 and last4.isascii() and last4.isdigit()):
                self._ask("card_last4", now_("Type the last four digits of the card."))
            if not data.get("card_brand"):
                self._ask("card_brand", now_("Choose the brand of the card."))
            if not data.get("approval"):
                self._ask("approval", now_("Type the approval number on the terminal's slip."))

    def _ask(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, ValidationError(sentence))


class SplitForm(PaymentForm):
    """One payment in several ways: the parts come to the amount, and change is due on the cash alone."""

    cash = ui.MoneyField(label=_("In cash"), maximum=MOST_AT_A_DESK, required=False)
    check = ui.MoneyField(label=_("By check"), maximum=MOST_AT_A_DESK, required=False)
    card = ui.MoneyField(label=_("By card"), maximum=MOST_AT_A_DESK, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["method"]

    def clean(self) -> dict[str, Any]:
        """Hold the parts against the amount, and ask for what each of them needs."""
        data = ui.Form.clean(self) or {}
        parts = {name: data.get(name) or ZERO for name in ("cash", "check", "card")}
        amount, tendered = data.get("amount"), data.get("tendered")
        apart = (amount or ZERO) - sum(parts.values(), ZERO)
        if amount and apart and not {"cash", "check", "card"} & set(self.errors):
            said = now_("The parts come to %(left)s less than the amount.")
            said = said if apart > 0 else now_("The parts come to %(left)s more than the amount.")
            self.add_error("amount", ValidationError(said % {"left": say(abs(apart))}))
        if tendered is not None and tendered < parts["cash"]:
            self._ask("tendered", now_("That is less than the part in cash."))
        if tendered and not parts["cash"]:
            self._ask("cash", now_("Write which part is paid in cash."))
        self._ask_about(check=parts["check"] > 0, card=parts["card"] > 0)
        return data

    def ways(self) -> list[dict[str, Any]]:
        """Return the ways in which it is paid, cash first."""
        said = self.cleaned_data
        card = {name: said[name] for name in ("card_brand", "card_last4", "approval")}
        more = {
            "cash": {"tendered": said["tendered"]},
            "check": {"check_number": said["check_number"]},
            "card": card,
        }
        return [{"method": how, "amount": said[how], **more[how]} for how in more if said[how]]


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
    words = forms.CharField(
        label=_("In words"), max_length=200, required=False, help_text=_("For Other: what it is.")
    )
    number = forms.CharField(
        label=_("Check or approval number"),
        max_length=20,
        required=False,
        help_text=_(
            "Of the check that is handed out, or on the terminal's slip of the refund. None for cash."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ui.need(self, "words", "number")

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way and reason need; the words stand for Other."""
        data = super().clean() or {}
        words, number = data.pop("words", ""), data.get("number", "")
        if data.get("reason") == "other" and "words" not in self.errors:
            if not words:
                self.add_error("words", ValidationError(now_("Say in words why it goes back.")))
            data["reason"] = words
        if data.get("method") == "check" and not number and "number" not in self.errors:
            self.add_error("number", ValidationError(now_("Type the number of the check.")))
        if data.get("method") == "card" and not number and "number" not in self.errors:
            self.add_error(
                "number", ValidationError(now_("Type the approval number on the terminal's slip."))
            )
        return data


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


class MovePaymentForm(MoneyForm):
    """Whose account a payment belongs to, and why it is moved."""

    chart = forms.IntegerField(label=_("Chart number of the right patient"), min_value=1, max_value=10**15)
    reason = forms.CharField(label=_("Why"), max_length=200)

    def clean_chart(self) -> Patient:
        """Return the patient of that chart number."""
        patient = Patient.objects.filter(chart_number=self.cleaned_data["chart"]).first()
        if patient is None:
            raise ValidationError(now_("No patient has this chart number."))
        return patient


class ReturnedCheckForm(ReasonForm):
    """Why the bank gave a check back, and what follows from it."""

    with_fee = forms.BooleanField(label=_("Charge the fee"), required=False)
    no_more_checks = forms.BooleanField(label=_("Take no check on this account from now on"), required=False)

    def __init__(self, *args: Any, fee: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fee > 0:
            self.fields["with_fee"].label = now_("Charge the office's fee of %(fee)s") % {"fee": say(fee)}
        else:
            del self.fields["with_fee"]


class OpenDrawerForm(MoneyForm):
    """What lies in a drawer in the morning."""

    location_id = forms.ChoiceField(label=_("Drawer at"))
    opening_float = ui.MoneyField(label=_("Opening float"), maximum=MOST_AT_A_DESK)
    is_own = forms.BooleanField(label=_("Mine alone: nobody else works from it"), required=False)

    def __init__(
        self, *args: Any, locations: list[tuple[str, str]], station: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if station:
            label = now_("It stands here, at %(station)s, and is mine while it is open") % {
                "station": station
            }
            self.fields["at_station"] = forms.BooleanField(label=label, required=False, initial=True)
        self.fields["location_id"].choices = locations  # type: ignore[attr-defined]


class CountDrawerForm(MoneyForm):
    """What lies in a drawer, piece by piece or as a sum, counted before the expected sum is shown."""

    counted = ui.MoneyField(label=_("Counted"), maximum=MOST_AT_A_DESK, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, words in WORDS.items():
            self.fields[key] = forms.IntegerField(
                label=words,
                min_value=0,
                max_value=MOST_PIECES,
                required=False,
                error_messages={
                    "invalid": now_("%(what)s: write how many pieces, such as 12.") % {"what": words},
                    "min_value": now_("%(what)s: no fewer than none.") % {"what": words},
                    "max_value": now_("%(what)s: that is more than a drawer holds.") % {"what": words},
                },
            )

    @property
    def notes(self) -> list[BoundField]:
        """Return the boxes of the notes."""
        return [self[key] for key, _worth, _words in NOTES]

    @property
    def coins(self) -> list[BoundField]:
        """Return the boxes of the coins."""
        return [self[key] for key, _worth, _words in COINS]

    def clean(self) -> dict[str, Any]:
        """Ask for pieces or a sum."""
        data = super().clean() or {}
        if data.get("counted") is None and not self.errors and not self.pieces():
            self.add_error("counted", ValidationError(now_("Count the pieces, or type the sum.")))
        return data

    def pieces(self) -> dict[str, int]:
        """Return how many of each were counted, of those that were."""
        return {key: self.cleaned_data[key] for key in WORDS if self.cleaned_data.get(key) is not None}


class CarryForm(MoneyForm):
    """Cash carried between a drawer and the safe."""

    amount = ui.MoneyField(label=_("Amount"), minimum=CENT, maximum=MOST_AT_A_DESK)
    counted_by = forms.CharField(label=_("Counted by"), max_length=80)
    witness = forms.CharField(label=_("Seen by"), max_length=80, required=False)
    reason = forms.CharField(label=_("Why"), max_length=200)


class CloseDrawerForm(MoneyForm):
    """Why a drawer closes over or short."""

    reason = forms.CharField(label=_("Why it differs"), max_length=200, required=False)

    @property
    def asked(self) -> BoundField:
        """Return the box as it is shown when the office asks for a reason: not as one that may stay empty."""
        self.fields["reason"].required = True
        return self["reason"]


class DeskRulesForm(MoneyForm):
    """How the office counts, and what a returned check costs."""

    is_blind = forms.BooleanField(
        label=_("Count blind"),
        required=False,
        help_text=_("What should lie in a drawer is hidden until it is counted."),
    )
    reason_from = ui.MoneyField(
        label=_("Ask a reason from"),
        minimum=CENT,
        maximum=MOST_AT_A_DESK,
        help_text=_("Over or short by this."),
    )
    approve_from = ui.MoneyField(
        label=_("Ask a second person from"),
        minimum=CENT,
        maximum=MOST_AT_A_DESK,
        help_text=_("The drawer closes when somebody else has seen the difference."),
    )
    check_fee = ui.MoneyField(
        label=_("Fee for a returned check"),
        maximum=MOST_AT_A_DESK,
        help_text=_(
            "Zero for none. Many states cap it, and some plans' contracts forbid it: ask before you set it."
        ),
    )


class DepositForm(MoneyForm):
    """What goes to the bank on one slip."""

    drawer = forms.MultipleChoiceField(
        label=_("Drawers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    check = forms.MultipleChoiceField(label=_("Checks"), required=False, widget=forms.CheckboxSelectMultiple)
    bank_on = ui.DayField(label=_("Bank day"))

    def __init__(
        self, *args: Any, drawers: list[tuple[str, str]], checks: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["drawer"].choices = drawers  # type: ignore[attr-defined]
        self.fields["check"].choices = checks  # type: ignore[attr-defined]
        for name in ("drawer", "check"):
            self.fields[name].error_messages["invalid_choice"] = now_(
                "Some of it is on another slip by now. Look at the list again."
            )


class BankSaidForm(MoneyForm):
    """What the bank credited."""

    bank_said = ui.MoneyField(label=_("The bank credited"), maximum=MOST_AT_A_DESK)
    reason = forms.CharField(label=_("Why it differs"), max_length=200, required=False)


class CardForm(MoneyForm):
    """Money by card through the card company: a kept card or the company's token, and what is paid beside it."""

    kind = forms.ChoiceField(
        label=_("What to do"),
        choices=[
            ("charge", _("Take it now")),
            ("hold", _("Hold it until the visit")),
            ("save", _("Keep the card, take nothing")),
        ],
        widget=forms.RadioSelect,
    )
    amount = ui.MoneyField(label=_("On the card"), minimum=CENT, maximum=MOST_AT_A_DESK, required=False)
    card = forms.ChoiceField(label=_("Card"), required=False)
    token = forms.CharField(
        label=_("Token from the card company"),
        max_length=80,
        required=False,
        help_text=_("What its own card reader or form gave, such as pm_1Nv0Fq. Never a card number."),
    )
    keeps_card = forms.BooleanField(label=_("The patient lets us keep the card"), required=False)
    for_day = ui.DayField(label=_("Day of the visit"), required=False)
    cash = ui.MoneyField(label=_("In cash"), maximum=MOST_AT_A_DESK, required=False)
    tendered = ui.MoneyField(label=_("Handed over"), maximum=MOST_AT_A_DESK, required=False)
    check = ui.MoneyField(label=_("By check"), maximum=MOST_AT_A_DESK, required=False)
    check_number = forms.CharField(label=_("Check number"), max_length=20, required=False)

    def __init__(self, *args: Any, cards: list[tuple[str, str]], takes_token: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["card"].choices = [("", now_("Another card")), *cards]  # type: ignore[attr-defined]
        if not takes_token:
            del self.fields["token"]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen act needs."""
        data = super().clean() or {}
        kind = data.get("kind")
        if kind in {"charge", "hold"} and not data.get("amount") and "amount" not in self.errors:
            self.add_error("amount", ValidationError(now_("Write the amount on the card.")))
        if not data.get("card") and not data.get("token"):
            self.add_error("card", ValidationError(now_("Choose a card.")))
        if kind == "hold" and not data.get("for_day") and "for_day" not in self.errors:
            self.add_error("for_day", ValidationError(now_("Write the day of the visit.")))
        if data.get("check") and not data.get("check_number"):
            self.add_error("check_number", ValidationError(now_("Type the number of the check.")))
        if kind != "charge" and (data.get("cash") or data.get("check")):
            self.add_error("kind", ValidationError(now_("Cash and check go only with money taken now.")))
        return data

    def beside(self) -> list[dict[str, Any]]:
        """Return what is paid beside the card."""
        said = self.cleaned_data
        found: list[dict[str, Any]] = []
        if said["cash"]:
            found.append({"method": "cash", "amount": said["cash"], "tendered": said["tendered"]})
        if said["check"]:
            found.append({"method": "check", "amount": said["check"], "check_number": said["check_number"]})
        return found


class CardDoorForm(ui.Form):
    """By which company this office takes cards."""

    company = forms.ChoiceField(label=_("Card company"), widget=forms.RadioSelect)
    secret = forms.CharField(
        label=_("Secret key"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput,
        help_text=_("Kept encrypted and never shown again; leave it empty to keep the one that is there."),
    )

    def __init__(self, *args: Any, companies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company"].choices = companies  # type: ignore[attr-defined]


class TerminalForm(ui.Form):
    """A terminal of the card company, and where it stands."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Such as Front desk terminal"))
    reader = forms.CharField(
        label=_("The company's id of it"),
        max_length=80,
        help_text=_("Such as tmr_Ft3a9; of a practice one any name"),
    )
    station = forms.ChoiceField(label=_("It stands at"), required=False)

    def __init__(self, *args: Any, stations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["station"]
        chosen.choices = [("", now_("It is carried about")), *stations]
