"""Setting the book up: kinds of visit, clinicians' weekly hours, absences."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.practice import queries as practice
from daysheet.practice.models import Provider
from daysheet.schedule import commands, kept, patterns, queries, supply, ways_back
from daysheet.schedule.block_forms import block_lines
from daysheet.schedule.forms import WEEKDAYS, HoursForm, TypeForm
from daysheet.schedule.kept_words import say_turn, turn_choices
from daysheet.schedule.models import Absence
from daysheet.schedule.pattern_forms import AwayForm, language_words
from daysheet.schedule.rules import say_week
from daysheet.schedule.taking import OverbookForm, say_rule, takes_told
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.words import day as say_day


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def types(request: Request) -> HttpResponse:
    """Show the kinds of visit, and add one."""
    told = {"types": list(queries.types()), "retired": list(queries.retired_types())}
    if request.method != "POST":
        return page(
            request,
            "schedule/types.html",
            told | {"form": TypeForm(), "next_step": practice.next_step()},
        )
    form = TypeForm(request.POST)
    if not form.is_valid():
        return invalid(request, "schedule/types.html", "_type_form.html", form, context=told)
    try:
        commands.add_appointment_type(request.actor, **form.facts())
    except Refusal as no:
        return refused(request, "schedule/types.html", "_type_form.html", form, no, context=told)
    return done(request, reverse("schedule:types"), toast=_("The visit type can be booked."))


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def type_change(request: Request, type_id: UUID) -> HttpResponse:
    """Show one kind of visit, and say anew what it is."""
    told = takes_told(type_id)
    if request.method != "POST":
        return page(
            request, "schedule/type.html", told | {"form": TypeForm(initial=TypeForm.kept(told["kind"]))}
        )
    form = TypeForm(request.POST)
    if not form.is_valid():
        return invalid(request, "schedule/type.html", "_type_form.html", form, context=told)
    try:
        commands.change_appointment_type(request.actor, type_id=type_id, **form.facts())
    except Refusal as no:
        return refused(request, "schedule/type.html", "_type_form.html", form, no, context=told)
    return done(request, reverse("schedule:types"), toast=_("The visit type is changed."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def type_retire(request: Request, type_id: UUID) -> HttpResponse:
    """Take a kind of visit off the list that is booked from."""
    commands.retire_appointment_type(request.actor, type_id=type_id)
    return done(request, reverse("schedule:types"), toast=_("It is booked no more; what is booked stays."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def type_restore(request: Request, type_id: UUID) -> HttpResponse:
    """Put a retired kind of visit back on the list."""
    commands.restore_appointment_type(request.actor, type_id=type_id)
    return done(request, reverse("schedule:types"), toast=_("The visit type can be booked again."))


@screen(needs=Can.MANAGE_OFFICE)
def clinicians(request: Request) -> HttpResponse:
    """Show the clinicians, each with the weekly hours and the next absence."""
    today = request.office.today
    rows = [
        {
            "who": one,
            "hours": _week_of(one.id, today),
            "away": queries.absences_of(one.id, request.actor.now).first(),
        }
        for one in practice.providers()
    ]
    told = {
        "rows": rows,
        "zone": request.office.zone,
        "next_step": practice.next_step(),
    }
    return page(request, "schedule/clinicians.html", told)


def _week_of(provider_id: UUID, today: date) -> list[str]:
    """Return the weekly hours of a clinician in lines."""
    rows = queries.hours_in_force(provider_id, today)
    where = {
        row.pk: f"{row.location.name} ({say_turn(row.turn, today)})" if row.turn else row.location.name
        for row in rows
    }
    return say_week(((row.weekday, row.begins, row.ends, where[row.pk]) for row in rows), WEEKDAYS)


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def hours(request: Request, provider_id: UUID) -> HttpResponse:
    """Show a clinician's week at each door, and set it anew."""
    told = _told(request, provider_id)
    if request.method != "POST":
        return page(request, "schedule/hours.html", told | {"next_step": practice.next_step()})
    form = HoursForm(request.POST, doors=told["doors"], today=request.office.today)
    told["hours_form"] = form
    if not form.is_valid():
        return invalid(request, "schedule/hours.html", "_hours_form.html", form, context=told)
    stood = queries.hours_kept(provider_id, told["turn"])
    try:
        made = commands.set_provider_hours(
            request.actor,
            provider_id=provider_id,
            hours=form.spans,
            from_on=form.cleaned_data["from_on"],
            turn=told["turn"],
        )
    except Refusal as no:
        return refused(request, "schedule/hours.html", "_hours_form.html", form, no, context=told)
    left = queries.hours_kept(provider_id, told["turn"])
    until = made[0].until_on if made else None
    said = _("The hours hold until %(day)s, when those begin that are set for later.") if until else ""
    return done(
        request,
        told["here"],
        toast=said % {"day": say_day(until)} if until else _("The hours hold."),
        undo=ways_back.hours_back(provider_id, told["turn"], stood, left),
    )


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def hours_undo(request: Request, provider_id: UUID) -> HttpResponse:
    """Let a clinician's hours be as they were before they were set."""
    told = _told(request, provider_id)
    try:
        was = ways_back.read_hours(provider_id, request.GET.get("was", ""))
        commands.put_hours_back(request.actor, provider_id=provider_id, **was)
    except Refusal as no:
        form = told["hours_form"]
        return refused(request, "schedule/hours.html", "_hours_form.html", form, no, context=told)
    return done(request, told["here"], toast=_("Taken back."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def absence_add(request: Request, provider_id: UUID) -> HttpResponse:
    """Note a span in which a clinician takes no patients."""
    told = _told(request, provider_id)
    form = AwayForm(request.POST, today=request.office.today, zone=_zone(request, told["who"]))
    told["absence_form"] = form
    if not form.is_valid():
        return invalid(request, "schedule/hours.html", "_absence_form.html", form, context=told)
    try:
        act = commands.put_on_call if form.is_on_call else commands.add_absence
        act(request.actor, provider_id=provider_id, **form.span())
    except Refusal as no:
        return refused(request, "schedule/hours.html", "_absence_form.html", form, no, context=told)
    return done(
        request,
        reverse("schedule:hours", args=[provider_id]),
        toast=_("Noted. Visits that are booked in that time stay until they are moved."),
    )


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def absence_remove(request: Request, absence_id: UUID) -> HttpResponse:
    """Take an absence off the book."""
    absence = Absence.objects.get(id=absence_id)
    commands.remove_absence(request.actor, absence_id=absence_id)
    back = (
        reverse("schedule:hours", args=[absence.provider_id])
        if absence.provider_id
        else reverse("schedule:clinicians")
    )
    return done(request, back, toast=_("The time is open again."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def overbook_add(request: Request, provider_id: UUID) -> HttpResponse:
    """Let a clinician be booked over within some hours."""
    told = _told(request, provider_id)
    form = OverbookForm(request.POST, types=queries.types())
    told["overbook_form"] = form
    if not form.is_valid():
        return invalid(request, "schedule/hours.html", "_overbook_form.html", form, context=told)
    try:
        commands.add_overbook_rule(request.actor, provider_id=provider_id, **form.facts())
    except Refusal as no:
        return refused(request, "schedule/hours.html", "_overbook_form.html", form, no, context=told)
    return done(request, reverse("schedule:hours", args=[provider_id]), toast=_("The rule holds."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def overbook_remove(request: Request, overbook_rule_id: UUID) -> HttpResponse:
    """Take a rule for booking over away."""
    whose = commands.remove_overbook_rule(request.actor, overbook_rule_id=overbook_rule_id)
    return done(
        request,
        reverse("schedule:hours", args=[whose]),
        toast=_("The rule is gone; what is booked over stays."),
    )


def _zone(request: Request, who: Provider) -> Any:
    """Return the time zone of a clinician's usual door."""
    return who.location.zone if who.location else request.office.zone


def _told(request: Request, provider_id: UUID) -> dict[str, Any]:
    who = Provider.objects.select_related("location").get(id=provider_id)
    today, doors = request.office.today, list(practice.locations())
    absences = list(queries.absences_of(provider_id, request.actor.now))
    rows = list(queries.hours_in_force(provider_id, today))
    asked = request.GET.get("weeks", "0")
    turn = int(asked) if asked in ("1", "2") else 0
    here = reverse("schedule:hours", args=[provider_id])
    return {
        "turn": turn,
        "here": f"{here}?weeks={turn}" if turn else here,
        "turns": [(int(one), words) for one, words in turn_choices(today)],
        "others": [(one, say_turn(one.turn, today)) for one in rows if one.turn != turn],
        "blocks": block_lines(kept.kept_time([provider_id]).blocks, queries.types(), today=today),
        "languages": list(language_words(patterns.spoken_by(provider_id)).values()),
        "who": who,
        "doors": doors,
        "zone": _zone(request, who),
        "weekdays": WEEKDAYS,
        "to_come": list(queries.hours_to_come(provider_id, today)),
        "absences": absences,
        "booked_away": patterns.booked_in(absences, provider_id),
        "hours_form": HoursForm(doors=doors, kept=[one for one in rows if one.turn == turn], today=today),
        "absence_form": AwayForm(today=today, zone=_zone(request, who)),
        "overbook_form": OverbookForm(types=queries.types()),
        "overbook_rules": [(one, *say_rule(one)) for one in supply.overbook_rules(provider_id)],
    }
