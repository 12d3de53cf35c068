"""What is typed when a clinician runs late."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.practice.models import Provider
from daysheet.schedule.models.lateness import LEAST, MOST
from daysheet.ui import forms as ui


class LateForm(ui.Form):
    """Who, by how much, and why."""

    who = forms.ChoiceField(label=_("Clinician"))
    minutes = forms.IntegerField(label=_("Minutes late"), min_value=LEAST, max_value=MOST)
    reason = forms.CharField(label=_("In words, for the desk"), required=False, max_length=200)

    def __init__(self, *args: Any, people: Sequence[Provider], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["who"].choices = [(str(one.pk), str(one)) for one in people]

    def facts(self) -> dict[str, Any]:
        """Return the lateness as the command takes it."""
        said = self.cleaned_data
        return {
            "provider_id": UUID(said["who"]),
            "minutes": said["minutes"],
            "reason": said["reason"],
        }
