"""Questions after claims of one small office, and a payer's answers, as X12 records."""

from dataclasses import replace

from daysheet.formats import x12

from . import samples as office

RECEIVER = x12.Party("LEE FAMILY CLINIC", id_qualifier="46", id="LEECLINIC")
PROVIDER = x12.Party("LEE FAMILY CLINIC", id_qualifier="XX", id="1234567893")
MS_DIAZ = replace(office.MS_DIAZ, address=None)
LEO = replace(office.LEO, address=None)


def asked(**more: object) -> x12.StatusInquiry:
    fields: dict[str, object] = {
        "payer": office.BLUE,
        "receiver": RECEIVER,
        "provider": PROVIDER,
        "subscriber": MS_DIAZ,
        "trace": "T0001",
        "payer_claim_number": "P900",
        "account": "C0001",
        "charge": office.usd("150.5"),
        "served": x12.Dates("472", office.SERVED),
        "lines": (
            x12.AskedLine(
                x12.Procedure("X0020", ("25",)),
                office.usd("100"),
                office.usd("1"),
                x12.Dates("472", office.SERVED),
                "L1",
            ),
        ),
    }
    return x12.StatusInquiry(**(fields | more))


def paid(**more: object) -> x12.Status:
    fields: dict[str, object] = {
        "category": "F1",
        "code": "65",
        "on": office.NOON.date(),
        "charge": office.usd("150.5"),
        "paid": office.usd("95"),
        "finished_on": office.NOON.date(),
        "paid_on": office.NOON.date(),
        "check_number": "CHK0001",
    }
    return x12.Status(**(fields | more))


def answered(**more: object) -> x12.StatusAnswer:
    line = x12.AnsweredLine(
        x12.Procedure("X0020", ("25",)),
        office.usd("100"),
        office.usd("60"),
        office.usd("1"),
        (x12.Status("F1", "65", on=office.NOON.date()),),
        x12.Dates("472", office.SERVED),
        "L1",
    )
    return replace(x12.answer_to(asked(), paid(), lines=(line,)), **more)


def questions(*inquiries: x12.StatusInquiry) -> x12.StatusInquiryFile:
    return x12.StatusInquiryFile("Q0001", office.NOON, inquiries or (asked(),))


def answers(*given: x12.StatusAnswer) -> x12.StatusAnswerFile:
    return x12.StatusAnswerFile("Q0001", office.NOON, given or (answered(),))
