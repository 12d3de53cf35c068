"""What is written down of a case of injury, and which case a visit is for."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.coverage import queries
from daysheet.coverage.cases import case_choices
from daysheet.coverage.commands import CaseFacts
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.models import Payer
from daysheet.coverage.rules.authorizations import LONGEST_NUMBER
from daysheet.coverage.rules.injury import is_of_cases
from daysheet.ui import forms as ui

NAMES = (
    "kind", "happened_on", "state", "fault", "body_part", "employer", "holder", "claim_number", "policy_number",
    "adjuster_name", "adjuster_phone", "attorney_name", "attorney_phone", "note",
)  # fmt: skip


class CaseForm(ui.Form):
    """What the patient, the employer and the insurer say of an injury."""

    kind = forms.ChoiceField(label=_("What happened"), choices=InjuryCase.Kind.choices)
    happened_on = ui.DayField(label=_("Day of the accident"), back=True)
    body_part = forms.CharField(
        label=_("What was hurt"), max_length=200, help_text=_("In plain words, such as: left wrist.")
    )
    state = forms.CharField(
        label=_("State of the accident"),
        max_length=2,
        required=False,
        help_text=_("Two letters; a car accident needs it."),
    )
    fault = forms.ChoiceField(
        label=_("Whose fault"),
        choices=InjuryCase.Fault.choices,
        required=False,
        help_text=_("Of a car accident or a liability case: a facility's claim says it."),
    )
    employer = forms.CharField(
        label=_("Employer"),
        max_length=60,
        required=False,
        help_text=_("An injury at work needs it: it is the employer's insurance."),
    )
    payer = forms.ChoiceField(label=_("Insurer"), required=False)
    insurer = forms.CharField(
        label=_("Insurer that is not listed"),
        max_length=60,
        required=False,
        help_text=_("Its name; a manager completes it before the claim can leave."),
    )
    is_meant = forms.BooleanField(
        label=_("This payer of health plans is the insurer of the case"), required=False
    )
    claim_number = forms.CharField(
        label=_("Claim number of the case"),
        max_length=LONGEST_NUMBER,
        required=False,
        help_text=_("From the insurer. The visit can be billed when it is here."),
    )
    policy_number = forms.CharField(label=_("Policy number"), max_length=LONGEST_NUMBER, required=False)
    holder = forms.CharField(
        label=_("Whose insurance it is"),
        max_length=60,
        required=False,
        help_text=_("Leave empty when it is the employer's, or the patient's own."),
    )
    adjuster_name = forms.CharField(label=_("Adjuster"), max_length=100, required=False)
    adjuster_phone = ui.PhoneField(label=_("Adjuster's phone"), required=False)
    attorney_name = forms.CharField(label=_("Attorney"), max_length=100, required=False)
    attorney_phone = ui.PhoneField(label=_("Attorney's phone"), required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payers = {str(one.pk): one for one in queries.payers() if one.is_active}
        known = [(key, one.name) for key, one in self.payers.items()]
        self.fields["payer"].choices = [("", _("Choose the insurer")), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask once more where the insurer is a payer of health plans, as a health plan pays for no injury case."""
        said = super().clean() or self.cleaned_data
        payer, insurer = said.get("payer", ""), said.get("insurer", "")
        if payer and insurer:
            self.add_error("insurer", _("Leave this empty, or choose no insurer above."))
        elif not payer and not insurer and "payer" not in self.errors:
            self.add_error("payer", _("Choose the insurer, or name one that is not listed."))
        is_new = payer and payer != self.initial.get("payer")
        if is_new and not said.get("is_meant") and _sells_health_plans(self.payers[payer]):
            no = _("%(name)s is a payer of health plans. Is it the insurer of the case? Then tick it below.")
            self.add_error("payer", no % {"name": self.payers[payer].name})
        return said

    def facts(self) -> CaseFacts:
        """Return what the command takes."""
        said = self.cleaned_data
        payer_id = UUID(said["payer"]) if said["payer"] else None
        return CaseFacts(payer_id=payer_id, **{name: said[name] for name in NAMES})

    @property
    def insurer_named(self) -> str:
        """Return the name of an insurer that is not listed, or empty text."""
        return str(self.cleaned_data["insurer"])


def _sells_health_plans(payer: Payer) -> bool:
    return any(one.is_active and not is_of_cases(one.kind) for one in payer.plans.all())


class CloseCaseForm(ui.Form):
    """Until when a case pays, and why no longer."""

    last_day = ui.DayField(label=_("Last day it pays for"), back=True)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Such as: settled, or back at work and well.")
    )

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        said = self.cleaned_data
        return {"closed_on": said["last_day"] + timedelta(days=1), "reason": said["reason"]}


class CaseChoiceForm(ui.Form):
    """Which case pays for a visit, or none."""

    case = forms.ChoiceField(label=_("Who pays for this visit"), required=False)

    def __init__(self, *args: Any, cases: Sequence[InjuryCase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = case_choices(cases)  # type: ignore[attr-defined]

    def chosen(self) -> UUID | None:
        """Return the case, or None for the health plan."""
        return UUID(self.cleaned_data["case"]) if self.cleaned_data["case"] else None


def case_facts(held: InjuryCase) -> dict[str, Any]:
    """Return a case as the form's first values."""
    return {name: getattr(held, name) for name in NAMES} | {"payer": str(held.payer_id)}
