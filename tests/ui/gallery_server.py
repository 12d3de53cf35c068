"""A tiny server for pages that are drawn without an office: the gallery and the plain pages, with the real CSP."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.test import RequestFactory

from daysheet.site.middleware import CSP
from daysheet.ui import assets, gallery

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
ENTRIES = [
    ("work", "My work", "inbox", 12),
    ("board", "Day board", "board", None),
    ("schedule", "Schedule", "calendar", None),
    ("patients", "Patients", "users", None),
    ("phones", "Phones", "phone", 1),
    ("drawer", "Cash drawer", "cash", None),
    ("wait", "Wait list", "clock", None),
]


def furnished(path: str = "/ui/gallery/", *, is_training: bool = False, **screen: Any) -> HttpRequest:
    """Return a request as the site's door hands it on, with Rosa at the desk."""
    request: Any = RequestFactory().get(path)
    request.actor = SimpleNamespace(
        practice_id="018f0000-0000-7000-8000-000000000001",
        user_id="1",
        name="Rosa Marin",
        role="receptionist",
        now=gallery.NOW,
    )
    request.office = SimpleNamespace(
        practice_name="Northside Family Medicine",
        location_name="Main St",
        zone=ZoneInfo("America/New_York"),
        is_training=is_training,
        is_demo=True,
        clock_label="Mon Mar 09, 10:42",
    )
    nav = [
        SimpleNamespace(key=key, label=label, url=f"#{key}", icon=icon, count=count)
        for key, label, icon, count in ENTRIES
    ]
    ways = {
        "search_url": "/search/",
        "sign_out_url": "/sign-out/",
        "help_url": "/help/",
        "lock_url": "/lock/",
    }
    request.screen = SimpleNamespace(nav=nav, **ways, **screen)
    return request


@contextmanager
def serving(answer: Callable[[str, str, bytes], tuple[int, str, dict[str, str]]]) -> Iterator[str]:
    """Serve what `answer(method, path, body)` returns, and the built files; give the address."""

    class Desk(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path.startswith("/static/"):
                file = assets.STATIC / path.removeprefix("/static/")
                self._send(
                    200 if file.is_file() else 404,
                    file.read_bytes() if file.is_file() else b"",
                    TYPES.get(file.suffix, ""),
                )
            else:
                self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, body: bytes) -> None:
            status, html, headers = answer(self.command, self.path, body)
            kind = headers.pop("Content-Type", "text/html; charset=utf-8")
            self._send(status, html.encode(), kind, headers)

        def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
            with suppress(ConnectionError):  # the tab was closed meanwhile
                self._write(status, body, kind, headers)

        def _write(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None) -> None:
            self.send_response(status)
            named = {"Content-Type": kind, "Content-Security-Policy": CSP, "Content-Length": str(len(body))}
            for name, value in {**named, **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Elements(HTMLParser):
    """Every element of a page: its tag, its attributes, and the form it stands in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.forms: list[list[dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.found.append((tag, named))
        if tag == "form":
            self.forms.append([named])
        elif self.forms and tag == "input":
            self.forms[-1].append(named)

    def values(self, *names: str) -> list[str]:
        """Return all values of some attributes, in the order of the page."""
        return [value for _tag, attrs in self.found for name, value in attrs.items() if name in names]
