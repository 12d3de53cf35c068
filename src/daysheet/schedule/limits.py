"""For whom a kind of visit is: new or established patients, ages, a sex. A limit warns; a person may give a reason."""

from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

ESTABLISHED_FOR = timedelta(days=3 * 365 + 1)
"""Who was seen within three years is established."""


class Limits(NamedTuple):
    """For whom the office books a kind of visit."""

    for_new: bool = False
    for_established: bool = False
    youngest: int | None = None
    oldest: int | None = None
    sex: str = ""

    @property
    def asks_history(self) -> bool:
        """Return whether it must be known if the patient was seen before."""
        return self.for_new or self.for_established


def broken(limits: Limits, *, age: int, sex: str, was_seen: bool) -> list[str]:
    """Return, in sentences, what of the office's rule a patient of an age, a sex and a history does not meet."""
    found = []
    if limits.for_new and was_seen:
        found.append(_("This visit is for new patients; this one was seen here in the last three years."))
    if limits.for_established and not was_seen:
        found.append(
            _("This visit is for patients who were seen here in the last three years; this one was not.")
        )
    if limits.youngest is not None and age < limits.youngest:
        found.append(
            _("This visit is for patients from %(least)d years on; this one will be %(age)d.")
            % {"least": limits.youngest, "age": age}
        )
    if limits.oldest is not None and age > limits.oldest:
        found.append(
            _("This visit is for patients up to %(most)d years; this one will be %(age)d.")
            % {"most": limits.oldest, "age": age}
        )
    if limits.sex and sex != limits.sex:
        found.append(
            _("This visit is for female patients; the chart does not say so of this one.")
            if limits.sex == "F"
            else _("This visit is for male patients; the chart does not say so of this one.")
        )
    return found


def age_on(born_on: date, day: date) -> int:
    """Return how many years old somebody is on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
