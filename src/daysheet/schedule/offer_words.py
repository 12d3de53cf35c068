"""What a patient who waits is written about a time that came free: when, where, with whom; never why, and no name."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from daysheet.schedule.messages import Words, said_day, said_place, said_time
from daysheet.ui.words import phone as say_phone


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What the message may say; the times are on the door's wall clock."""

    office: str
    phone: str
    at: datetime
    until: datetime
    who: str
    place: str
    mode: str
    link: str = ""


def offered(facts: OfferFacts, language: str) -> Words:
    """Return what offers a time to somebody who waits."""
    with translation.override(language):
        what = _("%(office)s: A time is free on %(day)s at %(at)s with %(who)s. Place: %(place)s.") % {
            "office": facts.office,
            "day": said_day(facts.at),
            "at": said_time(facts.at),
            "who": facts.who,
            "place": said_place(facts.place, facts.mode),
        }
        first = _("The first who says yes has it. You can answer until %(until)s.") % {
            "until": said_until(facts.until, facts.at)
        }
        then = f"{first} {_how(facts)}"
        return Words(
            text=" ".join([what, then, _("Reply STOP to get no more texts.")]),
            subject_line=_("A free time at %(office)s") % {"office": facts.office},
            letter=f"{what}\n\n{then}\n",
        )


def said_until(until: datetime, at: datetime) -> str:
    """Return until when an offer stands, as the present language says it; the day only where it is another."""
    if until.date() == at.date():
        return said_time(until)
    return _("%(day)s at %(at)s") % {"day": said_day(until), "at": said_time(until)}


def _how(facts: OfferFacts) -> str:
    if facts.link:
        return _("Say yes or no here: %(link)s") % {"link": facts.link}
    if facts.phone:
        return _("Please call us at %(phone)s.") % {"phone": say_phone(facts.phone)}
    return _("Please call our office.")
