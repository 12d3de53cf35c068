"""Forms of the book of time."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daysheet.coverage.cases import case_choices
from daysheet.coverage.granted import Granted
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.paper_form import paper_choices, said_of_paper
from daysheet.coverage.rules.answer import SERVICES
from daysheet.formats import x12
from daysheet.practice.models import Location
from daysheet.schedule import reasons
from daysheet.schedule.finder import Finder
from daysheet.schedule.models import AppointmentType, Mode, ProviderHours
from daysheet.schedule.rules import (
    LONGEST,
    SHORTEST,
    UnreadableTime,
    first_reading,
    instants,
    read_clock,
    read_spans,
    say_spans,
)
from daysheet.schedule.slots import moment_of
from daysheet.ui import forms as ui

PARTS = [
    ("any", _("Any time")),
    ("morning", _("Morning")),
    ("afternoon", _("Afternoon")),
    ("evening", _("Evening")),
]
WEEKDAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


class BookForm(ui.Form):
    """The time that is chosen, or another one in words; why; whether to confirm by e-mail."""

    slot = forms.CharField(label=_("Time"))
    day = ui.DayField(label=_("Day"), required=False)
    clock = forms.CharField(label=_("Time of day"), required=False, max_length=12)
    turn = forms.ChoiceField(
        label=_("When the hour comes twice"),
        required=False,
        choices=[("", _("It does not")), ("0", _("The first one")), ("1", _("The second one"))],
    )
    reason = forms.CharField(label=_("Reason in the patient's words"), required=False, max_length=300)
    limit_reason = forms.CharField(label=_("Why it is booked all the same"), required=False, max_length=200)
    overbook_reason = forms.CharField(
        label=_("Why it is booked over another visit"), required=False, max_length=200
    )
    block_reason = forms.CharField(label=_("Why it is booked into kept time"), required=False, max_length=200)
    hours_reason = forms.CharField(
        label=_("Why it is booked outside the hours"), required=False, max_length=200
    )
    confirm_by_email = forms.BooleanField(label=_("Confirm by e-mail"), required=False)
    case = forms.ChoiceField(label=_("Who pays"), required=False)
    paper = forms.ChoiceField(label=_("It counts under"), required=False)
    pays_self = forms.BooleanField(label=_("Pays self: the plan is not used for this visit"), required=False)
    because = forms.CharField(label=_("Why under none"), required=False, max_length=200)
    why_moved = forms.ChoiceField(label=_("Why it is moved"), required=False)

    def __init__(
        self,
        *args: Any,
        finder: Finder,
        today: date,
        cases: Sequence[InjuryCase] = (),
        papers: Sequence[Granted] = (),
        moves: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.finder = finder
        fields: dict[str, Any] = self.fields
        fields["day"].today = today
        fields["case"].choices = case_choices(cases)
        fields["paper"].choices = paper_choices(papers)
        offered = reasons.offered() if moves else ()
        self.reasons = {one.key: one for one in offered if not one.asks_words}
        fields["why_moved"].choices = [("", _("not said"))] + [
            (one.key, reasons.said(one)) for one in self.reasons.values()
        ]

    def clean(self) -> dict[str, Any]:
        """Add who, where and the moment to what was typed."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if "slot" not in typed or self.errors:
            return typed
        found = self._typed(typed) if typed["slot"] == "other" else self._chosen(typed["slot"])
        if typed.get("pays_self") and typed.get("case"):
            raise ValidationError({"pays_self": _("A case pays for it. Choose one of the two.")})
        return typed | found

    def act(self) -> dict[str, Any]:
        """Return what the command takes."""
        names = ("provider_id", "location_id", "starts_at", "reason", "confirm_by_email")
        reasons = ("limit_reason", "overbook_reason", "block_reason", "hours_reason")
        case = self.cleaned_data.get("case")
        kind, interpreter = self.finder.type, self.finder.wanted.get("interpreter")
        told = {name: self.cleaned_data[name] for name in (*names, *reasons)} | {
            "type_id": kind.id if kind else None,
            "also_needs": [interpreter] if interpreter else [],
        }
        paper = said_of_paper(self.cleaned_data["paper"], self.cleaned_data["because"])
        under = {"counts_under": paper} if paper["authorization_id"] or paper["none_of"] else {}
        if self.cleaned_data["pays_self"]:
            told["pays_self"] = True
        return told | under | ({"case_id": UUID(case)} if case else {})

    def moved(self) -> dict[str, Any]:
        """Return why a visit is moved, as the command takes it."""
        chosen = self.reasons.get(self.cleaned_data["why_moved"])
        return {"why": chosen.words, "kind_id": chosen.kind_id} if chosen else {}

    def _chosen(self, key: str) -> dict[str, Any]:
        try:
            provider, location, minute = key.split(".")
            return {
                "provider_id": UUID(provider),
                "location_id": UUID(location),
                "starts_at": moment_of(int(minute)),
            }
        except (ValueError, OverflowError, OSError) as no:
            raise ValidationError({"slot": _("Choose a time.")}) from no

    def _typed(self, typed: dict[str, Any]) -> dict[str, Any]:
        who, where = self.finder.wanted.get("who"), self.finder.wanted.get("where")
        if not who or not where:
            raise ValidationError(_("For a time of your own, choose who and where above first."))
        if not typed.get("day") or not typed.get("clock"):
            raise ValidationError({"clock": _("Write the day and the time of day.")})
        try:
            clock = read_clock(typed["clock"])
        except UnreadableTime as no:
            raise ValidationError({"clock": str(no)}) from no
        door = next(one for one in self.finder.locations if one.id == where)
        moments = instants(typed["day"], clock, door.zone)
        if not moments:
            raise ValidationError(
                {"clock": _("The clocks go forward then: that time does not exist on this day.")}
            )
        if len(moments) > 1 and not typed.get("turn"):
            raise ValidationError(
                {"turn": _("The clocks go back then: that time comes twice. Say which one.")}
            )
        return {
            "provider_id": who,
            "location_id": where,
            "starts_at": moments[int(typed.get("turn") or 0) % len(moments)],
        }


class CancelForm(ui.Form):
    """Why an appointment is cancelled."""

    reason = forms.ChoiceField(label=_("Reason"))
    words = forms.CharField(label=_("In words"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {one.key: one for one in reasons.offered()}
        fields: dict[str, Any] = self.fields
        fields["reason"].choices = [("", _("Choose a reason"))] + [
            (one.key, reasons.said(one)) for one in self.offered.values()
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for words where the reason alone says nothing."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = self.offered.get(typed.get("reason", ""))
        if chosen and chosen.asks_words and not typed.get("words", "").strip():
            raise ValidationError({"words": _("Write the reason in words.")})
        return typed

    @property
    def chosen(self) -> reasons.Reason:
        """Return the reason of the list."""
        return self.offered[self.cleaned_data["reason"]]

    def sentence(self) -> str:
        """Return the reason as it is kept."""
        words = self.cleaned_data["words"].strip()
        return words if self.chosen.asks_words else ". ".join(filter(None, [self.chosen.words, words]))


class TypeForm(ui.Form):
    """A kind of visit that the office books."""

    name = forms.CharField(label=_("Name"), max_length=80)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=SHORTEST, max_value=LONGEST)
    takes_copay = forms.BooleanField(label=_("A copay is due at the desk"), required=False, initial=True)
    copay_service = forms.ChoiceField(
        label=_("Copay as a plan names it"),
        required=False,
        choices=[(code, x12.label("service_type", code)) for code in SERVICES],
    )
    mode = forms.ChoiceField(label=_("Takes place"), required=False, choices=Mode.choices)
    seen = forms.ChoiceField(
        label=_("For"),
        required=False,
        choices=[
            ("", _("Everyone")),
            ("new", _("New patients, not seen here for three years")),
            ("established", _("Patients seen here in the last three years")),
        ],
    )

    def facts(self) -> dict[str, Any]:
        """Return the kind of visit as the command takes it."""
        typed = dict(self.cleaned_data)
        seen = typed.pop("seen")
        return typed | {
            "copay_service": typed["copay_service"] or SERVICES[0],
            "mode": typed["mode"] or Mode.IN_OFFICE.value,
            "for_new_patients": seen == "new",
            "for_established_patients": seen == "established",
        }

    @staticmethod
    def kept(kind: AppointmentType) -> dict[str, Any]:
        """Return a kind of visit as the form shows it."""
        seen = "new" if kind.for_new_patients else "established" if kind.for_established_patients else ""
        held = {
            name: getattr(kind, name) for name in ("name", "minutes", "takes_copay", "copay_service", "mode")
        }
        return held | {"seen": seen}


class HoursForm(ui.Form):
    """When a clinician sees patients: a line a weekday at each door; an empty line is a day without patients."""

    from_on = ui.DayField(label=_("From which day on (empty: at once)"), required=False)

    def __init__(
        self,
        *args: Any,
        doors: Sequence[Location],
        kept: Iterable[ProviderHours] = (),
        today: date,
        **kw: Any,
    ) -> None:
        self.lines = [(door, [f"at_{number}_{day}" for day in range(7)]) for number, door in enumerate(doors)]
        stands: dict[tuple[UUID, int], list[tuple[time, time]]] = {}
        for row in kept:
            stands.setdefault((row.location_id, row.weekday), []).append((row.begins, row.ends))
        super().__init__(*args, today=today, **kw)
        for door, names in self.lines:
            for day, name in enumerate(names):
                spans = stands.get((door.id, day), [])
                self.fields[name] = forms.CharField(
                    label=WEEKDAYS[day], required=False, max_length=120, initial=say_spans(spans)
                )

    def clean(self) -> dict[str, Any]:
        """Read each line as spans of a day."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        self.spans: list[tuple[UUID, int, time, time]] = []
        for door, names in self.lines:
            for day, name in enumerate(names):
                try:
                    read = read_spans(typed.get(name) or "")
                except UnreadableTime as no:
                    self.add_error(name, str(no))
                    continue
                self.spans += [(door.id, day, begins, ends) for begins, ends in read]
        return typed


class AbsenceForm(ui.Form):
    """A span in which a clinician takes no patients: whole days, or from and to a time."""

    from_day = ui.DayField(label=_("First day away"))
    from_clock = forms.CharField(label=_("From (empty: all day)"), required=False, max_length=12)
    to_day = ui.DayField(label=_("Last day away (empty: the same)"), required=False)
    to_clock = forms.CharField(label=_("Until (empty: all day)"), required=False, max_length=12)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=120)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def _clock(self, name: str) -> time | None:
        typed = self.cleaned_data.get(name)
        try:
            return read_clock(typed) if typed else None
        except UnreadableTime as no:
            raise ValidationError({name: str(no)}) from no

    def span(self) -> dict[str, Any]:
        """Return the absence as the command takes it."""
        typed = self.cleaned_data
        return {"starts_at": typed["starts_at"], "ends_at": typed["ends_at"], "reason": typed["reason"]}

    def clean(self) -> dict[str, Any]:
        """Add the two moments to what was typed."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return typed
        first = typed["from_day"]
        last = typed.get("to_day") or first
        until = self._clock("to_clock")
        typed["starts_at"] = first_reading(first, self._clock("from_clock") or time(0), self.zone)
        ends_on, ends = (last, until) if until else (last + timedelta(days=1), time(0))
        typed["ends_at"] = first_reading(ends_on, ends, self.zone)
        return typed
