"""What the academy's forms share: a field of dollars, and choices that are known only when one asks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

MOST_DOLLARS = 1_000_000


def number(label: Any, most: int, *, least: int = 0, hint: Any = "") -> forms.IntegerField:
    """Return a field of a whole number; a blank is nothing, anything else is told what would do."""
    told = format_lazy(_("Write a whole number from {least} to {most}."), least=least, most=f"{most:,}")
    return forms.IntegerField(
        label=label, required=False, min_value=least, max_value=most, help_text=hint,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), told),
    )  # fmt: skip


def dollars(label: Any, hint: Any = "") -> forms.IntegerField:
    """Return a field of whole dollars; a blank is nothing."""
    return number(label, MOST_DOLLARS, hint=hint)


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Give a field of choice what it offers now."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
