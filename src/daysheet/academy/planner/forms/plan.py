"""The plan as a form: five steps and a log of hours."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.academy.asking import number, offer
from daysheet.academy.planner.rules.plan import HOUR_KINDS
from daysheet.ui import forms as ui

STATES = [("", _("Not yet")), ("now", _("I am here")), ("done", _("Done"))]


class StepForm(ui.Form):
    """One step: how far, and by when."""

    state = forms.ChoiceField(label=_("Where am I"), choices=STATES, required=False)
    by = ui.DayField(label=_("By"), required=False)


class HoursForm(ui.Form):
    """One line of the log: where, with whom, doing what, how long."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    place = forms.CharField(label=_("Place"), required=False, max_length=80)
    supervisor = forms.CharField(label=_("Supervisor"), required=False, max_length=80)
    duty = forms.CharField(label=_("What I did"), required=False, max_length=120)
    hours = number(_("Hours"), 5000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"externship": _("Externship"), "volunteer": _("Volunteer work"), "job": _("Job")}
        offer(self, "kind", [("", _("Choose")), *((kind, words[kind]) for kind in HOUR_KINDS)])

    def clean(self) -> dict[str, Any]:
        """Hours belong to a kind of work."""
        said = super().clean() or {}
        if said.get("hours") and not said.get("kind"):
            self.add_error("kind", _("Choose what kind of work these hours were."))
        return said
