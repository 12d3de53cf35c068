"""A sponsor's papers, as X12 records: enrolments and premium payments."""

from datetime import date
from decimal import Decimal

from daysheet.formats import x12

from . import samples as office

SPONSOR = x12.Party("LEE FAMILY CLINIC", id_qualifier="FI", id="123456789")
PLAN = x12.Party("BLUE PPO", id_qualifier="FI", id="987654321")
STARTS = date(2026, 4, 1)


def person(**more: object) -> x12.Person:
    fields: dict[str, object] = {
        "party": x12.Party(
            "DIAZ", first="MARIA", is_person=True, id_qualifier="34", id="123456780", address=office.HOME,
            born_on=date(1980, 5, 4), gender="F", entity="IL",
        ),
        "ways": (x12.Ways("IP", "", (("HP", "2175550111"), ("EM", "MARIA@EXAMPLE.ORG"))),),
        "county": ("CY", "SANGAMON"),
        "marital": "M",
        "races": (("C",), ("", "RET", "2106-3")),
        "citizenship": "1",
    }  # fmt: skip
    return x12.Person(**(fields | more))


def coverage(**more: object) -> x12.Coverage:
    fields: dict[str, object] = {
        "maintenance": "021",
        "line": "HLT",
        "plan": "GOLD",
        "level": "FAM",
        "dates": (x12.Dates("348", STARTS),),
    }
    return x12.Coverage(**(fields | more))


def member(**more: object) -> x12.Member:
    fields: dict[str, object] = {
        "person": person(),
        "is_subscriber": True,
        "relationship": "18",
        "maintenance": "021",
        "subscriber_id": "S0001",
        "reason": "20",
        "benefit_status": "A",
        "employment": "FT",
        "group_number": "G77",
        "dates": (x12.Dates("336", date(2026, 3, 2)), x12.Dates("356", STARTS)),
        "coverages": (coverage(), coverage(line="DEN")),
    }
    return x12.Member(**(fields | more))


def named(entity: str, **more: object) -> x12.Person:
    fields = {"name": "DIAZ", "first": "LUIS", "is_person": True, "entity": entity}
    return x12.Person(x12.Party(**(fields | more)))


def full_member() -> x12.Member:
    """A member about whom everything is said."""
    clinic = x12.Party("LEE", first="ANNA", is_person=True, id_qualifier="XX", id="1881733331", entity="P3")
    chosen = x12.CoverageProvider("1", x12.Person(clinic), "25", STARTS, "14")
    other = x12.OtherCoverage(
        "P", "OTHER1", "1", ("1", "35"), (x12.Reference("60", "ACC1"),), (x12.Dates("344", STARTS),),
        (x12.Person(x12.Party("FIRST HEALTH", id_qualifier="FI", id="112233445", entity="IN")),),
    )  # fmt: skip
    mailing = x12.Person(
        x12.Party(
            "", is_person=True, entity="31", address=x12.Address("PO BOX 1", "", "CHICAGO", "IL", "60601")
        )
    )
    return member(
        person=office.replace(person(), party=office.replace(person().party, entity="74")),
        medicare="A",
        medicare_reason="0",
        benefit_status="C",
        cobra="1",
        student="F",
        is_handicapped=False,
        died_on=date(2026, 3, 1),
        confidentiality="R",
        birth_sequence="2",
        references=(x12.Reference("23", "CARD7"), x12.Reference("DX", "DEPT 4")),
        classes=(("01", "02"), ("17",)),
        income=x12.Income("1", Decimal("52000"), Decimal(40), "SPRINGFIELD", "A1"),
        amounts=(x12.Amount("P3", Decimal("45.34")),),
        health=x12.Health("T", Decimal(70), Decimal("180.5")),
        languages=(x12.Language("LE", "SPA", "", "7"), x12.Language("", "", "ENGLISH", "5")),
        incorrect=x12.Person(office.replace(person().party, entity="70", address=None), marital="S"),
        mailing=mailing,
        employers=(named("36", name="LEE FAMILY CLINIC", first="", is_person=False),),
        schools=(named("M8", name="STATE COLLEGE", first="", is_person=False),),
        custodial=named("S3"),
        responsible=(named("QD"), named("GD")),
        drop_off=named("45"),
        disabilities=(x12.Disability("1", "DX", "585", (x12.Dates("360", STARTS),)),),
        coverages=(
            coverage(
                amounts=(x12.Amount("C1", Decimal("20")),), references=(x12.Reference("1L", "G78"),),
                cards=(x12.IdCard("GOLD", "H", Decimal(2), "1"),), providers=(chosen,), others=(other,), late="N",
                dates=(x12.Dates("348", STARTS), x12.Dates("300", STARTS, date(2026, 4, 30))),
            ),
        ),
        categories=(
            x12.Category("1", "NEWBORN", references=(x12.Reference("ZZ", "Y"),)),
            x12.Category("2", "DUE", dates=(x12.Dates("007", STARTS),)),
        ),
    )  # fmt: skip


def dependent() -> x12.Member:
    child = x12.Party("DIAZ", first="LEO", is_person=True, born_on=date(2015, 6, 7), gender="M", entity="IL")
    return member(
        person=x12.Person(child), is_subscriber=False, relationship="19", employment="", coverages=()
    )


def enrolment(**more: object) -> x12.Enrolment:
    fields: dict[str, object] = {
        "reference": "E0001",
        "at": office.NOON,
        "sponsor": SPONSOR,
        "payer": PLAN,
        "members": (member(), dependent()),
        "policy": "POL9",
        "dates": (x12.Dates("007", STARTS),),
        "totals": (x12.Quantity("TO", Decimal(2)),),
        "brokers": (
            x12.Broker(
                x12.Party("GOOD ADVICE", id_qualifier="FI", id="556677889", entity="BO"), "ACC1", "ACC2"
            ),
        ),
    }
    return x12.Enrolment(**(fields | more))


def premium(**more: object) -> x12.Premium:
    fields: dict[str, object] = {
        "qualifier": "IK",
        "reference": "INV77",
        "paid": Decimal("310.5"),
        "dates": (x12.Dates("582", date(2026, 4, 1), date(2026, 4, 30)),),
        "references": (x12.Reference("38", "G77"),),
    }
    return x12.Premium(**(fields | more))


def of_person(number: int = 1, **more: object) -> x12.PremiumGroup:
    fields: dict[str, object] = {
        "number": str(number),
        "kind": "2J",
        "id_qualifier": "34",
        "id": "123456780",
        "people": (
            x12.Party("DIAZ", first="MARIA", is_person=True, id_qualifier="EI", id="E77", entity="EY"),
        ),
        "premiums": (premium(),),
    }
    return x12.PremiumGroup(**(fields | more))


def of_organization() -> x12.PremiumGroup:
    line = x12.BillLine(
        "1",
        (x12.PremiumCharge("B680", Decimal("12.5")),),
        (x12.HeadCount("1", Decimal(5), "IE"), x12.HeadCount("2", Decimal(7), "10")),
    )
    less = x12.PremiumAdjustment(Decimal(-100), "52")
    return x12.PremiumGroup(
        "1", "2L", "FI", "123456789",
        adjustments=(x12.PremiumAdjustment(Decimal("10.5"), "53"),),
        premiums=(premium(action="PI", paid=Decimal(900), billed=Decimal(1000), adjustments=(less,), lines=(line,)),),
    )  # fmt: skip


def premium_payment(**more: object) -> x12.PremiumPayment:
    fields: dict[str, object] = {
        "payer": x12.Party("LEE FAMILY CLINIC", id_qualifier="FI", id="123456789"),
        "payee": PLAN,
        "amount": Decimal("621"),
        "method": "ACH",
        "paid_on": date(2026, 3, 16),
        "trace": "T0077",
        "payer_number": "1123456789",
        "groups": (of_person(1), of_person(2)),
        "bank": x12.Bank(
            ("CCP", "01", "011900254", "DA", "7", "1123456789", "", "01", "011900571", "DA", "12")
        ),
        "references": (x12.Reference("14", "G77"),),
        "dates": (x12.Dates("009", date(2026, 3, 16)),),
    }
    return x12.PremiumPayment(**(fields | more))
