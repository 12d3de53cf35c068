"""The forms of signing in, and of the office's places and people."""

from collections.abc import Iterable
from datetime import time
from typing import Any
from uuid import UUID

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from cryptography.exceptions import InvalidSignature
from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import roles
from daysheet.practice.care_settings import care_settings
from daysheet.practice.models import Location, User
from daysheet.practice.signing_in import note_failed
from daysheet.ui import forms as ui

ZONES = [
    ("America/New_York", _("Eastern")),
    ("America/Chicago", _("Central")),
    ("America/Denver", _("Mountain")),
    ("America/Phoenix", _("Mountain, no daylight saving")),
    ("America/Los_Angeles", _("Pacific")),
    ("America/Anchorage", _("Alaska")),
    ("Pacific/Honolulu", _("Hawaii")),
]
WEEKDAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


WORKSTATIONS = [
    ("desk", _("Front desk, locks after 10 minutes")),
    ("back_office", _("Back office, out of patients' sight, locks after 15 minutes")),
    ("exam_room", _("Exam room, locks after 5 minutes")),
    ("kiosk", _("Kiosk, within anybody's reach, locks after a minute")),
]
"""The kinds of workstation, with what queries.IDLE_SECONDS lets them."""
WORKSTATION_NAMES = {
    "desk": _("Front desk"),
    "back_office": _("Back office"),
    "exam_room": _("Exam room"),
    "kiosk": _("Kiosk"),
}


class UnlockForm(forms.Form):
    """The person's own password, again."""

    password = forms.CharField(strip=False)


class TakeOverForm(forms.Form):
    """Who takes over, and the PIN."""

    member = forms.UUIDField()
    pin = forms.CharField(max_length=12)


class PinForm(ui.Form):
    """One's own PIN, after the password."""

    password = forms.CharField(label=_("Your password"), max_length=200, strip=False)
    pin = forms.CharField(label=_("New PIN, six digits or more"), max_length=12, required=False)
    again = forms.CharField(label=_("New PIN, again"), max_length=12, required=False)

    def __init__(self, *args: Any, is_demo: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].required = not is_demo  # the demonstration's people have none

    def clean(self) -> dict[str, Any]:
        """Compare the two PINs."""
        told = super().clean() or self.cleaned_data
        if told.get("pin") != told.get("again"):
            self.add_error("again", _("The two PINs differ. Write the same one twice."))
        return told


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The code from an app, or a recovery code, that completes a sign-in."""

    def clean_code(self) -> str:
        """Return the code; a wrong one is written into the diary."""
        try:
            return super().clean_code()  # type: ignore[no-any-return]
        except forms.ValidationError:
            note_failed(self.user, how="code")
            raise


class KeysAnswer:
    """What a key answered to the challenge; what is no answer at all is refused like a wrong one."""

    user: User | None

    def clean_credential(self) -> Authenticator:
        """Return the key that signed; any other is written into the diary."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except forms.ValidationError:
            note_failed(self.user, how="passkey")
            raise
        except (LookupError, TypeError, AttributeError, ValueError, InvalidSignature) as broken:
            note_failed(self.user, how="passkey")
            raise forms.ValidationError("no answer to the challenge") from broken


class PasskeyForm(KeysAnswer, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey in place of name and password, from whoever stands before the door."""


class SecondKeyForm(KeysAnswer, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key as the second factor, after the password."""


class FoundingForm(ui.Form):
    """The first questions to whoever opens the installation's own practice."""

    name = forms.CharField(label=_("Name of the practice"), max_length=120)
    setting = forms.ChoiceField(label=_("What kind of practice it is"), required=False)
    zone_name = forms.ChoiceField(label=_("Time zone"), choices=ZONES)
    display_name = forms.CharField(label=_("Your name, as the office says it"), max_length=80)
    username = forms.CharField(label=_("User name"), max_length=60)
    password = forms.CharField(label=_("Password"), max_length=200, strip=False)
    again = forms.CharField(label=_("Password, again"), max_length=200, strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.key, one.name) for one in care_settings()]
        self.fields["setting"].choices = [("", _("Another kind: begin empty")), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Compare the two passwords."""
        told = super().clean() or self.cleaned_data
        if told.get("password") and told.get("again") and told["password"] != told["again"]:
            self.add_error("again", _("The two passwords differ. Write the same one twice."))
        return told

    def facts(self) -> dict[str, str]:
        """Return what founding asks for."""
        return {name: value for name, value in self.cleaned_data.items() if name != "again"}


class WorkstationForm(ui.Form):
    """What kind of workstation stands here."""

    kind = forms.ChoiceField(
        label=_("This workstation stands"), choices=WORKSTATIONS, widget=forms.RadioSelect
    )


class OfficeForm(ui.Form):
    """What the practice is on paper and on its claims."""

    legal_name = forms.CharField(label=_("Name on claims"), max_length=200)
    npi = forms.CharField(label=_("NPI of the office"), max_length=10, required=False)
    tax_id = forms.CharField(label=_("Tax number (EIN)"), max_length=10, required=False)
    taxonomy = forms.CharField(label=_("Taxonomy code"), max_length=10, required=False)
    street = forms.CharField(label=_("Street (no PO box)"), max_length=100, required=False)
    city = forms.CharField(label=_("City"), max_length=60, required=False)
    state = forms.CharField(label=_("State"), max_length=2, required=False)
    zip = forms.CharField(label=_("ZIP, nine digits for claims"), max_length=10, required=False)
    phone = ui.PhoneField(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)


class LocationForm(ui.Form):
    """A door that patients come to."""

    name = forms.CharField(label=_("Name"), max_length=80)
    street = forms.CharField(label=_("Street"), max_length=100, required=False)
    city = forms.CharField(label=_("City"), max_length=60, required=False)
    state = forms.CharField(label=_("State"), max_length=2, required=False)
    zip = forms.CharField(label=_("ZIP"), max_length=10, required=False)
    phone = ui.PhoneField(label=_("Phone"), required=False)
    zone_name = forms.ChoiceField(label=_("Time zone"), choices=ZONES)


class BillTypeForm(ui.Form):
    """The type of bill of the facility's claims of a door."""

    bill_type = forms.CharField(
        label=_("Type of bill, first two digits"),
        max_length=2,
        required=False,
        help_text=_("Such as 13 for a hospital's outpatients or 83 for a surgery center."),
    )


class SettingForm(ui.Form):
    """Where the rooms and hours of a care setting go: a location of the office, or a new one."""

    location_id = forms.UUIDField(label=_("Location that gets its rooms and hours"), required=False)
    new_location = forms.CharField(label=_("Or a new location, by its name"), max_length=80, required=False)

    def __init__(self, *args: Any, places: Iterable[Location] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doors = [(str(place.pk), place.name) for place in places]
        self.has_places = bool(doors)
        self.fields["location_id"] = forms.TypedChoiceField(
            label=_("Location that gets its rooms and hours"),
            choices=[("", _("A new location")), *doors],
            required=False,
            empty_value=None,
            coerce=lambda value: UUID(value) if value else None,
        )

    def clean(self) -> dict[str, Any]:
        """Return one of the two: a location that is chosen, or the name of a new one."""
        told = super().clean() or self.cleaned_data
        if told.get("location_id") and told.get("new_location"):
            self.add_error("new_location", _("Choose a location above, or write a new one, not both."))
        if self.has_places and not told.get("location_id") and not told.get("new_location"):
            self.add_error("new_location", _("Choose a location above, or write what the new one is called."))
        return told


class RoomForm(ui.Form):
    """A room in which patients are seen."""

    name = forms.CharField(label=_("Room"), max_length=40)


class HoursForm(ui.Form):
    """When a door is open; a day without times is closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in enumerate(WEEKDAYS):
            for end, word in (("opens", _("opens")), ("closes", _("closes"))):
                self.fields[f"{end}_{day}"] = forms.TimeField(
                    label=f"{name} {word}",
                    required=False,
                    input_formats=["%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p"],
                )

    def clean(self) -> dict[str, Any]:
        """Return the times; a day with one of the two is asked for the other."""
        told = super().clean() or {}
        for day in range(7):
            if bool(told.get(f"opens_{day}")) != bool(told.get(f"closes_{day}")):
                missing = "closes" if told.get(f"opens_{day}") else "opens"
                self.add_error(f"{missing}_{day}", _("Write both times, or neither."))
        return told

    def hours(self) -> list[tuple[int, time, time]]:
        """Return weekday, from, to for each open day."""
        told = self.cleaned_data
        return [(d, told[f"opens_{d}"], told[f"closes_{d}"]) for d in range(7) if told.get(f"opens_{d}")]


class ProviderForm(ui.Form):
    """A clinician who renders care."""

    given = forms.CharField(label=_("Given name"), max_length=80)
    family = forms.CharField(label=_("Family name"), max_length=80)
    credential = forms.CharField(label=_("Credential (MD, DO, NP, ...)"), max_length=12, required=False)
    npi = forms.CharField(label=_("NPI"), max_length=10, required=False)
    taxonomy = forms.CharField(label=_("Taxonomy code"), max_length=10, required=False)
    location_id = forms.UUIDField(label=_("Usual location"), required=False)

    def __init__(self, *args: Any, places: Iterable[Location] = (), **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "clinician_%s"} | kwargs)  # its neighbour has a location too
        self.fields["location_id"] = _place_field(places)


class PasswordForm(ui.Form):
    """A new password for somebody of the staff."""

    password = forms.CharField(label=_("New password, 15 characters or more"), max_length=200, strip=False)


class MemberForm(ui.Form):
    """A person of the staff and the sign-in."""

    display_name = forms.CharField(label=_("Name as the office says it"), max_length=80)
    username = forms.CharField(label=_("User name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)
    role = forms.ChoiceField(label=_("Role"))
    location_id = forms.UUIDField(label=_("Usual location"), required=False)
    password = forms.CharField(label=_("First password, 15 characters or more"), max_length=200, strip=False)

    def __init__(
        self, *args: Any, places: Iterable[Location] = (), kind: str = "office", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(kind)  # type: ignore[attr-defined]
        self.fields["location_id"] = _place_field(places)


AT_PAYERS = ("insurance_clerk", "insurance_manager")
"""The roles of an insurer's people; those of an office are the others."""


def role_choices(kind: str = "office") -> list[tuple[str, str]]:
    """Return the roles that a person of an office, or of an insurer, can hold."""
    elsewhere = {"system", "patient", *AT_PAYERS}
    here = AT_PAYERS if kind == "payer" else [key for key in roles() if key not in elsewhere]
    return [(key, roles()[key].name) for key in here]


def _place_field(places: Iterable[Location]) -> forms.TypedChoiceField:
    choices = [("", _("None in particular")), *((str(place.pk), place.name) for place in places)]
    return forms.TypedChoiceField(
        label=_("Usual location"),
        choices=choices,
        required=False,
        empty_value=None,
        coerce=lambda value: value or None,
    )
