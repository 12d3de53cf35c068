"""The endings of a view: page, done, refused, invalid; a piece for htmx, whole for a plain form."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from daysheet.kernel.errors import Refusal
from daysheet.ui.htmx import hx_redirect, is_htmx

Context = Mapping[str, Any]
ROOT = re.compile(r"^(\s*<[a-zA-Z][\w-]*)")


@dataclass(frozen=True)
class Toast:
    """A sentence about what was just done, with the way back."""

    text: str
    undo_url: str = ""
    undo_label: str = ""
    way_url: str = ""
    way_label: str = ""
    """Where what it says is dealt with, when there is such a page."""


def page(
    request: HttpRequest, template: str, context: Context | None = None, *, status: int = 200
) -> HttpResponse:
    """Return a whole page, drawn now (while the practice is set)."""
    full = {"form": None, "refusal": None, **(context or {})}
    return _varied(render(request, template, full, status=status))


def done(
    request: HttpRequest,
    url: str,
    template: str | None = None,
    context: Context | None = None,
    *,
    toast: str = "",
    undo: tuple[str, str] | None = None,
    way: tuple[str, str] | None = None,
    also: Iterable[tuple[str, Context]] = (),
) -> HttpResponse:
    """Return the answer to a write that succeeded: the changed piece, or the way to its page."""
    said = Toast(toast, *(undo or ("", "")), *(way or ("", ""))) if toast else None
    if template is None or not is_htmx(request):
        if said:
            _remember(request, said)
        return _varied(hx_redirect(url) if is_htmx(request) else _see_other(url))
    pieces = [_piece(request, template, context or {})]
    pieces += [_out_of_band(_piece(request, name, more)) for name, more in also]
    if said:
        pieces.append(_piece(request, "ui/_toast.html", {"toast": said}))
    return _varied(HttpResponse("".join(pieces)))


def invalid(
    request: HttpRequest, page: str, piece: str, form: BaseForm | None, context: Context | None = None
) -> HttpResponse:
    """Return the form again with what is wrong in it; every typed value is still there."""
    return _again(request, page, piece, {**(context or {}), "form": form, "refusal": None}, status=422)


def refused(
    request: HttpRequest,
    page: str,
    piece: str,
    form: BaseForm | None,
    refusal: Refusal,
    context: Context | None = None,
) -> HttpResponse:
    """Return the form again with the sentence of the office; every typed value is still there."""
    for name, sentence in refusal.fields.items():
        if form is not None and name in form.fields:
            form.add_error(name, sentence)
    return _again(
        request, page, piece, {**(context or {}), "form": form, "refusal": refusal.sentence}, status=409
    )


def toasts(request: HttpRequest | None) -> list[Toast]:
    """Return what was done before this page was opened; saying it once is enough."""
    if request is None or not hasattr(request, "_messages"):
        return []
    return [
        _recall(str(message.message), message.extra_tags or "") for message in messages.get_messages(request)
    ]


def _again(request: HttpRequest, page: str, piece: str, context: Context, *, status: int) -> HttpResponse:
    template = page
    if is_htmx(request):
        template = piece if "/" in piece else f"{page.rpartition('/')[0]}/{piece}"
    return _varied(render(request, template, dict(context), status=status))


def _piece(request: HttpRequest, template: str, context: Context) -> str:
    return render_to_string(template, {"form": None, "refusal": None, **context}, request)


def _out_of_band(html: str) -> str:
    return ROOT.sub(r'\1 hx-swap-oob="true"', html, count=1)


def _see_other(url: str) -> HttpResponse:
    response = HttpResponse(status=303)
    response["Location"] = url
    return response


def _varied(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request"])
    return response


def _remember(request: HttpRequest, toast: Toast) -> None:
    ways = [toast.undo_url, toast.undo_label, toast.way_url, toast.way_label]
    tags = json.dumps(ways) if toast.undo_url or toast.way_url else ""
    messages.success(request, toast.text, extra_tags=tags, fail_silently=True)


def _recall(text: str, tags: str) -> Toast:
    if not tags.startswith("["):
        return Toast(text)
    return Toast(text, *json.loads(tags))
