"""Many new rows in one statement: out of one JSON document, or out of arrays written as text."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import orjson
from django.db import connection, models

NUL = "\x00"
PARTED = "\x1f"


def insert_many(rows: Sequence[models.Model]) -> None:
    """Write new rows of one model, with the keys and values that they bear, in one statement; none is no work.

    COPY would be as quick, and PostgreSQL closes it to a login behind row-level security. A value for each cell of
    each row, as `bulk_create` sends them, costs several times the processor on both sides.
    """
    if not rows:
        return
    statement, columns = _shape(type(rows[0]))
    told = [{column: row.__dict__[name] for column, name in columns} for row in rows]
    for one in told:
        for column, value in one.items():
            if isinstance(value, str) and NUL in value:  # the database keeps none in a text
                one[column] = value.replace(NUL, "")
    with connection.cursor() as cursor:
        cursor.execute(statement, [orjson.dumps(told, default=_told).decode()])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def pointing_at(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """Return the models that point at one, those without a name on its side too, each with the field by which."""
    return [
        (one.related_model, one.field.name)
        for one in model._meta.get_fields(include_hidden=True)
        if isinstance(one, models.ForeignObjectRel) and isinstance(one.related_model, type)
    ]


def array_of(words: Iterable[str]) -> str:
    """Return words as the database reads an array of them; for many it is much quicker than a value for each."""
    told = list(words)
    if not told:
        return "{}"
    joined = PARTED.join(told)
    safe = joined.replace(NUL, "").replace("\\", "\\\\").replace('"', '\\"')
    return '{"' + safe.replace(PARTED, '","') + '"}'


def _told(value: object) -> str:
    """Return as JSON what JSON itself does not know; nothing is guessed."""
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"insert_many does not know how to write a {type(value).__name__}")


@cache
def _shape(model: type[models.Model]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the statement that fills a model's table, and its columns with the names of their values."""
    fields: list[Any] = [field for field in model._meta.local_concrete_fields if not field.generated]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    table = quote(model._meta.db_table)
    statement = (
        f"insert into {table} ({names}) select {names} from json_populate_recordset(null::{table}, %s::json)"  # noqa: S608 - names of the model
    )
    return statement, tuple((field.column, field.attname) for field in fields)
