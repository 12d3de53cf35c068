"""The academy's words for awards, schools, prices and help with them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from daysheet.academy.facts.registry import Fact, fact
from daysheet.academy.figures.trade import CIPS
from daysheet.academy.programs.rules.way import Way


@dataclass(frozen=True, slots=True)
class Help:
    """A kind of help: what it is, and what to ask before one counts on it."""

    name: str
    about: str
    ask: list[str]


def fact_range(key: str) -> tuple[Fact, Fact]:
    """Return the two ends of a range of the guide."""
    return fact(f"{key}.low"), fact(f"{key}.high")


def kinds() -> list[tuple[str, tuple[Fact, ...], tuple[Fact, Fact]]]:
    """Return the kinds of program that the guide tells apart: name, how long, what they cost."""
    names = {
        "short": _("Short certificate"),
        "extended": _("Longer certificate"),
        "associate": _("Associate degree"),
        "online": _("Online certificate"),
    }
    return [
        (
            name,
            (fact("program.associate.years"),) if key == "associate" else fact_range(f"program.{key}.months"),
            fact_range(f"program.{key}.cost"),
        )
        for key, name in names.items()
    ]


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


def levels() -> dict[int, str]:
    """Return how long the longest studies of a school take."""
    return {1: _("four years and more"), 2: _("two years"), 3: _("less than two years")}


def to_ask() -> list[tuple[str, str]]:
    """Return what to ask a school before signing: a key for the address, and the question."""
    return [
        ("ehr", _("Which records software will I practice on?")),
        ("terms", _("Is medical terminology a full part of the course?")),
        ("billing", _("Does it teach billing and the basics of coding?")),
        ("externship", _("Is there an externship, how many hours, and who finds the place?")),
        ("exam", _("Does it prepare for an exam such as the CMAA, and is the fee in the price?")),
        ("price", _("What is the full price today: tuition, fees, books, and what if I stop?")),
        ("jobs", _("How many finished last year, and how many of them work in the field?")),
        ("start", _("When does the next group start, and can I keep my job?")),
    ]


def parts() -> dict[str, str]:
    """Return the parts of a bill."""
    return {
        "tuition": _("Tuition and fees"),
        "books": _("Books and supplies"),
        "background": _("Background check"),
        "attire": _("Clothes for the externship"),
        "exam": _("Exam fee"),
    }


def helps() -> dict[str, Help]:
    """Return the kinds of help with the cost."""
    return {
        "pell": Help(
            _("Pell grant and federal loans"),
            _("A grant is not paid back; a loan is. Both begin with one form, the FAFSA."),
            [
                _("Does the school take part in federal aid?"),
                _("Is the program long enough to count?"),
                _("What does the form say my share is?"),
            ],
        ),
        "workforce": Help(
            _("Workforce Pell, for short programs"),
            _(
                "A grant for short programs that a state has approved. Longer certificates do not fit its limits."
            ),
            [
                _("Has my state approved this very program?"),
                _("How many weeks and clock hours does it have?"),
            ],
        ),
        "wioa": Help(
            _("Job training money (WIOA)"),
            _("The local job center may pay for a program on its list."),
            [
                _("Is the program on my state's list?"),
                _("Is there money left this year?"),
                _("Do I qualify?"),
            ],
        ),
        "plan": Help(
            _("Payment plan of the school"),
            _("The price in parts. It helps with when, not with how much."),
            [_("Is there a fee or interest?"), _("What if I stop?")],
        ),
        "employer": Help(
            _("Help from an employer"),
            _("Some clinics pay for a course if you stay for a time."),
            [_("How long must I stay?"), _("Do I pay back if I leave?")],
        ),
        "gi_bill": Help(
            _("GI Bill"),
            _("For veterans and some of their families, in approved programs; it also pays for exams."),
            [_("Is the program approved?"), _("How many months do I have left?")],
        ),
        "scholarship": Help(
            _("Scholarship"),
            _("A gift from a school, a club or a foundation."),
            [_("What must I send, and by when?"), _("Does it lower other aid?")],
        ),
    }


@dataclass(frozen=True, slots=True)
class Fit:
    """What the weighing says."""

    title: str
    about: str
    is_online: bool = False


def statements() -> list[tuple[str, str]]:
    """Return what one may tick of oneself: for a course online, for one in person."""
    return [
        ("hours", _("My hours change, or I work by day.")),
        ("shown", _("I learn best when somebody shows me.")),
        ("far", _("The next school is far from me.")),
        ("people", _("I want to meet people of the trade.")),
        ("alone", _("I finish what I begin, with nobody behind me.")),
        ("fixed", _("Fixed hours carry me.")),
        ("desk", _("I have a computer and a quiet place at home.")),
        ("at_once", _("I want to hear at once how I do.")),
    ]


def ways() -> dict[Way, Fit]:
    """Return what each outcome of the weighing means."""
    return {
        "online": Fit(
            _("Online fits you"), _("More of what you said speaks for a course online."), is_online=True
        ),
        "in_person": Fit(_("In person fits you"), _("More of what you said speaks for a classroom.")),
        "both": Fit(_("Both could fit"), _("Your answers are even. Many courses mix both: ask for one.")),
        "unsaid": Fit(_("Tick something first"), _("With no tick there is nothing to weigh.")),
    }
