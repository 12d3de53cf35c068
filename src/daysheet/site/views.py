"""The addresses that belong to no room: the front door, the library's old door to it, the health check."""

from urllib.parse import urlencode

from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from daysheet.kernel.access import Can
from daysheet.ui.screens import Request, screen

FIRST_PAGES = {
    "receptionist": "frontdesk:board",
    "clinician": "frontdesk:board",
    "insurance_clerk": "payer:desk",
    "insurance_manager": "payer:desk",
    "privacy_officer": "privacy:diary",
    "biller": "claims:claims",
}


@screen(needs=Can.WORK)
def door(request: Request) -> HttpResponse:
    """Send a signed-in person to the page their role begins the day with."""
    for name in (FIRST_PAGES.get(request.actor.role, ""), "tasks:my-work", "practice:profile"):
        try:
            return HttpResponseRedirect(reverse(name))
        except NoReverseMatch:
            continue
    return HttpResponse(status=204)


@screen(public=True, methods=("GET", "HEAD", "POST"))
def sign_in_elsewhere(request: Request) -> HttpResponse:
    """Send whoever stands before the library's own sign-in page to ours: there is one door."""
    wanted = request.GET.get("next", "")
    address = reverse("practice:sign-in")
    return HttpResponseRedirect(f"{address}?{urlencode({'next': wanted})}" if wanted else address)


@screen(public=True)
def health(_request: Request) -> HttpResponse:
    """Say whether the office can answer: 200 with the database, an error page without."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ok\n", content_type="text/plain")
