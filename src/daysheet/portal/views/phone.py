"""The own phone: a link and the birth date open the patient's own check-in."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from daysheet.kernel.errors import Refusal
from daysheet.portal import commands, queries, seat
from daysheet.portal.entering import count_miss, entering, guesses_too_often
from daysheet.portal.forms import BirthForm
from daysheet.portal.models import SelfCheckIn
from daysheet.portal.qr import kiosk_code
from daysheet.schedule.remote import is_remote
from daysheet.ui.answers import page
from daysheet.ui.screens import Request, screen

NOTHING = "portal/nothing.html"


@screen(public=True, methods=("GET", "HEAD", "POST"))
def come_in(request: Request, token: str) -> HttpResponse:
    """Ask for the birth date, and open the check-in; a link that opens nothing is always the same page."""
    if guesses_too_often(request):
        return page(request, NOTHING, status=429)
    with entering(token) as guest:
        row = queries.by_link(guest.link.pk) if guest and guest.link.purpose == "check_in" else None
        if guest is not None and row is not None and seat.KIOSK not in request.session:
            if not guest.link.is_live(guest.by.now):
                if row.state == SelfCheckIn.State.FINISHED and _sits_here(request, row):
                    return HttpResponseRedirect(reverse("portal:here-wait"), status=303)
                return page(request, NOTHING, status=404)
            language = request.POST.get("language") or request.GET.get("language") or row.patient.language
            with translation.override("es" if language == "es" else "en"):
                today = guest.by.now.astimezone(row.location.zone).date()
                form = BirthForm(request.POST or None, today=today)
                facts = {"form": form, "office": guest.practice.name, "missed": False, "token": token}
                is_from_afar = is_remote(queries.mode_of(row))
                facts |= {"code": "" if is_from_afar else kiosk_code(token, guest.practice)}
                if request.method != "POST":
                    return page(request, "portal/birth.html", facts)
                if not form.is_valid():
                    return page(request, "portal/birth.html", facts, status=422)
                try:
                    begun = commands.come_in_by_link(
                        guest.by, link_id=guest.link.pk, born_on=form.cleaned_data["born_on"]
                    )
                except Refusal as no:
                    return page(request, "portal/birth.html", facts | {"refusal": no.sentence}, status=409)
                if begun is None:
                    facts |= {"missed": True, "form": BirthForm(today=today)}
                    return page(request, "portal/birth.html", facts, status=422)
                request.session[seat.LANGUAGE] = "es" if language == "es" else "en"
                seat.sit_down(request, guest.practice.pk, begun.pk, link_id=guest.link.pk)
                return HttpResponseRedirect(reverse("portal:here"), status=303)
    if guest is None:
        count_miss(request)
    return page(request, NOTHING, status=404)


def _sits_here(request: Request, row: SelfCheckIn) -> bool:
    return bool((request.session.get(seat.SELF) or {}).get("row") == str(row.pk))
