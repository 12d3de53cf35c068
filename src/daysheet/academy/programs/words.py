"""The academy's words for awards, schools and prices."""

from django.utils.translation import gettext as _

from daysheet.academy.figures.trade import CIPS


def fields() -> dict[str, str]:
    """Return the fields of study by code."""
    return dict(CIPS)


def award_groups() -> dict[str, str]:
    """Return what a newcomer may choose."""
    return {
        "weeks": _("Certificate, under 12 weeks"),
        "months": _("Certificate, 12 weeks to a year"),
        "year": _("Certificate, 1 to 2 years"),
        "associate": _("Associate degree"),
        "higher": _("Longer, or a bachelor's and up"),
    }


def awards() -> dict[int, str]:
    """Return the award levels by their number in IPEDS."""
    return {
        20: _("Certificate, under 12 weeks"),
        21: _("Certificate, 12 weeks to a year"),
        2: _("Certificate, 1 to 2 years"),
        3: _("Associate degree"),
        4: _("Certificate, 2 to 4 years"),
        5: _("Bachelor's degree"),
        6: _("Certificate after a bachelor's"),
        7: _("Master's degree"),
        8: _("Certificate after a master's"),
        17: _("Doctor's degree, research"),
        18: _("Doctor's degree, practice"),
        19: _("Doctor's degree, other"),
    }


def controls() -> dict[int | None, str]:
    """Return who runs a school."""
    return {
        1: _("public"),
        2: _("private, nonprofit"),
        3: _("private, for profit"),
        None: _("not said who runs it"),
    }


def to_look_for() -> list[tuple[str, str, str]]:
    """Return what to ask a school before signing: a key, the question, the lines of the guide."""
    return [
        ("ehr", _("Which records software will I practice on? A widely used one helps."), "162"),
        ("terms", _("Is medical terminology a full part of the course?"), "163"),
        ("billing", _("Does it teach billing and the basics of coding?"), "164"),
        ("externship", _("Is there an externship, how many hours, and who finds the place?"), "165"),
        ("exam", _("Does it prepare for the CMAA exam, and is the fee in the price?"), "166"),
        ("price", _("What is the full price today: tuition, fees, books, and what if I stop?"), "155"),
        ("jobs", _("How many finished last year, and how many of them work in the field?"), "161"),
        ("start", _("When does the next group start, and can I keep my job?"), "168"),
    ]
