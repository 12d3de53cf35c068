"""The front door: the short answer, the job itself, first steps, who is who, questions and search."""

from typing import Any

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse

from daysheet.academy import public
from daysheet.academy.facts.entries import duties, entries
from daysheet.academy.facts.registry import fact
from daysheet.academy.home import queries, words
from daysheet.academy.home.rules import match
from daysheet.ui.screens import Request, screen


@screen(public=True)
@public.kept
def home(request: Request) -> HttpResponse:
    """Show the short answer and the ways on."""
    context = {
        "short": words.short_answer(),
        "ways": _open(words.ways_on()),
        "asked_often": words.asked_often(),
    }
    return public.page(request, "academy/home.html", context)


@screen(public=True)
@public.kept
def job(request: Request) -> HttpResponse:
    """Show the duties, each with the screen where it is done, the settings, and what O*NET says of the work."""
    context: dict[str, Any] = {
        "parts": words.parts_of_the_office(duties(), entries("group")),
        "settings": entries("setting"),
        "titles": entries("title"),
        "pros": entries("pro"),
        "cons": entries("con"),
        "tasks": queries.tasks(),
        "tools": queries.tools(),
        "neighbours": queries.neighbours(),
    }
    return public.page(request, "academy/job.html", context)


@screen(public=True)
@public.kept
def jobs(request: Request) -> HttpResponse:
    """Show every job title, employer and side path with the work it counts as and its middle pay."""
    pay = queries.medians()
    context = {
        "titles": [(one, pay.get(words.counts_as(one.line))) for one in entries("job")],
        "special": [(one, pay.get(words.counts_as(one.line))) for one in entries("specialization")],
        "sides": [(one, pay.get(words.counts_as(one.line))) for one in entries("side_path")],
        "employers": entries("employer"),
        "offices": entries("office"),
    }
    return public.page(request, "academy/jobs.html", context)


@screen(public=True)
@public.kept
def start(request: Request) -> HttpResponse:
    """Show the first steps, each with the page where it is done."""
    steps = [(one, _address(words.first_step(one.line))) for one in entries("start")]
    return public.page(request, "academy/start.html", {"steps": steps})


@screen(public=True)
@public.kept
def who(request: Request) -> HttpResponse:
    """Show the organisations of the trade: what for, and where."""
    context = {"organisations": words.organisations(), "later": entries("later")}
    return public.page(request, "academy/who.html", context)


@screen(public=True)
@public.kept
def questions(request: Request) -> HttpResponse:
    """Show the twelve questions with answers from the registry."""
    rows = [
        (one, words.answer(one.line), [fact(key) for key in words.figures(one.line)])
        for one in entries("question")
    ]
    return public.page(request, "academy/questions.html", {"rows": rows, "best": queries.best_states()})


@screen(public=True)
def search(request: Request) -> HttpResponse:
    """Find pages, schools, places and certificates by a word."""
    asked = request.GET.get("q", "").strip()[:80]
    found = []
    if len(asked) >= 2:
        pages = [(page, address) for page in words.pages() if (address := _address(page.name))]
        found = match(asked, [(page.title, page.about, address) for page, address in pages])
    schools = queries.schools_named(asked) if len(asked) >= 3 else []
    states = queries.states_named(asked) if len(asked) >= 2 else []
    context = {
        "q": asked,
        "pages": found,
        "schools": schools,
        "states": states,
        "programs": _address("programs"),
    }
    return public.page(request, "academy/search.html", context)


def _open(ways: list[words.Page]) -> list[tuple[words.Page, str]]:
    return [(way, address) for way in ways if (address := _address(way.name))]


def _address(name: str) -> str:
    """Return where a page lies, or nothing while it is not built."""
    try:
        return reverse(f"academy:{name}")
    except NoReverseMatch:
        return ""
