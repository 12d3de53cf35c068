"""Forms of the patients' own door, and of the desk that leaves a kiosk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.frontdesk.forms import CardForm
from daysheet.ui import forms as ui


class StartForm(ui.Form):
    """What opens a kiosk for one patient: the code from the desk, and the birth date."""

    code = forms.CharField(label=_("Code from the desk"), max_length=4)
    born_on = ui.BirthDateField(label=_("Your birth date"))


class BirthForm(ui.Form):
    """What opens a link for its patient."""

    born_on = ui.BirthDateField(label=_("Birth date of the patient"))


class ContactForm(ui.Form):
    """How a patient is reached, as the chart says it and the patient mends it."""

    phone = ui.PhoneField(label=_("Phone"), required=False)
    street = forms.CharField(label=_("Street and number"), required=False, max_length=120)
    city = forms.CharField(label=_("City"), required=False, max_length=80)
    state = forms.CharField(label=_("State"), required=False, max_length=2)
    zip = forms.CharField(label=_("ZIP code"), required=False, max_length=10)
    email = forms.EmailField(label=_("Email"), required=False, max_length=200)


class InsuranceForm(CardForm):
    """Whether the insurance is the same, and pictures of the card."""

    answer = forms.ChoiceField(
        label=_("Is this still your insurance?"),
        choices=[
            ("same", _("Yes, it is the same")),
            ("changed", _("No, I have a new card")),
            ("none", _("I have no insurance now")),
        ],
        widget=forms.RadioSelect,
    )
    front = forms.FileField(label=_("Front of the card"), required=False, allow_empty_file=True)
    back = forms.FileField(label=_("Back of the card"), required=False, allow_empty_file=True)


class GuardianForm(ui.Form):
    """Who brings a child."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    relationship = forms.ChoiceField(
        label=_("You are the child's"),
        choices=[
            ("parent", _("Parent")),
            ("guardian", _("Guardian")),
            ("other", _("Another person")),
        ],
        widget=forms.RadioSelect,
    )


class HereForm(ui.Form):
    """I am here, and where."""

    place = forms.ChoiceField(
        label=_("Where do you wait?"),
        choices=[("inside", _("I come in now")), ("car", _("I wait in the car"))],
        widget=forms.RadioSelect,
        initial="inside",
    )


class ConsentForm(ui.Form):
    """That the patient wishes to be seen by video or phone, and where the patient is then."""

    place = forms.ChoiceField(
        label=_("Where will you be for this visit?"),
        choices=[("home", _("At home")), ("elsewhere", _("Somewhere else"))],
        widget=forms.RadioSelect,
    )
    agrees = forms.BooleanField(
        label=_("Yes, I want this visit by video or phone"),
        error_messages={"required": _("Tick the box to go on, or ask at the desk.")},
    )


class LeaveForm(ui.Form):
    """Who ends a kiosk: a person of the office, by the own password."""

    username = forms.CharField(label=_("User name"), max_length=150)
    password = forms.CharField(
        label=_("Password"), required=False, max_length=200, widget=forms.PasswordInput
    )
