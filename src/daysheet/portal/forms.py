"""Forms of the patients' own door, and of the desk that leaves a kiosk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.frontdesk.forms import CardForm
from daysheet.mailroom.links import token_in
from daysheet.portal.wishing import Asking
from daysheet.schedule.models.asking import LONGEST_REASON
from daysheet.schedule.requests import Wish
from daysheet.schedule.slots import time_of
from daysheet.ui import forms as ui


class StartForm(ui.Form):
    """What opens a kiosk for one patient: the code from the desk or a scanned link, and the birth date."""

    code = forms.CharField(label=_("Code from the desk"), max_length=400)
    born_on = ui.BirthDateField(label=_("Your birth date"))

    @property
    def token(self) -> str:
        """Return the token of the link that was scanned; nothing where digits were typed."""
        return token_in(str(self.data.get("code", "")))

    @property
    def digits(self) -> str:
        """Return the code as the desk said it, without the space between."""
        return "".join(str(self.cleaned_data["code"]).split())


class BirthForm(ui.Form):
    """What opens a link for its patient."""

    born_on = ui.BirthDateField(label=_("Birth date of the patient"))


class VisitsForm(ui.Form):
    """For which visits of the day the patient is here."""

    here_for = forms.MultipleChoiceField(
        label=_("Are you also here for these?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, visits: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["here_for"].choices = visits

    @property
    def chosen(self) -> list[UUID]:
        """Return the visits that were ticked."""
        return [UUID(one) for one in self.cleaned_data["here_for"]]


class ContactForm(ui.Form):
    """How a patient is reached, as the chart says it and the patient mends it."""

    phone = ui.PhoneField(label=_("Phone"), required=False)
    street = forms.CharField(label=_("Street and number"), required=False, max_length=120)
    city = forms.CharField(label=_("City"), required=False, max_length=80)
    state = forms.CharField(label=_("State (two letters)"), required=False, max_length=2)
    zip = forms.CharField(label=_("ZIP code"), required=False, max_length=10)
    email = forms.EmailField(label=_("Email"), required=False, max_length=200)


class SidesForm(CardForm):
    """Pictures of the two sides of a card."""

    def sides(self, typed: dict[str, Any]) -> dict[str, Any]:
        """Return the sides of which a picture came; an empty one is refused at its own side."""
        files = {side: typed[side] for side in ("front", "back") if typed.get(side) is not None}
        for side, file in files.items():
            if not file.size:
                self.add_error(side, _("The file is empty. Choose it again."))
        return files


class InsuranceForm(SidesForm):
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

    def clean(self) -> dict[str, Any]:
        """Refuse a file without anything in it: the picture would be missed at the desk."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        self.sides(typed)
        return typed


class PhotoIdForm(SidesForm):
    """Pictures of the patient's photo ID, or that it is not here."""

    answer = forms.ChoiceField(
        label=_("Do you have it with you?"),
        choices=[("send", _("Yes, I have it with me")), ("none", _("No, I do not have it with me"))],
        widget=forms.RadioSelect,
        initial="send",
    )
    front = forms.FileField(label=_("Front of the ID"), required=False, allow_empty_file=True)
    back = forms.FileField(label=_("Back of the ID"), required=False, allow_empty_file=True)

    def __init__(self, *args: Any, is_sent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_sent = is_sent

    def clean(self) -> dict[str, Any]:
        """Ask for a picture of one side at least, where none was sent yet."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        files = self.sides(typed)
        if typed.get("answer") == "send" and not files and not self.is_sent:
            self.add_error("front", _("Take a picture, or say that you do not have it."))
        return typed


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


class PayForm(ui.Form):
    """Which sum, and how: with a kept card, on the card company's page, or at the desk."""

    amount = forms.ChoiceField(label=_("How much?"), required=False, widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("How do you want to pay?"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, sums: list[tuple[str, str]], ways: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].choices = sums  # type: ignore[attr-defined]
        self.fields["how"].choices = ways  # type: ignore[attr-defined]


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


class WishForm(ui.Form):
    """When a patient would come, and for which kind of visit."""

    kind = forms.ChoiceField(label=_("What kind of visit?"), widget=forms.RadioSelect)
    who = forms.ChoiceField(label=_("With whom?"), required=False)
    where = forms.ChoiceField(label=_("Where?"), required=False)
    part = forms.ChoiceField(
        label=_("What time of day?"),
        required=False,
        choices=[
            ("any", _("Any time")),
            ("morning", _("Morning")),
            ("afternoon", _("Afternoon")),
            ("evening", _("Evening")),
        ],
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Which days?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("0", _("Monday")),
            ("1", _("Tuesday")),
            ("2", _("Wednesday")),
            ("3", _("Thursday")),
            ("4", _("Friday")),
            ("5", _("Saturday")),
            ("6", _("Sunday")),
        ],
        help_text=_("None chosen: any day."),
    )
    earliest = ui.DayField(label=_("From which day on?"), required=False)

    def __init__(self, *args: Any, asks: Asking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = asks.kinds
        fields["who"].choices = [("", _("Anyone")), *asks.people]
        fields["where"].choices = [("", _("Any of our offices")), *asks.doors]

    def wish(self) -> Wish:
        """Return what is looked for."""
        typed = self.cleaned_data
        return Wish(
            provider_id=UUID(typed["who"]) if typed.get("who") else None,
            location_id=UUID(typed["where"]) if typed.get("where") else None,
            earliest_on=typed.get("earliest"),
            weekdays=[int(one) for one in typed["weekdays"]],
            part=typed.get("part") or "any",
        )


class SendForm(WishForm):
    """The wish, with a free time where one was chosen, and why in a few words."""

    slot = forms.CharField(required=False, max_length=120)
    reason = forms.CharField(
        label=_("Why do you want to come? A few words."), required=False, max_length=LONGEST_REASON
    )

    def time(self) -> tuple[UUID, UUID, datetime] | None:
        """Return the free time that was chosen; None where only a wish is sent."""
        return time_of(self.cleaned_data["slot"]) if self.cleaned_data.get("slot") else None
