"""What the office knows of a payer and its plans."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.coverage.models import Payer
from daysheet.mailroom import queries as mailroom
from daysheet.ui import forms as ui

KINDS = [
    ("ppo", "PPO"),
    ("hmo", "HMO"),
    ("medicare", "Medicare"),
    ("medicaid", "Medicaid"),
    ("other", _("Other")),
]
FILING = [
    ("CI", _("Commercial")),
    ("BL", _("Blue plan")),
    ("HM", "HMO"),
    ("MB", "Medicare B"),
    ("MC", "Medicaid"),
]


class PayerForm(ui.Form):
    """An insurance company as the office deals with it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    payer_id = forms.CharField(
        label=_("Payer id"), max_length=20, help_text=_("As the clearinghouse lists it.")
    )
    partner = forms.ChoiceField(label=_("Envelopes go by"), required=False)
    filing_code = forms.ChoiceField(label=_("Kind of payer"), choices=FILING)
    filing_limit_days = forms.IntegerField(
        label=_("Days to file a claim"), min_value=1, max_value=3650, initial=90
    )
    appeal_limit_days = forms.IntegerField(
        label=_("Days to appeal"), min_value=1, max_value=3650, initial=180
    )
    phone = ui.PhoneField(label=_("Phone"), required=False)
    enrolment_rule = forms.ChoiceField(
        label=_("Without an approved enrollment"),
        choices=[
            ("none", _("Nothing: this payer needs none")),
            ("warn", _("Say so, and send all the same")),
            ("block", _("Send nothing")),
        ],
        initial="none",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = [(str(one.pk), one.name) for one in mailroom.partners_of_payers()]
        self.fields["partner"].choices = [("", _("Not connected: by phone")), *partners]  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                field.max_length = 4  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        data = dict(self.cleaned_data)
        partner = data.pop("partner")
        data["enrolment_rule"] = data["enrolment_rule"] or "none"
        data["partner_id"] = UUID(partner) if partner else None
        return data


class ChangePayerForm(PayerForm):
    """A payer that is here already: what a change of its id or kind does is said, and it can be put out of use."""

    is_active = forms.BooleanField(
        label=_("In use"), required=False, help_text=_("Without it, its plans are offered for no new card.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer_id"].help_text = _(
            "As the clearinghouse lists it. Careful: questions and claims that leave from now on carry the new id."
        )
        kind = self.fields["filing_code"]
        kind.help_text = _(
            "Careful: it says how claims are filed, which shape a member id has, and whom Medicaid protects."
        )
        now = self.initial.get("filing_code", "")
        if now and now not in dict(FILING):
            kind.choices = [*FILING, (now, now)]  # type: ignore[attr-defined]


class PayerMergeForm(ui.Form):
    """The payer that stays, and why the two are one."""

    kept = forms.ChoiceField(label=_("The payer that stays"))
    reason = forms.CharField(label=_("Why they are one"), max_length=200)

    def __init__(self, *args: Any, others: Iterable[Payer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (str(one.pk), f"{one.name} ({one.payer_id})" if one.payer_id else one.name) for one in others
        ]
        self.fields["kept"].choices = [("", _("Choose a payer")), *choices]  # type: ignore[attr-defined]


class PlanForm(ui.Form):
    """A plan of a payer."""

    plan_name = forms.CharField(label=_("Plan"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    office_copay = ui.MoneyField(
        label=_("Copay on the card"), required=False, help_text=_("Used when the plan does not answer.")
    )
    needs_authorization = forms.BooleanField(label=_("Visits need a prior authorization"), required=False)
    needs_referral = forms.BooleanField(label=_("Visits need a referral"), required=False)
