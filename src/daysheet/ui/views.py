"""The gallery: every component in every state, for eyes and for axe."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daysheet.ui import gallery as invented
from daysheet.ui.answers import Toast, page


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component with invented people."""
    shown = dict(invented.scenes(), toast=Toast("Maria Diaz checked in.", "#undo", "Undo"))
    return page(request, "ui/gallery.html", shown)
