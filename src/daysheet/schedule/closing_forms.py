"""What is typed when a clinician is out or a door stays shut, and what is chosen on the list of its visits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daysheet.kernel.ids import read_id
from daysheet.practice.models import Location, Provider
from daysheet.schedule.forms import AbsenceForm
from daysheet.schedule.models import Closing
from daysheet.schedule.proposals import OTHER, SAME
from daysheet.ui import forms as ui

OFFICE = "office"


class ClosingForm(AbsenceForm):
    """Who sees nobody, from when to when, and why."""

    who = forms.ChoiceField(label=gettext_lazy("Who or what"))
    cause = forms.ChoiceField(label=gettext_lazy("Because of"), choices=Closing.Cause.choices)
    field_order = ("who", "from_day", "from_clock", "to_day", "to_clock", "cause", "reason")

    def __init__(
        self,
        *args: Any,
        people: Sequence[Provider],
        doors: Sequence[Location],
        may_close: bool,
        zone: ZoneInfo,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, zone=zone, **kwargs)
        self.usual = zone
        self.zones = {f"clinician.{one.pk}": one.location.zone for one in people if one.location}
        self.zones |= {f"door.{one.pk}": one.zone for one in doors}
        fields: dict[str, Any] = self.fields
        fields["from_day"].label, fields["to_day"].label = _("From"), _("Until (empty: the same day)")
        fields["from_clock"].label, fields["to_clock"].label = (
            _("At (empty: all day)"),
            _("At (empty: all day)"),
        )
        fields["reason"].label = _("In words, for the desk")
        groups: list[Any] = [(_("A clinician is out"), [(f"clinician.{one.pk}", str(one)) for one in people])]
        if may_close:
            shut = [(f"door.{one.pk}", one.name) for one in doors] if len(doors) > 1 else []
            groups.append((_("Closed"), [(OFFICE, _("The whole office")), *shut]))
        fields["who"].choices = groups

    def clean(self) -> dict[str, Any]:
        """Read the times on the clock of the door that is meant."""
        self.zone = self.zones.get(self.cleaned_data.get("who", ""), self.usual)
        return super().clean()

    def facts(self) -> dict[str, Any]:
        """Return the closing as the command takes it."""
        kind, _dot, pk = self.cleaned_data["who"].partition(".")
        whose = {"clinician": "provider_id", "door": "location_id"}.get(kind)
        told = self.span() | {"cause": self.cleaned_data["cause"]}
        return told | ({whose: UUID(pk)} if whose else {})


class ProposeForm(ui.Form):
    """How other times are looked for."""

    how = forms.ChoiceField(
        label=gettext_lazy("Propose"),
        choices=[
            (SAME, gettext_lazy("the same clinician, next free time")),
            (OTHER, gettext_lazy("another clinician, same day")),
        ],
    )
    only_missing = forms.BooleanField(
        label=gettext_lazy("Only where nothing is proposed yet"), required=False
    )


def read_rows(text: str) -> list[tuple[UUID, int]]:
    """Return the rows that a page showed, each with its version; what is no row is passed over."""
    found = []
    for word in text.split():
        pk, _dot, version = word.partition(".")
        row_id = read_id(pk)
        if row_id and version.isdecimal() and len(version) < 9:
            found.append((row_id, int(version)))
    return found
