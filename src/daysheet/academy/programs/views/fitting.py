"""Online or in person: one's own days weighed."""

from django.http import HttpResponse

from daysheet.academy import public
from daysheet.academy.facts.entries import entries
from daysheet.academy.programs import words
from daysheet.academy.programs.rules.way import way
from daysheet.ui.screens import Request, screen


@screen(public=True)
@public.kept
def fitting(request: Request) -> HttpResponse:
    """Weigh what somebody ticks, and say which kind of course fits."""
    told = dict(words.statements())
    ticked = [key for key in told if key in request.GET.getlist("true")]
    answer = words.ways()[way(ticked)] if request.GET else None
    context = {
        "statements": list(told.items()),
        "ticked": ticked,
        "answer": answer,
        "reasons": [told[key] for key in ticked],
        "online": entries("online"),
        "in_person": entries("in_person"),
    }
    return public.page(request, "academy/programs_way.html", context)
