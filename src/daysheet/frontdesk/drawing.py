"""A row of the day board is drawn once for all who look at it: sixty screens that hear of an arrival show the same rows.

What is drawn is kept in memory alone, a few thousand rows, each under all that it shows: a row of which anything
changed, be it a minute of waiting, is another row. Nothing of who looks stands in it but what they may do.
"""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from markupsafe import Markup

from daysheet.frontdesk.beside import Sign
from daysheet.frontdesk.board import BoardRow

KEPT = 4096
"""So many rows, of about two kilobytes each."""
Mark = tuple[str, str]


class Look(NamedTuple):
    """For whom a row is drawn: in which words, and with which acts."""

    language: str | None
    zone: ZoneInfo
    tail: str
    """The board's own filters, with which an act comes back to it."""
    is_today: bool
    may_move: bool
    may_ask: bool
    may_see_money: bool
    slip_is_built: bool


class Face(NamedTuple):
    """All that a row of the board shows."""

    key: str
    appointment_id: UUID | None
    visit_id: UUID | None
    patient_id: UUID
    group: str
    state: str
    at: datetime
    name: str
    born: str
    chart: int
    provider: str
    place: str
    late: Mark
    wait: Mark
    in_state: int
    in_house: int
    open_steps: int
    confirmation: str
    version: int | None
    coverage_id: UUID | None
    plan_name: str
    coverage_marks: tuple[Mark, ...]
    due: Decimal | None
    alerts: tuple[Mark, ...]
    mode: str
    reminder: Mark
    signs: tuple[Sign, ...]
    token: str


def drawn(row: BoardRow, look: Look) -> Markup:
    """Return a row of the board in HTML."""
    return _drawn(_face(row, look), look)


@lru_cache(maxsize=KEPT)
def _drawn(face: Face, look: Look) -> Markup:
    written = render_to_string("frontdesk/_board_row.html", {"row": face} | look._asdict())
    return Markup(written)  # noqa: S704 - our own template, which escapes what it is given


SAME = [name for name in Face._fields if name in BoardRow.__dataclass_fields__]
"""What is shown as the row says it; lists become tuples, for what was drawn is kept under its face."""


def _face(row: BoardRow, look: Look) -> Face:
    said = ((name, getattr(row, name)) for name in SAME)
    same: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in said}
    return Face(
        **same,
        coverage_id=row.standing.coverage_id,
        plan_name=row.standing.plan_name,
        due=row.due if look.may_see_money else None,
    )
