"""Holding the time that stands chosen on an open page of booking or moving."""

import re
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.patients.models import Patient
from daysheet.schedule import commands
from daysheet.schedule.finder import Finder, finder
from daysheet.schedule.finder_forms import FinderForm
from daysheet.schedule.forms import BookForm
from daysheet.schedule.held import HOLDS_FOR, held_by_others, say_held, say_until, who_holds
from daysheet.schedule.models import HeldTime
from daysheet.ui.answers import page
from daysheet.ui.screens import Request, screen

KEY = re.compile(r"[0-9A-Za-z-]{1,40}")
NOTE = "schedule/_held.html"


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def hold(request: Request, patient_id: UUID) -> HttpResponse:
    """Hold the time that is chosen, or let go what the page held where none is or the page is left."""
    key = request.POST.get("page", "")
    key = key if KEY.fullmatch(key) else ""
    typed = _chosen(request, Patient.objects.get(pk=patient_id))
    facts: dict[str, Any] = {"until": "", "others": ""}
    try:
        if typed and key:
            facts = _words(request, commands.hold_time(request.actor, page=key, **typed))
        else:
            commands.let_time_go(request.actor, page=key)
    except Refusal:
        # A hold is advice: the page says nothing of it where there is none, and the booking itself will tell.
        return page(request, NOTE, facts)
    return page(request, NOTE, facts)


def _chosen(request: Request, patient: Patient) -> dict[str, Any] | None:
    """Return the time that stands chosen, as the command takes it."""
    if not request.POST.get("slot"):
        return None
    today = request.office.today
    found: Finder = finder(
        patient=patient,
        today=today,
        now=request.actor.now,
        zone=request.office.zone,
        location_id=request.office.location_id,
        moving=None,
    )
    asked = FinderForm(request.POST, finder=found, today=today)
    if asked.is_valid():
        found.wanted = asked.wanted()
    when = {name: request.POST.get(name, "") for name in ("slot", "day", "clock", "turn")}
    form = BookForm(when, finder=found, today=today)
    kind = found.type
    if kind is None or not form.is_valid():
        return None
    told = form.cleaned_data
    return {
        "provider_id": told["provider_id"],
        "starts_at": told["starts_at"],
        "minutes": kind.minutes,
    }


def _words(request: Request, held: HeldTime) -> dict[str, Any]:
    """Return until when the time is held, and who holds it too."""
    now, zone = request.actor.now, request.office.zone
    others = held_by_others(request.actor.user_id, since=held.starts_at, until=held.ends_at)
    other = who_holds(others, held.provider_id, held.starts_at, held.ends_at)
    return {
        "until": say_until(HOLDS_FOR, now, zone),
        "others": say_held(other, now, zone) if other else "",
    }
