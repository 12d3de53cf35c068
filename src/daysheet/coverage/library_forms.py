"""What is written down of a plan of the library, which plan takes its doubles, and of an enrolment."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.coverage.commands import PlanFacts
from daysheet.coverage.enrolment import PayerEnrolment
from daysheet.coverage.models import InsurancePlan
from daysheet.coverage.payer_forms import KINDS
from daysheet.ui import forms as ui

TEXTS = ("network", "claim_street", "claim_city", "claim_state", "claim_zip")
FLAGS = ("needs_authorization", "needs_referral", "is_active")


class WholePlanForm(ui.Form):
    """A plan with all that the office knows of it."""

    plan_name = forms.CharField(label=_("Plan"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    network = forms.CharField(label=_("Network"), max_length=80, required=False)
    office_copay = ui.MoneyField(
        label=_("Copay on the card"), required=False, help_text=_("Used when the plan does not answer.")
    )
    filing_limit_days = forms.IntegerField(
        label=_("Days to file a claim"),
        min_value=1,
        max_value=3650,
        required=False,
        help_text=_("Leave empty where the payer's own hold."),
    )
    claim_street = forms.CharField(label=_("Claims on paper go to"), max_length=55, required=False)
    claim_city = forms.CharField(label=_("City"), max_length=30, required=False)
    claim_state = forms.CharField(label=_("State"), max_length=2, required=False)
    claim_zip = forms.CharField(label=_("ZIP code"), max_length=10, required=False)
    needs_authorization = forms.BooleanField(label=_("Visits need a prior authorization"), required=False)
    needs_referral = forms.BooleanField(label=_("Visits need a referral"), required=False)
    is_active = forms.BooleanField(label=_("Offered when a card is entered"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filing_limit_days"].max_length = 4  # type: ignore[attr-defined]

    def facts(self) -> PlanFacts:
        """Return what the command takes."""
        said = dict(self.cleaned_data)
        return PlanFacts(name=said.pop("plan_name"), **said)


class MergeForm(ui.Form):
    """The plan that stays."""

    kept = forms.ChoiceField(label=_("The plan that stays"))

    def __init__(self, *args: Any, twins: Iterable[InsurancePlan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name) for one in twins]
        self.fields["kept"].choices = [("", _("Choose a plan")), *choices]  # type: ignore[attr-defined]

    def chosen(self) -> UUID:
        """Return the plan that stays."""
        return UUID(self.cleaned_data["kept"])


class EnrolmentForm(ui.Form):
    """How far an enrolment is, whom to ask, when to ask again."""

    state = forms.ChoiceField(label=_("State"), choices=PayerEnrolment.State.choices)
    since = ui.DayField(label=_("Since"), back=True)
    number = forms.CharField(
        label=_("Number of the request"),
        max_length=60,
        required=False,
        help_text=_("As the payer or the clearinghouse gave it."),
    )
    contact = forms.CharField(label=_("Whom to ask"), max_length=100, required=False)
    phone = ui.PhoneField(label=_("Phone"), required=False)
    follow_up_on = ui.DayField(
        label=_("Ask again on"), required=False, help_text=_("It stands on the work list from then on.")
    )
    note = forms.CharField(label=_("Note"), max_length=400, required=False)


def plan_facts(held: InsurancePlan) -> dict[str, Any]:
    """Return a plan as the form's first values."""
    names = ("kind", "office_copay", "filing_limit_days", *TEXTS, *FLAGS)
    return {name: getattr(held, name) for name in names} | {"plan_name": held.name}


def enrolment_facts(held: PayerEnrolment | None) -> dict[str, Any]:
    """Return an enrolment as the form's first values."""
    names = ("state", "since", "number", "contact", "phone", "follow_up_on", "note")
    return {name: getattr(held, name) for name in names} if held else {"state": "not_started"}
