"""Files of the browser: built ones are kept for a year, others are asked about again, nothing else leaves."""

import asyncio
import gzip
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from daysheet.site.static import FOREVER, StaticFiles


def ask(
    files: StaticFiles, path: str, *, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    said: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    asked = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(files({"method": method, "path": path, "headers": asked}, send))
    told = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], told, said[1]["body"]


@pytest.fixture
def files(tmp_path: Path) -> StaticFiles:
    folder = tmp_path / "static"
    (folder / "dist").mkdir(parents=True)
    (folder / "dist" / "app.d47d2ebd46.js").write_text("let a = 1;" * 100)
    (folder / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.key").write_text("key")
    return StaticFiles([folder])


def test_a_built_file_is_kept_for_a_year_and_sent_small(files: StaticFiles) -> None:
    status, told, body = ask(files, "/static/dist/app.d47d2ebd46.js", accept_encoding="gzip, br")
    assert (status, told["cache-control"], told["content-encoding"]) == (200, FOREVER, "gzip")
    assert told["content-type"] == "text/javascript; charset=utf-8"
    assert gzip.decompress(body) == b"let a = 1;" * 100


def test_another_file_is_asked_about_again_and_not_sent_twice(files: StaticFiles) -> None:
    status, told, body = ask(files, "/static/favicon.svg")
    assert (status, told["cache-control"], body) == (200, "no-cache", b"<svg/>")
    assert ask(files, "/static/favicon.svg", if_none_match=told["etag"])[0] == 304
    (files.folders[0] / "favicon.svg").write_text("<svg>new</svg>")
    assert ask(files, "/static/favicon.svg", if_none_match=told["etag"])[2] == b"<svg>new</svg>"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret.key",
        "/static//etc/passwd",
        "/static/",
        "/static/no.js",
        "/static/a\0b",
        "/static/" + "a" * 5000,
    ],
)
def test_nothing_outside_the_folders_leaves(files: StaticFiles, path: str) -> None:
    assert ask(files, path)[0] == 404


def test_files_are_only_read(files: StaticFiles) -> None:
    assert ask(files, "/static/favicon.svg", method="POST")[0] == 405
    assert ask(files, "/static/favicon.svg", method="HEAD")[2] == b""
