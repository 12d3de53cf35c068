"""What a browser with htmx says and understands."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse


def is_htmx(request: HttpRequest) -> bool:
    """Return whether the page asks for a piece and not for a whole page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def hx_redirect(url: str) -> HttpResponse:
    """Return the answer that makes htmx open another page."""
    response = HttpResponse(status=200)
    response["HX-Redirect"] = url
    return response


def trigger(response: HttpResponse, event: str, **detail: Any) -> HttpResponse:
    """Return the answer with one more event for the page to hear."""
    known = json.loads(response["HX-Trigger"]) if "HX-Trigger" in response else {}
    known[event] = detail
    response["HX-Trigger"] = json.dumps(known)
    return response
