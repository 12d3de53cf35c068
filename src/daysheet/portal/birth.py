"""The birth date that opens what a link leads to: asked kindly, taken, remembered at this browser for some minutes."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from daysheet.portal import home
from daysheet.portal.entering import Guest
from daysheet.portal.forms import BirthForm
from daysheet.ui.answers import page
from daysheet.ui.screens import Request


def ask_birth(
    request: Request,
    guest: Guest,
    template: str,
    frame: Mapping[str, Any],
    *,
    is_right: Callable[[date], bool],
) -> HttpResponse:
    """Show the question, and take its answer; a wrong date is told kindly, the right one leads to `frame["here"]`.

    `is_right` also counts: the third wrong date ends the link.
    """
    today = guest.by.now.astimezone(guest.practice.zone).date()
    is_answer = request.method == "POST" and "born_on_0" in request.POST
    form = BirthForm(request.POST if is_answer else None, today=today)
    facts = {**frame, "form": form, "missed": False}
    if not is_answer:
        return page(request, template, facts)
    if not form.is_valid():
        return page(request, template, facts, status=422)
    if not is_right(form.cleaned_data["born_on"]):
        return page(request, template, facts | {"missed": True, "form": BirthForm(today=today)}, status=422)
    home.know(request, guest.link.pk)
    return HttpResponseRedirect(str(frame["here"]), status=303)
