"""What is written on an advance notice, and what the patient chose."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.coverage.commands import NoticeFacts
from daysheet.coverage.notice import AdvanceNotice
from daysheet.ui import forms as ui

NAMES = ("service", "code", "why", "reason", "cost", "service_on")


class NoticeForm(ui.Form):
    """What the patient reads before the service."""

    service = forms.CharField(
        label=_("Service"), max_length=120, help_text=_("In plain words, such as: vitamin D test.")
    )
    code = forms.CharField(
        label=_("Procedure code"),
        max_length=5,
        required=False,
        help_text=_("Then the charge slip says which modifiers follow."),
    )
    why = forms.ChoiceField(label=_("Which kind"), choices=AdvanceNotice.Why.choices)
    reason = forms.CharField(
        label=_("Why Medicare may not pay"),
        max_length=300,
        help_text=_("In plain words, such as: Medicare pays for this test once a year."),
    )
    cost = ui.MoneyField(label=_("Estimated cost"))
    service_on = ui.DayField(label=_("First day of the service"))

    def facts(self) -> NoticeFacts:
        """Return what the command takes."""
        return NoticeFacts(**{name: self.cleaned_data[name] for name in NAMES})


class SignForm(ui.Form):
    """The patient's choice and signature."""

    option = forms.ChoiceField(
        label=_("The patient chose"),
        choices=AdvanceNotice.Option.choices,
        help_text=_("The patient chooses; the office never does."),
    )
    signed_by = forms.CharField(label=_("Signed by (name as signed)"), max_length=120)
    signed_on = ui.DayField(label=_("Signed on"), back=True)


def notice_facts(held: AdvanceNotice) -> dict[str, Any]:
    """Return a notice as the form's first values."""
    return {name: getattr(held, name) for name in NAMES}
