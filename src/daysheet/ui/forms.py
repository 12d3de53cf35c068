"""Fields that read what people really type: amounts, days, birth dates, telephone numbers."""

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from daysheet.ui.days import UnreadableDay, month_number, read_day
from daysheet.ui.words import phone

AMOUNT = re.compile(r"\$?\s*(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.([0-9]*))?")
LARGEST = Decimal("9999999999.99")  # numeric(12,2)
OLDEST = 130
FARTHEST = 150


class Form(forms.Form):
    """A form that the server judges: nothing is checked while typing, nothing typed is lost."""

    use_required_attribute = False

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if today is not None and isinstance(field, DayField | BirthDateField):
                field.today = today
            _speak_plainly(name, field)


class MoneyField(forms.CharField):
    """An amount as typed: 40, 40.5 or $1,040; never below zero."""

    kind = "money"

    def __init__(
        self, *, minimum: Decimal | None = None, maximum: Decimal | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.minimum, self.maximum = minimum, maximum

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the exact amount."""
        text = str(value).strip() if value not in self.empty_values else ""
        if not text:
            return None
        if text.startswith(("-", "\u2212", "(")) or text.endswith("-"):
            raise ValidationError(
                _("Write the amount without a minus sign. A refund or a reversal is its own act.")
            )
        match = AMOUNT.fullmatch(text)
        if not match or not any(sign.isdigit() for sign in text):
            raise ValidationError(_("Write an amount such as 40 or 40.50."))
        if len(match[1] or "") > 2:
            raise ValidationError(_("An amount has at most two digits after the point, such as 40.50."))
        amount = Decimal(re.sub(r"[$,\s]", "", text))
        self._stay_inside(amount)  # first: forty digits have no exact cents
        return amount.quantize(Decimal("0.01"))

    def run_validators(self, value: Any) -> None:
        """Nothing more to check: the amount was judged while it was read."""

    def prepare_value(self, value: Any) -> Any:
        """Return an amount as it stands in the box."""
        return f"{value:.2f}" if isinstance(value, Decimal) else value

    def _stay_inside(self, amount: Decimal) -> None:
        if self.minimum is not None and amount < self.minimum:
            raise ValidationError(_("Write at least $%(least)s.") % {"least": f"{self.minimum:,.2f}"})
        most = LARGEST if self.maximum is None else self.maximum
        if amount > most:
            raise ValidationError(_("Write at most $%(most)s.") % {"most": f"{most:,.2f}"})


class DayField(forms.CharField):
    """A day as typed: 3/9, mon, +2w, Mar 9 or 2026-03-09, seen from today."""

    kind = "day"

    def __init__(self, *, today: date | None = None, back: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.today, self.back = today, back

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]
        """Return the day that is meant."""
        if isinstance(value, date):
            return value
        text = str(value).strip() if value not in self.empty_values else ""
        if not text:
            return None
        if self.today is None:
            raise TypeError("A DayField needs to know today: Form(..., today=...).")
        try:
            found = read_day(text, today=self.today, back=self.back)
        except UnreadableDay as no:
            raise ValidationError(str(no)) from no
        if (
            abs(found.year - self.today.year) > FARTHEST
        ):  # nobody means the year 1, and sums of days end there
            raise ValidationError(
                _("That day is more than %(n)d years away. Check the year.") % {"n": FARTHEST}
            )
        return found

    def run_validators(self, value: Any) -> None:
        """Nothing more to check: the day was judged while it was read."""

    def prepare_value(self, value: Any) -> Any:
        """Return a day as it stands in the box."""
        return f"{value.month}/{value.day}/{value.year}" if isinstance(value, date) else value


class ThreeBoxes(forms.MultiWidget):
    """Month, day and year, each typed into its own box."""

    def __init__(self) -> None:
        super().__init__([forms.TextInput(), forms.TextInput(), forms.TextInput()])

    def decompress(self, value: Any) -> list[str]:
        """Return what stands in the three boxes."""
        return (
            [f"{value.month:02d}", f"{value.day:02d}", str(value.year)]
            if isinstance(value, date)
            else ["", "", ""]
        )


class BirthDateField(forms.Field):
    """A birth date in three typed boxes; a year of two digits asks for its century."""

    kind = "birth_date"
    widget = ThreeBoxes

    def __init__(self, *, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.today = today

    def clean(self, value: Any) -> date | None:
        """Return the birth date."""
        if isinstance(value, date):
            return value
        parts = [str(part or "").strip() for part in (value or ["", "", ""])]
        if not any(parts):
            if self.required:
                raise ValidationError(_("Write the birth date: month, day and year."))
            return None
        if not all(parts):
            missing = [_("the month"), _("the day"), _("the year")][parts.index("")]
            raise ValidationError(_("Write %(part)s of the birth date too.") % {"part": missing})
        return self._sound(*parts)

    def _sound(self, month: str, day: str, year: str) -> date:
        number = month_number(month)
        if not number:
            raise ValidationError(_("Write the month as a number from 1 to 12."))
        if re.fullmatch(r"[0-9]{2}", year):
            raise ValidationError(_("Which century? Write the year with four digits, such as 1962."))
        if not re.fullmatch(r"[12][0-9]{3}", year):
            raise ValidationError(_("Write the year with four digits, such as 1962."))
        if not re.fullmatch(r"[0-9]{1,2}", day) or not 1 <= int(day) <= monthrange(int(year), number)[1]:
            raise ValidationError(_("That month has no such day. Check the day and the month."))
        born = date(int(year), number, int(day))
        if self.today is None:
            raise TypeError("A BirthDateField needs to know today: Form(..., today=...).")
        if born > self.today:
            raise ValidationError(_("A birth date cannot be in the future. Check the year."))
        if self.today.year - born.year > OLDEST:
            raise ValidationError(
                _("That would be more than %(n)d years ago. Check the year.") % {"n": OLDEST}
            )
        return born


class PhoneField(forms.CharField):
    """A telephone number, typed freely and kept as +15552010142."""

    kind = "phone"

    def __init__(self, *, region: str = "US", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.region = region

    def clean(self, value: Any) -> str:
        """Return the number in its international form."""
        text = str(super().clean(value) or "")
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, self.region)
        except phonenumbers.NumberParseException as no:
            raise ValidationError(
                _("Write a telephone number with its area code, such as (555) 201-0142.")
            ) from no
        reason = phonenumbers.is_possible_number_with_reason(number)
        if reason != phonenumbers.ValidationResult.IS_POSSIBLE or number.extension:
            raise ValidationError(
                _("That number has too many or too few digits. Write it as (555) 201-0142.")
            )
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def prepare_value(self, value: Any) -> Any:
        """Return a kept number as it is read aloud; what was typed stays as typed."""
        return phone(value) if isinstance(value, str) and value.startswith("+") else value


def _speak_plainly(name: str, field: forms.Field) -> None:
    """Give a field sentences that name it, where it still has Django's own."""
    called = str(field.label or name.replace("_", " ").capitalize())
    choosing, exact = isinstance(field, forms.ChoiceField), isinstance(field, forms.DecimalField)
    required, softly, firmly = _sentences(get_language(), called, choosing, exact)
    told = field.error_messages
    if str(told.get("required")) == str(forms.Field.default_error_messages["required"]):
        told["required"] = required
    for code, sentence in softly.items():
        told.setdefault(code, sentence)
    told |= firmly


@lru_cache(4096)
def _sentences(
    language: str | None, called: str, choosing: bool, exact: bool
) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return what is said of a field that is missing, what is said where it has no words of its own, and always."""
    sentence = _("Choose: %(field)s.") if choosing else _("%(field)s is missing.")
    if called.rstrip().endswith("?"):
        sentence = _("Answer this: %(field)s")
    told = {"field": called.replace("%", "%%"), "limit": "%(limit_value)s"}
    softly = {
        "min_value": _("%(field)s: at least %(limit)s.") % told,
        "max_value": _("%(field)s: at most %(limit)s.") % told,
        "max_length": _("%(field)s: at most %(limit)s characters.") % told,
    }
    firmly = {}
    if exact:
        most = {"field": told["field"], "limit": "%(max)s"}
        firmly["max_decimal_places"] = _("%(field)s: at most %(limit)s digits after the point.") % most
        firmly |= dict.fromkeys(
            ("max_digits", "max_whole_digits"), _("%(field)s: that number is too large.") % most
        )
    if choosing:
        firmly["invalid_choice"] = _("%(field)s: choose one from the list.") % {"field": called}
    return sentence % {"field": called}, softly, firmly


def need(form: forms.BaseForm, *names: str) -> None:
    """Let fields that a choice of the form makes required stand there without the word for those that may be empty."""
    for name in names:
        form.fields[name].widget.attrs["data-needed"] = "yes"


def is_needed(bound: BoundField) -> bool:
    """Return whether a choice of the form may make a field required."""
    return "data-needed" in bound.field.widget.attrs


def kind_of(bound: BoundField) -> str:
    """Return which component draws a field."""
    field = bound.field
    named = getattr(field, "kind", "")
    if named:
        return str(named)
    for kind, widgets in KINDS:
        if isinstance(field.widget, widgets):
            return kind
    return "field"


def boxes(bound: BoundField) -> list[tuple[str, str, str]]:
    """Return id, name and content of the three boxes of a birth date."""
    widget = bound.field.widget
    value = bound.value()
    values = list(value) if isinstance(value, list | tuple) else widget.decompress(value)
    start = bound.auto_id or bound.html_name
    return [(f"{start}_{n}", f"{bound.html_name}_{n}", str(part or "")) for n, part in enumerate(values)]


Option = tuple[str, str, bool, int]


def option_groups(bound: BoundField) -> list[tuple[str, list[Option]]]:
    """Return the choices of a field by group: value, words, whether chosen, running number."""
    value = bound.value()
    chosen = (
        {str(one) for one in value}
        if isinstance(value, list | tuple | set)
        else {"" if value is None else str(value)}
    )
    groups: list[tuple[str, list[Option]]] = []
    number = 0
    for key, words in bound.field.choices:  # type: ignore[attr-defined]
        nested = isinstance(words, list | tuple)
        members = words if nested else [(key, words)]
        if nested or not groups or groups[-1][0]:
            groups.append((str(key) if nested else "", []))
        for one, label in members:
            text = "" if one is None else str(one)
            groups[-1][1].append((text, str(label), text in chosen, number))
            number += 1
    return groups


def summary(form: forms.BaseForm | None) -> list[tuple[str, str]]:
    """Return every error as a pair: the id to jump to (empty for the whole form), the sentence."""
    if form is None or not form.is_bound:
        return []
    found = [("", str(sentence)) for sentence in form.non_field_errors()]
    for bound in form:
        place = (
            f"{bound.auto_id}_0"
            if kind_of(bound) in {"birth_date", "radios", "checkboxes"}
            else bound.auto_id
        )
        found += [(place, str(sentence)) for sentence in bound.errors]
    return found


KINDS: tuple[tuple[str, tuple[type[forms.Widget], ...]], ...] = (
    ("hidden", (forms.HiddenInput,)),
    ("textarea", (forms.Textarea,)),
    ("checkboxes", (forms.CheckboxSelectMultiple,)),
    ("radios", (forms.RadioSelect,)),
    ("select", (forms.Select,)),
    ("checkbox", (forms.CheckboxInput,)),
    ("password", (forms.PasswordInput,)),
    ("file", (forms.FileInput,)),
    ("email", (forms.EmailInput,)),
)
