"""The list of a clinician's visits away from the office on a day: ten rows typed, each judged, nothing lost."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.practice import queries as practice
from daysheet.practice.models import Location, Provider
from daysheet.ui.answers import done, page
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version
from daysheet.visits import commands, queries
from daysheet.visits import rounds as listing
from daysheet.visits.models import CarePlace, Visit
from daysheet.visits.round_forms import AT_HOME, ListForm, RoundRowForm
from daysheet.visits.views.found import visit_or_404

PAGE, PIECE = "visits/rounds.html", "visits/_rounds.html"


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def rounds(request: Request) -> HttpResponse:
    """Show the list of a clinician and a day, and enter what was typed: the good rows are kept, the others stay."""
    asked, whose, day = _asked(request)
    told: dict[str, Any] = {
        "asked": asked,
        "whose": whose,
        "day": day,
        "rows": [],
        "may_manage": request.actor.can(Can.MANAGE_OFFICE),
    }
    if whose is None or not asked.is_valid():
        return page(request, PAGE, told, status=422 if asked.errors else 200)
    places = list(queries.care_places())
    if request.method != "POST":
        return page(request, PAGE, told | _shown(request, whose, day, _fresh(request, whose, day, places)))
    rows = [_row(request, places, number) for number in range(listing.ROWS)]
    typed = [row for row in rows if not row.is_empty]
    kept, wrong = _enter(request, whose, day, typed)
    if not typed:
        told["refusal"] = _("Nothing was typed. Write a patient and a time in the first row.")
    elif not wrong:
        said = ngettext("%(n)s visit is on the list.", "%(n)s visits are on the list.", kept) % {"n": kept}
        return done(request, _address(whose, day), toast=said)
    else:
        told["refusal"] = _("%(kept)s kept, %(left)s to look at: nothing of these is lost.") % {
            "kept": kept,
            "left": len(wrong),
        }
    left = [*wrong, *(_blank(places, number) for number in range(len(wrong), listing.ROWS))]
    shown = told | _shown(request, whose, day, left)
    template = PIECE if is_htmx(request) else PAGE
    return page(request, template, shown, status=422)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def round_undo(request: Request, visit_id: UUID) -> HttpResponse:
    """Take a visit off the list that was entered wrongly."""
    visit = visit_or_404(visit_id)
    there = _address(visit.provider, visit.service_on)
    try:
        commands.undo_round_visit(request.actor, visit_id=visit_id, version=form_version(request) or 0)
    except Refusal as no:
        places = list(queries.care_places())
        blank = [_blank(places, number) for number in range(listing.ROWS)]
        told = {
            "asked": _list_form(None, visit.provider_id, visit.service_on, request),
            "whose": visit.provider,
        }
        shown = told | {"day": visit.service_on} | _shown(request, visit.provider, visit.service_on, blank)
        template = PIECE if is_htmx(request) else PAGE
        return page(request, template, shown | {"refusal": no.sentence}, status=409)
    return done(request, there, toast=_("It is off the list."))


def _enter(
    request: Request, whose: Provider, day: date, typed: Sequence[RoundRowForm]
) -> tuple[int, list[RoundRowForm]]:
    """Enter row by row, each in a transaction of its own; return how many were kept, and the rows that were not."""
    kept, wrong, clock = 0, [], None
    door = _door(request)
    for row in typed:
        is_sound = row.is_valid()
        clock = row.cleaned_data.get("at") or clock
        found = listing.meant(
            row.cleaned_data.get("who", ""), today=request.office.today, picked=row.picked()
        )
        row.offer(found.choices)
        if found.patient is None:
            if "who" not in row.errors:
                row.add_error("who", found.sentence)
        elif is_sound and clock is None:
            row.add_error("at", _("Write a time."))
        elif is_sound and clock and _keep(request, row, found.patient.pk, whose, door, day, clock):
            kept += 1
            continue
        wrong.append(row)
    return kept, wrong


def _keep(
    request: Request,
    row: RoundRowForm,
    patient_id: UUID,
    whose: Provider,
    door: Location | None,
    day: date,
    clock: time,
) -> bool:
    try:
        if door is None:
            raise Refusal(_("This office has no location yet. A manager adds it first."))
        commands.enter_round_visit(
            request.actor,
            patient_id=patient_id,
            provider_id=whose.pk,
            location_id=door.pk,
            **row.said(day=day, clock=clock, zone=door.zone),
        )
    except Refusal as no:
        for name, sentence in (no.fields or {"who": no.sentence}).items():
            row.add_error(name if name in row.fields else "who", sentence)
        return False
    return True


def _asked(request: Request) -> tuple[ListForm, Provider | None, date]:
    """Return whose list and of which day; at first the first clinician's of today."""
    people = list(practice.providers())
    data = request.GET if "provider" in request.GET else None
    first = people[0].pk if people else None
    asked = _list_form(data, first, request.office.today, request)
    if data is None:
        asked = _list_form(
            {"provider": str(first or ""), "day": request.office.today.isoformat()},
            first,
            request.office.today,
            request,
        )
    said = asked.cleaned_data if asked.is_valid() else {}
    whose = next((one for one in people if str(one.pk) == said.get("provider")), None)
    return asked, whose, said.get("day") or request.office.today


def _list_form(data: Any, provider_id: UUID | None, day: date, request: Request) -> ListForm:
    return ListForm(
        data,
        providers=practice.providers(),
        today=request.office.today,
        initial={"provider": str(provider_id or ""), "day": day},
    )


def _door(request: Request) -> Location | None:
    at = request.office.location_id
    return Location.objects.filter(pk=at).first() if at else practice.main_location()


def _row(request: Request, places: Sequence[CarePlace], number: int) -> RoundRowForm:
    return RoundRowForm(request.POST, places=places, prefix=f"r{number}", today=request.office.today)


def _blank(places: Sequence[CarePlace], number: int, **first: Any) -> RoundRowForm:
    return RoundRowForm(places=places, prefix=f"r{number}", initial=first)


def _fresh(request: Request, whose: Provider, day: date, places: Sequence[CarePlace]) -> list[RoundRowForm]:
    """Return empty rows, or on request those of the last list: the same patients and places, times to be typed."""
    like = listing.as_last_time(whose.pk, day) if request.GET.get("like") else []
    if like:
        seen = sorted({one.patient_id for one in like})
        record(request.actor, "visits.round.viewed", whose, patients=seen, day=like[0].service_on.isoformat())
    kept = {one.pk for one in places}
    first = [
        {
            "who": listing.typed_of(one.patient),
            "where": str(one.care_place_id) if one.care_place_id in kept else AT_HOME,
            "admitted_on": one.admitted_on,
        }
        for one in like
    ]
    return [
        _blank(places, number, **(first[number] if number < len(first) else {}))
        for number in range(listing.ROWS)
    ]


def _shown(request: Request, whose: Provider, day: date, rows: list[RoundRowForm]) -> dict[str, Any]:
    held: list[Visit] = listing.entered(whose.pk, day)
    seen = {one.patient_id for one in held} | {UUID(pk) for row in rows for pk, _words in row.choices}
    record(request.actor, "visits.round.viewed", whose, patients=sorted(seen), day=day.isoformat())
    door = _door(request)
    return {
        "rows": rows,
        "entered": [(one, listing.who_of(one.patient), listing.place_of(one)) for one in held],
        "zone": door.zone if door else request.office.zone,
        "here": _address(whose, day),
        "may_charge": request.actor.can(Can.ENTER_CHARGES),
        "may_manage": request.actor.can(Can.MANAGE_OFFICE),
    }


def _address(whose: Provider, day: date) -> str:
    asked = urlencode({"provider": str(whose.pk), "day": day.isoformat()})
    return f"{reverse('visits:rounds')}?{asked}"
