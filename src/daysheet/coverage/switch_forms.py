"""Another payer whom an answer names: in the place of the plan on file, before it, or on a card of its own."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.coverage import library, queries
from daysheet.coverage.forms import RELATIONSHIPS
from daysheet.ui import forms as ui


class SwitchForm(ui.Form):
    """The payer that takes the place of the one on file."""

    plan = forms.ChoiceField(label=_("Plan"))
    member_id = forms.CharField(label=_("Member id"), max_length=80)
    group_number = forms.CharField(label=_("Group number"), max_length=80, required=False)
    from_on = ui.DayField(label=_("First day with the new plan"), back=True)

    def __init__(self, data: Any = None, *, other: Mapping[str, Any], from_on: date, today: date) -> None:
        plans = list(queries.plans())
        fits = [one for one in plans if _is_named(one, other)]
        self.is_known = bool(fits)
        first = {
            "plan": str(fits[0].pk) if len(fits) == 1 else "",
            "member_id": other.get("member_id", ""),
            "from_on": from_on,
        }
        super().__init__(data, initial=first, today=today)
        shown = [(str(one.pk), library.words(one)) for one in (fits or plans)]
        self.fields["plan"].choices = [("", _("Choose a plan")), *shown]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        data = dict(self.cleaned_data)
        data["plan_id"] = UUID(data.pop("plan"))
        return data


class FirstForm(SwitchForm):
    """The payer that is put before the plan on file, and through whom the patient has it."""

    relationship = forms.ChoiceField(label=_("The patient is the subscriber's"), choices=RELATIONSHIPS)
    subscriber_family = forms.CharField(label=_("Subscriber's family name"), max_length=100, required=False)
    subscriber_given = forms.CharField(label=_("Subscriber's given name"), max_length=100, required=False)
    subscriber_born_on = ui.BirthDateField(label=_("Subscriber's birth date"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["relationship"] = "self"
        self.fields["from_on"].label = _("First day on which it pays first")


def named_facts(other: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an answer says of another payer as the first values of a card."""
    fits = [one for one in queries.plans() if _is_named(one, other)]
    plan = str(fits[0].pk) if len(fits) == 1 else other["name"]
    return {"plan": plan, "member_id": other.get("member_id", "")}


def _is_named(plan: Any, other: Mapping[str, Any]) -> bool:
    """Return whether an answer means a plan's payer, by its number or its name."""
    number, name = str(other.get("id", "")).casefold(), str(other.get("name", "")).casefold()
    return (number != "" and plan.payer.payer_id.casefold() == number) or (
        name != "" and name in {plan.payer.name.casefold(), plan.name.casefold()}
    )
