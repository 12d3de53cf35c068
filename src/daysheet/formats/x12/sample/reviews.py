"""Sample requests for review and a payer's answers (278): each event is a set of its own, as the guide wants it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from daysheet.formats.x12.guides.claim import Attachment
from daysheet.formats.x12.guides.dental import Tooth
from daysheet.formats.x12.guides.eligibility import Delivery, Rejection
from daysheet.formats.x12.guides.parts import Address, Contact, Dates, Party, Procedure
from daysheet.formats.x12.guides.review import (
    Admission,
    Authorization,
    AuthorizationRequestBatch,
    AuthorizationResponseBatch,
    AuthorizedService,
    Decision,
    Review,
    ReviewDiagnosis,
    ReviewTrace,
)
from daysheet.formats.x12.guides.review_writing import build_278_request, build_278_response
from daysheet.formats.x12.mask import TOWNS
from daysheet.formats.x12.segment import segment
from daysheet.formats.x12.write import OutgoingSet

from .cast import AT, DIAGNOSES, PLAN, TODAY, Cast

ORIGIN, PAYER_ORIGIN = "9123456789", "9000000001"
AGO, SOON, LATER = TODAY - timedelta(days=20), TODAY + timedelta(days=10), TODAY + timedelta(days=40)
PERIOD = Dates("AAH", SOON, LATER)
Made = Callable[[Cast, Authorization], Authorization]
REASON = "0U"


def requests(cast: Cast, events: int) -> list[OutgoingSet]:
    """Return the bodies of requests, one an event: twelve kinds take turns."""
    return [_request(cast, number) for number in range(1, events + 1)]


def _request(cast: Cast, number: int) -> OutgoingSet:
    made = KINDS[(number - 1) % len(KINDS)](cast, _plain(cast, number))
    reserved = "RU" if made.review and made.review.category == "IN" else ""
    return build_278_request(AuthorizationRequestBatch(f"V{number:06d}", AT, (made,), reserved))


def answers(cast: Cast, events: int) -> list[OutgoingSet]:
    """Return the bodies of answers, one an event: every decision and a refusal at every level take turns."""
    return [_answer(cast, number) for number in range(1, events + 1)]


def _answer(cast: Cast, number: int) -> OutgoingSet:
    asked = _plain(cast, number)
    echo = ReviewTrace("2", asked.traces[0].number, ORIGIN)
    desk = replace(PLAN, contacts=(Contact("REVIEW DESK", phone="8005550100"),))
    made = ANSWERS[(number - 1) % len(ANSWERS)](cast, replace(asked, payer=desk, traces=(echo,)))
    waits = made.decision is not None and made.decision.pended
    return build_278_response(
        AuthorizationResponseBatch(f"V{number:06d}", AT, (made,), "19" if waits else "18")
    )


def _plain(cast: Cast, number: int) -> Authorization:
    """Return a request for two visits, which the kinds change."""
    first, second = cast.chance.sample(DIAGNOSES, 2)
    office = Party(cast.office.name, id_qualifier="XX", id=cast.office.id, taxonomy=cast.office.taxonomy)
    return Authorization(
        payer=PLAN, requester=replace(office, contacts=cast.submitter.contacts),
        subscriber=replace(cast.person(number), address=None), traces=(ReviewTrace("1", f"T{number:06d}", ORIGIN),),
        review=Review("HS", "I", "3", "11", "B", release="Y"), dates=(PERIOD,),
        diagnoses=(ReviewDiagnosis(first, "ABK", AGO), ReviewDiagnosis(second)), deliveries=(Delivery(("VS", "2")),),
        providers=(_doctor(cast, "SJ"),),
    )  # fmt: skip


def _doctor(cast: Cast, entity: str) -> Party:
    return replace(cast.doctor, taxonomy="", entity=entity)


def _house(cast: Cast, name: str = "CITY HOSPITAL", entity: str = "FA") -> Party:
    return Party(name, id_qualifier="XX", id=cast.npi(), entity=entity, address=_home(cast))


def _home(cast: Cast) -> Address:
    return Address(f"{cast.chance.randrange(1, 99)} EAST ST", "", cast.chance.choice(TOWNS), "MA", "01104")


def _service(cast: Cast, **more: Any) -> AuthorizedService:
    fields: dict[str, Any] = {
        "procedure": cast.procedure(), "unit": "UN", "units": Decimal(cast.chance.randrange(1, 9)),
        "dates": (Dates("472", SOON),),
    }  # fmt: skip
    return AuthorizedService(**(fields | more))


def _admission(cast: Cast, item: Authorization) -> Authorization:
    surgery = _service(
        cast, form="SV2", revenue_code="0360", units=Decimal(1), review=Review("HS", "I", "2"),
        providers=(_doctor(cast, "SJ"),),
    )  # fmt: skip
    return replace(
        item, review=Review("AR", "I", "2", "21", "B", level_of_service="U", release="Y"),
        dates=(Dates("435", SOON), Dates("096", SOON + timedelta(days=5))), deliveries=(Delivery(("DY", "5")),),
        admission=Admission("2", "1"), attachments=(Attachment("OZ", "FX", "PAPER1"),),
        messages=("PLEASE CALL BEFORE YOU DENY",), providers=(_house(cast), _doctor(cast, "71")), services=(surgery,),
    )  # fmt: skip


def _referral(cast: Cast, item: Authorization) -> Authorization:
    return replace(item, review=Review("SC", "I", "3", "11", "B", release="Y"))


def _services(cast: Cast, item: Authorization) -> Authorization:
    traced = ReviewTrace("1", f"{item.trace}1", ORIGIN)
    return replace(item, services=(_service(cast, traces=(traced,)), _service(cast)))


def _therapy(cast: Cast, item: Authorization) -> Authorization:
    insured = replace(item.subscriber or PLAN, born_on=None, gender="")
    return replace(
        item, subscriber=insured, dependent=replace(cast.person(), address=None), relationship="19",
        review=Review("HS", "I", "PT", "11", "B", release="Y"),
        deliveries=(Delivery(("VS", "2", "WK", "", "35", "6")),),
    )  # fmt: skip


def _home_health(cast: Cast, item: Authorization) -> Authorization:
    days = (f"{SOON:%Y%m%d}", f"{SOON:%Y%m%d}-{LATER:%Y%m%d}")
    return replace(
        item, review=Review("HS", "I", "42", "12", "B", release="Y"),
        deliveries=(Delivery(("VS", "3", "WK", "", "34", "2")),),
        certificates=(segment("CR6", "1", days[0], "RD8", days[1], "", "", "W", "I"),),
        providers=(_house(cast, "CARING HANDS", "SJ"),), services=(_service(cast), _service(cast)),
    )  # fmt: skip


def _transport(cast: Cast, item: Authorization) -> Authorization:
    stops = tuple(
        Party(name, entity=code, address=_home(cast)) for name, code in (("HOME", "PW"), ("CLINIC", "FS"))
    )
    return replace(
        item, review=Review("HS", "I", "56", "41", "B", release="Y"), deliveries=(),
        certificates=(
            segment("CRC", "07", "Y", "09"),
            segment("CR1", "", "", "X", "D", "DH", "27", "", "", "TO A TREATMENT AND BACK"),
        ),
        providers=(*item.providers, *stops),
    )  # fmt: skip


def _teeth(cast: Cast, item: Authorization) -> Authorization:
    crown = _service(
        cast, form="SV3", procedure=Procedure("D0000", qualifier="AD"), unit="", charge=cast.money(100, 900),
        units=Decimal(1), teeth=(Tooth("14", ("M", "O")),),
    )  # fmt: skip
    return replace(
        item, review=Review("HS", "I", "35", "11", "B", release="Y"), deliveries=(), services=(crown,)
    )


def _extension(cast: Cast, item: Authorization) -> Authorization:
    return replace(item, review=Review("HS", "4", "3", "11", "B", release="Y"), previous_number=_number(cast))


def _cancellation(cast: Cast, item: Authorization) -> Authorization:
    return replace(
        item,
        review=Review("HS", "3"),
        previous_number=_number(cast),
        administrative_number=f"CASE{cast.digits(6)}",
    )


def _reservation(cast: Cast, item: Authorization) -> Authorization:
    return replace(
        item, review=Review("IN", "I", "1", "11", "B"), services=(_service(cast, units=Decimal(1)),)
    )


def _emergency(cast: Cast, item: Authorization) -> Authorization:
    return replace(
        item, review=Review("AR", "I", "A4", "21", "B", causes=("AA", "", "", "MA"), level_of_service="03", release="Y"),
        dates=(Dates("439", AGO), Dates("435", TODAY)), deliveries=(Delivery(("DY", "3")),), admission=Admission("1"),
        requester=replace(item.requester or PLAN, entity="FA"), providers=(_house(cast), _doctor(cast, "71")),
        attachments=(Attachment("AS", "VO"),),
    )  # fmt: skip


def _spine(cast: Cast, item: Authorization) -> Authorization:
    oxygen = segment("CR5", "I", "6", "A")
    treated = segment("CR2", "", "12", "", "", "", "", "", "A")
    return replace(
        item, review=Review("HS", "I", "33", "11", "B", release="Y"),
        certificates=(segment("CRC", "08", "Y", "09"), treated, oxygen),
    )  # fmt: skip


def _number(cast: Cast) -> str:
    return f"AUTH{cast.digits(6)}"


KINDS: tuple[Made, ...] = (
    _admission, _referral, _services, _therapy, _home_health, _transport, _teeth, _extension, _cancellation,
    _reservation, _emergency, _spine,
)  # fmt: skip
CERTIFIED = (Dates("102", TODAY), Dates("036", LATER), Dates("007", SOON))


def _certified(cast: Cast, item: Authorization) -> Authorization:
    dates = (*item.dates, *CERTIFIED)
    return replace(item, decision=Decision("A1", _number(cast)), dates=dates, services=(_service(cast),))


def _in_part(cast: Cast, item: Authorization) -> Authorization:
    yes = _service(cast, decision=Decision("A1", _number(cast)))
    no = _service(cast, decision=Decision("A3", "", (REASON,)))
    return replace(item, decision=Decision("A2"), services=(yes, no))


def _denied(cast: Cast, item: Authorization) -> Authorization:
    return replace(item, decision=Decision("A3", "", (REASON,), "Y"), messages=("NOT NEEDED BY OUR POLICY",))


def _pended(cast: Cast, item: Authorization) -> Authorization:
    return replace(
        item, decision=Decision("A4", "", (REASON,)), administrative_number=f"CASE{cast.digits(6)}",
        attachments=(Attachment("OZ", "FX"),),
        providers=(*item.providers, Party("REVIEW DESK", entity="L5", contacts=(Contact("DESK", phone="8005550100"),))),
    )  # fmt: skip


def _modified(cast: Cast, item: Authorization) -> Authorization:
    return replace(
        item, decision=Decision("A6", _number(cast)), deliveries=(Delivery(("VS", "1")),), dates=CERTIFIED
    )


def _said(action: str) -> Made:
    def made(cast: Cast, item: Authorization) -> Authorization:
        return replace(item, decision=Decision(action))

    return made


def _refused(level: str, reason: str) -> Made:
    """Return who refuses at a level: what stands below it is not named."""

    def made(cast: Cast, item: Authorization) -> Authorization:
        refused = (Rejection(level, reason, "C"),)
        if level == "service":
            return replace(item, services=(_service(cast, rejections=refused),))
        if level == "event":
            return replace(item, rejections=refused)
        if level == "dependent":
            child = replace(cast.person(), address=None)
            return Authorization(item.payer, item.requester, item.subscriber, child, "19", rejections=refused)
        whole = Authorization(item.payer, item.requester, item.subscriber, rejections=refused)
        if level == "subscriber":
            return whole
        return replace(whole, subscriber=None, requester=item.requester if level == "requester" else None)

    return made


def _provider_refused(cast: Cast, item: Authorization) -> Authorization:
    return replace(
        item, providers=(replace(item.providers[0], extras=(segment("AAA", "N", "", "43", "C"),)),)
    )


ANSWERS: tuple[Made, ...] = (
    _certified, _in_part, _denied, _pended, _modified, _said("C"), _said("CT"), _said("NA"),
    _refused("system", "42"), _refused("payer", "79"), _refused("requester", "43"), _refused("subscriber", "72"),
    _refused("dependent", "65"), _refused("event", "57"), _refused("service", "54"), _provider_refused,
)  # fmt: skip
