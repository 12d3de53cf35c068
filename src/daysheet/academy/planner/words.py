"""The planner's conditions in words a newcomer says."""

from collections.abc import Sequence

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
