"""What is typed about the people around a patient."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.patients.commands.people import RightFact
from daysheet.patients.people import Around
from daysheet.patients.rules.standing import ACTS
from daysheet.ui import forms as ui

ACT_WORDS = {
    "bring": _("May bring the patient and consent"),
    "hear": _("May be told"),
    "sign": _("May sign"),
    "owe": _("Owes what the plan does not pay"),
}
SAYS = [("", _("Not recorded now")), ("yes", _("Yes")), ("limits", _("Within limits")), ("no", _("No"))]
TOPIC_WORDS = {"times": _("Times of visits"), "money": _("Money"), "health": _("Health")}


class PersonForm(ui.Form):
    """A person around the patient."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("With the agency, for foster care"))
    relationship = forms.CharField(
        label=_("Relationship"),
        max_length=100,
        help_text=_("Such as mother, legal guardian, foster parent, case worker"),
    )
    phone = ui.PhoneField(label=_("Phone"), required=False)


class RightsForm(ui.Form):
    """What a person may, from when until when, and the paper that proves it."""

    bring = forms.ChoiceField(label=ACT_WORDS["bring"], choices=SAYS, required=False)
    hear = forms.ChoiceField(label=ACT_WORDS["hear"], choices=SAYS, required=False)
    topics = forms.MultipleChoiceField(
        label=_("Told within limits: only"), choices=list(TOPIC_WORDS.items()), required=False
    )
    sign = forms.ChoiceField(label=ACT_WORDS["sign"], choices=SAYS, required=False)
    owe = forms.ChoiceField(label=ACT_WORDS["owe"], choices=SAYS, required=False)
    from_on = ui.DayField(label=_("From"), required=False, help_text=_("Empty: from today"), back=True)
    until_on = ui.DayField(label=_("Last day"), required=False)
    ordered_on = ui.DayField(label=_("Day of the court order"), required=False, back=True)
    paper = forms.CharField(
        label=_("The paper that proves it"),
        max_length=200,
        required=False,
        help_text=_("As it is called among the papers"),
    )

    def facts(self, *, today: date) -> dict[str, Any]:
        """Return what was typed as the commands want it."""
        said = self.cleaned_data
        facts = [
            RightFact(act, said[act], tuple(said["topics"]) if act == "hear" else ())
            for act in ACTS
            if said[act]
        ]
        rest = {name: said[name] for name in ("until_on", "ordered_on", "paper")}
        return {"facts": facts, "from_on": said["from_on"] or today, **rest}


class BringingForm(ui.Form):
    """Who came with a minor."""

    contact = forms.ChoiceField(label=_("Who brings the patient today"), required=False)
    name = forms.CharField(label=_("Somebody else: the name"), required=False, max_length=120)
    because = forms.CharField(label=_("Why the desk goes on"), required=False, max_length=200)
    is_emergency = forms.BooleanField(label=_("It is an emergency"), required=False)

    def __init__(self, *args: Any, around: list[Around], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["contact"]
        may = {"yes": _("may"), "limits": _("within limits"), "no": _("may not"), "ask": _("ask for a paper")}
        chosen.choices = [("", _("Choose"))] + [
            (
                str(one.contact.pk),
                f"{one.contact.name} ({one.contact.relationship}): {may[one.answers['bring'].word]}",
            )
            for one in around
        ]

    def facts(self) -> dict[str, Any]:
        """Return what was typed as the commands want it."""
        said = dict(self.cleaned_data)
        contact = said.pop("contact")
        return said | {"contact_id": UUID(contact) if contact else None}
