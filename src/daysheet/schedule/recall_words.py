"""The words by which a patient is asked to come again, in the patient's language: never for what, and no name."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from daysheet.ui.words import phone as say_phone


@dataclass(frozen=True, slots=True)
class OfOffice:
    """What a message may say: the office and its telephone."""

    name: str
    phone: str


def sms(office: OfOffice, language: str) -> str:
    """Return a text message."""
    with translation.override(language):
        return " ".join([_what(office), _("Reply STOP to get no more texts.")])


def email(office: OfOffice, language: str) -> tuple[str, str]:
    """Return subject line and text of an e-mail; the subject names the office alone."""
    with translation.override(language):
        subject = _("A note from %(office)s") % {"office": office.name}
        return subject, _what(office) + "\n"


def _what(office: OfOffice) -> str:
    if office.phone:
        told = {"office": office.name, "phone": say_phone(office.phone)}
        return _("%(office)s: It is time for your next visit. Call us at %(phone)s to find a day.") % told
    return _("%(office)s: It is time for your next visit. Call us to find a day.") % {"office": office.name}
