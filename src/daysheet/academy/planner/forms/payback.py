"""What payback needs to know; a blank is nothing, and nothing is taken at its best or worst."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.academy.pay import queries as pay
from daysheet.ui import forms as ui

PROGRAMS = (
    ("certificate", _("Certificate course")),
    ("community", _("Community college")),
    ("technical", _("Technical school")),
    ("online", _("Online course")),
    ("own", _("I know the price: see below")),
    ("exam", _("Only the exam, no course")),
)
AID = ("pell", "wioa", "employer", "gi_bill", "scholarship")


def _dollars(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=1_000_000, **more)


class PaybackForm(ui.Form):
    """Pay now, the course, aid that is sure, and the time it takes."""

    wage_now = _dollars(_("My pay now, a year"), help_text=_("Blank: a receptionist's middle pay there."))
    state = forms.ChoiceField(label=_("Where I will work"), required=False)
    program = forms.ChoiceField(label=_("Course"), choices=PROGRAMS, required=False)
    tuition = _dollars(_("Its tuition and fees"))
    pell = _dollars(_("Pell grant"))
    wioa = _dollars(_("WIOA training money"))
    employer = _dollars(_("My employer pays"))
    gi_bill = _dollars(_("GI Bill"))
    scholarship = _dollars(_("Scholarship"))
    months = forms.IntegerField(label=_("Months of study"), required=False, min_value=0, max_value=120)
    wage_studying = _dollars(_("My pay while I study, a year"), help_text=_("Blank: as now."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)
        state.choices = [("", _("United States")), *((row["state"], row["name"]) for row in pay.states())]

    def clean(self) -> dict[str, Any]:
        """A price of one's own is needed where one says so."""
        said = super().clean() or {}
        if said.get("program") == "own" and said.get("tuition") is None and "tuition" not in self.errors:
            self.add_error("tuition", _("Write what the course costs, tuition and fees together."))
        return said
