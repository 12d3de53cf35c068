"""A plan as it was typed, read for a page: of the open academy, or of a person's account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from daysheet.academy.planner.forms.plan import HoursForm, StepForm
from daysheet.academy.planner.rules.plan import MOST_HOURS, STEPS, Step, totals, words_of_plan


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it was typed, and what it says."""

    forms: dict[str, StepForm]
    log: list[HoursForm]
    steps: list[Step]
    sums: dict[str, int]
    kept: dict[str, str]


def read_plan(said: Mapping[str, Any], *, today: date) -> Plan:
    """Return the plan that somebody typed; what does not fit stays in its form, with what would do."""
    kept = words_of_plan(said)
    typed = kept or None
    forms = {key: StepForm(typed, prefix=key, today=today) for key in STEPS}
    log = [HoursForm(typed, prefix=f"h{n}", today=today) for n in range(1, MOST_HOURS + 1)]
    steps = [_step(key, forms[key]) for key in STEPS]
    lines = [form.cleaned_data for form in log if form.is_valid()]
    sums = totals((line["kind"], line["hours"]) for line in lines if line["kind"] and line["hours"])
    return Plan(forms, log, steps, sums, kept)


def _step(key: str, form: StepForm) -> Step:
    said = form.cleaned_data if form.is_valid() else {}
    return Step(key, said.get("state") or "", said.get("by"))
