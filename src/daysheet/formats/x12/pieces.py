"""A file as its interchanges, byte for byte, and what each of them holds: enough to file it and to route it."""

import re

from .envelope import EnvelopeReader
from .record import record
from .text import find_delimiters

_OPENS = re.compile(rb"(?<![0-9A-Za-z])ISA(?=[^0-9A-Za-z\s])")
_BLANK = b"\xef\xbb\xbf\r\n\t \0"
_AS_FAR_AS = 400  # no header is as long
_CUT_OFF = frozenset(("envelope.iea-missing", "text.cut", "text.endless", "text.header"))


@record
class Piece:
    """What an interchange says of itself: its number (ISA13), the kinds of its sets, whether it ends as it should.

    Of what is no interchange the number is empty and nothing is inside.
    """

    control_number: str = ""
    kinds: tuple[str, ...] = ()
    is_interchange: bool = False
    is_whole: bool = False


def split_interchanges(data: bytes) -> list[bytes]:
    """Return the pieces of a file, one an interchange; together they are every byte of it.

    What stands between two stays with the piece before it; foreign bytes before the first are a piece of their own.
    """
    starts = [found.start() for found in _OPENS.finditer(data) if _is_header(data, found.start())]
    if not starts:
        return [data]
    if data[: starts[0]].strip(_BLANK):
        starts.insert(0, 0)
    starts[0] = 0
    return [data[begin:end] for begin, end in zip(starts, [*starts[1:], len(data)], strict=True)]


def look_at(data: bytes) -> Piece:
    """Return what the first interchange of some bytes holds; each kind once, an acknowledgement (TA1) first."""
    reader = EnvelopeReader(data)
    kinds = dict.fromkeys(tset.kind for tset in reader)
    if not reader.interchanges:
        return Piece()
    acks = ("TA1",) if reader.acks else ()
    is_whole = not any(item.code in _CUT_OFF for item in reader.problems)
    return Piece(reader.interchanges[0].control_number, (*acks, *kinds), True, is_whole)


def _is_header(data: bytes, start: int) -> bool:
    """Return whether an interchange begins here: a name or a note may say ISA too, but no version and number after it."""
    header = data[start : start + _AS_FAR_AS].decode("latin-1")
    found = find_delimiters(header)
    if found is None:
        return False
    version, number = (one.strip() for one in header.split(found[0].element)[12:14])
    return len(version) == 5 and version.isdigit() and number.isdigit()
