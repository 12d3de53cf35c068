"""Forms of recalls: a visit that comes again, a due day, why it is stopped, what came of a call."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daysheet.patients.models import Patient
from daysheet.schedule.models import AppointmentType, Recall, RecallContact, RecallStep, RecallType
from daysheet.schedule.recalling import USUAL, Step
from daysheet.ui import forms as ui

STEPS = range(1, 6)
SIDES = [("before", _("days before")), ("after", _("days after"))]
BY_HAND = [one for one in RecallContact.Outcome.choices if one[0] != "sent"]


class RecallTypeForm(ui.Form):
    """A visit that comes again, for whom, and the ladder by which patients are asked to come."""

    name = forms.CharField(label=_("Name"), max_length=60)
    every_months = forms.IntegerField(label=_("Comes again after, in months"), min_value=1, max_value=120)
    visit_type = forms.ChoiceField(label=_("The visit that is booked"))
    after_types = forms.MultipleChoiceField(
        label=_("Counted from the last visit of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: the visit that is booked."),
    )
    youngest = forms.IntegerField(label=_("From the age of"), required=False, min_value=0, max_value=130)
    oldest = forms.IntegerField(label=_("To the age of"), required=False, min_value=0, max_value=130)
    for_sex = forms.ChoiceField(
        label=_("For"), required=False, choices=[("", _("Everyone")), *Patient.Sex.choices]
    )
    lapses_after_months = forms.IntegerField(
        label=_("To be won back after, in months past the due day"), min_value=1, max_value=120
    )
    most_contacts = forms.IntegerField(
        label=_("Contacts at most, then the patient is let be"), min_value=1, max_value=20
    )

    def __init__(self, *args: Any, types: Iterable[AppointmentType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        choices = [(str(one.id), one.name) for one in types]
        fields["visit_type"].choices = fields["after_types"].choices = choices
        for number in STEPS:
            fields[f"days_{number}"] = forms.IntegerField(
                label=_("Days"), required=False, min_value=0, max_value=365
            )
            fields[f"side_{number}"] = forms.ChoiceField(
                label=_("Before or after the due day"), required=False, choices=SIDES
            )
            fields[f"way_{number}"] = forms.ChoiceField(
                label=_("By"), required=False, choices=[("", _("no step")), *RecallStep.Way.choices]
            )

    @property
    def ladder(self) -> list[tuple[int, Any, Any, Any]]:
        """Return the boxes of each step."""
        return [(n, self[f"days_{n}"], self[f"side_{n}"], self[f"way_{n}"]) for n in STEPS]

    def clean(self) -> dict[str, Any]:
        """Ask for the days of each step that has a way."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for number in STEPS:
            days = f"days_{number}"
            if typed.get(f"way_{number}") and typed.get(days) is None and days not in self.errors:
                self.add_error(days, _("Write how many days."))
        return typed

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        said = self.cleaned_data
        same = (
            "name",
            "every_months",
            "youngest",
            "oldest",
            "for_sex",
            "lapses_after_months",
            "most_contacts",
        )
        steps = [
            Step(said[f"days_{n}"] * (-1 if said[f"side_{n}"] == "before" else 1), said[f"way_{n}"])
            for n in STEPS
            if said[f"way_{n}"]
        ]
        return {name: said[name] for name in same} | {
            "visit_type_id": UUID(said["visit_type"]),
            "after_types": [UUID(one) for one in said["after_types"]],
            "steps": steps,
        }


def first_type() -> dict[str, Any]:
    """Return what the form begins with: once a year, the usual ladder."""
    return {"every_months": 12, "lapses_after_months": 12, "most_contacts": 3} | _ladder(
        [Step(*one) for one in USUAL]
    )


def kept_type(kept: RecallType) -> dict[str, Any]:
    """Return a kept one as its form begins."""
    same = ("name", "every_months", "youngest", "oldest", "for_sex", "lapses_after_months", "most_contacts")
    steps = sorted(Step(one.days, one.way) for one in kept.steps.all())
    return {name: getattr(kept, name) for name in same} | {
        "visit_type": str(kept.visit_type_id),
        "after_types": [str(one) for one in kept.after_types],
        **_ladder(steps),
    }


def _ladder(steps: Iterable[Step]) -> dict[str, Any]:
    told: dict[str, Any] = {f"side_{n}": "after" for n in STEPS}
    for number, one in zip(STEPS, steps, strict=False):
        told[f"days_{number}"], told[f"way_{number}"] = abs(one.days), one.way
        told[f"side_{number}"] = "before" if one.days < 0 else "after"
    return told


class RecallDayForm(ui.Form):
    """The day on which a patient is due; empty goes back to the one that follows from the last visit."""

    due_on = ui.DayField(
        label=_("Due on"), required=False, help_text=_("Empty: as it follows from the last visit.")
    )
    reason = forms.CharField(label=_("Who says so, and why"), required=False, max_length=200)
    every_months = forms.IntegerField(
        label=_("Comes again for this patient after, in months"),
        required=False,
        min_value=1,
        max_value=120,
        help_text=_("Empty: as for all."),
    )


class NewRecallForm(RecallDayForm):
    """A recall for a patient who has none yet."""

    type = forms.ChoiceField(label=_("For"))
    due_on = ui.DayField(label=_("Due on"))
    field_order = ("type", "due_on", "reason", "every_months")

    def __init__(self, *args: Any, types: Iterable[RecallType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["type"]
        chosen.choices = [("", _("Choose one")), *((str(one.pk), one.name) for one in types)]


class StopForm(ui.Form):
    """Why a patient hears no more of it."""

    why = forms.ChoiceField(label=_("Why"), choices=[("", _("Choose a reason")), *Recall.Stopped.choices])
    until = ui.DayField(label=_("Until"), required=False, help_text=_("Empty: until somebody lets it go on."))
    words = forms.CharField(label=_("In words"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "stop_%s"} | kwargs)  # its neighbours have words too

    def clean(self) -> dict[str, Any]:
        """Ask for the day where the patient wants to be asked later."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("why") == Recall.Stopped.LATER and not typed.get("until") and "until" not in self.errors:
            raise ValidationError({"until": _("Write the day from which on the patient is asked again.")})
        return typed


class ContactForm(ui.Form):
    """What came of a call, or of another contact."""

    way = forms.ChoiceField(label=_("How"), choices=RecallStep.Way.choices)
    outcome = forms.ChoiceField(label=_("What came of it"), choices=BY_HAND)
    words = forms.CharField(label=_("In words"), required=False, max_length=200)


class SilenceForm(ui.Form):
    """What a patient said who asks for no contact."""

    reason = forms.CharField(label=_("What the patient said"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "silence_%s"} | kwargs)
