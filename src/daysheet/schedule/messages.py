"""The words of reminders, in the patient's language: when and where, how to answer; never why, and no name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.schedule.remote import OFFICE, PHONE, VIDEO
from daysheet.ui.words import phone as say_phone


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message may say: the office, the door, its telephone, when, and the link."""

    office: str
    place: str
    phone: str
    times: tuple[datetime, ...]
    """On the door's wall clock."""
    link: str
    mode: str = OFFICE
    """How all of them take place; where they differ, in the office."""


@dataclass(frozen=True, slots=True)
class LateFacts:
    """What a message about a late clinician may say; the times are on the door's wall clock."""

    office: str
    phone: str
    minutes: int
    at: datetime
    expected: datetime


@dataclass(frozen=True, slots=True)
class ClosedFacts:
    """What a message about a closed day may say; the times are on the door's wall clock."""

    office: str
    phone: str
    at: datetime
    instead: datetime | None
    """When the visit is now; None where the desk and the patient have still to find a time."""
    is_cancelled: bool = False
    """It is off the book already."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message as a text and as an e-mail; the subject line names the office alone."""

    text: str
    subject_line: str
    letter: str


def spoken(language: str) -> str:
    """Return the language in which a patient is written to: the patient's own, where the house speaks it."""
    return language if language in dict(settings.LANGUAGES) else "en"


def sms(facts: Facts, language: str) -> str:
    """Return a text message."""
    with translation.override(language):
        parts = [_what(facts), _("Reply 1 if you will come, 2 if you cannot, 3 if you want a call.")]
        if facts.link:
            parts.append(_("Or open %(link)s") % {"link": facts.link})
        return " ".join([*parts, _("Reply STOP to get no more texts.")])


def voice(facts: Facts, language: str) -> str:
    """Return what a voice call says."""
    with translation.override(language):
        return " ".join([_("Hello."), _what(facts), *_keys()])


def email(facts: Facts, language: str) -> tuple[str, str]:
    """Return subject line and text of an e-mail; the subject names the office alone."""
    with translation.override(language):
        subject = _("Your visit at %(office)s") % {"office": facts.office}
        lines = [_what(facts), ""]
        if facts.link:
            lines += [_("Tell us here if you will come. You do not have to sign in:"), facts.link, ""]
        lines.append(_need_help(facts))
        return subject, "\n".join(lines) + "\n"


def late(facts: LateFacts, language: str) -> Words:
    """Return what is written about a visit that begins later."""
    with translation.override(language):
        return _words(facts.office, _late(facts), _cannot_wait(facts))


def closed(facts: ClosedFacts, language: str) -> Words:
    """Return what is written about a visit that cannot be, or that was put to another time."""
    with translation.override(language):
        return _words(facts.office, _closed(facts), _other_time(facts))


def said_time(at: datetime) -> str:
    """Return a time of day as the present language says it."""
    return f"{at.hour % 12 or 12}:{at:%M} {_('am') if at.hour < 12 else _('pm')}"


def said_day(at: date) -> str:
    """Return a day as the present language says it: Tuesday, March 10, 2026."""
    pattern = "F j, Y" if (translation.get_language() or "en").startswith("en") else "DATE_FORMAT"
    return f"{formats.date_format(at, 'l')}, {formats.date_format(at, pattern)}"


def said_place(place: str, mode: str) -> str:
    """Return where a visit is, as the present language says it."""
    if mode == VIDEO:
        return _("by video, on your own phone or computer")
    return _("by phone, we call you") if mode == PHONE else place


def mode_of(modes: Iterable[str]) -> str:
    """Return how all visits of a message take place; where they differ, in the office."""
    found = set(modes)
    return found.pop() if len(found) == 1 else OFFICE


def _what(facts: Facts) -> str:
    told = {
        "office": facts.office,
        "day": said_day(facts.times[0]),
        "place": said_place(facts.place, facts.mode),
        "n": len(facts.times),
        "times": _listed([said_time(at) for at in facts.times]),
    }
    return (
        ngettext(
            "%(office)s: You have a visit on %(day)s at %(times)s. Place: %(place)s.",
            "%(office)s: You have %(n)s visits on %(day)s at %(times)s. Place: %(place)s.",
            len(facts.times),
        )
        % told
    )


def _words(office: str, what: str, then: str) -> Words:
    return Words(
        text=" ".join([what, then, _("Reply STOP to get no more texts.")]),
        subject_line=_("Your visit at %(office)s") % {"office": office},
        letter=f"{what}\n\n{then}\n",
    )


def _closed(facts: ClosedFacts) -> str:
    told = {"office": facts.office, "day": said_day(facts.at), "at": said_time(facts.at)}
    if facts.is_cancelled:
        return _("%(office)s: We had to cancel your visit on %(day)s at %(at)s. We are sorry.") % told
    if facts.instead is None:
        return _("%(office)s: We cannot see you on %(day)s at %(at)s. We are sorry.") % told
    told |= {"new_day": said_day(facts.instead), "new_at": said_time(facts.instead)}
    return (
        _("%(office)s: Your visit on %(day)s at %(at)s is now on %(new_day)s at %(new_at)s. We are sorry.")
        % told
    )


def _other_time(facts: ClosedFacts) -> str:
    if facts.instead is None:
        if facts.phone:
            return _("Call us at %(phone)s to find another time.") % {"phone": say_phone(facts.phone)}
        return _("Call our office to find another time.")
    if facts.phone:
        return _("If you cannot come then, call us at %(phone)s.") % {"phone": say_phone(facts.phone)}
    return _("If you cannot come then, call our office.")


def _late(facts: LateFacts) -> str:
    told = {
        "office": facts.office,
        "minutes": facts.minutes,
        "at": said_time(facts.at),
        "expected": said_time(facts.expected),
    }
    return (
        _(
            "%(office)s: We are about %(minutes)s minutes late today. "
            "Your visit at %(at)s will begin at about %(expected)s."
        )
        % told
    )


def _cannot_wait(facts: LateFacts) -> str:
    if facts.phone:
        return _("If you cannot wait, call us at %(phone)s.") % {"phone": say_phone(facts.phone)}
    return _("If you cannot wait, call our office.")


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s and %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}


def _need_help(facts: Facts) -> str:
    if facts.phone:
        return _("Do you need help? Call us at %(phone)s.") % {"phone": say_phone(facts.phone)}
    return _("Do you need help? Call our office.")


def _keys() -> list[str]:
    return [
        _("Press 1 if you will come."),
        _("Press 2 if you cannot come."),
        _("Press 3 if you want us to call you."),
        _("Press 9 if you want no more calls like this."),
    ]
