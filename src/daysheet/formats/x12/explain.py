"""A file for people: each segment with its loop, what it is in our words, and what is wrong with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .documents import GRAMMARS, File, parse
from .envelope import kind_of
from .hide import hidden
from .labels import label
from .payload import without_document
from .problems import Problem
from .record import record
from .segment import BinarySegment, Segment
from .text import Source, chunks

# segment id -> (element, set of words) pairs that say more than the segment's own name
_CODES: dict[str, tuple[tuple[int, str], ...]] = {
    "AAA": ((3, "aaa"), (4, "follow_up")),
    "AK9": ((1, "ack_group"),),
    "AMT": ((1, "amount"),),
    "BGN": ((1, "purpose"),),
    "CAT": ((2, "document_form"),),
    "CLP": ((2, "claim_status"),),
    "DTM": ((1, "date"),),
    "DTP": ((1, "date"),),
    "EB": ((1, "eb"), (2, "coverage_level"), (3, "service_type"), (6, "period"), (12, "network")),
    "EQ": ((1, "service_type"),),
    "IK5": ((1, "ack_set"), (2, "ack_error")),
    "LQ": ((2, "rarc"),),
    "MOA": ((3, "rarc"), (4, "rarc"), (5, "rarc"), (6, "rarc"), (7, "rarc")),
    "N1": ((1, "entity"),),
    "NM1": ((1, "entity"),),
    "PAT": ((1, "relationship"),),
    "REF": ((1, "reference"),),
    "SBR": ((2, "relationship"), (9, "filing_code")),
    "TA1": ((4, "ta1_status"), (5, "ta1")),
    "BPR": ((4, "payment_method"),),
    "HCR": ((1, "review_action"),),
    "UM": ((1, "review_category"), (2, "review_certification"), (3, "service_type"), (6, "review_level")),
    "ADX": ((2, "premium_adjustment"),),
    "ENT": ((2, "entity"),),
    "HD": ((1, "maintenance"), (3, "insurance_line"), (5, "coverage_level")),
    "INS": (
        (2, "relationship"),
        (3, "maintenance"),
        (4, "maintenance_reason"),
        (5, "benefit_status"),
        (7, "cobra_event"),
        (8, "employment"),
    ),
    "RMR": ((1, "premium_reference"),),
}
_LEVELS = {
    "20": "source",
    "21": "receiver",
    "19": "provider",
    "22": "insured",
    "23": "dependent",
    "PT": "patient",
    "EV": "event",
    "SS": "service",
}


@record
class Line:
    """One segment as a person reads it. `position` counts from the ST; 0 is an envelope."""

    position: int
    segment_text: str
    loop: str
    plain_words: str
    problems: tuple[Problem, ...] = ()
    segment_id: str = ""


@dataclass(slots=True)
class _Place:
    """Where the reading of a file stands."""

    set_index: int = -1
    problems: dict[int, list[Problem]] = field(default_factory=dict)


def outline(
    source: Source, *, is_hidden: bool = False, findings: Iterable[tuple[int, Problem]] | None = None
) -> list[Line]:
    """Return every segment of a file with its loop and our words, faults beside their segments.

    With `is_hidden` nothing names a person: names, addresses, numbers and birth dates are replaced. `findings` are
    those of `check_sets`; without them the faults are those that the typed readers met.
    """
    return outline_file(parse(b"".join(chunks(source))), is_hidden=is_hidden, findings=findings)


def outline_file(
    file: File, *, is_hidden: bool = False, findings: Iterable[tuple[int, Problem]] | None = None
) -> list[Line]:
    """Return every segment of a parsed file with its loop and our words."""
    checked: dict[int, list[Problem]] = {}
    for number, finding in findings or ():
        checked.setdefault(number, []).append(finding)
    lines: list[Line] = []
    place = _Place()
    sets = [document for document in file.documents if document.kind != "TA1"]
    pending: list[Segment] = []
    for segment in map(hidden, file.segments) if is_hidden else file.segments:
        if segment.position == 0 or segment.id == "ST":
            lines += _set_lines(pending, place)
            pending = []
        if segment.position == 0:
            lines.append(_line(segment, "", (), ""))
            continue
        if segment.id == "ST":
            place.set_index += 1
            place.problems = {}
            if place.set_index < len(sets):
                met = (
                    sets[place.set_index].problems
                    if findings is None
                    else checked.get(place.set_index + 1, ())
                )
                for problem in met:
                    place.problems.setdefault(problem.position or 1, []).append(problem)
        pending.append(segment)
    return lines + _set_lines(pending, place)


def _set_lines(segments: list[Segment], place: _Place) -> list[Line]:
    if not segments:
        return []
    head = segments[0]
    kind = kind_of(head[1], head[3]) if head[3] else head[1]
    return [
        _line(segment, loop, tuple(place.problems.get(segment.position, ())), kind)
        for loop, segment in _named(kind, segments)
    ]


def _named(kind: str, segments: list[Segment]) -> Iterator[tuple[str, Segment]]:
    grammar = GRAMMARS.get(kind)
    if grammar is None:
        return (("", segment) for segment in segments)
    return grammar.name_loops(segments)


def _line(segment: Segment, loop: str, problems: tuple[Problem, ...], kind: str) -> Line:
    if isinstance(segment, BinarySegment):
        segment = without_document(segment)
    text = segment.text() + segment.delimiters.terminator
    shown = "" if loop in ("ST", "SE") else loop
    return Line(segment.position, text, shown, plain_words(segment, kind), problems, segment.id)


def plain_words(segment: Segment, kind: str = "") -> str:
    """Return what a segment says, as far as we have words for it."""
    name = label("segment", segment.id) or segment.id
    if segment.id == "HL":
        level = _LEVELS.get(segment[3], segment[3])
        if segment[3] == "20" and kind in ("270", "271", "276", "277", "278"):
            level = "payer"
        elif segment[3] == "21" and kind == "278":
            level = "requester"
        if kind == "837P" and segment[3] == "20":
            level = "billing provider"
        return f"{name}: {level}"
    if segment.id == "CAS":
        return f"{name}: {_adjustments(segment)}"
    if segment.id == "STC":
        return f"{name}: {_statuses(segment)}"
    if segment.id == "SVC" and kind in ("276", "277"):
        name = "Service"
    details = [text for index, words in _CODES.get(segment.id, ()) if (text := _words(segment, index, words))]
    details += [value for value in _values(segment) if value]
    return f"{name}: {', '.join(details)}" if details else name


def _words(segment: Segment, index: int, words: str) -> str:
    return ", ".join(label(words, code) or code for code in segment.repeats(index))


def _values(segment: Segment) -> list[str]:
    """Return the values that a reader looks for first."""
    match segment.id:
        case "NM1":
            return [
                " ".join(part for part in (segment[4], segment[5], segment[3], segment[7]) if part),
                segment[9],
            ]
        case "N1":
            return [segment[2], segment[4]]
        case "RMR":
            billed = f"billed ${segment[5]}" if segment[5] else ""
            return [segment[2], f"paid ${segment[4]}", billed]
        case "ADX":
            return [f"${segment[1]}"]
        case "HD" | "ENT":
            return [segment[4]]
        case "REF" | "AMT":
            return [segment[2]]
        case "DTP":
            return [_days(segment[3])]
        case "DTM":
            return [_days(segment[2] or segment[6])]
        case "CLM":
            return [segment[1], f"${segment[2]}"]
        case "CLP":
            return [segment[1], f"charge ${segment[3]}", f"paid ${segment[4]}"]
        case "SVC":
            return [
                segment.component(1, 2),
                f"charge ${segment[2]}",
                f"paid ${segment[3]}" if segment[3] else "",
            ]
        case "SV1" | "SV3":
            return [segment.component(1, 2), f"${segment[2]}" if segment[2] else ""]
        case "SV2":
            return [segment[1], segment.component(2, 2), f"${segment[3]}" if segment[3] else ""]
        case "HCR":
            return [segment[2], *segment.repeats(3)]
        case "HSD":
            return [_delivery(segment)]
        case "UM" if segment.component(4, 2) == "B":
            return [label("pos", segment.component(4, 1)) or segment.component(4, 1)]
        case "BPR":
            return [f"${segment[2]}", _days(segment[16])]
        case "EB":
            return [f"${segment[7]}" if segment[7] else "", _percent(segment[8])]
        case "TRN" | "BGN":
            return [segment[2]]
        case "BIN" | "BDS":
            return [_what(segment)]
        case "MSG":
            return [segment[1]]
        case "HI":
            return [segment.component(index, 2) for index in range(1, len(segment))]
        case _:
            return []


def _what(segment: Segment) -> str:
    """Return the kind and the size of a document, never a piece of it."""
    if isinstance(segment, BinarySegment):
        segment = without_document(segment)
    return segment.elements[-1].strip("()") if len(segment) > 2 else ""


def _days(text: str) -> str:
    days = [
        f"{day[:4]}-{day[4:6]}-{day[6:]}" if len(day) == 8 and day.isdigit() else day
        for day in text.split("-")
    ]
    return " to ".join(days)


def _delivery(segment: Segment) -> str:
    """Return how many and how often: 3 visits a week."""
    words = (
        segment[2],
        label("delivery", segment[1]) or segment[1],
        label("delivery_per", segment[3]) or segment[3],
    )
    return " ".join(word for word in words if word)


def _percent(text: str) -> str:
    try:
        return f"{float(text) * 100:g} %" if text else ""
    except ValueError:
        return text


def _adjustments(segment: Segment) -> str:
    group = label("adjustment_group", segment[1]) or segment[1]
    reasons = [
        " ".join(
            (f"{segment[1]}-{segment[index]}", label("carc", segment[index]) or "?", f"${segment[index + 1]}")
        )
        for index in range(2, len(segment), 3)
        if segment[index]
    ]
    return f"{group}: {'; '.join(reasons)}"


def _statuses(segment: Segment) -> str:
    said = []
    for index in (1, 10, 11):
        category, code = segment.component(index, 1), segment.component(index, 2)
        if category:
            first = label("status_category", category) or category
            is_pharmacy = segment.component(index, 4) == "RX"
            words = label("loinc" if "-" in code else "status", code) or code
            second = f"pharmacy code {code}" if is_pharmacy else words
            said.append(f"{first}, {second}" if second else first)
    money = [f"{word} {segment[index]}" for word, index in (("paid", 5), ("check", 9)) if segment[index]]
    if money:
        said.append(", ".join(money).replace("paid ", "paid $"))
    return "; ".join(said)
