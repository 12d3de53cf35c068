"""Rows by COPY: lines of text made from a model's own columns and defaults, and indexes built afterwards."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import psycopg
from django.db.models import Model
from django.db.models.fields import NOT_PROVIDED
from psycopg import sql

BLOCK = 2_000
NULL = r"\N"
FIRST = 0x018C_0000_0000
"""The millisecond of the first key."""


class Table:
    """A table as COPY fills it: some columns by line, all others the same in every row."""

    def __init__(self, model: type[Model], practice_id: UUID, by_line: Sequence[str], **same: object) -> None:
        """Take the columns that change from line to line; `same` names fields whose value does not."""
        self.name = model._meta.db_table
        known = {str(field.column): field for field in model._meta.concrete_fields}
        fixed: dict[str, object] = {"practice_id": practice_id, **same}
        rest = [column for column in known if column not in by_line]
        values = [fixed[column] if column in fixed else _default(known[column]) for column in rest]
        self.columns = [*by_line, *rest]
        self.tail = "".join(f"\t{text(value)}" for value in values) + "\n"
        unknown = {*by_line, *fixed} - known.keys()
        if unknown:
            raise ValueError(f"{self.name} has no column {', '.join(sorted(unknown))}")

    def fill(self, link: psycopg.Connection[Any], lines: Iterable[str]) -> int:
        """Copy the lines in (values parted by tabs, without the end that all rows share); return how many."""
        statement = sql.SQL("copy {} ({}) from stdin").format(
            sql.Identifier(self.name), sql.SQL(", ").join([sql.Identifier(column) for column in self.columns])
        )
        done = 0
        with link.cursor() as cursor, cursor.copy(statement) as copy:
            for block in _blocks(lines):
                copy.write(self.tail.join(block) + self.tail)
                done += len(block)
        return done


def text(value: object) -> str:
    """Return a value as COPY reads it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def key(table: int, number: int) -> str:
    """Return the key of a table's row by its running number; a second apart, as UUIDv7 keys of an office are.

    An index of an exclusion tells keys apart by their first half: were it the same in all, each look-up would read
    the whole index.
    """
    moment = f"{FIRST + number * 1000:012x}"
    return f"{moment[:8]}-{moment[8:]}-7{table:03x}-8000-{number:012x}"


def rest_indexes(link: psycopg.Connection[Any], tables: Sequence[str]) -> None:
    """Let the indexes and exclusions of some empty tables sleep: rows go in without them."""
    _set_indexes(link, tables, awake=False)


def wake_indexes(link: psycopg.Connection[Any], table: str) -> None:
    """Build all indexes of a table at once, sorted, and gather its statistics.

    Rewriting the table builds an exclusion's index without asking each of a million rows whether it excludes
    another, which takes minutes: the plan has no two that do. Only a superuser may, in a database of no office.
    """
    link.execute(sql.SQL("vacuum (full) {}").format(sql.Identifier(table)))
    _set_indexes(link, [table], awake=True)
    # Whoever looked meanwhile (autovacuum) found no index and noted that there is none.
    link.execute("update pg_class set relhasindex = true where oid = %s::regclass", [table])
    link.execute(sql.SQL("analyze {}").format(sql.Identifier(table)))


def _set_indexes(link: psycopg.Connection[Any], tables: Sequence[str], *, awake: bool) -> None:
    link.execute(
        "update pg_index set indisready = %s, indisvalid = %s where indrelid = any(%s::regclass[])",
        [awake, awake, list(tables)],
    )


def _default(field: Any) -> object:
    if field.default is NOT_PROVIDED:
        if field.null:
            return None
        raise ValueError(f"{field.model.__name__}.{field.name} needs a value")
    value = field.get_default()
    return value if not isinstance(value, dict | list) else "{}" if isinstance(value, dict) else "[]"


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == BLOCK:
            yield block
            block = []
    if block:
        yield block
