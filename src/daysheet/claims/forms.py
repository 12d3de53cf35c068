"""What a biller types at the claims' screens."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.charges.forms import PROSTHESES, MouthField, RevenueField
from daysheet.charges.rules import line_problem
from daysheet.charges.rules import mouth as mouths
from daysheet.charges.rules.facility import FacilityFacts, facts_problem
from daysheet.claims.models import Claim, ClaimLine
from daysheet.claims.rules import HAND_GROUPS, HandLine, LineChange
from daysheet.coverage.models import Payer
from daysheet.kernel.money import ZERO
from daysheet.ui import forms as ui

AGES = [("", _("any age")), ("30", _("over 30 days")), ("60", _("over 60 days")), ("90", _("over 90 days"))]


LINE_BOXES = ("code", "units", "modifiers", "pointers")
MOUTH_BOXES = ("mouth", "prosthesis", "prior")
REVENUE_BOX = ("revenue",)
FACILITY_BOXES = ("bill_type", "admission_type", "admission_source", "patient_status")


class ClaimFilter(ui.Form):
    """Which claims to show: of a payer, of an age."""

    payer = forms.ChoiceField(label=_("Payer"), required=False)
    age = forms.ChoiceField(label=_("Age"), required=False, choices=AGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        payers = Payer.objects.order_by("name").values_list("pk", "name")
        self.fields["payer"].choices = [("", _("all payers")), *[(str(pk), name) for pk, name in payers]]  # type: ignore[attr-defined]

    def payer_id(self) -> UUID | None:
        """Return the chosen payer."""
        chosen = self.cleaned_data.get("payer") if self.is_valid() else ""
        return UUID(chosen) if chosen else None

    def days(self) -> int | None:
        """Return the chosen age in days."""
        chosen = self.cleaned_data.get("age") if self.is_valid() else ""
        return int(chosen) if chosen else None


class CorrectForm(ui.Form):
    """What may be mended on the claim itself; the rest is mended where it stands."""

    place_of_service = forms.RegexField(
        r"^[0-9]{2}$",
        label=_("Place of service"),
        max_length=2,
        error_messages={"invalid": _("Two digits, as 11 for the office.")},
    )
    prior_authorization = forms.CharField(label=_("Authorization number"), required=False, max_length=50)
    referral = forms.CharField(label=_("Referral number"), required=False, max_length=50)
    because = forms.CharField(label=_("What was corrected"), required=False, max_length=200)
    bill_type = forms.CharField(
        label=_("Type of bill, two digits"),
        max_length=2,
        help_text=_("Such as 13 for a hospital's outpatients."),
    )
    admission_type = forms.CharField(
        label=_("How the patient came"), max_length=1, help_text=_("3 when it was planned.")
    )
    admission_source = forms.CharField(
        label=_("From where"), max_length=1, help_text=_("1 when not from another facility.")
    )
    patient_status = forms.CharField(
        label=_("How the patient left"), max_length=2, help_text=_("01 for home.")
    )

    def __init__(
        self,
        *args: Any,
        lines: Sequence[LineChange] = (),
        kind: str = Claim.Kind.PROFESSIONAL,
        today: date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, today=today, **kwargs)
        is_dental = kind == Claim.Kind.DENTAL
        self.is_facility = kind == Claim.Kind.INSTITUTIONAL
        self.lines, self.is_dental = lines, is_dental
        self.names = (*LINE_BOXES, *(MOUTH_BOXES if is_dental else REVENUE_BOX if self.is_facility else ()))
        self._of_a_facility()
        for one in lines:
            boxes: dict[str, forms.Field] = {
                "code": forms.CharField(label=_("Procedure"), max_length=5, initial=one.code),
                "units": forms.DecimalField(
                    label=_("Units"), max_digits=8, decimal_places=2, initial=f"{one.units.normalize():f}"
                ),
                "modifiers": forms.CharField(
                    label=_("Modifiers"), required=False, max_length=20, initial=" ".join(one.modifiers)
                ),
                "pointers": forms.CharField(
                    label=_("Diagnoses"),
                    max_length=12,
                    initial=" ".join(str(n) for n in one.pointers),
                    required=not is_dental,
                ),
            }
            if is_dental:
                boxes |= _mouth_boxes(one, today)
            if self.is_facility:
                boxes["revenue"] = RevenueField()
                boxes["revenue"].initial = one.revenue_code
            if (
                not self.is_bound or f"code_{one.line}" in self.data
            ):  # a form without the line leaves it alone
                self.fields |= {f"{name}_{one.line}": box for name, box in boxes.items()}

    def _of_a_facility(self) -> None:
        """Ask of a facility's claim its type of bill in place of the place of service, and of no other."""
        for name in ("place_of_service",) if self.is_facility else FACILITY_BOXES:
            del self.fields[name]

    def boxes(self) -> list[tuple[int, list[Any]]]:
        """Return each line that may be corrected with its boxes."""
        return [
            (one.line, [self[f"{name}_{one.line}"] for name in self.names])
            for one in self.lines
            if f"code_{one.line}" in self.fields
        ]

    def has_wrong_line(self) -> bool:
        """Return whether something is wrong in a line's boxes."""
        return any(box.errors for _line, boxes in self.boxes() for box in boxes)

    def clean(self) -> dict[str, Any]:
        """Look at each line as the slip does."""
        typed = super().clean() or self.cleaned_data
        for one in self._typed_lines():
            if wrong := line_problem(
                one.code, one.units, one.modifiers, one.pointers, is_dental=self.is_dental
            ):
                self.add_error(f"{wrong[0]}_{one.line}", wrong[1])
            has_prior_day = one.prior_placed_on is not None
            if self.is_dental and (
                told := mouths.prosthesis_problem(one.prosthesis, has_prior_day=has_prior_day)
            ):
                self.add_error(f"prosthesis_{one.line}", told)
        is_told = self.is_facility and all(name in typed for name in FACILITY_BOXES)
        if is_told and (fault := facts_problem(self._facility())):
            self.add_error(*fault)
        return typed

    def facts(self) -> dict[str, Any]:
        """Return what was typed, as the command takes it."""
        told = (
            name for name in CorrectForm.base_fields if name in self.fields and name not in FACILITY_BOXES
        )
        own = {name: self.cleaned_data[name] for name in told}
        facility = self._facility() if self.is_facility else None
        return {**own, "lines": self._typed_lines(), "facility": facility}

    def _facility(self) -> FacilityFacts:
        return FacilityFacts(**{name: self.cleaned_data[name].strip().upper() for name in FACILITY_BOXES})

    def _typed_lines(self) -> list[LineChange]:
        typed, found = self.cleaned_data, []
        for one in self.lines:
            if not all(f"{name}_{one.line}" in typed for name in self.names):
                continue
            code, units, marks, pointers = (typed[f"{name}_{one.line}"] for name in LINE_BOXES)
            numbers = pointers.replace(",", " ").split()
            if not all(number.isascii() and number.isdigit() for number in numbers):
                self.add_error(f"pointers_{one.line}", _("Write the numbers of the diagnoses, such as 1 2."))
                continue
            words = tuple(marks.replace(",", " ").split())
            change = replace(
                one,
                code=code,
                units=units,
                modifiers=words,
                pointers=tuple(int(number) for number in numbers),
                **self._in_mouth(one.line),
                **({"revenue_code": typed[f"revenue_{one.line}"]} if self.is_facility else {}),
            )
            found.append(change.as_kept())
        return found

    def _in_mouth(self, line: int) -> dict[str, Any]:
        if not self.is_dental:
            return {}
        place, prosthesis, prior = (self.cleaned_data[f"{name}_{line}"] for name in MOUTH_BOXES)
        return {"mouth": mouths.read_mouth(place), "prosthesis": prosthesis, "prior_placed_on": prior}


def _mouth_boxes(line: LineChange, today: date | None) -> dict[str, forms.Field]:
    """Return the boxes of a dentist's line, as on the slip."""
    place, prosthesis = MouthField(), forms.ChoiceField(label=_("Crown, bridge or denture"), required=False)
    place.initial, prosthesis.initial = mouths.typed(line.mouth), line.prosthesis
    prosthesis.choices = PROSTHESES
    prior = ui.DayField(
        label=_("Earlier one placed on"), required=False, back=True, today=today, initial=line.prior_placed_on
    )
    return {"mouth": place, "prosthesis": prosthesis, "prior": prior}


class SendForm(ui.Form):
    """How many claims the button said that it sends, and whether the second step was taken."""

    told = forms.IntegerField(min_value=0)
    is_sure = forms.BooleanField(required=False)


class ReasonForm(ui.Form):
    """A reason in a word or two."""

    reason = forms.CharField(label=_("Why"), max_length=200)


GROUP_WORDS = {
    "CO": _("Taken off by contract (CO)"),
    "OA": _("Other (OA)"),
    "PI": _("Taken off by the payer (PI)"),
    "PR": _("Patient's share (PR)"),
}
REASON_WORDS = {
    "CO": _("Reason of CO"),
    "OA": _("Reason of OA"),
    "PI": _("Reason of PI"),
    "PR": _("Reason of PR"),
}


class HandForm(ui.Form):
    """What is posted by hand: for each line what was paid, taken off, and left to the patient."""

    def __init__(self, *args: Any, lines: Sequence[ClaimLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for n, _line in enumerate(lines, 1):
            self.fields[f"paid_{n}"] = ui.MoneyField(label=_("The plan paid"), required=False)
            for group in HAND_GROUPS:
                self.fields[f"{group.lower()}_{n}"] = ui.MoneyField(label=GROUP_WORDS[group], required=False)
        for group in HAND_GROUPS:
            self.fields[f"reason_{group.lower()}"] = forms.CharField(
                label=REASON_WORDS[group], required=False, max_length=5
            )
        self.fields["reason"] = forms.CharField(label=_("Why these figures"), max_length=200)

    def boxes(self) -> list[tuple[ClaimLine, list[Any]]]:
        """Return each line with its boxes, as they stand on the page."""
        names = ("paid", *(group.lower() for group in HAND_GROUPS))
        return [(line, [self[f"{name}_{n}"] for name in names]) for n, line in enumerate(self.lines, 1)]

    def reason_boxes(self) -> list[Any]:
        """Return the boxes of the groups' reasons."""
        return [self[f"reason_{group.lower()}"] for group in HAND_GROUPS]

    def hand_lines(self) -> list[HandLine]:
        """Return what was typed, line by line."""
        typed = self.cleaned_data
        return [
            HandLine(
                line.control,
                line.charge.amount,
                typed[f"paid_{n}"] or ZERO,
                {group: typed[f"{group.lower()}_{n}"] or ZERO for group in HAND_GROUPS},
            )
            for n, line in enumerate(self.lines, 1)
        ]

    def reasons(self) -> dict[str, str]:
        """Return the reason that was typed for each group."""
        return {group: self.cleaned_data[f"reason_{group.lower()}"].strip() for group in HAND_GROUPS}


class MatchForm(ui.Form):
    """To which of our claims a remitted one belongs."""

    claim = forms.ChoiceField(label=_("Our claim"))
