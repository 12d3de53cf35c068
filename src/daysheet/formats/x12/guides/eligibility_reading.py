"""How the eligibility question (270) and its answer (271) are read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from daysheet.formats.x12.envelope import TransactionSet, moment
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from . import reading
from .eligibility import (
    GRAMMAR_270,
    GRAMMAR_271,
    AnswerBatch,
    Benefit,
    Delivery,
    EligibilityAnswer,
    EligibilityInquiry,
    InquiryBatch,
    Rejection,
    Trace,
)
from .parts import Dates, Party


def read_270(tset: TransactionSet) -> InquiryBatch:
    """Return the questions of a 270."""
    reference, at = "", None
    inquiries: list[EligibilityInquiry] = []
    payer = provider = subscriber = Party("")
    for loop in GRAMMAR_270.walk(tset.segments, tset.report):
        if loop.id == "ST":
            reference, at = _header(loop)
        elif loop.id == "2000A":
            payer = _one(tset, loop, "payer")
        elif loop.id == "2000B":
            provider = _one(tset, loop, "provider")
        elif loop.id == "2000C":
            subscriber = _one(tset, loop, "subscriber")
            if not _has_dependents(loop):
                inquiries.append(_inquiry(tset, loop, EligibilityInquiry(payer, provider, subscriber)))
        elif loop.id == "2000D":
            dependent = _one(tset, loop, "dependent")
            started = EligibilityInquiry(payer, provider, subscriber, dependent=dependent)
            inquiries.append(_inquiry(tset, loop, started))
    return InquiryBatch(reference, at, tuple(inquiries))


def _has_dependents(loop: Loop) -> bool:
    """Return whether a level says that others hang below it, and asks or answers nothing itself."""
    asks = any(inner.id == "2110" for outer in (loop, *loop.loops) for inner in outer.loops)
    return loop.segments[0][4] == "1" and not asks and loop.first("TRN") is None


def _header(loop: Loop) -> tuple[str, datetime | None]:
    bht = loop.first("BHT")
    return (bht[3], moment(bht[4], bht[5])) if bht else ("", None)


def _one(tset: TransactionSet, loop: Loop, what: str) -> Party:
    """Return who the level names; statements and refusals are read apart."""
    elsewhere = ("AAA", "DTP", "INS") if what in ("subscriber", "dependent") else ("AAA",)
    for inner in loop.loops:
        if inner.segments[0].id == "NM1":
            own = [item for item in inner.segments if item.id not in elsewhere]
            return reading.party(tset, Loop(inner.id, own))
    tset.report(
        "error", "eligibility.party-missing", f"The {what} is not named.", loop.segments[0], loop=loop.id
    )
    return Party("")


def _inquiry(tset: TransactionSet, loop: Loop, inquiry: EligibilityInquiry) -> EligibilityInquiry:
    trace = loop.first("TRN")
    types: list[str] = []
    served: Dates | None = None
    relationship = ""
    extras: list[Segment] = []
    for item in _statements(loop):
        if item.id == "EQ" and not item[2]:
            types += item.repeats(1)
        elif item.id == "DTP" and item[1] == "291" and served is None and not reading.dates(tset, item).raw:
            served = reading.dates(tset, item)
        elif item.id == "INS" and len(item) == 3:
            relationship = item[2]
        else:
            extras.append(item)
    return replace(
        inquiry,
        trace=trace[2] if trace else "",
        trace_origin=trace[3] if trace else "",
        relationship=relationship,
        service_types=tuple(types),
        served_on=served.starts_on if served else None,
        served_to=served.ends_on if served else None,
        extras=tuple(extras),
    )


def _statements(loop: Loop) -> Iterator[Segment]:
    """Return what a level says beside the name of its person."""
    first_trace = loop.first("TRN")
    for item in loop.segments[1:]:
        if item is not first_trace:
            yield item
    for inner in loop.loops:
        if inner.segments[0].id == "NM1":
            yield from (item for item in inner.segments if item.id in ("DTP", "INS"))
            for asked in inner.loops:
                yield from asked.every()
        else:
            yield from inner.every()


def read_271(tset: TransactionSet) -> AnswerBatch:
    """Return the answers of a 271; a refusal above the subscriber makes an answer without one."""
    reference, at = "", None
    answers: list[EligibilityAnswer] = []
    people: dict[str, Party] = {}
    refused: dict[str, tuple[Rejection, ...]] = {}
    pending: tuple[str, EligibilityAnswer] | None = None  # an answer as long as nothing stands below it
    for loop in GRAMMAR_271.walk(tset.segments, tset.report):
        if loop.id == "ST":
            reference, at = _header(loop)
        if loop.id not in _LEVELS:
            continue
        if pending is not None and loop.id <= pending[0]:
            answers.append(pending[1])
        name = _LEVELS[loop.id]
        for below in [key for key in people if key >= loop.id]:
            del people[below], refused[below]
        people[loop.id], refused[loop.id] = _one(tset, loop, name), _refusals(loop, name)
        started = EligibilityAnswer(
            people.get("2000A", Party("")),
            people.get("2000B"),
            people.get("2000C"),
            people.get("2000D"),
            rejections=tuple(item for key in sorted(refused) for item in refused[key]),
        )
        if loop.id in ("2000C", "2000D"):
            started = _said(tset, loop, started)
        pending = (loop.id, started) if started.rejections or not _has_dependents(loop) else None
    if pending is not None:
        answers.append(pending[1])
    return AnswerBatch(reference, at, tuple(answers))


_LEVELS = {"2000A": "payer", "2000B": "provider", "2000C": "subscriber", "2000D": "dependent"}


def _refusals(loop: Loop, name: str) -> tuple[Rejection, ...]:
    own = [item for item in loop.segments if item.id == "AAA"]
    own += [item for inner in loop.loops if inner.id != "2110" for item in inner.segments if item.id == "AAA"]
    return tuple(Rejection(name, item[3], item[4], item[1]) for item in own)


def _said(tset: TransactionSet, loop: Loop, answer: EligibilityAnswer) -> EligibilityAnswer:
    traces = [item for item in loop.segments if item.id == "TRN"]
    echo = next((item for item in traces if item[1] == "2"), None)
    dates: list[Dates] = []
    extras: list[Segment] = []
    benefits: list[Benefit] = []
    relationship = ""
    for inner in loop.loops:
        details = [inner] if inner.id == "2110" else inner.loops
        benefits += [_read_benefit(tset, detail) for detail in details]
        for item in inner.segments if inner.id != "2110" else ():
            if item.id == "DTP":
                dates.append(reading.dates(tset, item))
            elif item.id == "INS" and len(item) == 3:
                relationship = item[2]
            elif item.id == "INS":
                relationship = item[2]
                extras.append(item)
    extras += [item for item in loop.segments[1:] if item.id not in ("TRN", "AAA")]
    return replace(
        answer,
        relationship=relationship,
        trace=echo[2] if echo else "",
        trace_origin=echo[3] if echo else "",
        payer_traces=tuple(Trace(item[1], item[2], item[3]) for item in traces if item is not echo),
        dates=tuple(dates),
        benefits=tuple(benefits),
        extras=tuple(extras),
    )


def _read_benefit(tset: TransactionSet, loop: Loop) -> Benefit:
    head = loop.segments[0]
    kept: dict[str, list[Any]] = {name: [] for name in ("HSD", "REF", "DTP", "AAA", "MSG", "")}
    for item in loop.segments[1:]:
        match item.id:
            case "HSD":
                kept["HSD"].append(Delivery(tuple(item.elements[1:])))
            case "REF" if len(item) <= 4:
                kept["REF"].append(reading.reference(item))
            case "DTP":
                kept["DTP"].append(reading.dates(tset, item))
            case "AAA":
                kept["AAA"].append(Rejection("benefit", item[3], item[4], item[1]))
            case "MSG":
                kept["MSG"].append(item[1])
            case "LS" | "LE":
                pass
            case _:
                kept[""].append(item)
    others = []
    for inner in loop.loops:
        if inner.id == "2120":
            others.append(
                reading.party(tset, Loop(inner.id, [item for item in inner.segments if item.id != "LE"]))
            )
        else:
            kept[""] += [item for item in inner.every() if item.id not in ("LS", "LE")]
    return Benefit(
        head[1], head[2], head.repeats(3), head[4], head[5], head[6],
        reading.number(tset, head, 7), reading.number(tset, head, 8), head[9], reading.number(tset, head, 10),
        head[11], head[12], reading.procedure(head, 13),
        deliveries=tuple(kept["HSD"]), references=tuple(kept["REF"]), dates=tuple(kept["DTP"]),
        rejections=tuple(kept["AAA"]), messages=tuple(kept["MSG"]), others=tuple(others),
        extras=tuple(kept[""]),
    )  # fmt: skip
