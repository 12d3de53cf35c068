"""A state drawn: icon, word and tint together. Drawn in Python and kept, because a board shows hundreds."""

from functools import lru_cache

from markupsafe import Markup

from daysheet.ui.assets import icon
from daysheet.ui.status import ICONS, status

TAG = Markup('<span class="tag tag-{tone}{cls}"{title}>{icon}<span>{word}</span></span>')


def mark(tone: str, word: object, title: object = None, cls: str = "") -> Markup:
    """Return a tone with a word of its own."""
    return _drawn(tone, str(word), str(title) if title else "", cls)


def tag(state: object, word: object = None) -> Markup:
    """Return a state of the one table, in its own word unless another is given."""
    shown = status(state)
    return _drawn(shown.tone, str(word or shown.word), "", "")


@lru_cache(maxsize=1024)
def _drawn(tone: str, word: str, title: str, cls: str) -> Markup:
    told = Markup(' title="{}"').format(title) if title else Markup()
    more = f" {cls}" if cls else ""
    return TAG.format(tone=tone, cls=more, title=told, icon=icon(ICONS[tone]), word=word)
