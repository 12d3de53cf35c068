"""A clinician's calendar feed: the page on which it is opened and closed, and the open door itself."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.tenancy import acting_in
from daysheet.practice.models import Provider
from daysheet.schedule import commands, feeds, queries
from daysheet.schedule.busy_times import busy
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen

PAGE = "schedule/feed.html"
AHEAD = timedelta(days=60)


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def setting(request: Request, provider_id: UUID) -> HttpResponse:
    """Show whether a clinician's busy times have an address; make one, which is shown in this answer and never again."""
    who = Provider.objects.get(pk=provider_id)
    told = {"provider": who, "feed": queries.feed(provider_id), "address": "", "zone": request.office.zone}
    if request.method != "POST":
        return page(request, PAGE, told)
    try:
        token = commands.open_feed(request.actor, provider_id=provider_id)
    except Refusal as no:
        return refused(request, PAGE, PAGE, None, no, told)
    address = request.build_absolute_uri(reverse("schedule:feed", args=[token]))
    return page(request, PAGE, told | {"feed": queries.feed(provider_id), "address": address})


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def close(request: Request, provider_id: UUID) -> HttpResponse:
    """Close the address of a clinician's busy times."""
    commands.close_feed(request.actor, provider_id=provider_id)
    toast = _("The address opens nothing any more.")
    return done(request, reverse("schedule:feed-setting", args=[provider_id]), toast=toast)


@screen(public=True)
def feed(request: Request, token: str) -> HttpResponse:
    """Hand out when a clinician is busy in the next 60 days, to whoever holds the address."""
    practice_id = feeds.practice_of(token)
    if practice_id is None:
        raise Http404
    with acting_in(practice_id), transaction.atomic():
        found = queries.feed_by(feeds.hash_of(token))
        if found is None:
            raise Http404
        now = found.practice.now()
        record(
            Actor.system(practice_id=practice_id, now=now, name="Calendar feed"), "schedule.feed.read", found
        )
        text = feeds.calendar(str(found.provider), busy(found.provider_id, now, now + AHEAD), now=now)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=900"
    return response
