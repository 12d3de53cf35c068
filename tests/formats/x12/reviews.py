"""Requests for review and answers (278) of the same small office."""

from dataclasses import replace
from datetime import date

from daysheet.formats import x12

from . import samples as office

REVIEWER = replace(office.BLUE, contacts=(x12.Contact("REVIEW DESK", phone="8005550100"),))
CLINIC = x12.Party("LEE FAMILY CLINIC", id_qualifier="XX", id="1234567893", taxonomy="207Q00000X")
MEMBER = replace(office.MS_DIAZ, middle="", references=(x12.Reference("EJ", "CHART7"),))
SURGEON = replace(office.DR_LEE, entity="SJ")
HOUSE = x12.Party("CITY HOSPITAL", id_qualifier="XX", id="1497758544", address=office.HOME, entity="FA")
ASKED = x12.ReviewTrace("1", "T0001", "9123456789")
ECHO = x12.ReviewTrace("2", "T0001", "9123456789")


def service(**more: object) -> x12.AuthorizedService:
    fields: dict[str, object] = {
        "procedure": x12.Procedure("X0020", ("25",)),
        "unit": "UN",
        "units": office.usd("2"),
        "dates": (x12.Dates("472", date(2026, 3, 20)),),
    }
    return x12.AuthorizedService(**(fields | more))


def event(**more: object) -> x12.Authorization:
    fields: dict[str, object] = {
        "payer": office.BLUE,
        "requester": CLINIC,
        "subscriber": MEMBER,
        "traces": (ASKED,),
        "review": x12.Review("HS", "I", "3", "11", "B", release="Y"),
        "dates": (x12.Dates("AAH", date(2026, 3, 20), date(2026, 4, 20)),),
        "diagnoses": (x12.ReviewDiagnosis("E119", "ABK", date(2026, 1, 5)), x12.ReviewDiagnosis("I10")),
        "deliveries": (x12.Delivery(("VS", "2")),),
        "providers": (SURGEON, HOUSE),
        "services": (service(),),
    }
    return x12.Authorization(**(fields | more))


def decided(action: str = "A1", number: str = "AUTH88", **more: object) -> x12.Authorization:
    said = x12.Decision(action, number, () if number else ("0U",))
    return event(**({"payer": REVIEWER, "traces": (ECHO,), "decision": said} | more))


def request(item: x12.Authorization | None = None, **more: object) -> x12.AuthorizationRequestBatch:
    return x12.AuthorizationRequestBatch("V0001", office.NOON, (item or event(),), **more)


def response(item: x12.Authorization | None = None, **more: object) -> x12.AuthorizationResponseBatch:
    return x12.AuthorizationResponseBatch("V0001", office.NOON, (item or decided(),), **more)
