"""What is typed about an alert, and why it ends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Actor
from daysheet.patients import alerts
from daysheet.patients.models import PatientAlert
from daysheet.patients.rules.alerts import LONGEST, AlertFact
from daysheet.ui import forms as ui

AUDIENCE_WORDS = {
    "everybody": _("Everybody"),
    "desk": _("The desk"),
    "phones": _("The phones"),
    "billing": _("Billing"),
    "clinical": _("Clinicians"),
}
TONE_WORDS = {"attention": _("Attention"), "stop": _("Stop"), "neutral": _("Good to know")}


class AlertForm(ui.Form):
    """An alert: what is to be known, by whom, where, until when."""

    words = forms.CharField(
        label=_("What is to be known"),
        max_length=LONGEST * 3,
        help_text=_("One sentence that can be read at a glance"),
    )
    audience = forms.ChoiceField(label=_("For whom"), initial="everybody")
    tone = forms.ChoiceField(label=_("How loud"), choices=list(TONE_WORDS.items()), initial="attention")
    places = forms.MultipleChoiceField(
        label=_("Read out"), choices=list(alerts.PLACE_WORDS.items()), required=False
    )
    must_confirm = forms.BooleanField(
        label=_("Must be confirmed"),
        required=False,
        help_text=_("Whoever works there says with a tick that it was read, once a day"),
    )
    until_on = ui.DayField(
        label=_("Last day"), required=False, help_text=_("It ends by itself. Empty: until somebody ends it")
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["audience"]
        chosen.choices = [(name, AUDIENCE_WORDS[name]) for name in alerts.audiences_of(by)]

    def fact(self) -> AlertFact:
        """Return what was typed as the commands want it."""
        said = self.cleaned_data
        return AlertFact(
            said["words"],
            said["audience"],
            said["tone"],
            said["until_on"],
            tuple(said["places"]),
            said["must_confirm"],
        )


class AlertCloseForm(ui.Form):
    """Why an alert ends."""

    because = forms.CharField(label=_("Why it ends"), max_length=200)


def standing_alert(alert: PatientAlert) -> dict[str, Any]:
    """Return what stands in an alert, as the form shows it."""
    return {
        "words": alert.words,
        "audience": alert.audience,
        "tone": alert.tone,
        "places": alert.places,
        "must_confirm": alert.must_confirm,
        "until_on": alert.until_on,
    }
