"""A card of a sheet is drawn once for all who look at it, as a row of the day board is (frontdesk/drawing.py).

What is drawn is kept in memory alone, a few thousand cards, each under its row: one of which anything changed is another.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.translation import get_language
from markupsafe import Markup

from daysheet.schedule.sheets import Card, Found, card_of

KEPT = 4096
"""So many cards, of about a kilobyte each."""


def drawn(card: Card, by: str, may_book: bool) -> Markup:
    """Return a card of a sheet in HTML: with `by` "room" it names the clinician, else the room."""
    return _drawn(card.row, by == "room", may_book and card.may_move, get_language())


@lru_cache(maxsize=KEPT)
def _drawn(row: Found, names_clinician: bool, may_hold: bool, language: str | None) -> Markup:
    told = {"one": card_of(row, language), "names_clinician": names_clinician, "may_hold": may_hold}
    written = render_to_string("schedule/_card.html", told)
    return Markup(written)  # noqa: S704 - our own template, which escapes what it is given
