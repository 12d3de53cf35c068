"""Our own short words for the codes of the trade; the official texts come from the office's own lists."""

from functools import cache
from pathlib import Path

_TABLES = Path(__file__).parent / "tables"


def label(name: str, code: str) -> str | None:
    """Return our words for a code of a set such as carc, eb or pos; None for a code we have no words for."""
    return _table(name).get(code.strip().upper())


def labels(name: str) -> dict[str, str]:
    """Return all codes of a set with our words."""
    return dict(_table(name))


def label_sets() -> tuple[str, ...]:
    """Return the names of the sets that have words."""
    return tuple(sorted(path.stem for path in _TABLES.glob("*.tsv")))


@cache
def _table(name: str) -> dict[str, str]:
    path = _TABLES / f"{name}.tsv"
    if not name.isidentifier() or not path.is_file():
        return {}
    lines = path.read_text("utf-8").splitlines()
    return {code: words for code, _, words in (line.partition("\t") for line in lines if line)}
