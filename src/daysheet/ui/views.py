"""The gallery: every component in every state, for eyes and for axe."""

from django.http import HttpResponse

from daysheet.kernel.access import Can
from daysheet.ui import gallery as invented
from daysheet.ui.answers import Toast, page
from daysheet.ui.days import UnreadableDay, read_day
from daysheet.ui.screens import Request, screen
from daysheet.ui.words import day


@screen(needs=Can.WORK)
def gallery(request: Request) -> HttpResponse:
    """Show every component with invented people."""
    shown = dict(invented.scenes(), toast=Toast("Maria Diaz checked in.", "#undo", "Undo"))
    return page(request, "ui/gallery.html", shown)


@screen(needs=Can.WORK)
def day_in_words(request: Request) -> HttpResponse:
    """Say which day is meant, seen from today at the location; nothing when it is no day."""
    try:
        meant = read_day(
            request.GET.get("q", "")[:40], today=request.office.today, back="back" in request.GET
        )
    except UnreadableDay:
        return HttpResponse("", content_type="text/plain; charset=utf-8")
    return HttpResponse(day(meant), content_type="text/plain; charset=utf-8")
