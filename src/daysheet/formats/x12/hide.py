"""A segment without what names a person: for reading over somebody's shoulder."""

from .mask import places_of
from .payload import without_document
from .segment import BinarySegment, Segment

ENVELOPE = frozenset(("ISA", "GS"))
"""These name offices and payers, not people."""
STANDS_FOR = "xxxx"


def hidden(segment: Segment) -> Segment:
    """Return the segment with every name, address, number and birth date replaced, and no document in it."""
    if isinstance(segment, BinarySegment):
        return without_document(segment)
    places = places_of(segment)
    if not places or segment.id in ENVELOPE:
        return segment
    elements = [
        STANDS_FOR if place in places and value else value for place, value in enumerate(segment.elements)
    ]
    return Segment(elements, segment.delimiters, segment.position)
