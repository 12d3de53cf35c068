"""What is typed of a child in the care of an agency."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.ids import read_id
from daysheet.patients.models import ChildInCare, PatientContact
from daysheet.ui import forms as ui

CONSENT_WORDS = {
    "ask": _("Not on file: ask the agency"),
    "foster": _("The foster parent"),
    "agency": _("The agency, by its caseworker"),
    "parents": _("The parents"),
    "court": _("The court"),
}
OWE_WORDS = {
    "ask": _("Not on file: ask the agency"),
    "medicaid": _("Medicaid"),
    "agency": _("The agency"),
    "parents": _("The parents, by court order"),
}
HEAR_WORDS = {
    "agency": _("The agency and its caseworker"),
    "foster": _("The foster parent"),
    "parents": _("The parents"),
}
RIGHTS_WORDS = {
    "ask": _("Not on file: ask the agency"),
    "kept": _("They keep their rights"),
    "limited": _("Their rights are limited"),
    "ended": _("Their rights have ended"),
}


class CareForm(ui.Form):
    """In whose care a child is, with whom it is placed, who consents, is told and owes."""

    agency = forms.CharField(label=_("Agency"), max_length=120)
    agency_phone = ui.PhoneField(label=_("The agency's phone"), required=False)
    worker = forms.CharField(label=_("Caseworker"), max_length=120, required=False)
    worker_phone = ui.PhoneField(label=_("The caseworker's phone"), required=False)
    worker_until_on = ui.DayField(
        label=_("Caseworker until"), required=False, help_text=_("Caseworkers change; empty: not known")
    )
    foster = forms.ChoiceField(label=_("Placed with"), required=False)
    foster_name = forms.CharField(label=_("Somebody else: the name"), max_length=120, required=False)
    routine = forms.ChoiceField(
        label=_("Who may consent to routine care"), choices=list(CONSENT_WORDS.items())
    )
    more = forms.ChoiceField(label=_("Who must be asked for more"), choices=list(CONSENT_WORDS.items()))
    owes = forms.ChoiceField(
        label=_("Who owes"), choices=list(OWE_WORDS.items()), help_text=_("Never who fosters")
    )
    hear = forms.MultipleChoiceField(
        label=_("Who may be told"), choices=list(HEAR_WORDS.items()), required=False
    )
    parents_rights = forms.ChoiceField(label=_("The parents"), choices=list(RIGHTS_WORDS.items()))
    from_on = ui.DayField(
        label=_("In care since"), required=False, help_text=_("Empty: from today"), back=True
    )
    until_on = ui.DayField(label=_("Last day"), required=False)
    ordered_on = ui.DayField(label=_("Day of the court order"), required=False, back=True)
    paper = forms.CharField(
        label=_("The court order on file"),
        max_length=200,
        required=False,
        help_text=_("As it is called among the papers"),
    )

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    """Which record the form showed."""

    def __init__(self, *args: Any, around: Iterable[PatientContact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["foster"]
        people = [(str(one.pk), f"{one.name} ({one.relationship})") for one in around]
        chosen.choices = [("", _("A home, or not said")), *people]

    def facts(self, *, today: date) -> dict[str, Any]:
        """Return what was typed as the command wants it."""
        said = dict(self.cleaned_data)
        foster = said.pop("foster")
        return said | {"foster_id": read_id(foster) if foster else None, "from_on": said["from_on"] or today}


class CareEndForm(ui.Form):
    """Why a child is in care no more."""

    because = forms.CharField(
        label=_("Why it ends"), max_length=200, help_text=_("Such as: back with the mother, adopted")
    )


def standing_care(held: ChildInCare | None) -> dict[str, Any]:
    """Return what stands on file, as the form shows it; of nothing, whom an agency usually lets be told."""
    if held is None:
        return {"hear": ["agency", "foster"], "seen": ""}
    names = ("agency", "agency_phone", "worker", "worker_phone", "worker_until_on", "routine", "more", "owes")
    more = ("hear", "parents_rights", "from_on", "until_on", "ordered_on", "paper")
    return {name: getattr(held, name) for name in (*names, *more)} | {
        "foster": str(held.foster_id or ""),
        "seen": str(held.pk),
    }
