"""The picture of a page: drawn here, from our own words and one figure, with the fonts that come with the typesetter."""

from pathlib import Path

import orjson
import typst

PAPER = Path(__file__).with_suffix(".typ")


def drawn(title: str, figure: str, about: str) -> bytes:
    """Return a PNG of 1200 by 630 pixels: the title, and below it a figure with what it is."""
    facts = orjson.dumps({"title": title, "figure": figure, "about": about}).decode()
    return bytes(
        typst.compile(str(PAPER), root=str(PAPER.parent), format="png", ppi=72, sys_inputs={"facts": facts})
    )
