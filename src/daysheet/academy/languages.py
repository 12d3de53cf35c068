"""Pages in Spanish: the same view under an address of its own, so that a link keeps its language without a cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, override

from daysheet.ui.screens import Request

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponseBase]
SPANISH = ("path", "plan-open", "cost", "certificates")
"""The pages that are told in Spanish too; the address of each is named `es-` and its own name."""


def in_spanish(view: View[P]) -> View[P]:
    """Return the view as it answers a reader of Spanish."""

    @wraps(view)
    def told(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        with override("es"):
            return view(request, *args, **kwargs)

    return cast("View[P]", told)


def place(name: str) -> str:
    """Return where a page lies for this reader, in their language if it is told so; nothing if it is not built."""
    wanted = f"es-{name}" if is_spanish() and name in SPANISH else name
    try:
        return reverse(f"academy:{wanted}")
    except NoReverseMatch:
        return ""


def is_spanish() -> bool:
    """Return whether the reader reads Spanish."""
    return (get_language() or "").startswith("es")


def told_in(name: str) -> dict[str, str]:
    """Return the addresses of a page by language, or nothing where it is told in English only."""
    if name not in SPANISH:
        return {}
    return {"en": reverse(f"academy:{name}"), "es": reverse(f"academy:es-{name}")}
