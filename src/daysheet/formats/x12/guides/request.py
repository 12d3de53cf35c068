"""A payer asks for papers about a claim (277RFAI). Guide 006020X313; 005010X213 is read too.

The loops are those of the base 277. Public sources do not say everything of the guide: what the levels and dates are
coded with is read leniently (HL03 of the patient PT, 22 or 23; the day to answer by under 106 or 097) and written in
one plain form: BHT 0085*48*..*RQ, PT, 106.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from daysheet.formats.x12.envelope import GUIDES, TransactionSet, moment
from daysheet.formats.x12.loop import Grammar, Loop, rule
from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment, segment
from daysheet.formats.x12.write import OutgoingSet

from . import reading, writing
from .asking import Question, first_loinc, fits, read_question, write_question
from .claim import Attachment
from .parts import Contact, Dates, Party, Procedure, Reference

DUE = ("106", "097")
_NUMBERS = {
    "1K": "payer_claim_number", "EJ": "claim_id", "EA": "medical_record", "BLT": "bill_type", "D9": "clearinghouse_trace",
}  # fmt: skip


@record
class ReplyTo:
    """How the papers may come back, and whom to ask (2210D PWK, PER)."""

    paper: Attachment
    contact: Contact | None = None
    extras: tuple[Segment, ...] = ()


@record
class RequestedLine:
    """What is asked about one line of the claim."""

    procedure: Procedure
    charge: Decimal
    questions: tuple[Question, ...]
    control: str = ""
    revenue_code: str = ""
    units: Decimal | None = None
    served: Dates | None = None
    extras: tuple[Segment, ...] = ()


@record
class InformationRequest:
    """What is asked about one claim. `trace` is the payer's number of the question: the answer (275) sends it back."""

    trace: str
    patient: Party
    questions: tuple[Question, ...] = ()
    claim_id: str = ""
    payer_claim_number: str = ""
    medical_record: str = ""
    bill_type: str = ""
    clearinghouse_trace: str = ""
    references: tuple[Reference, ...] = ()
    served: Dates | None = None
    respond_by: Dates | None = None
    reply: ReplyTo | None = None
    lines: tuple[RequestedLine, ...] = ()
    origin: str = ""
    origin_detail: str = ""
    extras: tuple[Segment, ...] = ()

    @property
    def loinc(self) -> str:
        """Return the LOINC code of the first document that is asked for, of the claim or a line."""
        return first_loinc((*self.questions, *(one for line in self.lines for one in line.questions)))


@record
class AskedProvider:
    """One provider, and what is asked about its claims."""

    provider: Party
    requests: tuple[InformationRequest, ...] = ()
    extras: tuple[Segment, ...] = ()


@record
class RequestBatch:
    """One 277RFAI; the source's entity is PR or AY, its contacts are those of the payer."""

    reference: str
    at: datetime | None
    source: Party
    receiver: Party
    providers: tuple[AskedProvider, ...] = ()
    extras: tuple[Segment, ...] = ()


GRAMMAR_277RFAI = Grammar(
    rule("2000A HL 3=20", rule("2100A NM1"), streamed=True),
    rule("2000B HL 3=21", rule("2100B NM1"), streamed=True),
    rule("2000C HL 3=19", rule("2100C NM1"), streamed=True),
    rule(
        "2000D HL 3=PT,22,23",
        rule("2100D NM1"),
        rule("2200D TRN", rule("2210D PWK"), rule("2220D SVC", rule("2225D PWK"))),
        streamed=True,
    ),
)


def build_277rfai(batch: RequestBatch) -> OutgoingSet:
    """Return the questions of a payer as a 277RFAI.

    Raises CannotBuild when a party, a number or a question is missing.
    """
    if batch.at is None:
        raise CannotBuild("The file needs its moment (BHT04, BHT05).")
    if not any(provider.requests for provider in batch.providers):
        raise CannotBuild("A request asks about a claim at least (2000D).")
    source, receiver = batch.source, batch.receiver
    lines = [
        segment(
            "BHT", "0085", "48", writing.required(batch.reference, "The number of the file (BHT03)"),
            f"{batch.at:%Y%m%d}", f"{batch.at:%H%M%S}".removesuffix("00"), "RQ",
        ),
        segment("HL", "1", "", "20", "1"),
        *_named(source, source.entity or "PR", "2100A"),
        segment("HL", "2", "1", "21", "1"),
        *_named(receiver, receiver.entity or "41", "2100B"),
        *batch.extras,
    ]  # fmt: skip
    count = 2
    for provider in batch.providers:
        count += 1
        above = str(count)
        lines.append(segment("HL", above, "2", "19", "1" if provider.requests else "0"))
        lines += [*_named(provider.provider, provider.provider.entity or "1P", "2100C"), *provider.extras]
        for item in provider.requests:
            count += 1
            lines += [segment("HL", str(count), above, "PT"), *_request(item)]
    return OutgoingSet("277", GUIDES["277RFAI"], tuple(lines))


def _named(item: Party, entity: str, place: str) -> list[Segment]:
    writing.required(item.name, f"A name ({place} NM103)")
    writing.required(item.id, f"The number of {item.name} ({place} NM109)")
    return writing.party(item, entity)


def _request(item: InformationRequest) -> Iterator[Segment]:
    if not item.questions and not any(line.questions for line in item.lines):
        raise CannotBuild("A request says what is asked, of the claim or a line (2200D STC, 2220D STC).")
    yield from _named(item.patient, item.patient.entity or "QC", "2100D")
    trace = writing.required(item.trace, "The payer's number of the question (2200D TRN02)")
    yield segment("TRN", "1", trace, writing.clean(item.origin), writing.clean(item.origin_detail))
    for question in item.questions:
        yield write_question(question, "2200D")
    # TR3 277RFAI 2200D REF 1K: the payer knows the claim it asks about
    writing.required(item.payer_claim_number, "The payer's claim number (2200D REF 1K)")
    for qualifier, name in _NUMBERS.items():
        yield from writing.ref(qualifier, getattr(item, name))
    yield from writing.refs(item.references)
    if item.served:
        yield writing.dtp(item.served)
    if item.respond_by:
        yield writing.dtp(item.respond_by)
    yield from item.extras
    if item.reply:
        yield from _reply(item.reply)
    for line in item.lines:
        yield from _line(line)


def _reply(item: ReplyTo) -> Iterator[Segment]:
    paper = item.paper
    control = writing.clean(paper.control)
    kind = writing.required(paper.kind, "What kind of paper is asked for (2210D PWK01)")
    yield segment("PWK", kind, writing.clean(paper.how), "", "", "AC" if control else "", control)
    if item.contact:
        yield from writing.contacts([item.contact])
    yield from item.extras


def _line(item: RequestedLine) -> Iterator[Segment]:
    if not item.questions:
        raise CannotBuild("A line in the request says what is asked of it (2220D STC).")
    yield segment(
        "SVC", writing.procedure(item.procedure), writing.cents(item.charge, "2220D SVC02"), "",
        writing.clean(item.revenue_code), "", "", writing.plain(item.units),
    )  # fmt: skip
    for question in item.questions:
        yield write_question(question, "2220D")
    yield from writing.ref("FJ", item.control)
    if item.served:
        yield writing.dtp(item.served)
    yield from item.extras


def read_277rfai(tset: TransactionSet) -> RequestBatch:
    """Return the questions of a 277RFAI; what cannot be understood is a problem of the set."""
    found: dict[str, Any] = {"reference": "", "at": None, "source": Party(""), "receiver": Party("")}
    providers: list[tuple[dict[str, Any], list[InformationRequest]]] = []
    extras: list[Segment] = []
    insured: list[Segment] = []  # a level of the insured above the patient, as old guides have it
    for loop in GRAMMAR_277RFAI.walk(tset.segments, tset.report):
        if loop.id == "ST":
            bht = loop.first("BHT")
            if bht is not None:
                found |= {"reference": bht[3], "at": moment(bht[4], bht[5])}
            extras += [item for item in loop.segments if item.id not in ("ST", "BHT")]
        elif loop.id in ("2000A", "2000B"):
            party, beside = _who(tset, loop)
            found["source" if loop.id == "2000A" else "receiver"] = party
            extras += beside
        elif loop.id == "2000C":
            party, beside = _who(tset, loop)
            providers.append(({"provider": party, "extras": tuple(beside)}, []))
        elif loop.id == "2000D":
            if not providers:
                message = "A claim stands under no provider."
                tset.report("error", "request.provider-missing", message, loop.segments[0], loop="2000D")
                providers.append(({"provider": Party("")}, []))
            if loop.segments[0][4] == "1" and not any(inner.id == "2200D" for inner in loop.loops):
                insured = list(loop.every())
                continue
            providers[-1][1].extend(_patient(tset, loop, insured))
            insured = []
    made = tuple(AskedProvider(requests=tuple(requests), **one) for one, requests in providers)
    return RequestBatch(**found, providers=made, extras=tuple(extras))


_ROLES = {"2000B": "41", "2000C": "1P", "2000D": "QC"}
"""Who stands at a level; the role of a source is kept, PR or AY."""


def _who(tset: TransactionSet, loop: Loop) -> tuple[Party, list[Segment]]:
    """Return who a level names, and what stands beside the name."""
    party, beside = None, list(loop.segments[1:])
    for inner in loop.loops:
        if inner.segments[0].id == "TRN":
            continue
        if party is None:
            party = reading.party_in_role(tset, inner, _ROLES.get(loop.id, ""))
        else:
            beside += inner.every()
    if party is None:
        message = "The level does not say who it is."
        tset.report("error", "request.party-missing", message, loop.segments[0], loop=loop.id)
    return party or Party(""), beside


def _patient(tset: TransactionSet, loop: Loop, insured: list[Segment]) -> Iterator[InformationRequest]:
    party, beside = _who(tset, loop)
    beside = [*insured, *beside]
    asked = [inner for inner in loop.loops if inner.id == "2200D"]
    if not asked:
        message = "Nothing is asked about the patient."
        tset.report("error", "request.trace-missing", message, loop.segments[0], loop="2200D")
        asked = [Loop("2200D", [])]
    for place, inner in enumerate(asked):
        yield _read_request(tset, inner, party, [] if place else beside)


def _read_request(
    tset: TransactionSet, loop: Loop, patient: Party, beside: list[Segment]
) -> InformationRequest:
    found: dict[str, Any] = {"trace": "", "patient": patient}
    questions: list[Question] = []
    references: list[Reference] = []
    extras = list(beside)
    for item in loop.segments:
        name = item.id
        key = _NUMBERS.get(item[1], "") if name == "REF" and len(item) <= 3 else ""
        if name == "TRN":
            found |= {"trace": item[2], "origin": item[3], "origin_detail": item[4]}
        elif name == "STC" and fits(item):
            questions.append(read_question(tset, item))
        elif key and key not in found:
            found[key] = item[2]
        elif name == "REF" and len(item) <= 4:
            references.append(reading.reference(item))
        elif name == "DTP" and item[1] == "472" and "served" not in found:
            found["served"] = reading.dates(tset, item)
        elif name == "DTP" and item[1] in DUE and "respond_by" not in found:
            found["respond_by"] = reading.dates(tset, item)
        else:
            extras.append(item)
    if not found["trace"] and loop.segments:
        message = "The question has no number."
        tset.report("error", "request.trace-missing", message, loop.segments[0], 2, loop="2200D")
    lines = []
    for inner in loop.loops:
        if inner.id == "2220D":
            lines.append(_read_line(tset, inner))
        elif "reply" not in found and _fits_reply(inner.segments[0]):
            found["reply"] = _read_reply(inner)
        else:
            extras += inner.every()
    if loop.segments and not questions and not any(line.questions for line in lines):
        message = "The request does not say what is asked."
        tset.report("error", "request.question-missing", message, loop.segments[0], loop="2200D")
    return InformationRequest(
        questions=tuple(questions), references=tuple(references), lines=tuple(lines), extras=tuple(extras), **found
    )  # fmt: skip


def _fits_reply(pwk: Segment) -> bool:
    """Return whether a PWK says no more than a reply can hold."""
    is_numbered = (pwk[5] == "AC" and pwk[6]) or not (pwk[5] or pwk[6])
    return bool(len(pwk) <= 7 and pwk[1] and not pwk[3] and not pwk[4] and is_numbered)


def _read_reply(loop: Loop) -> ReplyTo:
    pwk, *rest = loop.segments
    contact: Contact | None = None
    extras: list[Segment] = []
    for item in rest:
        if item.id == "PER" and contact is None and reading.fits_contact(item):
            contact = reading.contact(item)
        else:
            extras.append(item)
    return ReplyTo(Attachment(pwk[1], pwk[2], pwk[6]), contact, tuple(extras))


def _read_line(tset: TransactionSet, loop: Loop) -> RequestedLine:
    svc, *rest = loop.segments
    found: dict[str, Any] = {}
    questions, extras = [], []
    for item in rest:
        if item.id == "STC" and fits(item):
            questions.append(read_question(tset, item))
        elif item.id == "REF" and item[1] == "FJ" and len(item) <= 3 and "control" not in found:
            found["control"] = item[2]
        elif item.id == "DTP" and item[1] == "472" and "served" not in found:
            found["served"] = reading.dates(tset, item)
        else:
            extras.append(item)
    extras += [item for inner in loop.loops for item in inner.every()]
    return RequestedLine(
        reading.procedure(svc, 1) or Procedure(""), reading.money(tset, svc, 2), tuple(questions),
        revenue_code=svc[4], units=reading.number(tset, svc, 7), extras=tuple(extras), **found,
    )  # fmt: skip
