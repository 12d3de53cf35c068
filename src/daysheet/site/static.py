"""Files of the browser, answered before Django: built bundles for ever, all others asked about again."""

import asyncio
import gzip
import hashlib
import mimetypes
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

HASHED = re.compile(r"[-.][0-9A-Za-z_]{8,}\.\w+$")  # app-3F2A9C1B.js: another content has another name
SQUEEZED = ("text/", "application/javascript", "application/json", "image/svg+xml", "application/manifest")
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Kept:
    """One file in memory, as read at one moment."""

    changed: int
    body: bytes
    squeezed: bytes | None
    etag: str
    kind: str


class StaticFiles:
    """The `static` folders of all rooms under one address; files are read once and kept."""

    def __init__(self, folders: Iterable[Path], prefix: str = "/static/") -> None:
        self.folders = [folder.resolve() for folder in folders if folder.is_dir()]
        self.prefix = prefix
        self._kept: dict[str, Kept] = {}

    async def __call__(self, scope: Message, send: Send) -> None:
        """Answer GET and HEAD of one file."""
        if scope["method"] not in ("GET", "HEAD"):
            await answer(send, 405, b"", [(b"allow", b"GET, HEAD")])
            return
        name = scope["path"].removeprefix(self.prefix)
        try:
            kept = await asyncio.to_thread(self.find, name)
        except (OSError, ValueError):  # a name that no file can have
            kept = None
        if kept is None:
            await answer(send, 404, b"There is no such file.", [])
            return
        asked = dict(scope["headers"])
        cache = FOREVER if HASHED.search(name) else "no-cache"
        headers = [(b"etag", kept.etag.encode()), (b"cache-control", cache.encode())]
        headers += [(b"vary", b"accept-encoding"), (b"x-content-type-options", b"nosniff")]
        if kept.etag.encode() in asked.get(b"if-none-match", b""):
            await answer(send, 304, b"", headers)
            return
        body = kept.body
        if kept.squeezed is not None and b"gzip" in asked.get(b"accept-encoding", b""):
            body = kept.squeezed
            headers.append((b"content-encoding", b"gzip"))
        headers += [(b"content-type", kept.kind.encode()), (b"content-length", str(len(body)).encode())]
        await answer(send, 200, b"" if scope["method"] == "HEAD" else body, headers)

    def find(self, name: str) -> Kept | None:
        """Return a file by its name under the prefix, read anew when it changed on disk."""
        for folder in self.folders:
            path = (folder / name).resolve()
            if not path.is_relative_to(folder) or not path.is_file():
                continue
            changed = path.stat().st_mtime_ns
            kept = self._kept.get(name)
            if kept is None or kept.changed != changed:
                kept = self._kept[name] = _read(path, changed)
            return kept
        return None


def _read(path: Path, changed: int) -> Kept:
    body = path.read_bytes()
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    squeezed = gzip.compress(body, 6, mtime=0) if kind.startswith(SQUEEZED) and len(body) > 500 else None
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return Kept(changed, body, squeezed, f'"{hashlib.sha256(body).hexdigest()[:20]}"', kind)


async def answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    """Send a whole answer."""
    if not any(name == b"content-type" for name, _ in headers) and body:
        headers = [*headers, (b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
