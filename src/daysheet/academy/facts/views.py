"""The screens that answer: says who, how do you know, and why does the guide say otherwise."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from daysheet.academy import public
from daysheet.academy.facts import entries, registry, words
from daysheet.academy.figures import pack
from daysheet.academy.figures.trade import HOURS_A_YEAR
from daysheet.ui.screens import Request, screen

FACT_COLUMNS = (
    "key", "about", "guide_value", "guide_lines", "official_value", "unit", "status", "source", "source_id",
    "release", "as_of", "licence", "formula", "count", "error",
)  # fmt: skip
SOURCE_COLUMNS = ("id", "file", "publisher", "release", "retrieved", "sha256", "licence", "trust")
DIFFERENCE_COLUMNS = ("number", "lines", "differs", "show", "shown", "facts")


@screen(public=True)
@public.kept
def differences(request: Request) -> HttpResponse:
    """Show each place where the guide contradicts itself or the figures, and what is shown instead."""
    return public.page(request, "academy/differences.html", {"differences": entries.differences()})


@screen(public=True)
@public.kept
def method(request: Request) -> HttpResponse:
    """Show how every figure is made."""
    return public.page(
        request,
        "academy/method.html",
        {"hours": HOURS_A_YEAR, "facts": registry.facts(), "statuses": _by_status()},
    )


@screen(public=True)
@public.kept
def sources(request: Request) -> HttpResponse:
    """Show every file that the figures come from."""
    built = pack.row("select value from meta where key = 'built_on'")
    return public.page(
        request,
        "academy/sources.html",
        {"sources": _sources(), "built": built["value"] if built else "", "tables": TABLES},
    )


@screen(public=True)
@public.kept
def guide(request: Request) -> HttpResponse:
    """Show what the guide holds, by topic: its numbers beside the official ones, or what it names in our words."""
    topics = words.topics()
    topic = request.GET.get("topic", "")
    if topic not in topics:
        topic = ""
    held = {
        "topics": topics,
        "topic": topic,
        "facts": _of_topic(topic) if topic else (),
        "duties": entries.duties(),
        "groups": _groups(),
    }
    return public.page(request, "academy/guide.html", held)


@screen(public=True)
@public.kept
def facts_json(_request: Request) -> HttpResponse:
    """Give every number of the guide beside the official one, as JSON."""
    return public.json_rows("facts", _fact_rows(), {"statuses": list(registry.STATUSES)})


@screen(public=True)
@public.kept
def facts_csv(_request: Request) -> HttpResponse:
    """Give every number of the guide beside the official one, as CSV."""
    return public.csv_rows("facts", FACT_COLUMNS, _fact_rows())


@screen(public=True)
@public.kept
def sources_json(_request: Request) -> HttpResponse:
    """Give the files behind the figures, as JSON."""
    return public.json_rows("sources", _sources(), {})


@screen(public=True)
@public.kept
def sources_csv(_request: Request) -> HttpResponse:
    """Give the files behind the figures, as CSV."""
    return public.csv_rows("sources", SOURCE_COLUMNS, _sources())


@screen(public=True)
@public.kept
def differences_json(_request: Request) -> HttpResponse:
    """Give the differences, as JSON."""
    return public.json_rows("differences", _difference_rows(), {})


@screen(public=True)
@public.kept
def differences_csv(_request: Request) -> HttpResponse:
    """Give the differences, as CSV."""
    return public.csv_rows("differences", DIFFERENCE_COLUMNS, _difference_rows())


TABLES = (
    "schools", "cips", "completions", "program_prices", "school_prices", "school_online", "program_online",
    "program_results", "areas", "industries", "occupations", "wages", "outlook", "outlook_reasons", "crosswalk",
    "parities", "tasks", "tools", "etpl",
)  # fmt: skip
"""The tables of the pack that anybody may take, each row with its source."""


@screen(public=True)
def table_json(request: Request, name: str) -> HttpResponse:
    """Give one table of the pack whole, as JSON."""
    return public.of_edition(request, lambda: public.json_rows(name, _table(name), {}))


@screen(public=True)
def table_csv(request: Request, name: str) -> HttpResponse:
    """Give one table of the pack whole, as CSV."""

    def answer() -> HttpResponse:
        rows = _table(name)
        return public.csv_rows(name, list(rows[0].keys()) if rows else ["source_id"], rows)

    return public.of_edition(request, answer)


def _table(name: str) -> list[Any]:
    if name not in TABLES:
        raise Http404(_("The pack has no table of this name. The sources page lists them."))
    return pack.rows(f"select * from {name}")  # noqa: S608 - one of our own names


def _by_status() -> dict[str, int]:
    """Return how many of the guide's numbers stand in each state."""
    held = [one.status for one in registry.facts()]
    return {status: held.count(status) for status in registry.STATUSES}


def _of_topic(topic: str) -> list[registry.Fact]:
    return list(registry.facts(topic + "."))


def _groups() -> dict[str, list[entries.Entry]]:
    """Return what the guide names, by group, in its own order."""
    held: dict[str, list[entries.Entry]] = {}
    for entry in entries.entries():
        held.setdefault(entry.group, []).append(entry)
    return held


def _sources() -> list[dict[str, Any]]:
    return [dict(row) for row in pack.rows("select * from sources order by publisher, file")]


def _fact_rows() -> list[Mapping[str, Any]]:
    return [
        {
            **{name: getattr(one, name) for name in FACT_COLUMNS if hasattr(one, name)},
            "about": one.label,
            "guide_value": str(one.guide_value),
            "guide_lines": one.lines,
            "official_value": None if one.official_value is None else str(one.official_value),
            "error": None if one.error is None else str(one.error),
        }
        for one in registry.facts()
    ]


def _difference_rows() -> list[Mapping[str, Any]]:
    return [
        {
            "number": one.number,
            "lines": one.lines,
            "differs": one.words,
            "show": one.show,
            "shown": one.shown,
            "facts": " ".join(one.keys),
        }
        for one in entries.differences()
    ]
