"""What is typed for time that is kept, and the blocks of a clinician as a table says them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daysheet.practice.models import Location
from daysheet.schedule.blocks import Block
from daysheet.schedule.commands.patterns import LONGEST_RELEASE, MOST_IN_A_SESSION, BlockFact
from daysheet.schedule.kept_words import say_release, say_share, say_turn, turn_choices
from daysheet.schedule.models import AppointmentType, ScheduleBlock
from daysheet.schedule.rules import UnreadableTime, read_spans, say_spans
from daysheet.schedule.wishes import WEEKDAYS
from daysheet.ui import forms as ui
from daysheet.ui.words import day as say_day


class BlockForm(ui.Form):
    """A part of the week that is kept: for which visits, when, how many, and when it is open to all."""

    name = forms.CharField(label=gettext_lazy("Kept for"), max_length=80)
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of visit"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: held for the same day, for nobody until it is released."),
    )
    where = forms.ChoiceField(label=gettext_lazy("Where"))
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    hours = forms.CharField(label=gettext_lazy("Between"), max_length=30)
    turn = forms.ChoiceField(label=gettext_lazy("Weeks"), required=False)
    from_on = ui.DayField(label=gettext_lazy("From which day on"), required=False)
    until_on = ui.DayField(label=gettext_lazy("Until (this day no more)"), required=False)
    release = forms.IntegerField(
        label=gettext_lazy("Open to all"), min_value=0, max_value=LONGEST_RELEASE, required=False
    )
    release_unit = forms.ChoiceField(
        label=gettext_lazy("Days or hours"), choices=ScheduleBlock.Unit.choices, required=False
    )
    most = forms.IntegerField(
        label=gettext_lazy("At most in one session"),
        min_value=0,
        max_value=MOST_IN_A_SESSION,
        required=False,
    )
    least = forms.IntegerField(
        label=gettext_lazy("Open to all once so many are booked"),
        min_value=0,
        max_value=MOST_IN_A_SESSION,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        types: Iterable[AppointmentType],
        doors: Sequence[Location],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, today=today, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["types"].choices = [(str(one.pk), one.name) for one in types]
        fields["where"].choices = [(str(one.pk), one.name) for one in doors]
        fields["turn"].choices = turn_choices(today)

    def clean(self) -> dict[str, Any]:
        """Read the hours as one span of a day."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if "hours" in typed:
            try:
                spans = read_spans(typed["hours"])
            except UnreadableTime as no:
                raise ValidationError({"hours": str(no)}) from no
            if len(spans) != 1:
                raise ValidationError(
                    {"hours": _("Write one span, such as 8-10. Add another block for more.")}
                )
            typed["span"] = spans[0]
        return typed

    @property
    def days(self) -> list[int]:
        """Return the weekdays that were chosen."""
        return [int(one) for one in self.cleaned_data["weekdays"]]

    def fact(self) -> BlockFact:
        """Return the block as the commands take it."""
        typed = self.cleaned_data
        return BlockFact(
            location_id=UUID(typed["where"]),
            name=typed["name"],
            type_ids=[UUID(one) for one in typed["types"]],
            begins=typed["span"][0],
            ends=typed["span"][1],
            from_on=typed["from_on"],
            until_on=typed["until_on"],
            turn=int(typed["turn"] or 0),
            release=typed["release"],
            release_unit=typed["release_unit"] or "days",
            least=typed["least"],
            most=typed["most"],
        )

    @staticmethod
    def kept(row: ScheduleBlock) -> dict[str, Any]:
        """Return a block as the form shows it."""
        same = ("name", "turn", "from_on", "until_on", "release", "release_unit", "most", "least")
        return {name: getattr(row, name) for name in same} | {
            "types": [str(one.type_id) for one in row.kinds.all()],
            "where": str(row.location_id),
            "weekdays": [str(row.weekday)],
            "hours": say_spans([(row.begins, row.ends)]),
        }


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A block as a table says it."""

    id: UUID
    name: str
    kinds: str
    when: str
    holds: str
    release: str
    share: str


def block_lines(rows: Iterable[Block], kinds: Iterable[AppointmentType], *, today: date) -> list[BlockLine]:
    """Return the blocks in words, by weekday."""
    names = {one.pk: one.name for one in kinds}
    told = []
    for row in sorted(rows, key=lambda one: (one.weekday, one.begins)):
        called = sorted(names[one] for one in row.type_ids if one in names)
        span = say_spans([(row.begins, row.ends)])
        told.append(
            BlockLine(
                row.id,
                row.name,
                ", ".join(called) or _("the same day"),
                f"{WEEKDAYS[row.weekday][1]} {span}",
                _holds(row, today),
                say_release(row),
                say_share(row),
            )
        )
    return told


def _holds(row: Block, today: date) -> str:
    said = [say_turn(row.turn, today)]
    if row.from_on:
        said.append(_("from %(day)s") % {"day": say_day(row.from_on)})
    if row.until_on:
        said.append(_("until %(day)s") % {"day": say_day(row.until_on)})
    return ", ".join(said)
