"""The search for a program: list, map, and the same as data."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from daysheet.academy import public
from daysheet.academy.facts.entries import entries
from daysheet.academy.programs import queries, words
from daysheet.academy.programs.forms import SearchForm
from daysheet.academy.programs.rules.atlas import draw
from daysheet.academy.programs.rules.search import A_PAGE, MOST_COMPARED, Asked, Found, Spot, widen
from daysheet.ui.screens import Request, screen

COLUMNS = (
    "unitid", "school", "city", "state", "zip", "lat", "lon", "miles", "kind_of_school",
    "price", "price_is_for", "price_year", "awards", "awards_year", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Search:
    """A search as typed, and what came of it."""

    form: SearchForm
    asked: Asked
    spots: list[Spot]
    found: list[Found]
    notices: list[str]


@screen(public=True)
@public.kept
def programs(request: Request) -> HttpResponse:
    """Show the schools near a place that train for the job."""
    search = _search(request)
    book = queries.book()
    pages = max(1, -(-len(search.found) // A_PAGE))
    number = min(search.form.cleaned_data.get("page") or 1, pages)
    first = (number - 1) * A_PAGE
    page = search.found[first : first + A_PAGE]
    lost = _unplaced(search)
    context: dict[str, Any] = {
        "form": search.form,
        "asked": search.asked,
        "said": search,
        "page": page,
        "first": first + 1,
        "number": number,
        "pages": pages,
        "years": book.years,
        "atlas": draw(search.found, first + 1, page, search.asked),
        "wider": [] if search.found or lost else widen(book.schools, search.asked, book.years),
        "is_lost": lost,
        "kinds": list(zip(words.kinds(), entries("suits"), strict=True)),
        "look_for": entries("look_for"),
        "ways": [*entries("online"), *entries("in_person")],
        "controls": words.controls(),
        "fields": words.fields(),
    }
    return public.page(request, "academy/programs_search.html", context)


@screen(public=True)
@public.kept
def school(request: Request, unitid: int) -> HttpResponse:
    """Show one school: its programs, its dated prices, and what to ask it."""
    known = queries.details([unitid])
    if not known:
        raise Http404(_("IPEDS knows no school of this number."))
    asked = set(request.GET.getlist("ask"))
    context = {
        "school": known[0],
        "years": queries.book().years,
        "fields": words.fields(),
        "awards": words.awards(),
        "controls": words.controls(),
        "listed": queries.on_state_lists(unitid),
        "points": [(key, told, key in asked) for key, told in words.to_ask()],
    }
    return public.page(request, "academy/programs_school.html", context)


@screen(public=True)
@public.kept
def compare(request: Request) -> HttpResponse:
    """Show up to four schools side by side."""
    said = list(dict.fromkeys(request.GET.getlist("s")))
    numbers = [int(one) for one in said if one.isascii() and one.isdigit() and len(one) <= 9]
    known = queries.details(numbers[: 2 * MOST_COMPARED])
    notices = []
    if len(known) > MOST_COMPARED:
        notices.append(_("Four schools fit side by side; these are the first four."))
    if len(numbers) < len(said) or len(known) < min(len(numbers), 2 * MOST_COMPARED):
        notices.append(_("A number among these belongs to no school; it was left out."))
    columns = [(one, _without(numbers, one.unitid)) for one in known[:MOST_COMPARED]]
    context = {
        "columns": columns,
        "notices": notices,
        "years": queries.book().years,
        "fields": words.fields(),
        "awards": words.awards(),
        "controls": words.controls(),
        "questions": words.to_ask(),
    }
    return public.page(request, "academy/programs_compare.html", context)


def _without(numbers: list[int], unitid: int) -> str:
    return urlencode([("s", number) for number in numbers if number != unitid])


@screen(public=True)
@public.kept
def as_json(request: Request) -> HttpResponse:
    """Return what was found as JSON."""
    return public.json_rows("programs", _rows(_search(request)), {"note": _honest()})


@screen(public=True)
@public.kept
def as_csv(request: Request) -> HttpResponse:
    """Return what was found as CSV."""
    return public.csv_rows("programs", COLUMNS, _rows(_search(request)))


def _search(request: Request) -> Search:
    form = SearchForm({name: request.GET.get(name) for name in SearchForm.base_fields if name in request.GET})
    form.is_valid()
    near = form.cleaned_data.get("near") or ""
    spots = queries.spots_called(near) if near else []
    spot = spots[0] if len(spots) == 1 or (spots and spots[0].point is None) else None
    asked = form.asked(spot)
    twice = sorted(name for name in form.fields if len(request.GET.getlist(name)) > 1)
    notices = (
        [_("This was said more than once, the last one counts: %s.") % ", ".join(twice)] if twice else []
    )
    search = Search(form, asked, spots, [], notices)
    return search if _unplaced(search) else Search(form, asked, spots, queries.found(asked), notices)


def _unplaced(search: Search) -> bool:
    """Return whether a place was named that is none, or several."""
    named = bool(search.form.cleaned_data.get("near")) or "near" in search.form.errors
    return named and search.asked.spot is None


def _rows(search: Search) -> Iterator[dict[str, Any]]:
    kinds, year = words.controls(), queries.book().years[-1]
    for one in search.found:
        school, price = one.school, one.price
        values = (
            school.unitid, school.name, school.city, school.state, school.zip, school.lat, school.lon,
            None if one.miles is None else round(one.miles, 1), kinds[school.control],
            price and price.amount, price and price.per, price and price.year, one.latest, year, "IPEDS",
        )  # fmt: skip
        yield dict(zip(COLUMNS, values, strict=True))


def _honest() -> str:
    return _("Awards are not offers, and none in a year does not mean closed. Prices say their year.")
