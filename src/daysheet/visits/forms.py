"""What a manager says about check-in and about the line in the waiting room."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.practice.models import Location
from daysheet.schedule.models import AppointmentType
from daysheet.ui import forms as ui
from daysheet.visits.models import Visit, WallPolicy
from daysheet.visits.rules import LONG_WAIT
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


class WallForm(ui.Form):
    """What the wall of a door shows."""

    shows = forms.ChoiceField(
        label=_("The wall shows"), choices=WallPolicy.Shows.choices, widget=forms.RadioSelect
    )
    says_late = forms.BooleanField(label=_("The wall says who runs late, and by how much"), required=False)


class CategoryForm(ui.Form):
    """A letter of a door's tokens."""

    location_id = forms.ChoiceField(label=_("Location"))
    letter = forms.CharField(label=_("Letter"), max_length=1)
    words = forms.CharField(label=_("What it stands for"), max_length=40)
    type_ids = forms.MultipleChoiceField(
        label=_("Kinds of visit"), required=False, widget=forms.CheckboxSelectMultiple
    )
    takes_walk_ins = forms.BooleanField(label=_("Who comes without an appointment"), required=False)
    first = forms.IntegerField(label=_("First number of the day"), min_value=1, max_value=9999, initial=1)

    def __init__(
        self, *args: Any, doors: Iterable[Location], types: Iterable[AppointmentType], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["location_id"].choices = [(str(one.pk), one.name) for one in doors]
        fields["type_ids"].choices = [(str(one.pk), one.name) for one in types]

    def said(self) -> dict[str, Any]:
        """Return what was said, as the command takes it."""
        told = self.cleaned_data
        return told | {
            "location_id": UUID(told["location_id"]),
            "type_ids": [UUID(one) for one in told["type_ids"]],
        }


class PointForm(ui.Form):
    """A desk to which people are called."""

    location_id = forms.ChoiceField(label=_("Location"))
    name = forms.CharField(label=_("What the wall calls it"), max_length=40)

    def __init__(self, *args: Any, doors: Iterable[Location], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "desk_%s"} | kwargs)  # its neighbour has a location too
        fields: dict[str, Any] = self.fields
        fields["location_id"].choices = [(str(one.pk), one.name) for one in doors]

    def said(self) -> dict[str, Any]:
        """Return what was said, as the command takes it."""
        return self.cleaned_data | {"location_id": UUID(self.cleaned_data["location_id"])}


class LimitForm(ui.Form):
    """From when on a wait is long."""

    state = forms.ChoiceField(label=_("While the visit is"))
    type_id = forms.ChoiceField(label=_("Kind of visit"), required=False)
    long_after = forms.IntegerField(label=_("Long from, minutes"), min_value=1, max_value=600)
    very_long_after = forms.IntegerField(label=_("Very long from, minutes"), min_value=2, max_value=600)

    def __init__(self, *args: Any, types: Iterable[AppointmentType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["state"].choices = [(one, Visit.Flow(one).label) for one in LONG_WAIT]
        every = [("", _("Every kind of visit"))]
        fields["type_id"].choices = every + [(str(one.pk), one.name) for one in types]

    def said(self) -> dict[str, Any]:
        """Return what was said, as the command takes it."""
        chosen = self.cleaned_data["type_id"]
        return self.cleaned_data | {"type_id": UUID(chosen) if chosen else None}
