"""What a newcomer asks of the pay page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.academy.asking import offer
from daysheet.academy.pay import queries
from daysheet.ui import forms as ui

WAGE = _("Write an amount from 1 to 1,000,000, such as 41000 or 20.50.")


class PayForm(ui.Form):
    """Where, which work, which setting, and one's own wage to compare."""

    state = forms.ChoiceField(label=_("State"), required=False)
    metro = forms.ChoiceField(label=_("City area"), required=False)
    soc = forms.ChoiceField(label=_("Work"), required=False)
    setting = forms.ChoiceField(label=_("Setting (nation only)"), required=False)
    per = forms.ChoiceField(
        label=_("Per"), choices=[("year", _("Year")), ("hour", _("Hour"))], required=False
    )
    wage = forms.DecimalField(
        label=_("My pay now"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        max_digits=10,
        decimal_places=2,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_digits", "max_whole_digits", "max_decimal_places"),
            WAGE,
        ),
    )
    claims = forms.BooleanField(label=_("Show the guide's claims for certificates"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            "state",
            [("", _("United States")), *((row["state"], row["name"]) for row in queries.states())],
        )
        chosen = str(self.data.get("state", ""))[:2] if self.is_bound else ""
        areas = queries.metros(chosen) if chosen else []
        offer(self, "metro", [("", _("The whole state")), *((row["area"], row["name"]) for row in areas)])
        offer(self, "soc", [(row["soc"], row["role"]) for row in queries.occupations()])
        offer(
            self,
            "setting",
            [("", _("All settings")), *((r["industry"], r["setting"]) for r in queries.settings())],
        )
