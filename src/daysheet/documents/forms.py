"""What is filled in when a paper is filed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.documents.queries import KINDS
from daysheet.documents.rules import COMES_IN
from daysheet.kernel.ids import read_id
from daysheet.ui import forms as ui


class FilingForm(ui.Form):
    """A scan or picture, what it is, and a few words."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind, KINDS[kind]) for kind in COMES_IN])
    title = forms.CharField(label=_("In a few words"), required=False, max_length=200)
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("PNG, JPEG or PDF, at most 8 MB. A phone's camera will do."),
    )


class TakeForm(ui.Form):
    """What kind of paper a scanned file is, and a few words."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind, KINDS[kind]) for kind in COMES_IN])
    title = forms.CharField(label=_("In a few words"), required=False, max_length=200)


class StationForm(ui.Form):
    """A station: its name, its door, and where its printers listen."""

    name = forms.CharField(
        label=_("Name of the station"), max_length=60, help_text=_("Such as Front desk 1.")
    )
    location_id = forms.ChoiceField(label=_("Door"), required=False)
    receipt = forms.CharField(label=_("Printer for receipts"), max_length=300, required=False)
    label = forms.CharField(label=_("Printer for labels"), max_length=300, required=False)
    encounter = forms.CharField(label=_("Printer for encounter forms"), max_length=300, required=False)
    plain = forms.CharField(
        label=_("Printer for everything else"),
        max_length=300,
        required=False,
        help_text=_("It prints receipts and encounter forms too, where they have none of their own."),
    )

    scan_folder = forms.CharField(
        label=_("Folder of its scanner"),
        max_length=300,
        required=False,
        help_text=_(
            "On the office's own machine, such as /srv/scans/desk-1. Files are taken in from there and moved "
            "into done or refused inside it."
        ),
    )

    def __init__(self, *args: Any, doors: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location_id"].choices = [("", _("None")), *doors]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Return what the command is told."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "location_id": read_id(said["location_id"]),
            "scan_folder": said["scan_folder"],
            "printers": {sort: said[sort] for sort in ("receipt", "label", "encounter", "plain")},
        }
