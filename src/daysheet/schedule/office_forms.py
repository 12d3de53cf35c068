"""Forms of the office's rules: fees of missed visits, reasons for cancelling, how a patient may be booked."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.commands.missed_rules import LEAST, MOST
from daysheet.schedule.models import AppointmentType, BookingRestriction, CancelReason, MissedFeeRule
from daysheet.ui import forms as ui


class FeeRuleForm(ui.Form):
    """What a missed visit costs."""

    type = forms.ChoiceField(label=_("For"), required=False)
    outcome = forms.ChoiceField(
        label=_("When it was"),
        required=False,
        choices=[("", _("not kept or cancelled late")), *MissedFeeRule.Outcome.choices],
    )
    forgiven = forms.IntegerField(
        label=_("Forgiven within a year"),
        min_value=0,
        max_value=20,
        help_text=_("1: the first is forgiven, the second costs the fee."),
    )
    amount = ui.MoneyField(label=_("Fee"), minimum=LEAST, maximum=MOST)

    def __init__(self, *args: Any, types: Iterable[AppointmentType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["type"]
        chosen.choices = [("", _("Every kind of visit")), *((str(one.pk), one.name) for one in types)]

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        said = self.cleaned_data
        return {
            "type_id": UUID(said["type"]) if said["type"] else None,
            "outcome": said["outcome"],
            "forgiven": said["forgiven"],
            "amount": said["amount"],
        }


class ReasonForm(ui.Form):
    """A reason for which visits are cancelled or moved."""

    words = forms.CharField(label=_("Reason"), max_length=80)
    doing = forms.ChoiceField(label=_("Whose doing"), choices=CancelReason.Doing.choices)
    counts_late = forms.BooleanField(
        label=_("Counts as cancelled late with less than a day's notice"),
        required=False,
        help_text=_("What is the office's doing never does."),
    )
    asks_words = forms.BooleanField(label=_("The desk writes it in words"), required=False)


class RestrictForm(ui.Form):
    """How a patient is booked, why, since when and until when."""

    kind = forms.ChoiceField(label=_("How"), choices=BookingRestriction.Kind.choices)
    reason = forms.CharField(label=_("Why"), max_length=200)
    since = ui.DayField(label=_("From"))
    until = ui.DayField(label=_("Until"), required=False, help_text=_("Empty: until somebody ends it."))
