"""Addresses of visits by video, as a person types them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.practice.models import Provider
from daysheet.schedule.remote import LONGEST_ADDRESS
from daysheet.ui import forms as ui


class AddressForm(ui.Form):
    """The pattern of the office's own meeting addresses."""

    provider_id = forms.ChoiceField(label=_("Of whom"), required=False)
    pattern = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_ADDRESS,
        help_text=_(
            "{room} becomes a name that nobody guesses, one for each visit; {clinician} the family name."
        ),
    )

    def __init__(self, *args: Any, providers: Iterable[Provider], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        every = [("", _("Every clinician without an own one"))]
        fields["provider_id"].choices = every + [(str(one.pk), str(one)) for one in providers]

    def said(self) -> dict[str, Any]:
        """Return what was said, as the command takes it."""
        chosen = self.cleaned_data["provider_id"]
        return self.cleaned_data | {"provider_id": UUID(chosen) if chosen else None}


class LinkForm(ui.Form):
    """The address of one visit."""

    link = forms.CharField(
        label=_("Link to join"),
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text=_("Begins with https://. Leave it empty to use the office's own address."),
    )
