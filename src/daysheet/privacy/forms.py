"""What is filled in about a signature, and what is asked of the diary."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.privacy.filling import FormAtHand
from daysheet.privacy.questions import Question
from daysheet.privacy.rules import REASONS, WORDS
from daysheet.ui import forms as ui

RELATIONSHIPS = [
    ("", _("The patient")),
    ("parent", _("Parent")),
    ("guardian", _("Guardian")),
    ("power of attorney", _("Holder of a power of attorney")),
    ("spouse", _("Spouse")),
    ("other", _("Another person who may sign")),
]
NOT_ANSWERED = {"en": _("Not answered"), "es": "Sin respuesta"}
KINDS = [(kind, _(words)) for kind, words in WORDS.items()]


class SignatureForm(ui.Form):
    """A notice or consent: who signed and when, or why nobody did."""

    kind = forms.ChoiceField(label=_("What"), choices=KINDS)
    signed_by = forms.CharField(
        label=_("Signed by"),
        required=False,
        max_length=300,
        help_text=_("With the relationship, when not the patient"),
    )
    signed_on = ui.DayField(label=_("On"), required=False, back=True)
    because = forms.ChoiceField(
        label=_("Not signed, because"),
        required=False,
        choices=[("", _("It was signed")), *[(one, _(one)) for one in REASONS]],
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a name or a reason, not both."""
        said: dict[str, Any] = super().clean() or {}
        if bool(said.get("signed_by")) == bool(said.get("because")):
            raise forms.ValidationError(_("Write who signed, or choose why nobody did."))
        return said


class DiaryForm(ui.Form):
    """The filters of the diary; codes and ids alone, for they stand in the address."""

    first = ui.DayField(label=_("From"), required=False, back=True)
    last = ui.DayField(label=_("To"), required=False, back=True)
    person = forms.ChoiceField(label=_("Who"), required=False)
    action = forms.CharField(label=_("Action begins with"), required=False, max_length=60)
    chart = forms.IntegerField(label=_("Chart"), required=False, min_value=1, max_value=10**12)

    def __init__(self, *args: Any, people: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["person"]
        chosen.choices = [("", _("Everybody")), *[(one, one) for one in people]]


class FillForm(ui.Form):
    """A form of the office as a patient fills it in: its questions, and a signature where it needs one."""

    signed_by = forms.CharField(label=_("Name of the person who signs"), max_length=200)
    relationship = forms.ChoiceField(label=_("Who signs"), choices=RELATIONSHIPS, required=False)
    strokes = forms.CharField(required=False, widget=forms.HiddenInput)
    agrees = forms.BooleanField(
        label=_("I sign by typing my name: it stands for my signature"), required=False
    )

    def __init__(self, *args: Any, at_hand: FormAtHand, language: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at_hand = at_hand
        asked = {one.key: _field(one, language, today) for one in at_hand.questions}
        signature = dict(self.fields) if at_hand.needs_signature else {}
        self.fields = asked | signature

    def answers(self) -> dict[str, str]:
        """Return the answers as they are kept."""
        said = self.cleaned_data
        return {one.key: _kept(said.get(one.key)) for one in self.at_hand.questions}

    def signature(self) -> dict[str, Any]:
        """Return the signature, where the form needs one."""
        names = ("signed_by", "relationship", "strokes", "agrees") if self.at_hand.needs_signature else ()
        return {name: self.cleaned_data[name] for name in names}


class OfficeFormForm(ui.Form):
    """What a form of the office says and asks."""

    title = forms.CharField(label=_("Title"), max_length=120)
    title_es = forms.CharField(label=_("Title in Spanish"), max_length=120, required=False)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea, max_length=20_000)
    text_es = forms.CharField(
        label=_("Text in Spanish"), widget=forms.Textarea, max_length=20_000, required=False
    )
    questions = forms.CharField(
        label=_("Questions, one a line"),
        widget=forms.Textarea,
        max_length=20_000,
        required=False,
        help_text=_(
            "Kind | English | Spanish | answers. Kinds: yes_no, choice, text, number, date; a * after the kind: must be "
            "answered. Such as: choice* | Do you smoke? | ¿Fuma? | never = nunca; yes = sí"
        ),
    )
    needs_signature = forms.BooleanField(label=_("It is signed"), required=False)
    consent = forms.ChoiceField(
        label=_("A signature gives"), required=False, choices=[("", _("No consent of its own")), *KINDS]
    )


def _field(one: Question, language: str, today: date) -> forms.Field:
    more: dict[str, Any] = {"label": one.asked(language), "required": one.is_required}
    if one.kind in ("yes_no", "choice"):
        empty = [] if one.is_required else [("", NOT_ANSWERED[language])]
        return forms.ChoiceField(choices=[*empty, *one.offered(language)], widget=forms.RadioSelect, **more)
    if one.kind == "number":
        return forms.DecimalField(max_digits=9, decimal_places=2, **more)
    if one.kind == "date":
        return ui.DayField(today=today, back=True, **more)
    return forms.CharField(max_length=1000, **more)


def _kept(answer: Any) -> str:
    return "" if answer is None else str(answer)
