"""How the part that all claim files share is read (837): who stands above the claims, other payers, earlier decisions."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from daysheet.formats.x12.envelope import TransactionSet, moment
from daysheet.formats.x12.loop import Grammar, Loop
from daysheet.formats.x12.segment import Segment

from . import reading
from .claim import Attachment, C, ClaimBatch, Drug, LineAdjudication, Note, OtherPayer, Subscriber
from .parts import Party

NOBODY = Party("")
UNKNOWN = Subscriber(NOBODY, "", "")
Lists = defaultdict[str, list[Any]]
"""What may stand in a claim or a line more than once; a list is made when the first of its kind is met."""


@dataclass(slots=True)
class ClaimsAbove:
    """What stands above the claims of a file while it is read."""

    reference: str = ""
    at: datetime | None = None
    purpose: str = ""
    kind: str = ""
    submitter: Party = NOBODY
    receiver: Party = NOBODY
    billing: Party = NOBODY
    pay_to: Party | None = None
    subscriber: Subscriber = UNKNOWN
    payer: Party = NOBODY
    patient: Party | None = None
    relationship: str = ""


def read_claims(
    tset: TransactionSet, stream: Callable[[TransactionSet, ClaimsAbove], Iterator[C]]
) -> ClaimBatch[C]:
    """Return all claims of a file, with what stands above them."""
    above = ClaimsAbove()
    claims = tuple(stream(tset, above))
    return ClaimBatch(
        above.reference, above.at, above.submitter, above.receiver, claims, above.kind, above.purpose
    )


def stream_claims(
    tset: TransactionSet,
    above: ClaimsAbove,
    grammar: Grammar,
    make: Callable[[TransactionSet, Loop, ClaimsAbove], C],
) -> Iterator[C]:
    """Return the claims of a file one after the other; `above` is filled meanwhile, `make` makes one of its loop."""
    for loop in grammar.walk(tset.segments, tset.report):
        match loop.id:
            case "2300":
                yield make(tset, loop, above)
            case "2000C":
                _patient(tset, loop, above)
            case "2000B":
                _insured(tset, loop, above)
            case "2000A":
                _office(tset, loop, above)
            case "ST":
                _header(tset, loop, above)


def _header(tset: TransactionSet, loop: Loop, above: ClaimsAbove) -> None:
    bht = loop.first("BHT")
    if bht is None:
        tset.report("error", "claim.bht-missing", "The file has no header (BHT).")
    else:
        above.purpose, above.reference, above.kind = bht[2], bht[3], bht[6]
        above.at = moment(bht[4], bht[5])
    for inner in loop.loops:
        if inner.id == "1000A":
            above.submitter = reading.party(tset, inner)
        elif inner.id == "1000B":
            above.receiver = reading.party(tset, inner)
    for party, name, code in ((above.submitter, "1000A", "submitter"), (above.receiver, "1000B", "receiver")):
        if party is NOBODY:
            tset.report("error", f"claim.{code}-missing", f"The {code} is not named ({name} NM1).", loop=name)


def _office(tset: TransactionSet, loop: Loop, above: ClaimsAbove) -> None:
    billing, above.pay_to, extras = NOBODY, None, []
    taxonomy = ""
    for item in loop.segments[1:]:
        if item.id == "PRV" and item[2] == "PXC" and not taxonomy:
            taxonomy = item[3]
        else:
            extras.append(item)
    later: list[Segment] = []
    for inner in loop.loops:
        if inner.id == "2010AA":
            billing = reading.party(tset, inner)
        elif inner.id == "2010AB" and above.pay_to is None:
            above.pay_to = reading.party(tset, inner)
        else:
            later += inner.every()
    if billing is not NOBODY and billing.address is None:
        missing(
            tset, "claim.address-missing", "The billing provider has no address (N3, N4).", loop, "2010AA"
        )
    if billing is NOBODY:
        tset.report(
            "error",
            "claim.billing-missing",
            "The billing provider is not named.",
            loop.segments[0],
            loop="2010AA",
        )
    above.billing = replace(
        billing, taxonomy=taxonomy or billing.taxonomy, extras=(*extras, *billing.extras, *later)
    )
    above.patient, above.relationship = None, ""
    above.subscriber, above.payer = UNKNOWN, NOBODY


def _insured(tset: TransactionSet, loop: Loop, above: ClaimsAbove) -> None:
    above.patient, above.relationship, above.payer = None, "", NOBODY
    sbr = loop.first("SBR")
    if sbr is None:
        missing(tset, "claim.plan-missing", "The place of the plan is not told (SBR).", loop, "2000B")
        sbr = Segment(["SBR"])
    person = NOBODY
    extras = [item for item in loop.segments[1:] if item is not sbr]
    for inner in loop.loops:
        if inner.id == "2010BA" and person is NOBODY:
            person = reading.party(tset, inner)
        elif inner.id == "2010BB" and above.payer is NOBODY:
            above.payer = reading.party(tset, inner)
        else:
            extras += inner.every()
    if person is NOBODY:
        tset.report(
            "error", "claim.insured-missing", "The insured is not named.", loop.segments[0], loop="2010BA"
        )
    if above.payer is NOBODY:
        tset.report(
            "error", "claim.payer-missing", "The payer is not named.", loop.segments[0], loop="2010BB"
        )
    if extras:
        person = replace(person, extras=(*extras, *person.extras))
    told = reading.padded(sbr, 10)
    above.subscriber = Subscriber(person, told[1], told[2], told[3], told[4], told[5], told[9])


def missing(tset: TransactionSet, code: str, message: str, loop: Loop, name: str) -> None:
    """Report what a loop lacks at its first segment."""
    tset.report("error", code, message, loop.segments[0], loop=name)


def _patient(tset: TransactionSet, loop: Loop, above: ClaimsAbove) -> None:
    pat = loop.first("PAT")
    if pat is None:
        missing(
            tset, "claim.relationship-missing", "The patient's relationship is missing (PAT).", loop, "2000C"
        )
    person = NOBODY
    extras = [item for item in loop.segments[1:] if item is not pat]
    if pat is not None and len(pat) > 2:
        extras.insert(0, pat)
    for inner in loop.loops:
        if inner.id == "2010CA" and person is NOBODY:
            person = reading.party(tset, inner)
        else:
            extras += inner.every()
    if person is NOBODY:
        tset.report(
            "error", "claim.patient-missing", "The patient is not named.", loop.segments[0], loop="2010CA"
        )
    above.patient = replace(person, extras=(*extras, *person.extras)) if extras else person
    above.relationship = pat[1] if pat else ""


def core(
    tset: TransactionSet,
    loop: Loop,
    above: ClaimsAbove,
    providers: Mapping[str, str],
    make_line: Callable[..., Any],
    found: dict[str, Any],
) -> list[Segment]:
    """Fill `found` with what every claim says by its loops and by what stands above; return what has no field."""
    clm = loop.segments[0]
    lines, others = [], []
    extras: list[Segment] = []
    for inner in loop.loops:
        if inner.id == "2400":
            lines.append(make_line(tset, inner))
        elif inner.id == "2320":
            others.append(_other_payer(tset, inner))
        elif (name := providers.get(inner.id)) and name not in found:
            found[name] = reading.party(tset, inner)
        else:
            extras += inner.every()
    if not lines:
        tset.report("error", "claim.lines-missing", "The claim has no service line.", clm, 1, loop="2300")
    if above.subscriber is UNKNOWN:
        message = "The claim stands under no insured (2000B)."
        tset.report("error", "claim.insured-missing", message, clm, 1, loop="2300")
    if not clm[1]:
        tset.report("error", "claim.number-missing", "The claim has no number.", clm, 1, loop="2300")
    told = reading.padded(clm, 21)
    found["claim_id"] = told[1]
    found["charge"] = reading.money(tset, clm, 2)
    found["billing"], found["subscriber"], found["payer"] = above.billing, above.subscriber, above.payer
    found["lines"] = tuple(lines)
    found["patient"], found["patient_relationship"] = above.patient, above.relationship
    found["pay_to"] = above.pay_to
    found["assignment"], found["benefits_assigned"], found["release"] = told[7:10]
    found["delay_reason"] = told[20]
    if others:
        found["other_payers"] = tuple(others)
    return extras


def tuples(kept: Lists) -> dict[str, Any]:
    """Return the lists that hold something as tuples."""
    return {name: tuple(values) for name, values in kept.items() if values} if kept else {}


def claim_detail(
    tset: TransactionSet,
    item: Segment,
    numbers: Mapping[str, str],
    found: dict[str, Any],
    kept: Lists,
) -> bool:
    """Promise that a segment that every kind of claim knows is kept; False when it has no field."""
    match item.id:
        case "DTP":
            kept["dates"].append(reading.dates(tset, item))
        case "REF" if (name := numbers.get(item[1])) and name not in found and len(item) == 3:
            found[name] = item[2]
        case "REF" if len(item) <= 4:
            kept["references"].append(reading.reference(item))
        case "NTE":
            kept["notes"].append(Note(item[1], item[2]))
        case "PWK" if not (item[3] or item[4] or len(item) > 7):
            kept["attachments"].append(Attachment(item[1], item[2], item[6]))
        case _:
            return False
    return True


def line_detail(tset: TransactionSet, item: Segment, found: dict[str, Any], kept: Lists) -> bool:
    """Promise that a segment that every kind of line knows is kept; False when it has no field."""
    match item.id:
        case "DTP":
            if item[1] == "472" and item[2] == "D8" and "served_on" not in found:  # nearly all
                served_on = reading.to_day(item[3])
                if served_on is not None:
                    found["served_on"] = served_on
                    return True
            when = reading.dates(tset, item)
            if when.qualifier == "472" and "served_on" not in found and not when.raw:
                found["served_on"], found["served_to"] = when.starts_on, when.ends_on
            else:
                kept["dates"].append(when)
        case "REF":
            return _line_number_of(item, found, kept)
        case "NTE":
            kept["notes"].append(Note(item[1], item[2]))
        case _:
            return False
    return True


def _line_number_of(item: Segment, found: dict[str, Any], kept: Lists) -> bool:
    """Promise that a number of a line is kept (REF); False when it has no field."""
    kind, count = item[1], len(item.elements)
    if kind == "6R" and "control" not in found:
        found["control"] = item[2]
    elif kind == "G1" and "prior_authorization" not in found and count == 3:
        found["prior_authorization"] = item[2]
    elif count <= 4:
        kept["references"].append(reading.reference(item))
    else:
        return False
    return True


def line_loops(
    tset: TransactionSet, loop: Loop, rendering: str, found: dict[str, Any], kept: Lists
) -> Iterator[Segment]:
    """Keep what stands in loops of a line, `rendering` being that of who did it; return the segments without a field."""
    for inner in loop.loops:
        if inner.id == "2430":
            kept["adjudications"].append(_adjudication(tset, inner))
        elif inner.id == rendering and "rendering" not in found:
            found["rendering"] = reading.party(tset, inner)
        elif inner.id == "2410" and "drug" not in found and (drug := _drug(tset, inner)):
            found["drug"] = drug
        else:
            yield from inner.every()


def line_number(head: Segment) -> int:
    """Return the number of a line (LX01); 0 when it is none."""
    told = head[1]
    if told in _FIRST_LINES:
        return _FIRST_LINES[told]
    return int(told) if told.isdigit() and told.isascii() and len(told) < 7 else 0


_FIRST_LINES = {str(number): number for number in range(1, 51)}


def pointers(tset: TransactionSet, item: Segment, index: int) -> tuple[int, ...]:
    """Return which diagnoses a line points to; some write 1.00 for 1."""
    text = item[index]
    found, is_right = (_known_pointed if len(text) < 24 else _pointed)(text, item.delimiters.component)
    if not is_right:
        tset.report(
            "error", "claim.pointer-wrong", "This is no diagnosis of the claim.", item, index, loop="2400"
        )
    return found


def _pointed(text: str, component: str) -> tuple[tuple[int, ...], bool]:
    """Return the diagnoses that are named, and whether nothing else is."""
    wanted = [part for part in text.split(component) if part]
    found = tuple([_POINTERS[part] for part in wanted if part in _POINTERS])
    return found, len(found) == len(wanted)


_known_pointed = lru_cache(maxsize=1024)(_pointed)


_POINTERS = {str(number): number for number in range(1, 13)} | {
    f"{number}.00": number for number in range(1, 13)
}


def diagnoses(item: Segment) -> tuple[str, ...]:
    """Return the codes of an HI that names diagnoses and nothing else."""
    element, _, component, _ = item.delimiters
    text = element.join(item.elements)
    return (_known_diagnoses if len(text) <= 160 else _diagnoses)(text, element, component)


def _diagnoses(text: str, element: str, component: str) -> tuple[str, ...]:
    codes = []
    for index, told in enumerate(text.split(element)[1:]):
        parts = told.split(component)
        if len(parts) != 2 or parts[0] != ("ABF" if index else "ABK"):
            return ()
        codes.append(parts[1])
    return tuple(codes)


_known_diagnoses = lru_cache(maxsize=4096)(_diagnoses)


def causes(clm: Segment) -> dict[str, Any]:
    """Return what an accident was, and in which state (CLM11)."""
    said = (*clm.components(11), "", "", "")
    return {"related_causes": tuple([cause for cause in said[:3] if cause]), "accident_state": said[3]}


def lists() -> Lists:
    """Return lists for what may stand in a claim or a line more than once."""
    return defaultdict(list)


def _other_payer(tset: TransactionSet, loop: Loop) -> OtherPayer:
    sbr = loop.segments[0]
    found: dict[str, Any] = {"payer": NOBODY, "subscriber": NOBODY, "benefits_assigned": "", "release": ""}
    adjustments, extras = [], []
    for item in loop.segments[1:]:
        if item.id == "CAS":
            adjustments += reading.adjustments(tset, item)
        elif item.id == "AMT" and item[1] in _OTHER_AMOUNTS:
            found[_OTHER_AMOUNTS[item[1]]] = reading.money(tset, item, 2)
        elif item.id == "OI":
            found |= {"benefits_assigned": item[3], "patient_signature": item[4], "release": item[6]}
        elif item.id in ("MIA", "MOA"):
            found[item.id.lower()] = tuple(item.elements[1:])
        else:
            extras.append(item)
    for inner in loop.loops:
        if inner.id == "2330A":
            found["subscriber"] = reading.party(tset, inner)
        elif inner.id == "2330B":
            found |= _payer_before(tset, inner)
        else:
            found["payer"] = replace(found["payer"], extras=(*found["payer"].extras, *inner.every()))
    return OtherPayer(
        rank=sbr[1], relationship=sbr[2], group_number=sbr[3], group_name=sbr[4], insurance_type=sbr[5],
        filing_code=sbr[9], adjustments=tuple(adjustments), extras=tuple(extras), **found,
    )  # fmt: skip


_OTHER_AMOUNTS = {"D": "paid", "A8": "non_covered", "EAF": "remaining"}


def _payer_before(tset: TransactionSet, loop: Loop) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rest = []
    for item in loop.segments:
        if item.id == "DTP" and item[1] == "573" and "paid_on" not in found:
            found["paid_on"] = reading.dates(tset, item).starts_on
        elif item.id == "REF" and item[1] == "F8" and "claim_number" not in found:
            found["claim_number"] = item[2]
        else:
            rest.append(item)
    return found | {"payer": reading.party(tset, Loop(loop.id, rest))}


def _drug(tset: TransactionSet, loop: Loop) -> Drug | None:
    head, *rest = loop.segments
    if head[2] != "N4" or len(head) > 4 or len(rest) > 1 or (rest and rest[0].id != "CTP"):
        return None
    if not rest:
        return Drug(head[3])
    return Drug(head[3], reading.number(tset, rest[0], 4), rest[0][5])


def _adjudication(tset: TransactionSet, loop: Loop) -> LineAdjudication:
    svd = loop.segments[0]
    adjustments, extras = [], []
    paid_on, remaining = None, None
    for item in loop.segments[1:]:
        if item.id == "CAS":
            adjustments += reading.adjustments(tset, item)
        elif item.id == "DTP" and item[1] == "573" and paid_on is None:
            paid_on = reading.dates(tset, item).starts_on
        elif item.id == "AMT" and item[1] == "EAF" and remaining is None:
            remaining = reading.money(tset, item, 2)
        else:
            extras.append(item)
    return LineAdjudication(
        svd[1], reading.money(tset, svd, 2), reading.procedure(svd, 3), reading.money(tset, svd, 5),
        tuple(adjustments), paid_on, remaining, svd[4], svd[6], tuple(extras),
    )  # fmt: skip
