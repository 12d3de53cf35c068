"""When something does not go: plain pages that read no table and say what to do next."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from daysheet.kernel.ids import new_id

log = logging.getLogger("daysheet.failures")


def failure(request: HttpRequest, status: int, sentence: str = "", *, reference: str = "") -> HttpResponse:
    """Return the page of a failure; the status decides its title and its next act."""
    title, said, next_act = _words(status)
    context = {
        "title": title,
        "sentence": sentence or said,
        "next_act": next_act,
        "status_code": status,
        "reference": reference,
    }
    return render(request, "ui/error.html", context, status=status)


def _words(status: int) -> tuple[str, str, str]:
    table = {
        400: (_("That could not be read"), _("The page sent something this office does not understand."), ""),
        403: (
            _("Your role does not open this"),
            _("Nothing was changed."),
            _("If you need it for your work, ask your manager."),
        ),
        404: (_("Not here"), _("There is no such page, or it is not part of your practice."), ""),
        409: (_("Nothing was saved"), "", _("Reload the page to see how things stand.")),
        503: (
            _("The office's database does not answer"),
            _("Nothing was saved."),
            _("Wait a few seconds and try again. What you typed is still in the page before this one."),
        ),
    }
    broken = (
        _("Something went wrong here"),
        _("Nothing was saved."),
        _("Try again. If it happens twice, tell your manager the reference below."),
    )
    return table.get(status, broken)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for a request that cannot be read."""
    return failure(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for a role that may not."""
    return failure(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for what is missing, or is another practice's: the two look the same."""
    return failure(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Return the page for a bug, or 503 where the database was away or its disk is full."""
    kind, error = sys.exc_info()[:2]
    if isinstance(error, OperationalError | InterfaceError):
        log.warning("database away: %s", kind.__name__ if kind else "")
        response = failure(request, 503)
        response["Retry-After"] = "5"
        return response
    reference = str(new_id())
    log.error("failure %s: %s", reference, kind.__name__ if kind else "")
    return failure(request, 500, reference=reference)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form whose own secret has passed."""
    return failure(
        request, 403, _("This page stood open too long, or cookies are switched off. Nothing was saved.")
    )
