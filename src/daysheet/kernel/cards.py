"""Card numbers: what must never be typed here, kept or logged. The office's own terminal takes cards."""

import re

CARD = re.compile(r"(?<!\d)\d(?:[ \-.]?\d){12,18}(?!\d)")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


def holds_card_number(text: str) -> bool:
    """Return whether a text holds 13 to 19 digits in a row, with or without blanks and dashes; an id is none."""
    return bool(CARD.search(UUID.sub("", text)))
