"""What a patient is written who asks for a visit from home: when and where, never why, and no name."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from daysheet.schedule.messages import Words, said_day, said_place, said_time
from daysheet.ui.words import phone as say_phone


@dataclass(frozen=True, slots=True)
class AskFacts:
    """What a message may say: the office, its telephone, the link; of a time also when and where."""

    office: str
    phone: str
    link: str = ""
    at: datetime | None = None
    """On the door's wall clock."""
    place: str = ""
    mode: str = "office"


def invited(facts: AskFacts, language: str) -> Words:
    """Return what carries a link by which a visit is asked for."""
    with translation.override(language):
        what = _("%(office)s: You can ask for a visit here: %(link)s") % {
            "office": facts.office,
            "link": facts.link,
        }
        return _words(facts, what, _("In an emergency, call 911."))


def booked(facts: AskFacts, language: str) -> Words:
    """Return what says that the visit is booked."""
    with translation.override(language):
        what = _("%(office)s: Your visit is booked for %(day)s at %(at)s. Place: %(place)s.") % _when(facts)
        return _words(facts, what, _cannot(facts))


def other_time(facts: AskFacts, language: str) -> Words:
    """Return what offers another time than the one that was asked for."""
    with translation.override(language):
        what = _("%(office)s: We can see you on %(day)s at %(at)s. Place: %(place)s.") % _when(facts)
        return _words(facts, what, _yes_or_no(facts))


def declined(facts: AskFacts, because: str, language: str) -> Words:
    """Return what says that the visit cannot be booked as it was asked for, and why."""
    with translation.override(language):
        what = f"{facts.office}: {said_because(because)}"
        return _words(facts, what, _call(facts))


def said_because(because: str) -> str:
    """Return why a visit was not booked, as the patient reads it in the present language."""
    return {
        "no_time": _("We have no time that fits what you asked for."),
        "other_kind": _("Another kind of visit fits better."),
        "talk_first": _("We want to talk with you before we book it."),
        "not_here": _("We do not offer this visit at our office."),
    }[because]


def _when(facts: AskFacts) -> dict[str, str]:
    assert facts.at is not None  # a message about a time has one
    return {
        "office": facts.office,
        "day": said_day(facts.at),
        "at": said_time(facts.at),
        "place": said_place(facts.place, facts.mode),
    }


def _cannot(facts: AskFacts) -> str:
    if facts.link:
        return _("If you cannot come, tell us here: %(link)s") % {"link": facts.link}
    return _call(facts)


def _yes_or_no(facts: AskFacts) -> str:
    if facts.link:
        return _("Say yes or no here: %(link)s") % {"link": facts.link}
    return _call(facts)


def _call(facts: AskFacts) -> str:
    if facts.phone:
        return _("Please call us at %(phone)s.") % {"phone": say_phone(facts.phone)}
    return _("Please call our office.")


def _words(facts: AskFacts, what: str, then: str) -> Words:
    return Words(
        text=" ".join([what, then, _("Reply STOP to get no more texts.")]),
        subject_line=_("Your visit at %(office)s") % {"office": facts.office},
        letter=f"{what}\n\n{then}\n",
    )
