"""Acknowledgements of a group (999): its records, how they are read and written. Guide 005010X231A1."""

from typing import Any

from daysheet.formats.x12.envelope import GUIDES, TransactionSet
from daysheet.formats.x12.loop import Grammar, Loop, rule
from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import STANDARD, Segment, composite, segment
from daysheet.formats.x12.write import OutgoingSet

from . import writing


@record
class ElementError:
    """A fault in one element (IK4): its place, what is wrong with it, and the value that stood there."""

    element: int
    code: str
    value: str = ""
    component: str = ""
    repetition: str = ""
    data_element: str = ""


@record
class SegmentError:
    """A fault in one segment (IK3), counted from the ST."""

    segment: str
    position: int
    loop: str = ""
    code: str = ""
    elements: tuple[ElementError, ...] = ()
    contexts: tuple[Segment, ...] = ()


@record
class SetAck:
    """What became of one set: A taken, E taken with errors, R not taken."""

    set_id: str
    control_number: str
    guide: str = ""
    status: str = "A"
    error_codes: tuple[str, ...] = ()
    errors: tuple[SegmentError, ...] = ()

    @property
    def taken(self) -> bool:
        """Return whether the set goes on; otherwise none of its claims were taken."""
        return self.status in ("A", "E")


@record
class GroupAck:
    """What became of one group: A, E as above, P some sets not taken, R none taken."""

    group_code: str
    group_control: str
    guide: str
    status: str
    included: int
    received: int
    accepted: int
    sets: tuple[SetAck, ...] = ()
    error_codes: tuple[str, ...] = ()


GRAMMAR_999 = Grammar(
    rule("2000 AK2", rule("2100 IK3", rule("2110 IK4")), rule("IK5 IK5"), streamed=True),
    rule("AK9 AK9", streamed=True),
)


def build_999(ack: GroupAck) -> OutgoingSet:
    """Return the acknowledgement as a 999; what it repeats of the other's file can end no segment of ours."""
    lines = [segment("AK1", *map(_repeated, (ack.group_code, ack.group_control, ack.guide)))]
    for item in ack.sets:
        lines.append(segment("AK2", *map(_repeated, (item.set_id, item.control_number, item.guide))))
        for error in item.errors:
            name = _repeated(error.segment)
            lines.append(segment("IK3", name, str(error.position), error.loop, error.code))
            lines += error.contexts
            lines += [_ik4(element) for element in error.elements]
        lines.append(segment("IK5", item.status, *item.error_codes[:5]))
    counts = (str(ack.included), str(ack.received), str(ack.accepted))
    lines.append(segment("AK9", ack.status, *counts, *ack.error_codes[:5]))
    return OutgoingSet("999", GUIDES["999"], tuple(lines))


def _repeated(text: str) -> str:
    """Return a value of the other's file as ours may hold it: without our separators and signs that do not print.

    Capitals stay as they are, for a number is known again by them.
    """
    return "".join(" " if sign in STANDARD or not sign.isprintable() else sign for sign in text)


def _ik4(item: ElementError) -> Segment:
    place = composite(str(item.element), item.component, item.repetition)
    return segment("IK4", place, item.data_element, item.code, writing.clean(item.value)[:99])


def read_999(tset: TransactionSet) -> GroupAck:
    """Return the acknowledgement of a 999."""
    sets: list[SetAck] = []
    head = tail = None
    for loop in GRAMMAR_999.walk(tset.segments, tset.report):
        if loop.id == "ST":
            head = loop.first("AK1")
        elif loop.id == "2000":
            sets.append(_set(tset, loop))
        elif loop.id == "AK9":
            tail = loop.segments[0]
    if head is None or tail is None:
        tset.report(
            "error", "ack.group-missing", "The acknowledgement does not say which group it answers, or how."
        )
    first, last = head or Segment(["AK1"]), tail or Segment(["AK9"])
    return GroupAck(
        first[1], first[2], first[3], last[1], _whole(last[2]), _whole(last[3]), _whole(last[4]), tuple(sets),
        tuple(code for code in last.elements[5:10] if code),
    )  # fmt: skip


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _set(tset: TransactionSet, loop: Loop) -> SetAck:
    head = loop.segments[0]
    found: dict[str, Any] = {"status": ""}
    errors = []
    for inner in loop.loops:
        if inner.id == "IK5":
            last = inner.segments[0]
            found = {"status": last[1], "error_codes": tuple(code for code in last.elements[2:7] if code)}
        else:
            errors.append(_error(inner))
    if not found["status"]:
        tset.report(
            "error", "ack.status-missing", "The acknowledgement does not say what became of a set.", head
        )
    return SetAck(head[1], head[2], head[3], errors=tuple(errors), **found)


def _error(loop: Loop) -> SegmentError:
    head = loop.segments[0]
    contexts = [item for item in loop.segments[1:] if item.id == "CTX"]
    elements = [_element(inner.segments[0]) for inner in loop.loops]
    contexts += [item for inner in loop.loops for item in inner.segments[1:] if item.id == "CTX"]
    return SegmentError(head[1], _whole(head[2]), head[3], head[4], tuple(elements), tuple(contexts))


def _element(item: Segment) -> ElementError:
    place = item.component(1, 1)
    return ElementError(_whole(place), item[3], item[4], item.component(1, 2), item.component(1, 3), item[2])
