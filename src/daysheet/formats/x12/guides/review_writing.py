"""How a request for review and its answer (278) are written."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from daysheet.formats.x12.envelope import GUIDES
from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.segment import Segment, composite, segment
from daysheet.formats.x12.write import OutgoingSet

from . import writing
from .claim import Attachment
from .eligibility import Rejection
from .parts import Party
from .review import (
    Authorization,
    AuthorizationRequestBatch,
    AuthorizationResponseBatch,
    AuthorizedService,
    Decision,
    Review,
    ReviewDiagnosis,
    ReviewTrace,
    is_answered,
    parts_of,
)

_CATEGORIES = ("AR", "HS", "IN", "SC")
_MOST_DIAGNOSES = 12


def build_278_request(batch: AuthorizationRequestBatch) -> OutgoingSet:
    """Return a request for review as a 278.

    Raises CannotBuild when it is not about one event, when payer, requester or patient lack a number, when it does not
    say what is to be reviewed, or when it holds decisions, which only a payer makes.
    """
    item = _only(batch)
    if batch.purpose != "13":
        raise CannotBuild("A request has the purpose 13 (BHT02).")
    if item.requester is None or item.subscriber is None:
        raise CannotBuild("A request names who asks and the insured (2010B NM1, 2010C NM1).")
    if any(part.decision is not None or part.rejections for part in parts_of(item)):
        raise CannotBuild("A request decides and refuses nothing (2000E HCR, AAA).")
    _known(item.requester, "requester (2010B NM109)")
    _insured(item.subscriber)
    if item.review is None:
        raise CannotBuild("A request says what is to be reviewed (2000E UM).")
    return _set(batch, item)


def build_278_response(batch: AuthorizationResponseBatch) -> OutgoingSet:
    """Return an answer to a request for review as a 278.

    Raises CannotBuild when it is not about one event, when the payer lacks a number, when a level is left out, or when
    it neither decides (HCR) nor refuses (AAA).
    """
    item = _only(batch)
    if batch.purpose != "11":
        raise CannotBuild("An answer has the purpose 11 (BHT02).")
    writing.required(batch.type_code, "The type of the answer (BHT06)")
    if item.requester is not None:
        _known(item.requester, "requester (2010B NM109)")
    if item.subscriber is not None and not any(one.level == "subscriber" for one in item.rejections):
        _insured(item.subscriber)
    if not is_answered(item):
        raise CannotBuild("An answer decides or refuses (2000E HCR, AAA).")
    return _set(batch, item)


def _only(batch: AuthorizationRequestBatch | AuthorizationResponseBatch) -> Authorization:
    if len(batch.authorizations) != 1:
        raise CannotBuild("A set is about exactly one event (2000E HL).")
    return batch.authorizations[0]


def _known(party: Party, what: str) -> None:
    writing.required(party.id, f"The number of the {what}")
    writing.required(party.id_qualifier, f"The kind of number of the {what}")


def _insured(party: Party) -> None:
    writing.required(party.id, "The member number of the insured (2010C NM109)")


def _set(batch: AuthorizationRequestBatch | AuthorizationResponseBatch, item: Authorization) -> OutgoingSet:
    if batch.at is None:
        raise CannotBuild("The moment of the file is missing (BHT04).")
    _known(item.payer, "payer (2010A NM109)")
    number = writing.required(batch.reference, "The number of the file (BHT03)")
    clock = f"{batch.at:%H%M%S}".removesuffix("00")
    day = writing.day(batch.at.date())
    lines = [segment("BHT", "0007", batch.purpose, number, day, clock, batch.type_code)]
    return OutgoingSet("278", GUIDES["278"], (*lines, *_levels(item)))


def _levels(item: Authorization) -> Iterator[Segment]:
    people = [
        ("20", "payer", item.payer, "X3"),
        ("21", "requester", item.requester, "1P"),
        ("22", "subscriber", item.subscriber, "IL"),
        ("23", "dependent", item.dependent, "QC"),
    ]
    present = [one for one in people if one[2] is not None]
    if any(one[2] is None for one in people[: len(present)]):
        raise CannotBuild(
            "The payer stands above the requester, then the insured, then a dependent (2000A to D)."
        )
    _check_levels(item, {name for _, name, _, _ in present})
    event = list(_event(item))
    has_event = bool(event or item.services)
    if has_event and len(present) < 3:
        raise CannotBuild("An event stands below the insured (2000C HL).")
    for count, (level, name, party, entity) in enumerate(present, 1):
        assert party is not None
        has_below = "1" if has_event or count < len(present) else "0"
        yield segment("HL", str(count), str(count - 1) if count > 1 else "", level, has_below)
        if name == "payer":
            yield from _refusals(item.rejections, "system")
        relationship = item.relationship if name == "dependent" else ""
        yield from _named(party, party.entity or entity, _refusals(item.rejections, name), relationship)
    if not has_event:
        return
    number = len(present) + 1
    yield segment("HL", str(number), str(number - 1), "EV", "1" if item.services else "0")
    yield from event
    for count, service in enumerate(item.services, number + 1):
        yield segment("HL", str(count), str(number), "SS", "0")
        yield from _service(service)


def _check_levels(item: Authorization, present: set[str]) -> None:
    """Refuse what would be lost: a refusal, or a relationship, of somebody who is not named."""
    for one in item.rejections:
        if one.level not in ("event", "system") and one.level not in present:
            raise CannotBuild(f"Nobody is named whom a refusal could be about: {one.level} (2010A to D AAA).")
    if any(one.level != "service" for service in item.services for one in service.rejections):
        raise CannotBuild("A refusal at a service is about the service (2000F AAA).")
    if item.relationship and item.dependent is None:
        raise CannotBuild("A relationship is that of a dependent (2010D INS02).")


def _named(
    item: Party, entity: str, refusals: Iterable[Segment] = (), relationship: str = ""
) -> Iterator[Segment]:
    """Return somebody in the order of 2010A to 2010F: number, address, contacts, refusals, specialty, birth."""
    bare = replace(item, taxonomy="", born_on=None, gender="", contacts=(), extras=())
    yield from writing.party(bare, entity, numbers_first=True)
    yield from writing.contacts(item.contacts)
    yield from refusals
    if item.taxonomy:
        yield segment("PRV", "PE", "PXC", writing.clean(item.taxonomy))
    if item.born_on or item.gender:
        yield segment("DMG", "D8" if item.born_on else "", writing.day(item.born_on), item.gender)
    if relationship:
        yield segment("INS", "N", relationship)
    yield from item.extras


def _refusals(items: Iterable[Rejection], level: str) -> list[Segment]:
    return [segment("AAA", one.valid, "", one.reason, one.follow_up) for one in items if one.level == level]


def _event(item: Authorization) -> Iterator[Segment]:
    """Return what an event says, its services left out (2000E)."""
    yield from _top(item, "event")
    for one in item.deliveries:
        yield segment("HSD", *one.values)
    # TR3 278 2000E: CRC stands before CL1, the other certificates behind it
    yield from (one for one in item.certificates if one.id == "CRC")
    if item.admission is not None:
        came = item.admission
        yield segment("CL1", came.kind, came.source, came.status, came.nursing)
    yield from (one for one in item.certificates if one.id != "CRC")
    yield from _bottom(item)


def _service(item: AuthorizedService) -> Iterator[Segment]:
    yield from _top(item, "service")
    yield from _billed(item)
    for tooth in item.teeth:
        yield segment("TOO", tooth.numbering, tooth.number, composite(*tooth.surfaces))
    for one in item.deliveries:
        yield segment("HSD", *one.values)
    yield from _bottom(item)


def _top(item: Authorization | AuthorizedService, level: str) -> Iterator[Segment]:
    """Return what an event and a service have in common, from the traces to the diagnoses."""
    if len(item.deliveries) > 1 or len(item.messages) > 1:
        raise CannotBuild("An event or a service says once how often, and has one message (HSD, MSG).")
    yield from (_trn(one, level) for one in item.traces)
    yield from _refusals(item.rejections, level)
    if item.review is not None:
        yield _um(item.review, level)
    if item.decision is not None:
        yield _hcr(item.decision)
    yield from writing.ref("BB", item.previous_number)
    yield from writing.ref("NT", item.administrative_number)
    yield from writing.refs(item.references)
    for one in item.dates:
        yield writing.dtp(one)
    if len(item.diagnoses) > _MOST_DIAGNOSES:
        raise CannotBuild(f"At most {_MOST_DIAGNOSES} diagnoses are told (HI).")
    if item.diagnoses:
        yield segment("HI", *(_diagnosis(one) for one in item.diagnoses))


def _bottom(item: Authorization | AuthorizedService) -> Iterator[Segment]:
    yield from (_pwk(one) for one in item.attachments)
    for text in item.messages:
        yield segment("MSG", writing.limited(text, 264, "A message (MSG01)"))
    yield from item.extras
    for who in item.providers:
        yield from _named(who, writing.required(who.entity, "The part somebody plays (2010E NM101)"))


def _trn(item: ReviewTrace, level: str) -> Segment:
    loop = "2000E" if level == "event" else "2000F"
    number = writing.required(item.number, f"A trace number ({loop} TRN02)")
    origin = writing.required(item.origin, f"The origin of a trace number ({loop} TRN03)")
    return segment("TRN", item.kind, number, origin, writing.clean(item.division))


def _um(item: Review, level: str) -> Segment:
    loop = "2000E" if level == "event" else "2000F"
    if item.category not in _CATEGORIES:
        raise CannotBuild(f"The category of a review is {', '.join(_CATEGORIES)} ({loop} UM01).")
    certification = item.certification
    if level == "event":  # TR3 278 2000F UM02: a service may leave it to its event
        certification = writing.required(certification, "Whether the review is new (2000E UM02)")
    return segment(
        "UM", item.category, certification, item.service_type,
        composite(item.place, item.place_kind, item.frequency), composite(*item.causes), item.level_of_service,
        item.condition, item.prognosis, item.release, item.delay,
    )  # fmt: skip


def _hcr(item: Decision) -> Segment:
    action = writing.required(item.action, "The decision (HCR01)")
    return segment("HCR", action, writing.clean(item.number), "^".join(item.reasons), item.second_opinion)


def _diagnosis(item: ReviewDiagnosis) -> str:
    code = writing.required(item.code, "The code of a diagnosis (HI)")
    dated = ("D8", writing.day(item.known_on)) if item.known_on else ()
    return composite(writing.required(item.qualifier, "The kind of a diagnosis (HI)"), code, *dated)


def _pwk(item: Attachment) -> Segment:
    control = writing.clean(item.control)
    return segment("PWK", item.kind, item.how, "", "", "AC" if control else "", control)


def _billed(item: AuthorizedService) -> Iterator[Segment]:
    """Return SV1, SV2 or SV3, or nothing for a service that is named by its type alone."""
    charge = "" if item.charge is None else writing.cents(item.charge, "The charge of a service")
    units = writing.plain(item.units)
    procedure = ""
    if item.through and item.procedure is None:
        raise CannotBuild("A range of procedures has a first one (2000F SV101).")
    if (item.revenue_code and item.form != "SV2") or (item.unit and item.form == "SV3"):
        raise CannotBuild("A revenue code stands in SV2 alone, a unit in SV1 and SV2 (2000F).")
    if item.procedure is not None:
        procedure = writing.procedure(item.procedure)
        if item.through:
            parts = procedure.split(":")
            procedure = composite(*parts, *[""] * (7 - len(parts)), item.through)
    match item.form:
        case "SV1":
            values = [procedure, charge, item.unit, units, *item.rest]
        case "SV2":
            values = [item.revenue_code, procedure, charge, item.unit, units, *item.rest]
        case "SV3":
            before = [*item.rest, "", "", ""][:3]
            values = [procedure, charge, *before, units, *item.rest[3:]]
        case _:
            raise CannotBuild("A service is told by SV1, SV2 or SV3 (2000F).")
    if any(values):
        yield segment(item.form, *values)
