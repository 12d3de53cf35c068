"""A segment without what names a person: for reading over somebody's shoulder."""

from .segment import Segment

HIDDEN: dict[str, tuple[int, ...]] = {
    "NM1": (3, 4, 5, 7, 9), "N1": (2, 4), "N2": (1, 2), "N3": (1, 2), "N4": (1, 3), "DMG": (2,), "PAT": (6,),
    "REF": (2, 3), "PER": (2, 4, 6, 8),
    "TRN": (2, 4), "CLM": (1,), "CLP": (1, 7), "SBR": (3, 4), "NTE": (2,), "MSG": (1,),
    "K3": (1,),
    "PWK": (6,), "INS": (12,), "BHT": (3,), "PLB": (1,), "BPR": (7, 9, 10, 13, 15),
}  # fmt: skip
"""Which elements name a person, an account or a number that leads to one, by segment."""
STANDS_FOR = "xxxx"


def hidden(segment: Segment) -> Segment:
    """Return the segment with every name, address, number and birth date replaced."""
    places = HIDDEN.get(segment.id, ())
    if not places:
        return segment
    elements = [
        STANDS_FOR if place in places and value else value for place, value in enumerate(segment.elements)
    ]
    return Segment(elements, segment.delimiters, segment.position)
