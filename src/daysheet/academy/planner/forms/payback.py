"""What payback needs to know; a blank is nothing, and nothing is taken at its best or worst."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.academy.asking import dollars, number, offer
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


class PaybackForm(ui.Form):
    """Pay now, the course, aid that is sure, and the time it takes."""

    wage_now = dollars(_("My pay now, a year"), _("Blank: a receptionist's middle pay there."))
    state = forms.ChoiceField(label=_("Where I will work"), required=False)
    program = forms.ChoiceField(label=_("Course"), choices=PROGRAMS, required=False)
    tuition = dollars(_("Its tuition and fees"))
    pell = dollars(_("Pell grant"))
    wioa = dollars(_("WIOA training money"))
    employer = dollars(_("My employer pays"))
    gi_bill = dollars(_("GI Bill"))
    scholarship = dollars(_("Scholarship"))
    months = number(_("Months of study"), 120)
    wage_studying = dollars(_("My pay while I study, a year"), _("Blank: as now."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = ((row["state"], row["name"]) for row in pay.states())
        offer(self, "state", [("", _("United States")), *states])

    def clean(self) -> dict[str, Any]:
        """A price of one's own is needed where one says so."""
        said = super().clean() or {}
        if said.get("program") == "own" and said.get("tuition") is None and "tuition" not in self.errors:
            self.add_error("tuition", _("Write what the course costs, tuition and fees together."))
        return said
