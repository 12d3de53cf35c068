"""The front door notes when a request came that only looks, and the page behind it knows; one that acts is not noted."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from a2wsgi import WSGIMiddleware

from daysheet.kernel import together
from daysheet.site.asgi import FrontDoor
from daysheet.site.live import Hub
from daysheet.site.static import StaticFiles


def noted(method: str) -> float | None:
    """Return when a page that is asked in this way was asked, as it knows."""
    seen: list[float | None] = []

    def pages(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        seen.append(together._came.get())
        start("200 OK", [("content-length", "0")])
        return [b""]

    async def nothing_more() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def unheard(message: Any) -> None:
        pass

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": "/desk/list/", "query_string": b"", "root_path": "", "headers": [], "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
    }  # fmt: skip
    door = FrontDoor(WSGIMiddleware(pages, workers=1), StaticFiles([]), Hub(""), lambda _cookies: None)  # type: ignore[arg-type]
    before = together._came.get()
    asyncio.run(door(scope, nothing_more, unheard))
    assert together._came.get() == before
    return seen[0]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_look_is_noted(method: str) -> None:
    assert noted(method) is not None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "get", "UNHEARD"])
def test_an_act_is_not(method: str) -> None:
    assert noted(method) is None


def test_who_comes_on_a_connection_is_noted_as_itself_and_not_as_who_came_before() -> None:
    with together.coming():  # a server begins what comes next in the context of what it answered last
        before = together._came.get()
        assert noted("POST") is None
        assert noted("GET") not in (None, before)
