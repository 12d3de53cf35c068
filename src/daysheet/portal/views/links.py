"""What a link opens: the visits of a day, with the answers."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.mailroom import commands as mailroom
from daysheet.portal import commands as portal
from daysheet.portal.entering import Guest, count_miss, entering, guesses_too_often
from daysheet.portal.qr import kiosk_code
from daysheet.portal.visits import visits_page
from daysheet.schedule import commands as schedule
from daysheet.schedule import reminders, requests
from daysheet.schedule.models import Reminder
from daysheet.schedule.remote import is_remote
from daysheet.ui.answers import page
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import once_key

NO_VISIT = UUID(int=0)
BESIDE = {"ask_visit": "portal:ask-visit", "check_in": "portal:phone", "slot_offer": "portal:offered"}
"""Where the page of a purpose is whose address in a message is the short one."""
SAYS_THAT_IT_IS_OVER = "slot_offer"
"""The purpose whose page tells, without a name, that its link is over."""
PAGE, NOTHING = "portal/visits.html", "portal/nothing.html"


@screen(public=True, methods=("GET", "HEAD", "POST"))
def answer(request: Request, token: str) -> HttpResponse:
    """Show what a link is about, and take the answer; a wrong, used or old link gets one and the same page."""
    if guesses_too_often(request):
        return page(request, NOTHING, status=429)
    with entering(token) as guest:
        if guest is not None and guest.link.purpose in BESIDE and _leads_on(guest):
            beside = reverse(BESIDE[guest.link.purpose], args=[token])
            return HttpResponseRedirect(beside, status=303)
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


def _leads_on(guest: Guest) -> bool:
    return guest.link.purpose == SAYS_THAT_IT_IS_OVER or guest.link.is_live(guest.by.now)


def _shown(request: Request, guest: Guest, found: Reminder) -> HttpResponse | None:
    """Return the page of a link that still opens."""
    if not guest.link.is_live(guest.by.now):
        return None
    facts = visits_page(found, guest.by.now)
    if facts.is_over:
        return None
    mailroom.open_link(guest.by, link_id=guest.link.pk)
    return page(request, PAGE, {"shown": facts, "done": False, "go_on": "", "ask": "", "code": ""})


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
            after=request.POST.get("after", ""),
        )
    except Refusal as no:
        if isinstance(no, schedule.AlreadyAnswered):
            return _same_again(request, guest, found, meant=(said, visit))
        again = _("This did not work. Call us, please.")
        return page(request, PAGE, _facts(found, guest, done=False) | {"refusal": again}, status=409)
    facts = _facts(found, guest, done=True) | {"ask": _ask(guest, found, said)}
    return page(request, PAGE, facts | _go_on(guest, found))


def _same_again(
    request: Request, guest: Guest, found: Reminder, *, meant: tuple[str, str]
) -> HttpResponse | None:
    """Return the page as it stands to who presses again what is answered already; nothing to another answer."""
    said, visit = meant
    lines = [one for one in visits_page(found, guest.by.now).lines if visit in ("", one.id)]
    if not lines or any(one.said != said for one in lines):
        return None
    return page(request, PAGE, _facts(found, guest, done=True))


def _go_on(guest: Guest, found: Reminder) -> dict[str, Any]:
    """Return where the one patient whose visits are confirmed checks in beforehand, with a kiosk's code; or nothing.

    What has gone on meanwhile offers nothing, and the answer that was just given is kept.
    """
    rows = list(reminders.visits_of(found.pk))
    coming = [one for one in rows if one.answer == "confirmed" and one.appointment.booking == "scheduled"]
    if len({one.patient_id for one in rows}) != 1 or not coming:
        return {}
    first = coming[0].appointment
    try:
        _row, token = portal.offer_link(guest.by, appointment_id=first.pk)
    except Refusal:
        return {}
    code = "" if is_remote(first.type.mode) else kiosk_code(token, guest.practice)
    return {"go_on": reverse("portal:phone", args=[token]), "code": code}


def _ask(guest: Guest, found: Reminder, said: str) -> str:
    """Return the address at which a patient who cannot come asks for another time, where the office lets patients ask."""
    people = {row.patient_id for row in reminders.visits_of(found.pk)}
    if said != "cannot_come" or len(people) != 1 or not requests.rules().exists():
        return ""
    try:
        _row, token = schedule.offer_asking(guest.by, patient_id=people.pop())
    except Refusal:
        return ""
    return reverse("portal:ask-visit", args=[token])


def _facts(found: Reminder, guest: Guest, *, done: bool) -> dict[str, Any]:
    return {"shown": visits_page(found, guest.by.now), "done": done, "go_on": "", "ask": "", "code": ""}
