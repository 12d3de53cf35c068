"""A trade's own words on the screens of the office: a dental office says operatory where others say room."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

TRADES = ("dental",)
"""Those with a catalogue of their own, `locale/en_X-<trade>`: what is not in it is said as everywhere."""


@contextmanager
def in_words_of(trade: str) -> Iterator[None]:
    """Speak as a trade does while the reader's language is English; a language of a patient's stays what it is."""
    if trade not in TRADES or not (translation.get_language() or "en").startswith("en"):
        yield
        return
    with translation.override(
        f"en-x-{trade}"
    ):  # RFC 5646, 2.2.7: a private subtag, also as the page's language
        yield
