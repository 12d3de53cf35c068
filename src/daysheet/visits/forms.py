"""What a manager says about check-in: a step, of whom, how often, whether it must be done."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.models import AppointmentType
from daysheet.ui import forms as ui
from daysheet.visits.wording import OFTEN_WORDS


class RuleForm(ui.Form):
    """A rule of check-in."""

    kind = forms.ChoiceField(label=_("Step"))
    often = forms.ChoiceField(label=_("How often"), choices=list(OFTEN_WORDS.items()))
    is_required = forms.BooleanField(
        label=_("Nobody is checked in without it, or without a reason"), required=False
    )
    type_id = forms.ChoiceField(label=_("Kind of visit"), required=False)
    youngest = forms.IntegerField(label=_("From age"), required=False, min_value=0, max_value=130)
    oldest = forms.IntegerField(label=_("To age"), required=False, min_value=0, max_value=130)

    def __init__(
        self, *args: Any, steps: Mapping[str, str], types: Iterable[AppointmentType], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = list(steps.items())
        every = [("", _("Every kind of visit"))]
        fields["type_id"].choices = every + [(str(one.pk), one.name) for one in types]

    def said(self) -> dict[str, Any]:
        """Return what was said, as the command takes it."""
        chosen = self.cleaned_data["type_id"]
        return self.cleaned_data | {"type_id": UUID(chosen) if chosen else None}
