"""Certificates one has, or wants."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.academy.asking import number, offer
from daysheet.academy.planner.rules.catalogue import certificates
from daysheet.ui import forms as ui

MOST_ROWS = 6


class MaySitForm(ui.Form):
    """What one has already, as the entry rules ask for it."""

    high_school = forms.BooleanField(label=_("High school diploma or GED"), required=False)
    program = forms.BooleanField(label=_("Finished a medical office course"), required=False)
    office_years = number(_("Full years of medical office work"), 60)
    ehr_training = forms.BooleanField(label=_("Training on an electronic records system"), required=False)
    ehr_years = number(_("Full years with electronic records"), 60)
    program_hours = number(_("Clock hours of the course"), 10_000)
    externship_hours = number(_("Hours of externship"), 10_000)
    management_years = number(_("Full years of managing an office"), 60)
    management_training = forms.BooleanField(
        label=_("Training in running a practice or in healthcare administration"), required=False
    )
    him_degree = forms.BooleanField(
        label=_("Associate degree of an accredited health information program"), required=False
    )

    def has(self) -> dict[str, int]:
        """Return what the person has, in the words of the rules."""
        return {name: int(value or 0) for name, value in self.cleaned_data.items()}


def _known() -> list[tuple[str, Any]]:
    return [("", _("Choose")), *((one.key, one.short) for one in certificates())]


class OwnCertificateForm(ui.Form):
    """One certificate of one's own."""

    certificate = forms.ChoiceField(label=_("Certificate"), required=False)
    earned = ui.DayField(label=_("Earned or last renewed on"), required=False)
    credits = number(_("Credits earned since"), 500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "certificate", _known())

    def clean(self) -> dict[str, Any]:
        """A row says both which certificate and since when, or it says nothing."""
        said = super().clean() or {}
        if said.get("certificate") and not said.get("earned") and "earned" not in self.errors:
            self.add_error("earned", _("Write the day you earned it, such as 3/9/2025."))
        if said.get("earned") and not said.get("certificate"):
            self.add_error("certificate", _("Choose which certificate this is."))
        return said


class LearningForm(ui.Form):
    """One entry of the continuing-education log."""

    certificate = forms.ChoiceField(label=_("For"), required=False)
    day = ui.DayField(label=_("On"), required=False)
    what = forms.CharField(label=_("What you learned"), required=False, max_length=120)
    credits = number(_("Credits"), 500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "certificate", _known())
