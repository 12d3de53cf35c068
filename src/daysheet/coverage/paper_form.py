"""The choice of an authorization or referral for a visit, as it is typed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.coverage.granted import Granted
from daysheet.kernel.ids import read_id
from daysheet.ui import forms as ui

NONE_OF = {"none-prior": "prior", "none-referral": "referral"}
WORKED_OUT = "told"


def paper_choices(papers: Iterable[Granted]) -> list[tuple[str, Any]]:
    """Return what a visit may count under, with what is left of each and what to be warned of."""
    found = [
        (str(one.held.pk), ", ".join([str(one.held), one.days, one.counts, *(w for _t, w in one.marks)]))
        for one in papers
    ]
    return [
        (WORKED_OUT, _("As it is worked out")),
        *found,
        ("none-prior", _("Under no prior authorization")),
        ("none-referral", _("Under no referral")),
    ]


def said_of_paper(paper: str, because: str) -> dict[str, Any]:
    """Return what was chosen, as the commands take it."""
    chosen = read_id(paper)
    return {"authorization_id": chosen, "none_of": NONE_OF.get(paper, ""), "because": because}


class PaperForm(ui.Form):
    """Which authorization or referral a visit counts under."""

    paper = forms.ChoiceField(label=_("It counts under"), widget=forms.RadioSelect)
    because = forms.CharField(label=_("Why under none"), max_length=200, required=False)

    def __init__(self, *args: Any, papers: Iterable[Granted], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["paper"].choices = paper_choices(papers)

    def said(self) -> dict[str, Any]:
        """Return what was chosen, as the commands take it."""
        return said_of_paper(self.cleaned_data["paper"], self.cleaned_data["because"])
