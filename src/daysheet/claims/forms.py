"""What a biller types at the claims' screens."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.claims.models import ClaimLine
from daysheet.claims.rules import HAND_GROUPS, HandLine
from daysheet.coverage.models import Payer
from daysheet.kernel.money import ZERO
from daysheet.ui import forms as ui

AGES = [("", _("any age")), ("30", _("over 30 days")), ("60", _("over 60 days")), ("90", _("over 90 days"))]


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
