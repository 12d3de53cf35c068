"""What visits take, on screen: forms of resources, of a visit type's needs and of booking over, and their words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from daysheet.patients.forms import LANGUAGES
from daysheet.practice.models import ExamRoom, Location, Provider
from daysheet.schedule import giving, patterns, supply
from daysheet.schedule.models import HIGHEST_LANE, Appointment, AppointmentType, OverbookRule, ResourceKind
from daysheet.schedule.rules import LONGEST_BUFFER, UnreadableTime, read_spans, say_spans
from daysheet.schedule.slots import Demand
from daysheet.schedule.whynot import Lack
from daysheet.ui import forms as ui
from daysheet.ui.words import day as say_day


class ResourceForm(ui.Form):
    """One thing or person that can be promised to a visit."""

    sort = forms.ChoiceField(label=gettext_lazy("Sort"), choices=ResourceKind.Sort.choices)
    what = forms.CharField(label=gettext_lazy("What it is"), max_length=80)
    name = forms.CharField(label=gettext_lazy("Its own name"), required=False, max_length=80)
    location = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    room = forms.ChoiceField(label=gettext_lazy("Which exam room"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language interpreted"), required=False, choices=[("", "-"), *LANGUAGES]
    )

    def __init__(
        self, *args: Any, doors: Sequence[Location], rooms: Iterable[ExamRoom], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["location"].choices = [("", _("Every location"))] + [(str(one.id), one.name) for one in doors]
        fields["room"].choices = [("", _("None"))] + [
            (str(one.id), f"{one.location.name}: {one.name}") for one in rooms
        ]

    def facts(self) -> dict[str, Any]:
        """Return the resource as the command takes it."""
        typed = dict(self.cleaned_data)
        location, room = typed.pop("location"), typed.pop("room")
        return typed | {
            "location_id": UUID(location) if location else None,
            "room_id": UUID(room) if room else None,
        }


class TakesForm(ui.Form):
    """What a kind of visit takes beside its minutes, and for whom it is."""

    before_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes kept before"), min_value=0, max_value=LONGEST_BUFFER, required=False
    )
    after_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes kept after"), min_value=0, max_value=LONGEST_BUFFER, required=False
    )
    prep = forms.CharField(label=gettext_lazy("Tell the patient"), required=False, max_length=600)
    prep_es = forms.CharField(label=gettext_lazy("The same in Spanish"), required=False, max_length=600)
    youngest = forms.IntegerField(
        label=gettext_lazy("Youngest, in years"), min_value=0, max_value=130, required=False
    )
    oldest = forms.IntegerField(
        label=gettext_lazy("Oldest, in years"), min_value=0, max_value=130, required=False
    )
    for_sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        required=False,
        choices=[("", gettext_lazy("Any")), ("F", gettext_lazy("Female")), ("M", gettext_lazy("Male"))],
    )

    def __init__(self, *args: Any, kinds: Sequence[ResourceKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [(kind, f"need_{kind.id}") for kind in kinds]
        for kind, name in self.lines:
            self.fields[name] = forms.IntegerField(label=kind.name, min_value=0, max_value=9, required=False)

    def facts(self) -> dict[str, Any]:
        """Return what was typed as the command takes it."""
        typed = self.cleaned_data
        return {
            "before_minutes": typed["before_minutes"] or 0,
            "after_minutes": typed["after_minutes"] or 0,
            "prep": typed["prep"],
            "prep_es": typed["prep_es"],
            "youngest": typed["youngest"],
            "oldest": typed["oldest"],
            "for_sex": typed["for_sex"],
            "needs": {kind.id: typed[name] or 0 for kind, name in self.lines},
        }


class GivenForm(ui.Form):
    """Who gives a kind of visit; nobody ticked is everybody."""

    specialties = forms.MultipleChoiceField(
        label=gettext_lazy("All of a specialty"), widget=forms.CheckboxSelectMultiple, required=False
    )
    teams = forms.MultipleChoiceField(
        label=gettext_lazy("Teams"), widget=forms.CheckboxSelectMultiple, required=False
    )
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Clinicians"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, type_id: UUID, **kwargs: Any) -> None:
        kept = giving.named_of(type_id)
        super().__init__(*args, initial=kept, **kwargs)
        fields: dict[str, Any] = self.fields
        who = Provider.objects.filter(Q(left_on__isnull=True) | Q(pk__in=kept["people"]))
        fields["people"].choices = [
            (str(one.pk), str(one)) for one in who.order_by("rank", "family", "given")
        ]
        fields["teams"].choices = [(str(one.pk), one.name) for one in patterns.TEAMS()]
        fields["specialties"].choices = giving.specialties(kept["specialties"])

    def facts(self) -> dict[str, Any]:
        """Return who gives it as the command takes it."""
        typed = self.cleaned_data
        return {
            "provider_ids": [UUID(one) for one in typed["people"]],
            "team_ids": [UUID(one) for one in typed["teams"]],
            "taxonomies": typed["specialties"],
        }


class OverbookForm(ui.Form):
    """Where a clinician may be booked over, and how often."""

    type = forms.ChoiceField(label=gettext_lazy("Kind of visit"), required=False)
    weekday = forms.ChoiceField(label=gettext_lazy("Weekday"), required=False)
    hours = forms.CharField(label=gettext_lazy("Between"), max_length=30)
    highest_lane = forms.ChoiceField(label=gettext_lazy("Beside the ordinary visit"))

    def __init__(self, *args: Any, types: Iterable[AppointmentType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["type"].choices = [("", _("Any"))] + [(str(one.id), one.name) for one in types]
        fields["weekday"].choices = [("", _("Any day"))] + [(str(n), WEEKDAYS[n]) for n in range(7)]
        fields["highest_lane"].choices = [(str(n), say_lanes(n)) for n in (*range(1, HIGHEST_LANE + 1), 0)]

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
                    {"hours": _("Write one span, such as 8-12. Add another rule for more.")}
                )
            typed["span"] = spans[0]
        return typed

    def facts(self) -> dict[str, Any]:
        """Return the rule as the command takes it."""
        typed = self.cleaned_data
        return {
            "type_id": UUID(typed["type"]) if typed["type"] else None,
            "weekday": int(typed["weekday"]) if typed["weekday"] else None,
            "from_clock": typed["span"][0],
            "to_clock": typed["span"][1],
            "highest_lane": int(typed["highest_lane"]),
        }


def takes_told(type_id: UUID) -> dict[str, Any]:
    """Return what the page of a kind of visit shows: the kind, and the forms of what it takes and who gives it."""
    kind, kinds = AppointmentType.objects.get(id=type_id), supply.kinds()
    names = ("before_minutes", "after_minutes", "prep", "prep_es", "youngest", "oldest", "for_sex")
    kept: Mapping[str, Any] = {name: getattr(kind, name) for name in names}
    needs = {f"need_{one}": count for one, count in supply.needs_of(type_id).items()}
    return {
        "kind": kind,
        "takes_form": TakesForm(initial={**kept, **needs}, kinds=kinds),
        "given_form": GivenForm(type_id=type_id),
    }


def say_lanes(highest: int) -> str:
    """Return how many visits may stand beside the ordinary one."""
    if highest == 0:
        return _("none, whatever a wider rule says")
    return ngettext("%(n)d more", "%(n)d more", highest) % {"n": highest}


def say_rule(rule: OverbookRule) -> tuple[str, str, str, str]:
    """Return a rule for booking over in words: which visits, which days, which hours, how many."""
    return (
        rule.type.name if rule.type else _("any"),
        str(WEEKDAYS[rule.weekday]) if rule.weekday is not None else _("any day"),
        say_spans([(rule.from_clock, rule.to_clock)]),
        say_lanes(rule.highest_lane),
    )


def extras(found: Appointment) -> list[tuple[str, str]]:
    """Return what an appointment has beside its clinician and door: each with its label."""
    has = ", ".join(one.name for one in supply.promised(found.id))
    since, until = (
        (at - begins) for at, begins in zip(found.keeps, (found.starts_at, found.ends_at), strict=True)
    )
    kept = _("%(before)d minutes before, %(after)d after") % {
        "before": -since.total_seconds() // 60,
        "after": until.total_seconds() // 60,
    }
    return [
        (label, value)
        for label, value in (
            (_("Promised besides"), has),
            (_("Kept besides"), kept if since or until else ""),
            (_("Tell the patient"), found.type.prep),
            (_("Booked over because"), found.overbook_reason),
            (_("Booked all the same because"), found.limit_reason),
            (_("Booked into kept time because"), found.block_reason),
            (_("Booked outside the hours because"), found.hours_reason),
        )
        if value
    ]


def say_demand(demand: Demand) -> str:
    """Return in a line what a visit takes beside its minutes; nothing when it takes nothing."""
    parts = [pool.name if pool.count == 1 else f"{pool.count} {pool.name}" for pool in demand.pools]
    said = [_("Needs: %(what)s.") % {"what": ", ".join(parts)}] if parts else []
    if demand.before or demand.after:
        said.append(
            _("Kept besides: %(before)d minutes before, %(after)d after.")
            % {"before": demand.before, "after": demand.after}
        )
    return " ".join(said)


def say_lack(lack: Lack) -> str:
    """Return why no earlier time fits."""
    names = {"what": ", ".join(lack.names), "day": say_day(lack.until)}
    if not lack.is_there:
        return _("%(what)s: there is none, or not enough, at this location.") % names
    if lack.until is None:
        return _("%(what)s: none is free in all these days.") % names
    if len(lack.names) > 1:
        return _("%(what)s: not free together before %(day)s.") % names
    return _("%(what)s: none is free before %(day)s.") % names
