"""What a file is, told by what it holds and never by its name. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from daysheet.interop.rules.bundle import BUNDLES
from daysheet.interop.rules.reading import pieces, text

MARKS: tuple[tuple[str, frozenset[str]], ...] = (
    ("claim_lines", frozenset({"CLAIMID", "CHARGEID", "TYPE"})),
    ("claims", frozenset({"PRIMARYPATIENTINSURANCEID", "PATIENTID"})),
    ("transitions", frozenset({"PATIENT", "START_YEAR", "PAYER"})),
    ("encounters", frozenset({"ENCOUNTERCLASS", "PATIENT", "START"})),
    ("patients", frozenset({"BIRTHDATE", "FIRST", "LAST"})),
    ("medications", frozenset({"DISPENSES", "PATIENT", "CODE"})),
    ("observations", frozenset({"VALUE", "UNITS", "PATIENT"})),
    ("supplies", frozenset({"QUANTITY", "PATIENT"})),
    ("devices", frozenset({"UDI", "PATIENT"})),
    ("imaging", frozenset({"MODALITY_CODE", "PATIENT"})),
    ("allergies", frozenset({"CATEGORY", "REACTION1", "PATIENT"})),
    ("care_plans", frozenset({"Id", "REASONCODE", "PATIENT", "STOP"})),
    ("procedures", frozenset({"BASE_COST", "REASONCODE", "PATIENT"})),
    ("immunizations", frozenset({"DATE", "PATIENT", "CODE", "DESCRIPTION"})),
    ("conditions", frozenset({"START", "STOP", "PATIENT", "CODE", "DESCRIPTION"})),
    ("payers", frozenset({"Id", "NAME", "AMOUNT_COVERED"})),
    ("providers", frozenset({"Id", "NAME", "ORGANIZATION"})),
    ("organizations", frozenset({"Id", "NAME", "UTILIZATION"})),
    ("plans", frozenset({"Payer Id", "Plan Id", "Name"})),
    ("companies", frozenset({"Id", "Name", "Ownership"})),
    ("eligibilities", frozenset({"Name", "Poverty Multiplier"})),
    ("carriers", frozenset({"CARR_NUM"})),
    ("facilities", frozenset({"provider_num", "npi"})),
)
"""The columns by which a table is known; the first that fits."""
UNUSED = frozenset({"organizations", "eligibilities", "carriers", "facilities"})
"""Tables that are known and left alone: real facilities are never taken in."""


class Unreadable(ValueError):
    """A file is cut off, foreign or damaged; the text says so in a sentence."""


@dataclass(slots=True)
class Table:
    """A table of the CSV set: what it holds, its rows, and the lines that are cut off."""

    kind: str
    rows: list[dict[str, str]] = field(default_factory=list)
    spoilt: list[int] = field(default_factory=list)


def looks_like_json(head: bytes) -> bool:
    """Return whether a file begins as a JSON document does."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def bundle_of(content: bytes) -> Mapping[str, Any]:
    """Return the bundle that a file holds. Raises Unreadable with the reason."""
    try:
        found = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as no:
        at_end = content.rstrip()[-1:] not in (b"}", b"]") or no.pos >= len(content.rstrip()) - 1
        where = f"character {no.pos}"
        raise Unreadable(
            f"The file is cut off at {where}." if at_end else f"The file is damaged at {where}: no JSON."
        ) from no
    if not isinstance(found, dict) or found.get("resourceType") != "Bundle":
        raise Unreadable("The file is JSON, but no FHIR bundle.")
    if text(found.get("type")) not in BUNDLES:
        raise Unreadable("The bundle is no transaction, batch or collection.")
    kinds = {text(one["resource"].get("resourceType")) for one in _resources(found)}
    if "Patient" not in kinds:
        raise Unreadable("The bundle holds no patient.")
    return found


def table_of(content: bytes) -> Table:
    """Return the table that a file holds; lines with a cell too few or too many are told, not taken."""
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as no:
        raise Unreadable("The file is neither a FHIR bundle nor a table of text.") from no
    lines = csv.reader(io.StringIO(written, newline=""), strict=True)
    try:
        header = next(lines, [])
    except csv.Error as no:
        raise Unreadable("The file is neither a FHIR bundle nor a table.") from no
    kind = kind_of(header)
    table = Table(kind)
    if kind in UNUSED:
        return table
    width = len(header)
    for number, cells in _numbered(lines, table):
        if len(cells) >= width and not any(cells[width:]):  # some tables end their lines with a comma
            table.rows.append(dict(zip(header, cells, strict=False)))
        elif cells:
            table.spoilt.append(number)
    if kind == "conditions" and _are_allergies(table.rows):
        table.kind = "allergies"
    return table


def kind_of(header: Sequence[str]) -> str:
    """Return what a table with these columns holds. Raises Unreadable for a foreign one."""
    columns = frozenset(header)
    for kind, marks in MARKS:
        if marks <= columns:
            return kind
    raise Unreadable("The file is no FHIR bundle and no table of the Synthea set.")


def _numbered(lines: Iterator[list[str]], table: Table) -> Iterator[tuple[int, list[str]]]:
    number = 1
    while True:
        number += 1
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error:
            table.spoilt.append(number)
            return
        yield number, cells


def _are_allergies(rows: Sequence[Mapping[str, str]]) -> bool:
    """Return whether rows with the columns of conditions are allergies: older sets tell them by their words alone."""
    named = sum("allerg" in row.get("DESCRIPTION", "").lower() for row in rows)
    return bool(rows) and named * 2 > len(rows)


def _resources(bundle: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in pieces(bundle.get("entry")):
        if isinstance(entry.get("resource"), dict):
            yield entry
