"""What the academy's forms share: a field of dollars, and choices that are known only when one asks."""

from collections.abc import Iterable
from typing import Any

from django import forms

MOST_DOLLARS = 1_000_000


def dollars(label: Any, hint: Any = "") -> forms.IntegerField:
    """Return a field of whole dollars; a blank is nothing."""
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST_DOLLARS, help_text=hint
    )


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Give a field of choice what it offers now."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
