"""What is typed for visits that are found together, and the ways that were found, in words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daysheet.patients.models import Patient
from daysheet.practice.models import Location, Provider
from daysheet.schedule.commands.together import MOST_TOGETHER, VisitFact
from daysheet.schedule.forms import PARTS
from daysheet.schedule.models import AppointmentType, ResourceKind
from daysheet.schedule.slots import moment_of
from daysheet.schedule.together import Choice, Wish
from daysheet.ui import forms as ui

MOST_CHAIN = 4
MOST_DAYS = 60
LONGEST_KEY = 600
REASONS = ("limit_reason", "hours_reason")
"""What is asked for when it stands against one of the visits."""


class TogetherForm(ui.Form):
    """Where, from when, and which of the ways that were found."""

    where = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    from_day = ui.DayField(label=gettext_lazy("From"))
    part = forms.ChoiceField(label=gettext_lazy("Part of day"), choices=PARTS, required=False)
    interpreter = forms.ChoiceField(label=gettext_lazy("Interpreter at each visit"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason in the patient's words"), required=False, max_length=300
    )
    limit_reason = forms.CharField(
        label=gettext_lazy("Why it is booked all the same"), required=False, max_length=200
    )
    hours_reason = forms.CharField(
        label=gettext_lazy("Why it is booked outside the hours"), required=False, max_length=200
    )
    choice = forms.CharField(required=False, max_length=LONGEST_KEY)

    def __init__(
        self,
        *args: Any,
        types: Sequence[AppointmentType],
        people: Sequence[Provider],
        doors: Sequence[Location],
        interpreters: Sequence[ResourceKind] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.interpreters = interpreters
        fields["interpreter"].choices = [("", _("None needed"))] + [
            (str(one.pk), one.name) for one in interpreters
        ]
        fields["where"].choices = [("", _("Any location"))] + [(str(one.pk), one.name) for one in doors]
        self.kinds = [(str(one.pk), f"{one.name}, {one.minutes} min") for one in types]
        self.people = [("", _("Anyone"))] + [(str(one.pk), str(one)) for one in people]

    def place(self) -> dict[str, Any]:
        """Return where and when is looked for."""
        typed = self.cleaned_data
        where = typed.get("where")
        return {
            "location_id": UUID(where) if where else None,
            "first": typed["from_day"],
            "part": typed.get("part") or "any",
        }

    @property
    def wanted_interpreter(self) -> UUID | None:
        """Return the kind of interpreter that is asked for."""
        chosen = self.cleaned_data.get("interpreter")
        return UUID(chosen) if chosen else None

    def said(self) -> dict[str, Any]:
        """Return what was said about the visits."""
        return {name: self.cleaned_data[name].strip() for name in ("reason", *REASONS)}


class ChainForm(TogetherForm):
    """Two to four visits of a patient, each some days after the one before."""

    pays_self = forms.BooleanField(
        label=gettext_lazy("Pays self: no plan is used for these visits"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = [
            tuple(f"{name}_{n}" for name in ("type", "who", "least", "most"))
            for n in range(1, MOST_CHAIN + 1)
        ]
        for n, (kind, who, least, most) in enumerate(self.rows, start=1):
            choices = self.kinds if n <= 2 else [("", _("None")), *self.kinds]
            self.fields[kind] = forms.ChoiceField(
                label=_("Visit %(n)d") % {"n": n}, choices=choices, required=n <= 2
            )
            self.fields[who] = forms.ChoiceField(label=_("Who"), choices=self.people, required=False)
            if n > 1:
                for name, label in (
                    (least, _("Days later, at least")),
                    (most, _("At most")),
                ):
                    self.fields[name] = forms.IntegerField(
                        label=label, min_value=0, max_value=MOST_DAYS, required=False
                    )

    def clean(self) -> dict[str, Any]:
        """Read the visits in their order."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        self.chosen: list[tuple[UUID, UUID | None, int, int]] = []
        for n, (kind, who, least, most) in enumerate(self.rows):
            if not typed.get(kind):
                continue
            low = (typed.get(least) or 0) if n else 0
            high = typed.get(most) if n else 0
            high = low + 14 if high is None else high
            if high < low:
                raise ValidationError({most: _("Write at least as many days as the least.")})
            whom = UUID(typed[who]) if typed.get(who) else None
            self.chosen.append((UUID(typed[kind]), whom, low, high))
        return typed

    def pays_self_for(self, patient_id: UUID) -> bool:
        """Return whether no plan is used for any of the visits."""
        return bool(self.cleaned_data["pays_self"])

    def wishes(self, patient: Patient, kinds: Mapping[UUID, Wish]) -> list[Wish]:
        """Return the visits that are to be found."""
        return [
            replace(
                kinds[kind].with_whom(whom),
                patient_id=patient.pk,
                least_days=low,
                most_days=high,
            )
            for kind, whom, low, high in self.chosen
        ]


class FamilyForm(TogetherForm):
    """Two to five patients on one day, back to back or side by side."""

    who = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    side_by_side = forms.BooleanField(
        label=gettext_lazy("Side by side, with two clinicians at the same time"), required=False
    )
    charts = forms.CharField(label=gettext_lazy("Others, by chart number"), required=False, max_length=60)
    pays_self = forms.MultipleChoiceField(
        label=gettext_lazy("Pays self: no plan is used for the visit of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, patient: Patient, household: Sequence[Patient], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["who"].choices = self.people
        self.patients = [patient, *household]
        fields["pays_self"].choices = [(str(one.pk), str(one)) for one in self.patients]
        self.unknown: list[int] = []
        """Chart numbers that nobody has."""
        self.lines = [(one, f"comes_{one.pk}", f"kind_{one.pk}") for one in self.patients]
        for n, (one, comes, kind) in enumerate(self.lines):
            self.fields[comes] = forms.BooleanField(label=str(one), required=False, initial=n == 0)
            self.fields[kind] = forms.ChoiceField(label=_("Type"), choices=self.kinds, required=False)

    @property
    def coming(self) -> list[Patient]:
        """Return who comes, in the order of the page."""
        return [one for one, comes, _kind in self.lines if self.cleaned_data.get(comes)]

    def ask_who_has_a_plan(self, names: Mapping[UUID, str], covered: Collection[UUID]) -> None:
        """Ask each of those who come, and whom a plan covers or was said of, whether it is used."""
        fields: dict[str, Any] = self.fields
        said = set(self.cleaned_data["pays_self"])
        fields["pays_self"].choices = [
            (str(pk), name) for pk, name in names.items() if pk in covered or str(pk) in said
        ]

    def pays_self_for(self, patient_id: UUID) -> bool:
        """Return whether this patient does not use a plan."""
        return str(patient_id) in self.cleaned_data["pays_self"]

    def clean(self) -> dict[str, Any]:
        """Ask for two to five, each with a kind of visit."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if self.unknown:
            said = _("No patient has this chart number: %(which)s.")
            self.add_error("charts", said % {"which": ", ".join(str(one) for one in self.unknown)})
        if self.errors:
            return typed
        if not 2 <= len(self.coming) <= MOST_TOGETHER:
            raise ValidationError(_("Choose two to %(n)d patients.") % {"n": MOST_TOGETHER})
        if typed["side_by_side"] and typed.get("who"):
            raise ValidationError({"who": _("Side by side takes two clinicians: choose anyone.")})
        for _one, comes, kind in self.lines:
            if typed.get(comes) and not typed.get(kind):
                self.add_error(kind, _("Choose a type."))
        return typed

    def wishes(self, kinds: Mapping[UUID, Wish]) -> list[Wish]:
        """Return the visits that are to be found."""
        typed = self.cleaned_data
        whom = UUID(typed["who"]) if typed.get("who") else None
        return [
            kinds[UUID(typed[kind])].with_whom(whom).whose(one.pk)
            for one, comes, kind in self.lines
            if typed.get(comes)
        ]

    def type_ids(self) -> set[UUID]:
        """Return which kinds of visit are asked for."""
        typed = self.cleaned_data
        return {UUID(typed[kind]) for _one, comes, kind in self.lines if typed.get(comes)}


def read_charts(text: str) -> list[int]:
    """Return the chart numbers that were typed; what is none is passed over."""
    words = text.replace(",", " ").split()
    return [int(one) for one in words if one.isascii() and one.isdecimal() and len(one) < 12][:MOST_TOGETHER]


@dataclass(frozen=True, slots=True)
class WayLine:
    """One visit of a way, in words."""

    local: datetime
    who: str
    where: str
    whose: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way to have the visits, as it is chosen."""

    key: str
    day: date
    lines: list[WayLine]
    why: str


def key_of(choice: Choice) -> str:
    """Return a way as one word, for a form."""
    return "_".join(f"{one.provider_id}.{one.location_id}.{one.begins}" for one in choice)


def read_key(key: str, wishes: Sequence[Wish]) -> list[VisitFact] | None:
    """Return the visits of a way that was chosen; nothing when it is none for these wishes."""
    words = key.split("_")
    if len(words) != len(wishes):
        return None
    found = []
    for word, wish in zip(words, wishes, strict=True):
        try:
            who, where, minute = word.split(".")
            at = moment_of(int(minute))
            found.append(
                VisitFact(wish.patient_id, UUID(who), UUID(where), wish.type_id, at, wish.also_needs)
            )
        except (ValueError, OverflowError, OSError):
            return None
    return found


def say_ways(
    choices: Sequence[Choice],
    wishes: Sequence[Wish],
    *,
    whose: Mapping[UUID, str],
    people: Sequence[Provider],
    doors: Sequence[Location],
    usual_id: UUID | None = None,
) -> list[Way]:
    """Return the ways in words, each with its reason."""
    names, places = {one.pk: str(one) for one in people}, {one.pk: one for one in doors}
    told = []
    for n, choice in enumerate(choices):
        lines = [
            WayLine(
                moment_of(pick.begins).astimezone(places[pick.location_id].zone),
                names.get(pick.provider_id, ""),
                places[pick.location_id].name if len(doors) > 1 else "",
                whose.get(wish.patient_id, "") or whose.get(wish.type_id, ""),
            )
            for pick, wish in zip(choice, wishes, strict=True)
        ]
        told.append(Way(key_of(choice), choice[0].day, lines, _why(n, choice, usual_id)))
    return told


def _why(number: int, choice: Choice, usual_id: UUID | None) -> str:
    said = [_("soonest")] if number == 0 else []
    clinicians = {one.provider_id for one in choice}
    if usual_id in clinicians:
        said.append(_("usual clinician"))
    if len(clinicians) == 1:
        said.append(_("the same clinician for all"))
    if choice[0].day == choice[-1].day:
        first, last = min(one.begins for one in choice), max(one.ends for one in choice)
        said.append(_("%(n)d minutes in all") % {"n": last - first})
    else:
        said.append(_("over %(n)d days") % {"n": (choice[-1].day - choice[0].day).days})
    return ", ".join(said)
