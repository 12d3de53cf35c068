"""How an enrolment file is read (834): one member at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from daysheet.formats.x12.envelope import TransactionSet, moment
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from . import reading
from .enrolment import (
    GRAMMAR_834,
    SEVERAL,
    SINGLE,
    Broker,
    Category,
    Coverage,
    CoverageProvider,
    Disability,
    Enrolment,
    Health,
    IdCard,
    Income,
    Language,
    Member,
    OtherCoverage,
    Person,
    Ways,
)
from .parts import Amount, Dates, Party, Reference

_NOBODY = Party("")


@dataclass(slots=True)
class EnrolmentAbove:
    """What stands above the members, filled while the file is read."""

    fields: dict[str, Any] = field(default_factory=dict)


def read_834(tset: TransactionSet) -> Enrolment:
    """Return the enrolment file with all its members."""
    above = EnrolmentAbove()
    members = tuple(stream_834(tset, above))
    return Enrolment(**above.fields, members=members)


def stream_834(tset: TransactionSet, above: EnrolmentAbove | None = None) -> Iterator[Member]:
    """Return the members one after the other, in the memory of the largest; `above` is filled meanwhile."""
    above = above or EnrolmentAbove()
    for loop in GRAMMAR_834.walk(tset.segments):
        if loop.id == "2000":
            yield _member(tset, loop)
        elif loop.id == "ST":
            above.fields = _header(tset, loop)


def _header(tset: TransactionSet, loop: Loop) -> dict[str, Any]:
    found: dict[str, Any] = {"reference": "", "at": None, "sponsor": _NOBODY, "payer": _NOBODY}
    bgn = loop.first("BGN")
    if bgn is None:
        tset.report("error", "enrolment.bgn-missing", "The beginning of the file is missing (BGN).")
    else:
        found |= {"purpose": bgn[1], "reference": bgn[2], "at": moment(bgn[3], bgn[4]), "zone": bgn[5]}
        found |= {"original": bgn[6], "action": bgn[8]}
        if found["at"] is None:
            tset.report("error", "element.date", "This is not a moment.", bgn, 3)
    kept = _Kept()
    totals = []
    for item in loop.segments[1:]:
        if item.id == "REF" and item[1] == "38" and "policy" not in found:
            found["policy"] = item[2]
        elif item.id == "QTY":
            totals.append(reading.quantity(tset, item))
        elif item is not bgn and not kept.take(tset, item, ("DTP",)):
            kept.extras.append(item)
    brokers, others = [], []
    for inner in loop.loops:
        name = {"1000A": "sponsor", "1000B": "payer"}.get(inner.id, "")
        if inner.id == "1000C":
            brokers.append(_broker(tset, inner))
        elif name and found[name] is _NOBODY:
            found[name] = replace(reading.party(tset, inner), entity="")
        else:
            others.append(replace(reading.party(tset, inner), entity=inner.segments[0][1]))
    for name, at in (("sponsor", "1000A"), ("payer", "1000B")):
        # the guide of the exchanges names no sponsor of the whole file
        if found[name] is _NOBODY and tset.kind == "834":
            tset.report("error", f"enrolment.{name}-missing", f"The {name} is not named.", loop=at)
    return found | {
        "dates": tuple(kept.dates), "totals": tuple(totals), "brokers": tuple(brokers),
        "others": tuple(others), "extras": tuple(kept.extras),
    }  # fmt: skip


def _broker(tset: TransactionSet, loop: Loop) -> Broker:
    party = reading.party(tset, Loop(loop.id, loop.segments))
    if not loop.loops:
        return Broker(replace(party, entity=loop.segments[0][1]))
    act, *more = loop.loops
    head = act.segments[0]
    extras = (*act.segments[1:], *(item for one in more for item in one.every()))
    return Broker(replace(party, entity=loop.segments[0][1]), head[1], head[6], tuple(extras))


class _Kept:
    """Dates, numbers and amounts as they are met in a loop, and what has no field there."""

    __slots__ = ("amounts", "dates", "extras", "references")

    def __init__(self) -> None:
        self.references: list[Reference] = []
        self.dates: list[Dates] = []
        self.amounts: list[Amount] = []
        self.extras: list[Segment] = []

    def take(self, tset: TransactionSet, item: Segment, names: tuple[str, ...]) -> bool:
        """Promise that a number, a date or an amount is kept, if the loop has them; False for anything else."""
        if item.id not in names:
            return False
        if item.id == "REF" and len(item) <= 4:
            self.references.append(reading.reference(item))
        elif item.id == "DTP":
            self.dates.append(reading.dates(tset, item))
        elif item.id == "AMT":
            self.amounts.append(reading.amount(tset, item))
        else:
            return False
        return True


_ANSWERS = {"Y": True, "N": False}


def _member(tset: TransactionSet, loop: Loop) -> Member:
    ins, *rest = loop.segments
    if not ins[3]:
        tset.report("error", "element.missing", "What becomes of the member is missing.", ins, 3, loop="2000")
    if ins[1] not in _ANSWERS:
        tset.report(
            "error", "element.value", "It is not said whether this is the subscriber.", ins, 1, loop="2000"
        )
    medicare = [*ins.components(6), ""]
    found: dict[str, Any] = {
        "person": Person(_NOBODY), "is_subscriber": ins[1] == "Y", "relationship": ins[2],
        "maintenance": ins[3], "reason": ins[4], "benefit_status": ins[5], "medicare": medicare[0],
        "medicare_reason": medicare[1], "cobra": ins[7], "employment": ins[8], "student": ins[9],
        "is_handicapped": _ANSWERS.get(ins[10]), "died_on": reading.day(tset, ins, 12),
        "confidentiality": ins[13], "birth_sequence": ins[17], "subscriber_id": "",
    }  # fmt: skip
    kept = _Kept()
    for item in rest:
        name = {"0F": "subscriber_id", "1L": "group_number"}.get(item[1], "") if item.id == "REF" else ""
        if name and not found.get(name) and item[2]:
            found[name] = item[2]
        elif not kept.take(tset, item, ("REF", "DTP")):
            kept.extras.append(item)
    _inner(tset, loop, found, kept)
    if found["person"].party is _NOBODY:
        tset.report("error", "enrolment.member-missing", "The member is not named.", ins, loop="2100A")
    if not found["subscriber_id"] and tset.kind == "834":
        tset.report(
            "error", "enrolment.subscriber-missing", "The subscriber's number is missing.", ins, loop="2000"
        )
    return Member(
        **found, references=tuple(kept.references), dates=tuple(kept.dates), extras=tuple(kept.extras)
    )


def _inner(tset: TransactionSet, loop: Loop, found: dict[str, Any], kept: _Kept) -> None:
    """Read the loops inside a member into the fields; what stands there once too often is kept as it is."""
    several: dict[str, list[Any]] = {}
    for inner in loop.loops:
        name = inner.id
        if name == "2100A" and found["person"].party is _NOBODY:
            found |= _own_person(tset, inner)
        elif name in SINGLE and SINGLE[name] not in found:
            found[SINGLE[name]] = _person(tset, inner)
        elif name in SEVERAL:
            several.setdefault(SEVERAL[name], []).append(_person(tset, inner))
        elif name == "2200":
            several.setdefault("disabilities", []).append(_disability(tset, inner))
        elif name == "2300":
            several.setdefault("coverages", []).append(_coverage(tset, inner))
        elif name == "LS":
            several.setdefault("categories", []).extend(_category(tset, one) for one in inner.loops)
            kept.extras += inner.segments[1:]
        elif name == "LE":
            kept.extras += inner.segments[1:]
            kept.extras += [item for one in inner.loops for item in one.every()]
        else:
            kept.extras += inner.every()
    found |= {name: tuple(items) for name, items in several.items()}


def _own_person(tset: TransactionSet, loop: Loop) -> dict[str, Any]:
    """Return the member's name and what only a member's own name has beside it."""
    found: dict[str, Any] = {}
    classes, languages, amounts, rest = [], [], [], []
    for item in loop.segments:
        name = item.id
        if name == "EC":
            classes.append(tuple(item.elements[1:4]))
        elif name == "ICM" and "income" not in found:
            hours = reading.number(tset, item, 3)
            found["income"] = Income(item[1], reading.money(tset, item, 2), hours, item[4], item[5])
        elif name == "AMT":
            amounts.append(reading.amount(tset, item))
        elif name == "HLH" and "health" not in found:
            found["health"] = Health(item[1], reading.number(tset, item, 2), reading.number(tset, item, 3))
        elif name == "LUI":
            languages.append(Language(item[1], item[2], item[3], item[4]))
        else:
            rest.append(item)
    one = Loop(loop.id, rest)
    one.loops = loop.loops
    return found | {
        "person": _person(tset, one), "classes": tuple(classes), "languages": tuple(languages),
        "amounts": tuple(amounts),
    }  # fmt: skip


def _person(tset: TransactionSet, loop: Loop) -> Person:
    """Return whom a loop names; after a second name nothing is taken for the first one's any more."""
    head, *rest = loop.segments
    told: dict[str, Any] = {}
    own: list[Segment] = [head]
    ways: list[Ways] = []
    extras: list[Segment] = []
    for place, item in enumerate(rest):
        if item.id in ("NM1", "N1"):
            extras += rest[place:]
            break
        if item.id == "PER":
            ways.append(_ways(item))
        elif item.id == "DMG" and "marital" not in told:
            _demographics(tset, item, told, own, extras)
        elif item.id == "N4" and len(item) > 5 and "county" not in told:
            told["county"] = tuple(item.elements[5:8])
            own.append(Segment(item.elements[:5], item.delimiters, item.position))
        elif item.id in ("N3", "N4"):
            own.append(item)
        else:
            extras.append(item)
    party = reading.party(tset, Loop(loop.id, own))
    extras = [*party.extras, *extras, *(item for inner in loop.loops for item in inner.every())]
    return Person(
        replace(party, entity=head[1], extras=()), tuple(ways), extras=tuple(extras),
        **told,
    )  # fmt: skip


def _demographics(
    tset: TransactionSet, item: Segment, told: dict[str, Any], own: list[Segment], extras: list[Segment]
) -> None:
    """Read a DMG; one whose birth date is no date is reported and kept as it stands."""
    if (item[2] and reading.to_day(item[2]) is None) or item[1] not in ("D8", ""):
        tset.report("error", "element.date", "This is not a birth date.", item, 2, loop="2100A")
        extras.append(item)
        return
    own.append(Segment(item.elements[:4], item.delimiters, item.position))
    sign = item.delimiters.component
    told["marital"] = item[4]
    told["races"] = tuple(tuple(race.split(sign)) for race in item.repeats(5))
    told["citizenship"] = item[6]
    told["collected"] = (item[10], item[11])


def _ways(item: Segment) -> Ways:
    pairs = [(item[place], item[place + 1]) for place in (3, 5, 7) if item[place] or item[place + 1]]
    return Ways(item[1], item[2], tuple(pairs))


def _disability(tset: TransactionSet, loop: Loop) -> Disability:
    dsb, *rest = loop.segments
    kept = _Kept()
    kept.extras = [item for item in rest if not kept.take(tset, item, ("DTP",))]
    return Disability(dsb[1], dsb[7], dsb[8], tuple(kept.dates), tuple(kept.extras))


def _coverage(tset: TransactionSet, loop: Loop) -> Coverage:
    hd, *rest = loop.segments
    if not hd[3]:
        tset.report("error", "element.missing", "The line of insurance is missing.", hd, 3, loop="2300")
    kept = _Kept()
    cards = []
    for item in rest:
        if item.id == "IDC":
            cards.append(IdCard(item[1], item[2], reading.number(tset, item, 3), item[4]))
        elif not kept.take(tset, item, ("DTP", "AMT", "REF")):
            kept.extras.append(item)
    return Coverage(
        hd[1], hd[3], hd[4], hd[5], hd[9], tuple(kept.dates), tuple(kept.amounts), tuple(kept.references),
        tuple(cards), tuple(_provider(tset, one) for one in loop.loops if one.id == "2310"),
        tuple(_other(tset, one) for one in loop.loops if one.id == "2320"), tuple(kept.extras),
    )  # fmt: skip


def _provider(tset: TransactionSet, loop: Loop) -> CoverageProvider:
    lx, *rest = loop.segments
    named = next((place for place, item in enumerate(rest) if item.id == "NM1"), None)
    if named is None:
        tset.report("error", "enrolment.provider-missing", "No provider is named.", lx, loop="2310")
        return CoverageProvider(lx[1], Person(_NOBODY), extras=tuple(rest))
    found: dict[str, Any] = {}
    own: list[Segment] = []
    for item in rest[named:]:
        if item.id == "PLA" and "change_reason" not in found:
            found |= {"changed_on": reading.day(tset, item, 3), "change_reason": item[5]}
        else:
            own.append(item)
    provider = _person(tset, Loop("2310", own))
    return CoverageProvider(lx[1], provider, own[0][10], extras=tuple(rest[:named]), **found)


def _other(tset: TransactionSet, loop: Loop) -> OtherCoverage:
    cob, *rest = loop.segments
    kept = _Kept()
    kept.extras = [item for item in rest if not kept.take(tset, item, ("REF", "DTP"))]
    payers = tuple(_person(tset, one) for one in loop.loops)
    return OtherCoverage(
        cob[1], cob[2], cob[3], cob.repeats(4), tuple(kept.references), tuple(kept.dates), payers,
        tuple(kept.extras),
    )  # fmt: skip


def _category(tset: TransactionSet, loop: Loop) -> Category:
    lx, *rest = loop.segments
    kept = _Kept()
    found: dict[str, str] = {"entity": ""}
    for inner in loop.loops:
        n1, *more = inner.segments
        if found["entity"]:
            kept.extras += inner.segments
            continue
        found = {"name": n1[2], "entity": n1[1], "id_qualifier": n1[3], "id": n1[4]}
        kept.extras += [item for item in more if not kept.take(tset, item, ("REF", "DTP"))]
    return Category(
        lx[1], **found, references=tuple(kept.references), dates=tuple(kept.dates),
        extras=(*rest, *kept.extras),
    )  # fmt: skip
