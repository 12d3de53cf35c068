"""The search as a form; it travels in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.academy.asking import dollars, offer
from daysheet.academy.programs import words
from daysheet.academy.programs.rules.search import AWARDS, FARTHEST, NEAREST, Asked, Spot
from daysheet.ui import forms as ui

START = Asked()
SORTS = [
    ("distance", _("Nearest first")),
    ("price", _("Lowest price first")),
    ("awards", _("Most graduates first")),
    ("name", _("By name")),
]
RADIUS = _("Write a radius from 1 to 500 miles.")


class SearchForm(ui.Form):
    """Where, what and for how much."""

    near = forms.CharField(label=_("ZIP code, town or state"), required=False, max_length=60)
    radius = forms.IntegerField(
        label=_("Miles around"),
        required=False,
        min_value=NEAREST,
        max_value=FARTHEST,
        error_messages={"invalid": RADIUS, "min_value": RADIUS, "max_value": RADIUS},
    )
    award = forms.ChoiceField(label=_("Award"), required=False)
    most = forms.IntegerField(
        label=_("Price at most, in dollars"), required=False, min_value=0, max_value=1_000_000
    )
    control = forms.ChoiceField(
        label=_("Kind of school"),
        required=False,
        choices=[
            ("", _("Any")),
            ("public", _("Public")),
            ("nonprofit", _("Private, nonprofit")),
            ("for-profit", _("Private, for profit")),
        ],
    )
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=SORTS)
    online = forms.BooleanField(label=_("Has students who study wholly online"), required=False)
    related = forms.BooleanField(
        label=_("Also related fields, such as coding and health administration"), required=False
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = words.award_groups()
        offer(self, "award", [("", _("Any")), *((key, told[key]) for key in AWARDS)])

    def asked(self, spot: Spot | None) -> Asked:
        """Return the search; a field that could not be read counts as left out, its sentence stands beside it."""
        said = self.cleaned_data
        return Asked(
            spot=spot,
            radius=said.get("radius") or START.radius,
            award=said.get("award") or "",
            most=said.get("most"),
            control=said.get("control") or "",
            online=bool(said.get("online")),
            related=bool(said.get("related")),
            sort=said.get("sort") or START.sort,
        )


class CostForm(ui.Form):
    """One's own bill: what is left empty is looked up at the school, or left out."""

    s = forms.IntegerField(required=False, min_value=1, max_value=99_999_999)
    years = forms.IntegerField(label=_("Years of study"), required=False, min_value=1, max_value=4)
    tuition = dollars(_("Tuition and fees"))
    books = dollars(_("Books and supplies"))
    background = dollars(_("Background check"))
    attire = dollars(_("Clothes for the externship"))
    exam = dollars(_("Exam fee"))
    pell = dollars(_("Pell grant I was promised"))
    wioa = dollars(_("Job training money"))
    employer = dollars(_("From my employer"))
    gi_bill = dollars(_("GI Bill"))
    scholarship = dollars(_("Scholarship"))
