"""From segments to bytes: envelopes with their numbers, counts and dates, in the basic character set."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from .envelope import GROUP_CODES, InterchangeAck, Mailbox
from .problems import CannotBuild
from .record import record
from .segment import STANDARD, BinarySegment, Delimiters, Segment


@record
class OutgoingSet:
    """The body of a set, without ST and SE; the envelope gives it its number."""

    id: str
    guide: str
    segments: tuple[Segment, ...]
    control_number: str = ""


@record
class OutgoingGroup:
    """Sets of one kind that travel together under one number."""

    control_number: int
    sets: Sequence[OutgoingSet]
    sender: str = ""
    receiver: str = ""


def render_interchange(
    *,
    sender: Mailbox,
    receiver: Mailbox,
    control_number: int,
    at: datetime,
    groups: Sequence[OutgoingGroup] = (),
    usage: Literal["T", "P"] = "T",
    acks: Sequence[InterchangeAck] = (),
    ack_requested: bool = False,
    delimiters: Delimiters = STANDARD,
) -> bytes:
    """Return one interchange as bytes; `at` is the local moment that dates the envelope.

    Raises CannotBuild when an id does not fit, a number is out of range or a group is mixed.
    """
    if not 0 < control_number <= 999_999_999:
        raise CannotBuild("An interchange number has one to nine digits.")
    version = max((item.guide[:5] for group in groups for item in group.sets), default=_VERSION)
    lines: list[str | bytes] = [
        _header(sender, receiver, control_number, at, usage, ack_requested, delimiters, version)
    ]
    lines += [_ack_text(ack, at, delimiters) for ack in acks]
    for group in groups:
        lines += _group_lines(group, sender, receiver, at, delimiters)
    lines.append(delimiters.element.join(("IEA", str(len(groups)), f"{control_number:09d}")))
    end = delimiters.terminator.encode("utf-8")
    return end.join([line.encode("utf-8") if isinstance(line, str) else line for line in lines]) + end


_VERSION = "00501"


def render_segments(segments: Iterable[Segment], delimiters: Delimiters | None = None) -> bytes:
    """Return segments as bytes, each with its own terminator or all with the ones given."""
    pieces: list[bytes] = []
    texts: list[str] = []
    for item in segments:
        end = (delimiters or item.delimiters).terminator
        if isinstance(item, BinarySegment):
            pieces += ("".join(texts).encode("utf-8"), item.octets(delimiters), end.encode("utf-8"))
            texts = []
        else:
            texts.append(item.text(delimiters) + end)
    return b"".join((*pieces, "".join(texts).encode("utf-8")))


def _header(
    sender: Mailbox,
    receiver: Mailbox,
    number: int,
    at: datetime,
    usage: str,
    ack: bool,
    delimiters: Delimiters,
    version: str,
) -> str:
    for box in (sender, receiver):
        if len(box.id) > 15 or not box.id.strip():
            raise CannotBuild(f"An envelope id has one to fifteen signs: {box.id!r}.")
        if len(box.qualifier) != 2:
            raise CannotBuild(f"An envelope qualifier has two signs: {box.qualifier!r}.")
        if any(sign in box.id for sign in delimiters):
            raise CannotBuild(f"An envelope id holds a separator: {box.id!r}.")
    pieces = (
        "ISA", "00", " " * 10, "00", " " * 10,
        sender.qualifier, sender.id.upper().ljust(15), receiver.qualifier, receiver.id.upper().ljust(15),
        f"{at:%y%m%d}", f"{at:%H%M}", delimiters.repetition, version, f"{number:09d}",
        "1" if ack else "0", usage, delimiters.component,
    )  # fmt: skip
    return delimiters.element.join(pieces)


def _ack_text(ack: InterchangeAck, at: datetime, delimiters: Delimiters) -> str:
    when = ack.interchange_at or at
    pieces = ("TA1", ack.control_number.rjust(9, "0"), f"{when:%y%m%d}", f"{when:%H%M}", ack.status, ack.code)
    return delimiters.element.join(pieces)


def _group_lines(
    group: OutgoingGroup, sender: Mailbox, receiver: Mailbox, at: datetime, delimiters: Delimiters
) -> list[str | bytes]:
    kinds = {(item.id, item.guide) for item in group.sets}
    if len(kinds) != 1:
        raise CannotBuild("A group holds sets of exactly one kind.")
    ((set_id, guide),) = kinds
    code = GROUP_CODES.get(set_id)
    if code is None:
        raise CannotBuild(f"No group code is known for a {set_id}.")
    join = delimiters.element.join
    number = str(group.control_number)
    names = ((group.sender or sender.id).strip().upper(), (group.receiver or receiver.id).strip().upper())
    lines: list[str | bytes] = [join(("GS", code, *names, f"{at:%Y%m%d}", f"{at:%H%M}", number, "X", guide))]
    for index, item in enumerate(group.sets, start=1):
        control = item.control_number or f"{index:04d}"
        # TR3 835 ST03: not used in the remittance, required in every other set
        lines.append(join(("ST", set_id, control) if set_id == "835" else ("ST", set_id, control, guide)))
        lines += [
            segment.octets(delimiters) if isinstance(segment, BinarySegment) else segment.text(delimiters)
            for segment in item.segments
        ]
        lines.append(join(("SE", str(len(item.segments) + 2), control)))
    lines.append(join(("GE", str(len(group.sets)), number)))
    return lines
