"""How the eligibility question (270) and its answer (271) are written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from daysheet.formats.x12.envelope import GUIDES
from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.segment import Segment, segment
from daysheet.formats.x12.write import OutgoingSet

from . import writing
from .eligibility import AnswerBatch, Benefit, EligibilityAnswer, EligibilityInquiry, InquiryBatch, Rejection
from .parts import Party


def build_270(batch: InquiryBatch) -> OutgoingSet:
    """Return the questions as a 270.

    Raises CannotBuild when a payer id, a provider id, a name or the moment is missing.
    """
    lines = [_bht("13", batch.reference, batch.at)]
    count = 0
    for index, inquiry in enumerate(batch.inquiries):
        before = batch.inquiries[index - 1] if index else None
        people = (inquiry.payer, inquiry.provider)
        if before is None or people != (before.payer, before.provider):
            lines += _top(count, *people)
            provider_level = count + 2
            count += 2
        count += 1
        lines += _question(inquiry, count, provider_level)
        count += inquiry.dependent is not None
    return OutgoingSet("270", GUIDES["270"], tuple(lines))


def _bht(purpose: str, reference: str, at: datetime | None) -> Segment:
    if at is None:
        raise CannotBuild("The moment of the file is missing.")
    number = writing.required(reference, "The number of the file")
    return segment("BHT", "0022", purpose, number, f"{at:%Y%m%d}", f"{at:%H%M%S}".removesuffix("00"))


def _top(count: int, payer: Party, provider: Party) -> list[Segment]:
    for party, what in ((payer, "payer"), (provider, "provider")):
        writing.required(party.id, f"The id of the {what}")
    return [
        segment("HL", str(count + 1), "", "20", "1"),
        *writing.party(payer, payer.entity or "PR"),
        segment("HL", str(count + 2), str(count + 1), "21", "1"),
        *writing.party(provider, provider.entity or "1P", role="PE", numbers_first=True),
    ]


def _question(inquiry: EligibilityInquiry, level: int, above: int) -> list[Segment]:
    person = inquiry.subscriber
    dependent = inquiry.dependent
    writing.required(person.name or person.id, "The name or the member id of the subscriber")
    trace = _trace("1", inquiry.trace, inquiry.trace_origin)
    asked = [*_served(inquiry), *inquiry.extras]
    # TR3 270 2110 EQ01: several service types share one segment
    asked += [segment("EQ", "^".join(inquiry.service_types))] if inquiry.service_types else []
    lines = [segment("HL", str(level), str(above), "22", "1" if dependent else "0")]
    lines += [] if dependent else trace
    lines += writing.party(person, person.entity or "IL", numbers_first=True)
    if dependent is None:
        return lines + asked
    lines += [segment("HL", str(level + 1), str(level), "23", "0"), *trace]
    lines += writing.party(dependent, dependent.entity or "03", numbers_first=True)
    lines += _relationship(inquiry.relationship)
    return lines + asked


def _trace(kind: str, number: str, origin: str) -> list[Segment]:
    if not writing.clean(number):
        return []
    return [
        segment(
            "TRN", kind, writing.clean(number), writing.required(origin, "The origin of the trace number")
        )
    ]


def _relationship(code: str) -> list[Segment]:
    return [segment("INS", "N", code)] if code else []


def _served(inquiry: EligibilityInquiry) -> list[Segment]:
    if inquiry.served_on is None:
        return []
    return [writing.span("DTP", "291", inquiry.served_on, inquiry.served_to)]


def build_271(batch: AnswerBatch) -> OutgoingSet:
    """Return the answers as a 271.

    Raises CannotBuild when a payer id, a name or the moment is missing.
    """
    lines = [_bht("11", batch.reference, batch.at)]
    count = 0
    for answer in batch.answers:
        written = _answer(answer, count)
        count += sum(line.id == "HL" for line in written)
        lines += written
    return OutgoingSet("271", GUIDES["271"], tuple(lines))


def _answer(answer: EligibilityAnswer, count: int) -> list[Segment]:
    people = [
        ("20", "payer", answer.payer, "PR"),
        ("21", "provider", answer.provider, "1P"),
        ("22", "subscriber", answer.subscriber, "IL"),
        ("23", "dependent", answer.dependent, "03"),
    ]
    present = [item for item in people if item[2] is not None]
    if [item[0] for item in present] != [item[0] for item in people[: len(present)]]:
        raise CannotBuild(
            "An answer names the payer, then the provider, then the subscriber, then a dependent."
        )
    lines: list[Segment] = []
    for index, (level, name, party, entity) in enumerate(present):
        assert party is not None
        last = index == len(present) - 1
        above = str(count + index) if index else ""
        lines.append(segment("HL", str(count + index + 1), above, level, "0" if last else "1"))
        if last and index >= 2:
            lines += _trace("2", answer.trace, answer.trace_origin)
            lines += [segment("TRN", item.kind, item.number, item.origin) for item in answer.payer_traces]
        lines += _person(answer, name, party, party.entity or entity)
        if last:
            lines += [writing.dtp(item) for item in answer.dates]
            lines += answer.extras
            lines += [line for benefit in answer.benefits for line in _benefit(benefit)]
    return lines


def _person(answer: EligibilityAnswer, name: str, party: Party, entity: str) -> list[Segment]:
    refused = [_aaa(item) for item in answer.rejections if item.level == name]
    lines = writing.party(replace(party, extras=()), entity, role="PE", numbers_first=True)
    at = next((i for i, line in enumerate(lines) if line.id in ("PRV", "DMG")), len(lines))
    lines[at:at] = refused  # TR3 271 2100: the refusal stands before the birth date
    if name == "dependent":
        lines += _relationship(answer.relationship)
    return [*lines, *party.extras]


def _aaa(item: Rejection) -> Segment:
    return segment("AAA", item.valid, "", item.reason, item.follow_up)


def _benefit(item: Benefit) -> Iterator[Segment]:
    yield segment(
        "EB", writing.required(item.code, "The code of a benefit"), item.coverage_level,
        "^".join(item.service_types),
        item.insurance_type, writing.clean(item.plan), item.period, writing.plain(item.amount),
        writing.plain(item.percent),
        item.quantity_qualifier, writing.plain(item.quantity), item.authorization, item.network,
        writing.procedure(item.procedure) if item.procedure else "",
    )  # fmt: skip
    for delivery in item.deliveries:
        yield segment("HSD", *delivery.values)
    yield from writing.refs(item.references)
    for dated in item.dates:
        yield writing.dtp(dated)
    for refused in item.rejections:
        yield _aaa(refused)
    for message in item.messages:
        yield segment("MSG", writing.clean(message))
    yield from item.extras
    if item.others:
        yield segment("LS", "2120")
        for other in item.others:
            yield from writing.party(
                other, writing.required(other.entity, "The role of the other party"), role="PE"
            )
        yield segment("LE", "2120")
