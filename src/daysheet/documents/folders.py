"""The folder of a scanner: what lies in it whole, its bytes, and its place afterwards. Never a link, never outside."""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from daysheet.documents.rules import LARGEST
from daysheet.kernel.ids import new_id

QUIET = 5
"""Seconds without a change before a file counts as whole."""
EMPTY_WAITS = 60
"""A scanner may make the name first and the bytes later."""
DONE, REFUSED = "done", "refused"
Marks = dict[str, list[int]]
"""Of each file that may still grow: size and last change, by its number on the disk (a name could tell a patient)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file as the last look saw it."""

    name: str
    key: str
    size: int
    changed: int


def fault_of(path: str) -> str:
    """Return why a folder cannot be a scanner's, as a sentence; or nothing."""
    if not path.startswith("/") or not path.isprintable() or len(path) > 300:
        return _("Write the whole path of the folder, such as /srv/scans/desk-1.")
    place, state = Path(path), Path(settings.STATE).resolve()
    if os.path.realpath(path) != os.path.normpath(path) or "//" in path or ".." in place.parts:
        return _("Name the folder itself: a link on the way to it is not followed.")
    if not place.is_dir():
        return _("There is no such folder on the office's own machine.")
    if place.is_relative_to(state) or state.is_relative_to(place):
        return _("Choose a folder of the scanner's own, not the one in which this program keeps its things.")
    if place.name in {DONE, REFUSED}:
        return _("Choose the folder into which the scanner writes, not the one of files that are done.")
    if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        return _("This program may not read and write in that folder.")
    for inner in (place / DONE, place / REFUSED):
        if inner.is_symlink() or (inner.exists() and not inner.is_dir()):
            return _("“done” and “refused” in that folder must be plain folders.")
    return ""


@contextmanager
def opened(path: str) -> Iterator[int]:
    """Hold the folder open, so that a name swapped meanwhile leads nowhere else. Raises OSError."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield folder
    finally:
        os.close(folder)


def sorted_out(folder: int, before: Mapping[str, list[int]], now: float) -> tuple[list[Found], Marks]:
    """Return the files that did not change since the look before, oldest first, and the marks of the others."""
    whole, growing = [], {}
    for name in os.listdir(folder):
        found = None if name.startswith(".") else _at(folder, name)
        if found is None:
            continue
        age = abs(now - found.changed / 1e9)
        same = before.get(found.key) == [found.size, found.changed]
        if same and age > (QUIET if found.size else EMPTY_WAITS):
            whole.append(found)
        else:
            growing[found.key] = [found.size, found.changed]
    return sorted(whole, key=lambda one: (one.changed, one.name)), growing


def bytes_of(folder: int, found: Found) -> bytes | None:
    """Return the bytes, none of a file that is too large, or None when it changed or is gone."""
    if found.size > LARGEST:
        return b""
    try:
        file = os.open(found.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    with os.fdopen(file, "rb") as held:
        if _seen(found.name, os.fstat(held.fileno())) != found:
            return None
        content = held.read(LARGEST + 1)
        unchanged = _seen(found.name, os.fstat(held.fileno())) == found
    return content if unchanged and len(content) == found.size else None


def put_away(folder: int, found: Found, into: str) -> None:
    """Move a file into `done` or `refused`, under a name that is free there. Raises OSError."""
    with suppress(FileExistsError):
        os.mkdir(into, 0o700, dir_fd=folder)
    there = os.open(into, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
    try:
        if _at(folder, found.name) != found:
            return
        name = found.name
        try:
            os.stat(name, dir_fd=there, follow_symlinks=False)
            name = f"{new_id().hex}{Path(name).suffix[:10]}"
        except FileNotFoundError:
            pass
        os.rename(found.name, name, src_dir_fd=folder, dst_dir_fd=there)
    finally:
        os.close(there)


def _at(folder: int, name: str) -> Found | None:
    try:
        return _seen(name, os.stat(name, dir_fd=folder, follow_symlinks=False))
    except OSError:
        return None


def _seen(name: str, told: os.stat_result) -> Found | None:
    if not stat.S_ISREG(told.st_mode):
        return None
    return Found(name, f"{told.st_dev}-{told.st_ino}", told.st_size, told.st_mtime_ns)
