"""What a reader gives: rows for the tables of the pack."""

from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
Rows = Iterator[tuple[str, Row]]
