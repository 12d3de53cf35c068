"""How a request for review and its answer (278) are read."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from daysheet.formats.x12.envelope import TransactionSet, moment
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from . import reading
from .claim import Attachment
from .dental import Tooth
from .eligibility import Delivery, Rejection
from .parts import Party
from .review import (
    GRAMMAR_278,
    Admission,
    Authorization,
    AuthorizationRequestBatch,
    AuthorizationResponseBatch,
    AuthorizedService,
    Decision,
    Review,
    ReviewDiagnosis,
    ReviewTrace,
    is_answered,
)

_LEVELS = {"2000A": "payer", "2000B": "requester", "2000C": "subscriber", "2000D": "dependent"}
_USUAL = {"2000A": "X3", "2000B": "1P", "2000C": "IL", "2000D": "QC"}
_CERTIFICATES = frozenset(("CRC", "CR1", "CR2", "CR4", "CR5", "CR6", "CR7", "CR8"))
_OF_AN_EVENT = frozenset("TRN UM HCR DTP HI HSD CRC CL1 PWK MSG".split())
"""These say nothing of a person: below a name stands an event whose level is missing."""
_FORMS = frozenset(("SV1", "SV2", "SV3"))
_ANSWERS = frozenset(("11", "08"))
"""BHT02 of a set that answers: 11 by the guide, 08 of payers who count the answer as a status."""
Details = dict[str, Any]


def read_278(tset: TransactionSet) -> AuthorizationRequestBatch | AuthorizationResponseBatch:
    """Return the request or the answer of a 278, by its BHT02; a refusal above the event makes one without an event."""
    whole = _Whole(tset)
    for loop in GRAMMAR_278.walk(tset.segments, tset.report):
        if loop.id == "ST":
            whole.head(loop)
        elif loop.id in _LEVELS:
            whole.level(loop)
        elif loop.id == "2000E":
            whole.end(loop)
        elif loop.id == "2000F":
            whole.service(loop)
    if whole.deepest or whole.left:
        whole.end(None)
    kind = AuthorizationResponseBatch if whole.is_answer else AuthorizationRequestBatch
    bht = whole.bht
    return kind(bht[3], moment(bht[4], bht[5]), tuple(whole.found), bht[6], bht[2])


class _Whole:
    """What was met of a set: who stands above, what had no place there, what is complete."""

    def __init__(self, tset: TransactionSet) -> None:
        self.tset = tset
        self.bht = Segment(["BHT"])
        self.is_answer = False
        self.people: dict[str, Party] = {}
        self.refused: dict[str, tuple[Rejection, ...]] = {}
        self.relationship = ""
        self.left: list[Segment] = []
        self.deepest = ""
        self.found: list[Authorization] = []

    def head(self, loop: Loop) -> None:
        """Take in what stands before the first level."""
        bht = loop.first("BHT")
        if bht is None:
            self._lacks(
                "bht", "The set does not say whether it asks or answers.", loop if loop.segments else None
            )
        else:
            self.bht, self.is_answer = bht, bht[2] in _ANSWERS
        self.left = [item for item in loop.every() if item.id != "ST" and item is not bht]

    def level(self, loop: Loop) -> None:
        """Take in a level above the event; what ended before it is complete."""
        if self.deepest and loop.id <= self.deepest:
            self.end(None)
        for below in [key for key in self.people if key >= loop.id]:
            del self.people[below]
        for below in [key for key in self.refused if key >= loop.id]:
            del self.refused[below]
        self.relationship = ""
        self.deepest = loop.id
        name = _LEVELS[loop.id]
        refused: list[Rejection] = []
        for item in loop.segments[1:]:
            if item.id == "AAA" and _is_plain_refusal(item):
                refused.append(_rejection(item, "system" if name == "payer" else name))
            else:
                self.left.append(item)
        for inner in loop.loops[1:]:
            self.left += inner.every()
        if loop.loops:
            self.people[loop.id] = self._person(loop.id, name, loop.loops[0], refused)
        else:
            self.people[loop.id] = Party("")
            self._lacks("party", f"The {name} is not named.", loop)
        self.refused[loop.id] = tuple(refused)

    def _person(self, level: str, name: str, loop: Loop, refused: list[Rejection]) -> Party:
        kept = []
        for item in loop.segments:
            if item.id == "AAA" and _is_plain_refusal(item):
                refused.append(_rejection(item, name))
            elif item.id == "INS" and name == "dependent" and item[1] == "N" and len(item) == 3:
                self.relationship = item[2]
            elif item.id in _OF_AN_EVENT:
                self.left.append(item)
            else:
                kept.append(item)
        inner = Loop(loop.id, kept)
        inner.loops = loop.loops
        return _party(self.tset, inner, _USUAL[level])

    def end(self, loop: Loop | None) -> None:
        """Keep an authorization: with its event, or without one where the levels end above it."""
        own, self.left, self.deepest = [*self.left, *(loop.segments[1:] if loop else ())], [], ""
        found = _details(self.tset, own, "event")
        refused = tuple(item for key in sorted(self.refused) for item in self.refused[key])
        found["rejections"] = refused + found["rejections"]
        services = [inner for inner in loop.loops if inner.id == "2000F"] if loop else []
        named = [inner for inner in loop.loops if inner.id != "2000F"] if loop else []
        item = Authorization(
            self.people.get("2000A", Party("")), self.people.get("2000B"), self.people.get("2000C"),
            self.people.get("2000D"), self.relationship,
            providers=tuple(_party(self.tset, inner) for inner in named),
            services=tuple(_service(self.tset, inner) for inner in services), **found,
        )  # fmt: skip
        self._look(item, loop)
        self.found.append(item)

    def _look(self, item: Authorization, loop: Loop | None) -> None:
        """Say what an authorization lacks."""
        if loop is None and not item.rejections and item.review is None:
            self._lacks("event", "Nothing to review follows (2000E).", None)
        elif not self.is_answer and item.review is None:
            self._lacks("kind", "The request does not say what is to be reviewed (UM).", loop)
        elif self.is_answer and not is_answered(item):
            self._lacks("decision", "The answer neither decides (HCR) nor refuses (AAA).", loop)

    def _lacks(self, what: str, message: str, loop: Loop | None) -> None:
        """Report what the guide requires; other guides that use the set (X215, X216) ask for other things."""
        if self.tset.guide[6:10] in ("X217", ""):
            at, where = (loop.segments[0], loop.id) if loop else (None, "2000E")
            self.tset.report("error", f"review.{what}-missing", message, at, loop=where)

    def service(self, loop: Loop) -> None:
        """Keep a service that stands below no event, with what came last."""
        message = "A service stands below no event."
        self.tset.report("error", "review.service-without-event", message, loop.segments[0], loop="2000F")
        if self.deepest or self.left or not self.found:
            self.end(None)
        self.found[-1] = replace(
            self.found[-1], services=(*self.found[-1].services, _service(self.tset, loop))
        )


def _party(tset: TransactionSet, loop: Loop, usual: str = "") -> Party:
    """Return who is named; the role is kept unless it is the usual one, and a specialty of another kind than PE."""
    other = [item for item in loop.segments if item.id == "PRV" and (item[1] != "PE" or len(item) > 4)]
    plain = Loop(loop.id, [item for item in loop.segments if item not in other])
    plain.loops = loop.loops
    found = reading.party(tset, plain)
    role = loop.segments[0][1]
    return replace(found, entity="" if role == usual else role, extras=(*found.extras, *other))


def _is_plain_refusal(item: Segment) -> bool:
    return not item[2] and len(item) <= 5


def _rejection(item: Segment, level: str) -> Rejection:
    return Rejection(level, item[3], item[4], item[1])


def _details(tset: TransactionSet, segments: Sequence[Segment], level: str) -> Details:
    """Return what an event and a service both may say; what has no field is among `extras`."""
    kept: dict[str, list[Any]] = {name: [] for name in _LISTS}
    single: Details = {"review": None, "decision": None, "previous_number": "", "administrative_number": ""}
    if level == "event":
        single["admission"] = None
    for item in segments:
        if not (_single(item, single) or _several(tset, item, kept, level)):
            kept["extras"].append(item)
    if level == "service":
        del kept["certificates"]
    else:
        del kept["teeth"]
    return {**single, **{name: tuple(values) for name, values in kept.items()}}


_LISTS = (
    "traces", "rejections", "references", "dates", "diagnoses", "teeth", "deliveries", "certificates", "attachments",
    "messages", "extras",
)  # fmt: skip


def _single(item: Segment, single: Details) -> bool:
    """Take in what stands once; return whether it did."""
    match item.id:
        case "UM" if single["review"] is None and len(item) <= 11 and len(item.components(4)) <= 3:
            single["review"] = _review(item)
        case "HCR" if single["decision"] is None and len(item) <= 5:
            single["decision"] = Decision(item[1], item[2], item.repeats(3), item[4])
        case "REF" if item[1] == "BB" and len(item) == 3 and item[2] and not single["previous_number"]:
            single["previous_number"] = item[2]
        case "REF" if item[1] == "NT" and len(item) == 3 and item[2] and not single["administrative_number"]:
            single["administrative_number"] = item[2]
        case "CL1" if "admission" in single and single["admission"] is None and len(item) <= 5:
            single["admission"] = Admission(item[1], item[2], item[3], item[4])
        case _:
            return False
    return True


def _several(tset: TransactionSet, item: Segment, kept: dict[str, list[Any]], level: str) -> bool:
    """Take in what may stand several times; return whether it did."""
    match item.id:
        case "TRN" if len(item) <= 5:
            kept["traces"].append(ReviewTrace(item[1], item[2], item[3], item[4]))
        case "AAA" if _is_plain_refusal(item):
            kept["rejections"].append(_rejection(item, level))
        case "REF" if len(item) <= 4:
            kept["references"].append(reading.reference(item))
        case "DTP" if len(item) <= 4:
            kept["dates"].append(reading.dates(tset, item))
        case "HI" if (found := _diagnoses(item)) is not None:
            kept["diagnoses"] += found
        case "TOO" if level == "service" and len(item) <= 4:
            surfaces = tuple(item.components(3)) if item[3] else ()
            kept["teeth"].append(Tooth(item[2], surfaces, item[1]))
        case "HSD":
            kept["deliveries"].append(Delivery(tuple(item.elements[1:])))
        case name if name in _CERTIFICATES and level == "event":
            kept["certificates"].append(item)
        case "PWK" if len(item) <= 7 and not item[3] and not item[4] and (item[5], bool(item[6])) in _PAPERS:
            kept["attachments"].append(Attachment(item[1], item[2], item[6]))
        case "MSG" if len(item) == 2:
            kept["messages"].append(item[1])
        case _:
            return False
    return True


_PAPERS = frozenset((("AC", True), ("", False)))


def _review(item: Segment) -> Review:
    place, kind, frequency = [*item.components(4), "", ""][:3]
    return Review(
        item[1], item[2], item[3], place, kind, frequency, tuple(item.components(5)) if item[5] else (),
        item[6], item[7], item[8], item[9], item[10],
    )  # fmt: skip


def _diagnoses(item: Segment) -> list[ReviewDiagnosis] | None:
    """Return the diagnoses of an HI, or None when one of them says more than a diagnosis holds."""
    found = []
    for index in range(1, len(item)):
        parts = item.components(index)
        known_on = reading.to_day(parts[3]) if len(parts) == 4 and parts[2] == "D8" else None
        if len(parts) != 2 and known_on is None:
            return None
        found.append(ReviewDiagnosis(parts[1], parts[0], known_on))
    return found


def _service(tset: TransactionSet, loop: Loop) -> AuthorizedService:
    head = next((item for item in loop.segments if item.id in _FORMS), None)
    found = _details(tset, [item for item in loop.segments[1:] if item is not head], "service")
    billed = _billed(tset, head) if head else {}
    return AuthorizedService(**billed, **found, providers=tuple(_party(tset, inner) for inner in loop.loops))


def _billed(tset: TransactionSet, item: Segment) -> Details:
    """Return what SV1, SV2 or SV3 say of a service."""
    first = 2 if item.id == "SV2" else 1
    taken = {"SV1": (1, 2, 3, 4), "SV2": (1, 2, 3, 4, 5), "SV3": (1, 2, 6)}[item.id]
    rest = [value for place, value in enumerate(item.elements) if place and place not in taken]
    while rest and not rest[-1]:
        rest.pop()
    unit, units = ("", 6) if item.id == "SV3" else (item[first + 2], first + 3)
    return {
        "form": item.id, "procedure": reading.procedure(item, first), "through": item.component(first, 8),
        "revenue_code": item[1] if item.id == "SV2" else "", "charge": reading.number(tset, item, first + 1),
        "unit": unit, "units": reading.number(tset, item, units), "rest": tuple(rest),
    }  # fmt: skip
