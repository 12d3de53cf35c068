"""What a link opens: the visits of a day, with the answers."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.mailroom import commands as mailroom
from daysheet.portal import commands as portal
from daysheet.portal.entering import Guest, count_miss, entering, guesses_too_often
from daysheet.portal.visits import visits_page
from daysheet.schedule import commands as schedule
from daysheet.schedule import reminders
from daysheet.schedule.models import Reminder
from daysheet.ui.answers import page
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import once_key

NO_VISIT = UUID(int=0)
PAGE, NOTHING = "portal/visits.html", "portal/nothing.html"


@screen(public=True, methods=("GET", "HEAD", "POST"))
def answer(request: Request, token: str) -> HttpResponse:
    """Show what a link is about, and take the answer; a wrong, used or old link gets one and the same page."""
    if guesses_too_often(request):
        return page(request, NOTHING, status=429)
    with entering(token) as guest:
        found = (
            reminders.reminder_by_link(guest.link.pk) if guest and guest.link.purpose == "visits" else None
        )
        if guest is not None and found is not None:
            with translation.override(found.language):
                shown = (
                    _answered(request, guest, found)
                    if request.method == "POST"
                    else _shown(request, guest, found)
                )
            if shown is not None:
                return shown
    if guest is None:  # one that was used is opened again by honest people: only a guess is counted
        count_miss(request)
    return page(request, NOTHING, status=404)


def _shown(request: Request, guest: Guest, found: Reminder) -> HttpResponse | None:
    """Return the page of a link that still opens."""
    if not guest.link.is_live(guest.by.now):
        return None
    facts = visits_page(found, guest.by.now)
    if not facts.open_lines:
        return None
    mailroom.open_link(guest.by, link_id=guest.link.pk)
    return page(request, PAGE, {"shown": facts, "done": False, "go_on": ""})


def _answered(request: Request, guest: Guest, found: Reminder) -> HttpResponse | None:
    """Take an answer, and show it; the same press again is shown the same."""
    press = once_key(request) or ""
    if not guest.link.is_live(guest.by.now):
        is_same = bool(press) and guest.link.used_by == press
        return page(request, PAGE, _facts(found, guest, done=True)) if is_same else None
    said = request.POST.get("answer", "")
    visit = request.POST.get("visit", "")
    try:
        schedule.answer_reminder(
            guest.by,
            reminder_id=found.pk,
            answer=said,
            visit_id=(read_id(visit) or NO_VISIT) if visit else None,
            press=press,
        )
    except Refusal as no:
        if isinstance(no, schedule.AlreadyAnswered):
            return None
        again = _("This did not work. Call us, please.")
        return page(request, PAGE, _facts(found, guest, done=False) | {"refusal": again}, status=409)
    facts = _facts(found, guest, done=True)
    return page(request, PAGE, facts | {"go_on": _go_on(guest, found)})


def _go_on(guest: Guest, found: Reminder) -> str:
    """Return the address at which the patient of the one visit that was confirmed does the check-in beforehand."""
    rows = list(reminders.visits_of(found.pk))
    if len(rows) != 1 or rows[0].answer != "confirmed":
        return ""
    _row, token = portal.offer_link(guest.by, appointment_id=rows[0].appointment_id)
    return reverse("portal:phone", args=[token])


def _facts(found: Reminder, guest: Guest, *, done: bool) -> dict[str, Any]:
    return {"shown": visits_page(found, guest.by.now), "done": done, "go_on": ""}
