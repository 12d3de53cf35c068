"""The planner's steps and conditions in words a newcomer says."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from daysheet.academy.planner.rules.entry import Needs


def condition(needs: Needs) -> str:
    """Return one condition as a newcomer would say it."""
    return {
        "high_school": _("a high school diploma or GED"),
        "program": _("a finished medical office course"),
        "office_years": _("one full year of medical office work"),
        "ehr_training": _("training on an electronic records system"),
        "ehr_years": _("experience with electronic records"),
        "program_hours": _("a course of at least {hours} clock hours"),
        "externship_hours": _("at least {hours} hours of externship"),
        "management_years": _("experience in managing an office"),
        "management_training": _("training in running a practice or in healthcare administration"),
        "him_degree": _("an associate degree of an accredited health information program"),
    }[needs.key].format(hours=needs.at_least)


def ways(missing: Sequence[Sequence[Needs]]) -> list[str]:
    """Return each way that would open the exam, as one line."""
    return [_(" and ").join(condition(needs) for needs in way) for way in missing]


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step as its page tells it: what it is, what helps, the next act, and where the guide has it."""

    title: str
    about: str
    points: tuple[str, ...]
    act: str
    goes_to: str
    lines: str


def steps() -> dict[str, StepWords]:
    """Return the five steps in a newcomer's words, by key."""
    return {**_before_work(), **_into_work()}


def _before_work() -> dict[str, StepWords]:
    return {
        "basics": StepWords(
            _("The basics"),
            _("You need a high school diploma or a GED. No degree, no earlier work in health care."),
            (
                _("Typing and computers, business or office classes, English and math all help."),
                _("It suits people who keep order, speak kindly, watch details and stay calm."),
            ),
            _("See what the day is like"),
            "academy:job",
            "86-99",
        ),
        "training": StepWords(
            _("Training"),
            _("Take a certificate course, an associate degree, or start at a desk and learn there."),
            (
                _("A course teaches medical words, records, billing, insurance, privacy and the software."),
                _(
                    "A degree takes longer and opens more doors later. "
                    "Learning on the job pays from day one, but moving up is slower."
                ),
                _("Ask each school whether it places you in an office to practice."),
            ),
            _("Find a program"),
            "academy:programs",
            "100-125",
        ),
    }


def _into_work() -> dict[str, StepWords]:
    return {
        "experience": StepWords(
            _("Experience"),
            _("Hours in a real office: an externship, a front-desk job, volunteer work, an internship."),
            (
                _("Write your hours down below. Some exams ask for them."),
                _("Keep the name of the person who can confirm them."),
            ),
            _("Log my hours"),
            "academy:path",
            "126-132",
        ),
        "certificate": StepWords(
            _("Certificate"),
            _(
                "No law asks for one, but many employers like to see it. Choose, sign up, study, pass, keep it fresh."
            ),
            (_("Check first whether you may sit the exam."),),
            _("May I sit it?"),
            "academy:certificate-check",
            "133-139",
        ),
        "job": StepWords(
            _("First job"),
            _(
                "Small practices, large groups, hospital clinics, specialists and urgent care all hire beginners."
            ),
            (_("Look for front desk, patient services, medical secretary and office assistant."),),
            _("See the job titles"),
            "academy:jobs",
            "140-152",
        ),
    }
