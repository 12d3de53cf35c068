"""The front door of a web process: files, live streams and health first, all else to Django's pages."""

import os
from pathlib import Path
from typing import Any

import django
from a2wsgi import WSGIMiddleware

from daysheet.kernel.clock import system_now
from daysheet.kernel.together import coming
from daysheet.site.live import Hub, MayListen, Receive, Streams, listening_dsn
from daysheet.site.static import Message, Send, StaticFiles, answer

THREADS = int(os.environ.get("DAYSHEET_THREADS", "2"))  # pages are work for the processor: two per process do
LOOKS = ("GET", "HEAD")
"""What only looks: it may be shown a reading that began after it came."""


class FrontDoor:
    """Where each request of a web process goes."""

    def __init__(self, pages: Any, static: StaticFiles, hub: Hub, may_listen: MayListen) -> None:
        self.pages = pages
        self.static = static
        self.hub = hub
        self.streams = Streams(hub, may_listen)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or the server's own start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["path"].startswith("/static/"):
            await self.static(scope, send)
        elif scope["path"] == "/sse/":
            await self.streams(scope, receive, send)
        elif scope["path"] == "/health/":
            well = self.hub.connected
            said = b"ok" if well else b"the database does not answer"
            await answer(send, 200 if well else 503, said, [(b"cache-control", b"no-store")])
        else:
            with coming(looks=scope["method"] in LOOKS, at=system_now()):
                await self.pages(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.hub.open()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self.hub.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def front_door() -> FrontDoor:
    """Return the door of this process, with Django set up behind it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daysheet.site.settings")
    django.setup()
    from django.apps import apps
    from django.core.wsgi import get_wsgi_application

    from daysheet.site.sessions import asked_between_requests

    folders = [Path(app.path) / "static" for app in apps.get_app_configs()]
    pages = WSGIMiddleware(get_wsgi_application(), workers=THREADS)  # type: ignore[arg-type]
    return FrontDoor(pages, StaticFiles(folders), Hub(listening_dsn()), asked_between_requests)
