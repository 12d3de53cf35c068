"""How a line stands with its exchange, in words for the page: what is, and what to do about it."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daysheet.phones.models import PhoneLine

WORDS = {
    "registered": (gettext_lazy("Signed in"), ""),
    "password": (
        gettext_lazy("The exchange does not take the password"),
        gettext_lazy("Check account, sign-in name and password; then save them here again."),
    ),
    "refused": (
        gettext_lazy("The exchange refuses the account"),
        gettext_lazy("Ask who keeps the exchange whether the account may sign in from this machine."),
    ),
    "unknown": (
        gettext_lazy("The exchange does not know the account"),
        gettext_lazy("Check the account and the exchange's name."),
    ),
    "proof": (
        gettext_lazy("The exchange asks for a proof that we do not speak"),
        gettext_lazy("Let it ask for a digest by MD5 or SHA-256."),
    ),
    "elsewhere": (
        gettext_lazy("The exchange sends us to another machine"),
        gettext_lazy("Ask who keeps it for the right name, and write that here."),
    ),
    "certificate": (
        gettext_lazy("The exchange's certificate is not believed"),
        gettext_lazy(
            "It must name the exchange, be in date, and come from an authority believed here; an own one is pasted below."
        ),
    ),
    "tls": (
        gettext_lazy("No safe connection comes about"),
        gettext_lazy("The exchange must speak TLS 1.2 or newer on that port; 5061 is the usual one."),
    ),
    "name": (
        gettext_lazy("No machine of that name is found"),
        gettext_lazy("Check the exchange's name, and whether this machine reaches the network."),
    ),
    "unreachable": (
        gettext_lazy("The exchange does not answer"),
        gettext_lazy(
            "Check its address, the port, and the way by which it is reached. It is tried again by itself."
        ),
    ),
    "lost": (
        gettext_lazy("The connection was lost"),
        gettext_lazy("It is opened again by itself."),
    ),
    "busy": (
        gettext_lazy("The exchange says: later"),
        gettext_lazy("It is tried again by itself."),
    ),
    "strange": (
        gettext_lazy("The exchange answers what we cannot follow"),
        gettext_lazy("Ask who keeps it; it may want another kind of telephone."),
    ),
}


class Standing(NamedTuple):
    """A sentence, its tone, what to do, and since when."""

    words: str
    tone: str
    advice: str
    since: datetime | None


def standing(line: PhoneLine, *, now: datetime) -> Standing | None:
    """Return how a line stands with its exchange, or None where it signs in nowhere."""
    if not line.exchange:
        return None
    if line.standing == "registered" and not (line.signed_in_until and line.signed_in_until > now):
        told = _("Look whether the telephone lines of the office run.")
        return Standing(_("Not signed in any more"), "stop", told, line.signed_in_until)
    if line.standing not in WORDS:
        return Standing(_("Signing in"), "attention", _("It begins within seconds."), None)
    words, advice = WORDS[line.standing]
    tone = {"registered": "done", "lost": "attention", "busy": "attention"}.get(line.standing, "stop")
    return Standing(str(words), tone, str(advice), line.standing_at)
