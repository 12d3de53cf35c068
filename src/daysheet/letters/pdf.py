"""Papers as PDF. A template in `papers/` sets them; the facts go in as data and are never part of the source.

All texts of the facts are plain strings; money and dates come in as they shall be read. Facts by template:
every one   title, office {name, lines: [...]}, foot, lang ("en", "es"), training (bool), made_at (ISO instant)
letter      to [...], date, subject, paragraphs [...], signer [...]
receipt     facts [[label, value]...], columns, lines [[text, amount]...], total [text, amount], notes [...]
statement   to [...], owe_words, owe, until, facts, columns, lines [[day, sentence, amount]...], total, how [...]
daysheet    proof {balanced, sentence, lines [...]}, notes [...], parts [{title, columns, rows, total}...]
table       facts, columns, rows, total, notes, landscape (bool)
estimate    facts, lead [...], parts [{title, facts, columns, rows, total}...], owe [text, amount],
            ends [{title, paragraphs [...]}...]
packet      facts, notes, parts [{title, columns, rows}...], sheets [{title, facts, parts, notes}...] each on a page,
            forms [{title, notes, lines [[label...]...], tables [{columns [label...], rows (number)}]}...] to fill in
form        facts, paragraphs [...], columns, answers [[question, answer]...], strokes [[[x, y]...]...], signature [...]
label       name, lines [...]: 89 by 28 mm
abn         patient, number, service, reason, cost, option ("1" to "3" or empty), signed_by, signed_on
`columns` is a list of {label, end (right side), width ("auto")}.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst

PAPERS = Path(__file__).parent / "papers"
TEMPLATES = (
    "letter",
    "receipt",
    "statement",
    "daysheet",
    "table",
    "packet",
    "form",
    "estimate",
    "abn",
    "label",
)
LONGEST_RUN = 40
BREAK_HERE = "\u200b"


def render(template: str, facts: Mapping[str, Any]) -> bytes:
    """Return the paper as PDF; the same facts give the same bytes."""
    if template not in TEMPLATES:
        raise ValueError(f"no such paper: {template}")
    told = orjson.dumps(_printable(dict(facts)), default=str).decode()
    made_at = datetime.fromisoformat(str(facts.get("made_at") or "1970-01-01T00:00:00+00:00"))
    pages = typst.compile(
        str(PAPERS / f"{template}.typ"),
        root=str(PAPERS),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"facts": told},
        timestamp=made_at.astimezone(UTC).replace(microsecond=0),
    )
    return bytes(pages)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts()


def _printable(value: Any) -> Any:
    """Return the facts with control signs left out and endless words made breakable."""
    if isinstance(value, str):
        seen = "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in value)
        return " ".join(_breakable(word) for word in seen.split(" "))
    if isinstance(value, Mapping):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return value


def _breakable(word: str) -> str:
    return BREAK_HERE.join(word[place : place + LONGEST_RUN] for place in range(0, len(word), LONGEST_RUN))
