"""How an enrolment file is written (834)."""

from collections.abc import Iterator

from daysheet.formats.x12.envelope import GUIDES
from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.segment import Segment, composite, segment
from daysheet.formats.x12.write import OutgoingSet

from . import writing
from .enrolment import (
    ENTITIES,
    PEOPLE,
    SEVERAL,
    SINGLE,
    Broker,
    Category,
    Coverage,
    CoverageProvider,
    Enrolment,
    Member,
    OtherCoverage,
    Person,
)
from .parts import Party


def build_834(enrolment: Enrolment) -> OutgoingSet:
    """Return the enrolment file as an 834.

    Raises CannotBuild when the sponsor's, the payer's or a subscriber's number, a moment or a name is missing.
    """
    if enrolment.at is None:
        raise CannotBuild("The moment of the file is missing (BGN03, BGN04).")
    if not enrolment.members:
        raise CannotBuild("An enrolment file holds at least one member (2000 INS).")
    number = writing.required(enrolment.reference, "The number of the file (BGN02)")
    clock = f"{enrolment.at:%H%M%S}".removesuffix("00")
    lines = [
        segment(
            "BGN", writing.required(enrolment.purpose, "The purpose of the file (BGN01)"), number,
            f"{enrolment.at:%Y%m%d}", clock, enrolment.zone, writing.clean(enrolment.original), "",
            writing.required(enrolment.action, "What the file is for (BGN08)"),
        ),
        *writing.ref("38", enrolment.policy),
        *(writing.dtp(item) for item in enrolment.dates),
        *writing.quantities(enrolment.totals),
        *enrolment.extras,
        *_organization(enrolment.sponsor, "P5", "sponsor (1000A N104)"),
        *_organization(enrolment.payer, "IN", "payer (1000B N104)"),
    ]  # fmt: skip
    for broker in enrolment.brokers:
        lines += _broker(broker)
    for other in enrolment.others:
        lines += _organization(other, other.entity, "organization (1000 N104)")
    for member in enrolment.members:
        lines += _member(member)
    return OutgoingSet("834", GUIDES["834"], tuple(lines))


def _organization(party: Party, entity: str, what: str) -> list[Segment]:
    number = writing.required(party.id, f"The number of the {what}")
    head = segment("N1", entity, writing.clean(party.name), party.id_qualifier, number)
    return [head, *writing.party(party, entity)[1:]]


def _broker(item: Broker) -> list[Segment]:
    writing.required(item.party.name, "The name of the broker (1000C N102)")
    lines = _organization(item.party, item.party.entity or "BO", "broker (1000C N104)")
    if item.account or item.second_account:
        account = writing.required(item.account, "The account of the broker (1100C ACT01)")
        lines.append(segment("ACT", account, "", "", "", "", writing.clean(item.second_account)))
    return [*lines, *item.extras]


def _member(item: Member) -> Iterator[Segment]:
    handicapped = "" if item.is_handicapped is None else "NY"[item.is_handicapped]
    yield segment(
        "INS", "NY"[item.is_subscriber], writing.required(item.relationship, "The relationship (2000 INS02)"),
        writing.required(item.maintenance, "What becomes of the member (2000 INS03)"), item.reason,
        writing.required(item.benefit_status, "The status of the benefit (2000 INS05)"),
        composite(item.medicare, item.medicare_reason), item.cobra, item.employment, item.student, handicapped,
        "D8" if item.died_on else "", writing.day(item.died_on), item.confidentiality, "", "", "",
        item.birth_sequence,
    )  # fmt: skip
    yield segment("REF", "0F", writing.required(item.subscriber_id, "The subscriber's number (2000 REF 0F)"))
    yield from writing.ref("1L", item.group_number)
    yield from writing.refs(item.references)
    for dated in item.dates:
        yield writing.dtp(dated)
    yield from item.extras
    yield from _own_person(item)
    for loop in PEOPLE:
        one = getattr(item, SINGLE[loop]) if loop in SINGLE else None
        for person in getattr(item, SEVERAL[loop]) if loop in SEVERAL else (one,) if one else ():
            yield from _person(person, ENTITIES.get(loop, ""), loop)
    for disability in item.disabilities:
        if bool(disability.code_kind) != bool(disability.code):
            raise CannotBuild("A diagnosis has a kind and a code (2200 DSB07, DSB08).")
        yield segment("DSB", disability.kind, "", "", "", "", "", disability.code_kind, disability.code)
        for dated in disability.dates:
            yield writing.dtp(dated)
        yield from disability.extras
    for coverage in item.coverages:
        yield from _coverage(coverage)
    if item.categories:
        yield segment("LS", "2700")
        for category in item.categories:
            yield from _category(category)
        yield segment("LE", "2700")


def _own_person(item: Member) -> Iterator[Segment]:
    """Give the member's name and what stands beside it, in the order of 2100A."""
    writing.required(item.person.party.name, "The name of the member (2100A NM103)")
    yield from _person(item.person, "IL", "2100A", ends=False)
    for codes in item.classes:
        yield segment("EC", *codes)
    if item.income is not None:
        paid = item.income
        yield segment(
            "ICM", paid.frequency, writing.cents(paid.amount, "ICM02"), writing.plain(paid.hours),
            writing.clean(paid.place), writing.clean(paid.grade),
        )  # fmt: skip
    yield from writing.amounts(item.amounts)
    if item.health is not None:
        size = item.health
        yield segment("HLH", size.code, writing.plain(size.height), writing.plain(size.weight))
    for language in item.languages:
        yield segment("LUI", language.qualifier, language.code, writing.clean(language.words), language.use)
    yield from item.person.extras


def _person(item: Person, entity: str, loop: str, *, ends: bool = True, relation: str = "") -> list[Segment]:
    """Return a name with its ways, address and birth; `ends` says whether what was kept beside it follows."""
    party = item.party
    entity = writing.required(party.entity or entity, f"As what somebody is named ({loop} NM101)")
    head = writing.nm1(party, entity)
    if relation:
        head = segment(*(head.elements + [""] * 10)[:10], relation)
    lines = [head]
    lines += [] if loop == "2310" else _ways(item)
    place = writing.address(party.address)
    if any(item.county):
        if not place or place[-1].id != "N4":
            raise CannotBuild(f"A county stands beside a city ({loop} N4).")
        place[-1] = segment(*(place[-1].elements + [""] * 5)[:5], *map(writing.clean, item.county))
    lines += place
    lines += _ways(item) if loop == "2310" else []
    if party.born_on or party.gender or item.marital or item.races or item.citizenship or any(item.collected):
        lines.append(
            segment(
                "DMG", "D8" if party.born_on else "", writing.day(party.born_on), party.gender, item.marital,
                "^".join(composite(*race) for race in item.races), item.citizenship, "", "", "",
                *item.collected,
            )
        )  # fmt: skip
    return [*lines, *item.extras] if ends else lines


def _ways(item: Person) -> list[Segment]:
    lines = []
    for one in item.ways:
        if len(one.ways) > 3:
            raise CannotBuild("A contact has at most three numbers (PER03 to PER08).")
        flat = [text for kind, value in one.ways for text in (kind, writing.clean(value))]
        lines.append(segment("PER", one.code, writing.clean(one.name), *flat))
    return lines


def _coverage(item: Coverage) -> Iterator[Segment]:
    if not item.dates:
        raise CannotBuild("A coverage carries a day (2300 DTP).")
    yield segment(
        "HD", writing.required(item.maintenance, "What becomes of the coverage (2300 HD01)"), "",
        writing.required(item.line, "The line of insurance (2300 HD03)"), writing.clean(item.plan), item.level,
        "", "", "", item.late,
    )  # fmt: skip
    for dated in item.dates:
        yield writing.dtp(dated)
    yield from writing.amounts(item.amounts)
    yield from writing.refs(item.references)
    for card in item.cards:
        plan = writing.required(card.plan, "The plan of a card (2300 IDC01)")
        yield segment("IDC", plan, card.kind, writing.plain(card.count), card.action)
    yield from item.extras
    for provider in item.providers:
        yield from _provider(provider)
    for other in item.others:
        yield from _other(other)


def _provider(item: CoverageProvider) -> Iterator[Segment]:
    yield segment("LX", writing.required(item.number, "The number of a provider (2310 LX01)"))
    yield from item.extras
    relation = writing.required(item.relation, "Whether the patient is new (2310 NM110)")
    yield from _person(item.provider, "", "2310", relation=relation)
    if item.changed_on is not None or item.change_reason:
        if item.changed_on is None:
            raise CannotBuild("The day of the change of a provider is missing (2310 PLA03).")
        reason = writing.required(item.change_reason, "Why the provider changes (2310 PLA05)")
        yield segment("PLA", "2", "1P", writing.day(item.changed_on), "", reason)


def _other(item: OtherCoverage) -> Iterator[Segment]:
    rank = writing.required(item.rank, "The rank of the other plan (2320 COB01)")
    yield segment("COB", rank, writing.clean(item.policy), item.coordination, "^".join(item.services))
    yield from writing.refs(item.references)
    for dated in item.dates:
        yield writing.dtp(dated)
    yield from item.extras
    for payer in item.payers:
        yield from _person(payer, "IN", "2330")


def _category(item: Category) -> Iterator[Segment]:
    yield segment("LX", writing.required(item.number, "The number of a category (2700 LX01)"))
    if item.entity or item.name:
        name = writing.required(item.name, "The name of a category (2750 N102)")
        yield segment("N1", item.entity, name, item.id_qualifier, writing.clean(item.id))
    yield from writing.refs(item.references)
    for dated in item.dates:
        yield writing.dtp(dated)
    yield from item.extras
