"""Where a visit took place, as a person says it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.models import Mode
from daysheet.ui import forms as ui
from daysheet.visits.models import CarePlace, Visit
from daysheet.visits.places import labels

AT_HOME = {"home": True, "elsewhere": False}


class PlaceForm(ui.Form):
    """Where a visit took place and how."""

    mode = forms.ChoiceField(label=_("It takes place"), choices=Mode.choices, widget=forms.RadioSelect)
    at_home = forms.ChoiceField(
        label=_("By video or phone, the patient is"),
        required=False,
        choices=[
            ("", _("Nobody has asked")),
            ("home", _("At home")),
            ("elsewhere", _("Elsewhere, such as at work")),
        ],
    )
    care_place = forms.ChoiceField(label=_("Hospital or nursing home"), required=False)
    admitted_on = ui.DayField(
        label=_("Admitted on"),
        required=False,
        back=True,
        help_text=_("Of an inpatient; the claim says it."),
    )
    place_of_service = forms.ChoiceField(label=_("Place of service on the claim"), required=False)

    def __init__(self, *args: Any, places: Iterable[CarePlace], follows: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["care_place"].choices = [("", _("None: at our door or at home"))] + [
            (str(one.pk), one.name) for one in places
        ]
        fields["place_of_service"].choices = [
            ("", _("As it follows from the above (now %(place)s)") % {"place": follows}),
            *((code, f"{code} {word}") for code, word in labels().items()),
        ]

    def said(self) -> dict[str, Any]:
        """Return what was said, as the command takes it."""
        typed = self.cleaned_data
        return {
            "mode": typed["mode"],
            "at_home": AT_HOME.get(typed["at_home"]),
            "care_place_id": UUID(typed["care_place"]) if typed["care_place"] else None,
            "admitted_on": typed["admitted_on"],
            "place_of_service": typed["place_of_service"],
        }


def kept(visit: Visit) -> dict[str, Any]:
    """Return what is said of a visit, as the form shows it."""
    return {
        "mode": visit.mode,
        "at_home": {True: "home", False: "elsewhere"}.get(visit.at_home, ""),  # type: ignore[arg-type]
        "care_place": str(visit.care_place_id or ""),
        "admitted_on": visit.admitted_on,
        "place_of_service": visit.place_of_service,
    }
