"""Other X12 readers beside ours, on one file of a megabyte.

They come with the tests; a row says so where one is absent.
"""

import io
import logging
import tempfile
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from daysheet.site.bench import wire
from daysheet.site.bench.timing import Measured, Row, measure

Reader = Callable[[Path], object]


def _pyx12(path: Path) -> object:
    document, params = import_module("pyx12.x12n_document"), import_module("pyx12.params")
    return document.x12n_document(params.params(), str(path), io.StringIO(), None)


def _x12sdk(path: Path) -> object:
    with import_module("x12sdk.io").X12ModelReader(str(path)) as reader:
        return sum(1 for _ in reader.models())


def _oxedi(path: Path) -> object:
    return import_module("oxedi").parse(path.read_bytes())


PEERS: dict[str, tuple[str, str, Reader, Callable[[bytes], int]]] = {
    "x12-835-pyx12": ("835", "pyx12", _pyx12, wire.looked_through),
    "x12-837-pyx12": ("837", "pyx12", _pyx12, wire.looked_through),
    "x12-835-x12sdk": ("835", "x12sdk", _x12sdk, wire.read),
    "x12-837-x12sdk": ("837", "x12sdk", _x12sdk, wire.read),
    "x12-835-oxedi": ("835", "oxedi", _oxedi, wire.read),
}
"""Name of a row: the file, the peer, its work, and ours that does the same: a full check, or typed reading."""


def measured(names: list[str]) -> Iterator[Measured]:
    """Measure rows beside a peer, one after the other; in the column of the floor stands the peer."""
    files = {"835": wire.mixed("835"), "837": wire.mixed("837P")}
    for name in names:
        kind, peer, theirs, ours = PEERS[name]
        about = f"{kind}, a megabyte, beside {peer}"
        if find_spec(peer) is None:
            yield Measured(name, about, "MB/s", 0, 0, 0, 0, 0, 0, None, f"{peer} is not installed", None)
            continue
        with tempfile.TemporaryDirectory() as folder, _quiet():
            path = Path(folder) / "cut.x12"
            path.write_bytes(files[kind])
            yield measure(_row(name, about, files[kind], ours, theirs, path))


def _row(name: str, about: str, data: bytes, ours: Callable[[bytes], int], theirs: Reader, path: Path) -> Row:
    return Row(
        name,
        about,
        lambda _: ours(data),
        lambda _: theirs(path),
        rounds=2,
        warming=1,
        megabytes=len(data) / 1e6,
    )


class _quiet:  # noqa: N801  (stands where a function stands)
    """Peers write into the log and warn of their own old words; a table has no place for it."""

    def __enter__(self) -> None:
        logging.disable(logging.CRITICAL)
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *_: object) -> None:
        self._warnings.__exit__(None, None, None)
        logging.disable(logging.NOTSET)
