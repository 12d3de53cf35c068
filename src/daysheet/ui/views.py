"""The gallery: every component in every state, for eyes and for axe."""

from django.http import HttpResponse

from daysheet.kernel.access import Can
from daysheet.ui import gallery as invented
from daysheet.ui.answers import Toast, page
from daysheet.ui.screens import Request, screen


@screen(needs=Can.WORK)
def gallery(request: Request) -> HttpResponse:
    """Show every component with invented people."""
    shown = dict(invented.scenes(), toast=Toast("Maria Diaz checked in.", "#undo", "Undo"))
    return page(request, "ui/gallery.html", shown)
