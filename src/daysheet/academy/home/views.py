"""The screens of the academy's front door."""

from django.http import HttpResponse

from daysheet.academy import public
from daysheet.ui.screens import Request, screen


@screen(public=True)
@public.kept
def home(request: Request) -> HttpResponse:
    """Show the short answer and the ways on."""
    return public.page(request, "academy/home.html")
