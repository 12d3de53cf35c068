"""Holidays, teams, languages: what the office keeps beside the clinicians' hours."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.practice import queries as practice
from daysheet.schedule import commands, patterns, ways_back
from daysheet.schedule.pattern_forms import FederalForm, HolidayForm, LanguagesForm, TeamForm, proposed
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

HOLIDAYS, TEAMS, TEAM = "schedule/holidays.html", "schedule/teams.html", "schedule/team.html"
POST = ("POST",)


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def holidays(request: Request) -> HttpResponse:
    """Show the days on which the office is closed, and close it on one of its own."""
    told = _holidays(request)
    if request.method != "POST":
        return page(request, HOLIDAYS, told)
    form = HolidayForm(request.POST, today=request.office.today)
    told |= {"form": form, "holiday_form": form}
    if not form.is_valid():
        return invalid(request, HOLIDAYS, "_holiday_form.html", form, context=told)
    try:
        kept = commands.keep_holidays(request.actor, days=form.days())
    except Refusal as no:
        return refused(request, HOLIDAYS, "_holiday_form.html", form, no, context=told)
    undo = ways_back.holidays_back(kept=[one.pk for one in kept])
    said = _("The office is closed on that day.")
    return done(request, reverse("schedule:holidays"), toast=said, undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def federal(request: Request) -> HttpResponse:
    """Close the office on the federal holidays that were ticked."""
    told = _holidays(request)
    form = FederalForm(request.POST, proposals=told["proposals"])
    told |= {"form": form, "federal_form": form}
    if not form.is_valid():
        return invalid(request, HOLIDAYS, "_federal_form.html", form, context=told)
    try:
        kept = commands.keep_holidays(request.actor, days=form.days())
    except Refusal as no:
        return refused(request, HOLIDAYS, "_federal_form.html", form, no, context=told)
    undo = ways_back.holidays_back(kept=[one.pk for one in kept])
    said = _("The office is closed on these days.")
    return done(request, reverse("schedule:holidays"), toast=said, undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def holidays_undo(request: Request) -> HttpResponse:
    """Take back what was done to holidays: those that were kept go, one that was removed stands again."""
    try:
        kept, was = ways_back.read_holidays(request.GET.get("was", ""))
        if was:
            commands.keep_holidays(request.actor, days=[was])
        else:
            commands.take_holidays_back(request.actor, holiday_ids=kept)
    except Refusal as no:
        told = _holidays(request)
        return refused(
            request, HOLIDAYS, "_holiday_form.html", told["holiday_form"], no, context=told | {"form": None}
        )
    return done(request, reverse("schedule:holidays"), toast=_("Taken back."))


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def holiday_remove(request: Request, holiday_id: UUID) -> HttpResponse:
    """Open the office on a holiday again."""
    try:
        was = commands.remove_holiday(request.actor, holiday_id=holiday_id)
    except Refusal as no:
        return refused(request, HOLIDAYS, "_holiday_form.html", None, no, context=_holidays(request))
    said = _("The office is open on that day.")
    return done(request, reverse("schedule:holidays"), toast=said, undo=ways_back.holidays_back(was=was))


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def teams(request: Request) -> HttpResponse:
    """Show the teams of clinicians, and name one."""
    told = {"teams": list(patterns.teams()), "team": None}
    people = list(practice.providers(day=request.office.today))
    if request.method != "POST":
        return page(request, TEAMS, told | {"form": TeamForm(people=people)})
    form = TeamForm(request.POST, people=people)
    if not form.is_valid():
        return invalid(request, TEAMS, "_team_form.html", form, context=told)
    try:
        made = commands.add_team(request.actor, **form.facts())
    except Refusal as no:
        return refused(request, TEAMS, "_team_form.html", form, no, context=told)
    undo = (reverse("schedule:team-remove", args=[made.pk]), _("Undo"))
    said = _("Times can be found for the team.")
    return done(request, reverse("schedule:teams"), toast=said, undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def team(request: Request, clinician_team_id: UUID) -> HttpResponse:
    """Show who is in a team, and say it anew."""
    row = patterns.team(clinician_team_id)
    if row is None:
        raise Http404
    people = list(practice.providers(day=request.office.today))
    if request.method != "POST":
        kept = {"name": row.name, "people": [str(one) for one in patterns.members(row.pk)]}
        return page(request, TEAM, {"team": row, "form": TeamForm(people=people, initial=kept)})
    form = TeamForm(request.POST, people=people)
    if not form.is_valid():
        return invalid(request, TEAM, "_team_form.html", form, context={"team": row})
    before = patterns.members(row.pk)
    try:
        new = commands.change_team(
            request.actor, team_id=row.pk, version=form_version(request), **form.facts()
        )
    except Refusal as no:
        return refused(request, TEAM, "_team_form.html", form, no, context={"team": row})
    undo = ways_back.team_back(row, before, version=new.version)
    return done(request, reverse("schedule:teams"), toast=_("The team is changed."), undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def team_undo(request: Request) -> HttpResponse:
    """Let a team that was removed or changed be as it was."""
    try:
        team_id, version, facts = ways_back.read_team(request.GET.get("was", ""))
        if team_id:
            commands.change_team(request.actor, team_id=team_id, version=version, **facts)
        else:
            commands.add_team(request.actor, **facts)
    except Refusal as no:
        told = {"teams": list(patterns.teams()), "team": None}
        form = TeamForm(people=practice.providers(day=request.office.today))
        return refused(request, TEAMS, "_team_form.html", form, no, context=told)
    return done(request, reverse("schedule:teams"), toast=_("Taken back."))


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def team_remove(request: Request, clinician_team_id: UUID) -> HttpResponse:
    """Forget a team."""
    was, people = patterns.team(clinician_team_id), patterns.members(clinician_team_id)
    try:
        commands.remove_team(request.actor, team_id=clinician_team_id)
    except Refusal as no:
        told = {"teams": list(patterns.teams()), "team": None}
        form = TeamForm(people=practice.providers(day=request.office.today))
        return refused(request, TEAMS, "_team_form.html", form, no, context=told)
    undo = ways_back.team_back(was, people) if was else None
    said = _("The team is gone; its clinicians stay.")
    return done(request, reverse("schedule:teams"), toast=said, undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def languages(request: Request, provider_id: UUID) -> HttpResponse:
    """Show in which languages a clinician sees patients, and say it anew."""
    who = practice.providers().filter(pk=provider_id).first()
    if who is None:
        raise Http404
    told = {"who": who}
    if request.method != "POST":
        form = LanguagesForm(initial={"languages": patterns.spoken_by(provider_id)})
        return page(request, "schedule/languages.html", told | {"form": form})
    form = LanguagesForm(request.POST)
    if not form.is_valid():
        return invalid(request, "schedule/languages.html", "_languages_form.html", form, context=told)
    try:
        commands.set_languages(
            request.actor, provider_id=provider_id, languages=form.cleaned_data["languages"]
        )
    except Refusal as no:
        return refused(request, "schedule/languages.html", "_languages_form.html", form, no, context=told)
    return done(request, reverse("schedule:hours", args=[provider_id]), toast=_("The languages are noted."))


def _holidays(request: Request) -> dict[str, Any]:
    today = request.office.today
    rows = patterns.holidays(today)
    proposals = proposed(today, {one.day for one in rows})
    ticked = [one.kept_on.isoformat() for one in proposals]
    return {
        "rows": rows,
        "proposals": proposals,
        "form": None,
        "holiday_form": HolidayForm(today=today),
        "federal_form": FederalForm(proposals=proposals, initial={"holidays": ticked}),
    }
