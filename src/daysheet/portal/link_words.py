"""What a patient is written with the link to the own check-in: that it can be done now; no name, no reason."""

from django.utils import translation
from django.utils.translation import gettext as _

from daysheet.schedule.messages import Words


def check_in(office: str, link: str, language: str) -> Words:
    """Return what carries the link by which a patient checks in on the own phone."""
    with translation.override(language):
        what = _("%(office)s: Check in for your visit on your phone here: %(link)s") % {
            "office": office,
            "link": link,
        }
        then = _("You will be asked for your birth date.")
        return Words(
            text=" ".join([what, then, _("Reply STOP to get no more texts.")]),
            subject_line=_("Your visit at %(office)s") % {"office": office},
            letter=f"{what}\n\n{then}\n",
        )
