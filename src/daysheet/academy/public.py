"""Public answers: pages and tables that anybody may keep, quote and link to. No cookie, no session, no script needed."""

import csv
import hashlib
import io
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import wraps
from threading import Lock
from typing import Any, Concatenate, ParamSpec, cast

import orjson
from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from daysheet.academy.facts.entries import told_on
from daysheet.academy.facts.registry import fact
from daysheet.academy.languages import place, told_in
from daysheet.kernel import clock
from daysheet.ui.screens import Request

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]
KEEP_SECONDS = 300
SHELF = 400
"""So many drawn pages are kept per process: 400 of at most 50 kB are 20 MB."""

_shelf: "OrderedDict[tuple[str, str, str], tuple[bytes, str, str]]" = OrderedDict()
_lock = Lock()
_edition: Callable[[], str] = lambda: ""  # noqa: E731 - replaced by the pack


def edition_comes_from(tell: Callable[[], str]) -> None:
    """Say who knows the edition of the figures: when it changes, every kept page is drawn anew."""
    global _edition  # noqa: PLW0603 - set once, at start
    _edition = tell


def now() -> datetime:
    """Return this instant (UTC): a public page stands at the edge, no office's clock tells it."""
    return clock.system_now()


def today() -> date:
    """Return the day in UTC, by which public pages count."""
    return now().date()


def kept(view: View[P]) -> View[P]:
    """Draw a page once per address, language, day and edition of the figures, and answer an unchanged one with 304."""

    @wraps(view)
    def answer(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = (request.build_absolute_uri(), get_language() or "", f"{_edition()} {today()}")
        with _lock:
            drawn = _shelf.get(key)
            if drawn:
                _shelf.move_to_end(key)
        if drawn is None or settings.DEBUG:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                return response
            tag = hashlib.sha256(response.content).hexdigest()[:20]
            drawn = (response.content, response.headers["Content-Type"], f'"{tag}"')
            with _lock:
                _shelf[key] = drawn
                while len(_shelf) > SHELF:
                    _shelf.popitem(last=False)
        body, kind, tag = drawn
        if request.headers.get("If-None-Match") == tag:
            return _public(HttpResponseNotModified(), tag)
        return _public(HttpResponse(body, content_type=kind), tag)

    return cast("View[P]", answer)


def of_edition(request: Request, draw: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer with what one edition of the figures says; drawn anew for each reader who does not know it yet."""
    tag = f'"{hashlib.sha256(f"{request.path} {_edition()}".encode()).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match") == tag:
        return _public(HttpResponseNotModified(), tag)
    return _public(draw(), tag)


def page(request: Request, template: str, context: Mapping[str, Any] | None = None) -> HttpResponse:
    """Return a public page, which knows its own lasting address (`canonical`)."""
    around = {
        "canonical": request.build_absolute_uri(request.path),
        "query_string": request.META.get("QUERY_STRING", ""),
        "fact_of": fact,
        "told_on": told_on,
        "place": place,
        "told_in": told_in,
        "picture": request.build_absolute_uri(reverse("academy:picture", args=[_page_of(request)])),
    }
    return render(request, template, {**around, **(context or {})})


def _page_of(request: Request) -> str:
    """Return the name of the page in any language: its picture is drawn under it."""
    match = request.resolver_match
    return ((match.url_name if match else "") or "home").removeprefix("es-")


def json_rows(name: str, rows: Iterable[Mapping[str, Any]], about: Mapping[str, Any]) -> HttpResponse:
    """Return a table as JSON: what it is (`about`: source, release, licence) and its rows."""
    body = orjson.dumps({"table": name, **about, "rows": [dict(row) for row in rows]})
    return HttpResponse(body, content_type="application/json")


def csv_rows(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """Return a table as CSV with a head row; a cell that a spreadsheet would run is kept as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[column]) for column in columns])
    return download(out.getvalue(), f"daysheet-{name}.csv", "text/csv; charset=utf-8")


def download(body: str | bytes, name: str, kind: str) -> HttpResponse:
    """Return a file that the browser keeps under this name."""
    response = HttpResponse(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + value
    return "" if value is None else value


def _public(response: HttpResponse, tag: str) -> HttpResponse:
    response.headers["Cache-Control"] = f"public, max-age={KEEP_SECONDS}"
    response.headers["ETag"] = tag
    return response
