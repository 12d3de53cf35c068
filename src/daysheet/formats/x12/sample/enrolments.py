"""Sample enrolments (834) and premium payments (820): every form in turn, about invented people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from daysheet.formats.x12.guides.enrolment import (
    Broker,
    Category,
    Coverage,
    CoverageProvider,
    Disability,
    Enrolment,
    Income,
    Language,
    Member,
    OtherCoverage,
    Person,
    Ways,
)
from daysheet.formats.x12.guides.enrolment_writing import build_834
from daysheet.formats.x12.guides.parts import Address, Amount, Contact, Dates, Party, Quantity, Reference
from daysheet.formats.x12.guides.premium import (
    BillLine,
    HeadCount,
    Premium,
    PremiumAdjustment,
    PremiumCharge,
    PremiumGroup,
    PremiumPayment,
    build_820,
)
from daysheet.formats.x12.guides.remittance import Bank
from daysheet.formats.x12.numbers import is_social_security
from daysheet.formats.x12.write import OutgoingSet

from .cast import AT, TODAY, Cast

Made = Callable[[Cast, Member], Member]
STARTS, ENDS = date(2026, 4, 1), date(2026, 3, 31)
SPONSOR = Party("NORTHSIDE FAMILY MEDICINE", id_qualifier="FI", id="912345678")
PLAN = Party("BLUE PPO", id_qualifier="FI", id="912345001")
MASTER = "GR100"


def enrolment(cast: Cast, count: int) -> OutgoingSet:
    """Return the body of an enrolment file with so many members, each form of change in turn."""
    members = [
        FORMS[(number - 1) % len(FORMS)](cast, _member(cast, number)) for number in range(1, count + 1)
    ]
    subscribers = sum(one.is_subscriber for one in members)
    totals = (("TO", count), ("ET", subscribers), ("DT", count - subscribers))
    broker = Party("GOOD ADVICE", id_qualifier="FI", id="912345002", entity="BO")
    return build_834(
        Enrolment(
            f"E{cast.digits(6)}", AT, SPONSOR, PLAN, tuple(members), policy=MASTER,
            dates=(Dates("007", STARTS),), brokers=(Broker(broker, f"ACC{cast.digits(4)}"),),
            totals=tuple(Quantity(code, Decimal(many)) for code, many in totals),
        )
    )  # fmt: skip


def _social(cast: Cast) -> str:
    """Return nine digits that can be a social security number."""
    while not is_social_security(number := cast.digits(9)):
        pass
    return number


def _member(cast: Cast, number: int) -> Member:
    who = replace(cast.person(), id_qualifier="34", id=_social(cast), entity="IL")
    phone = Ways("IP", "", (("HP", f"413555{cast.digits(4)}"),))
    return Member(
        Person(who, (phone,), marital=cast.chance.choice("MS")), True, "18", "021", f"BP{number:08d}", "20", "A",
        employment="FT", group_number=MASTER, dates=(Dates("336", cast.day()), Dates("356", STARTS)),
        coverages=(_cover(cast, "HLT", "EMP"),),
    )  # fmt: skip


def _cover(cast: Cast, line: str, level: str, maintenance: str = "021") -> Coverage:
    plan = cast.chance.choice(("GOLD", "SILVER", "BRONZE"))
    cost = Amount("P3", cast.money(200, 900))
    return Coverage(maintenance, line, plan, level, dates=(Dates("348", STARTS),), amounts=(cost,))


def _new(cast: Cast, one: Member) -> Member:
    """A new employee with family cover, a chosen provider, and another plan of the spouse."""
    doctor = Person(replace(cast.doctor, taxonomy="", entity="P3"))
    other = OtherCoverage("S", f"OT{cast.digits(6)}", "1", payers=(_company("IN", "GRANITE MUTUAL"),))
    first = replace(
        _cover(cast, "HMO", "FAM"), providers=(CoverageProvider("1", doctor, "26"),), others=(other,)
    )
    return replace(one, coverages=(first, _cover(cast, "DEN", "FAM")), languages=(Language("LD", "SPA"),))


def _company(entity: str, name: str) -> Person:
    return Person(Party(name, entity=entity))


def _not_subscriber(one: Member, relationship: str) -> Member:
    return replace(one, is_subscriber=False, relationship=relationship, employment="", group_number="")


def _spouse(cast: Cast, one: Member) -> Member:
    return _not_subscriber(one, "01")


def _student(cast: Cast, one: Member) -> Member:
    """A child at a college, reported beside with a cost center."""
    young = replace(one.person.party, born_on=date(2005, 1, 1) + timedelta(days=cast.chance.randrange(900)))
    where = Category("1", "COST CENTER", references=(Reference("ZZ", f"CENTER{cast.digits(3)}"),))
    return replace(
        _not_subscriber(one, "19"), person=replace(one.person, party=young, marital=""), student="F",
        schools=(_company("M8", "STATE COLLEGE"),), categories=(where,),
    )  # fmt: skip


def _moved(cast: Cast, one: Member) -> Member:
    """A change of address, with another address for the post."""
    post = Address(f"PO BOX {cast.digits(3)}", "", "BOSTON", "MA", "02101")
    return replace(
        one, maintenance="001", reason="43", coverages=(), dates=(Dates("303", cast.day()),),
        mailing=Person(Party("", is_person=True, address=post, entity="31")),
    )  # fmt: skip


def _ended(cast: Cast, one: Member) -> Member:
    gone = replace(_cover(cast, "HLT", "EMP", "024"), dates=(Dates("349", ENDS),), amounts=())
    return replace(
        one, maintenance="024", reason="08", employment="TE", dates=(Dates("357", ENDS),), coverages=(gone,)
    )


def _died(cast: Cast, one: Member) -> Member:
    return replace(_ended(cast, one), reason="03", died_on=cast.day(), employment="")


def _again(cast: Cast, one: Member) -> Member:
    back = replace(_cover(cast, "HLT", "EMP", "025"), amounts=())
    return replace(one, maintenance="025", reason="41", dates=(Dates("303", STARTS),), coverages=(back,))


def _continued(cast: Cast, one: Member) -> Member:
    """Cover that goes on after the work has ended (COBRA)."""
    days = (Dates("340", STARTS), Dates("301", ENDS))
    return replace(
        one, reason="09", benefit_status="C", cobra=cast.chance.choice("123"), employment="TE", dates=days
    )


def _corrected(cast: Cast, one: Member) -> Member:
    """A name that was wrong, and the right one."""
    wrong = replace(one.person.party, name=f"{one.person.party.name}E", entity="70", address=None)
    right = replace(one.person, party=replace(one.person.party, entity="74"))
    return replace(
        one, person=right, incorrect=Person(wrong), maintenance="001", reason="25", coverages=(),
        dates=(Dates("303", cast.day()),),
    )  # fmt: skip


def _disabled(cast: Cast, one: Member) -> Member:
    """Somebody who cannot work, with Medicare and an income; another person answers the letters."""
    until = Disability("1", "ZZ", "N186", dates=(Dates("360", cast.day()),))
    helper = cast.person(has_home=False)
    return replace(
        one, medicare="A", medicare_reason="1", employment="L1", is_handicapped=True, disabilities=(until,),
        income=Income("1", cast.money(20_000, 90_000), Decimal(40)),
        responsible=(Person(replace(helper, entity="QD")),),
    )  # fmt: skip


FORMS: tuple[Made, ...] = (
    _new, _spouse, _student, _moved, _ended, _again, _continued, _corrected, _disabled, _died,
)  # fmt: skip


def premiums(cast: Cast, count: int) -> OutgoingSet:
    """Return the body of a premium payment for so many persons: as billed, adjusted, paid late in turn."""
    groups = []
    for number in range(1, count + 1):
        who = Party(
            cast.person().name, first=cast.person().first, is_person=True, id_qualifier="EI",
            id=f"EMP{number:06d}", entity="EY",
        )  # fmt: skip
        groups.append(
            PremiumGroup(str(number), "2J", "34", _social(cast), (who,), *_due(cast, number % len(DUE)))
        )
    return _payment(cast, tuple(groups))


Due = tuple[tuple[PremiumAdjustment, ...], tuple[Premium, ...]]


def _due(cast: Cast, form: int) -> Due:
    return DUE[form](cast, _premium(cast))


def _premium(cast: Cast) -> Premium:
    return Premium(
        "IK", f"INV{cast.digits(6)}", cast.money(200, 900), references=(Reference("38", MASTER),),
        dates=(Dates("582", STARTS, date(2026, 4, 30)),),
    )  # fmt: skip


def _as_billed(cast: Cast, one: Premium) -> Due:
    return (), (replace(one, billed=one.paid),)


def _less(cast: Cast, one: Premium) -> Due:
    less = cast.part(one.paid, 10)
    return (), (replace(one, billed=one.paid + less, adjustments=(PremiumAdjustment(-less, "52"),)),)


def _two(cast: Cast, one: Premium) -> Due:
    """A premium, another of the month before, and a correction of an earlier payment beside them."""
    before = replace(one, paid=cast.money(200, 900), dates=(Dates("582", date(2026, 3, 1), ENDS),))
    return (PremiumAdjustment(-cast.part(one.paid, 5), "53"),), (one, before)


DUE: tuple[Callable[[Cast, Premium], Due], ...] = (_two, _as_billed, _less)


def premium_sums(cast: Cast, count: int) -> OutgoingSet:
    """Return the body of a premium payment in sums, with so many bills and their head counts."""
    bills = []
    for number in range(1, count + 1):
        one = replace(_premium(cast), action="PI", dates=())
        line = BillLine(
            "1",
            (PremiumCharge("B680", cast.money(1, 20)),) if number % 2 else (),
            (HeadCount("1", Decimal(cast.digits(2)), "IE"), HeadCount("2", Decimal(cast.digits(2)), "10")),
        )
        _, (due,) = (_as_billed if number % 2 else _less)(cast, one)
        bills.append(replace(due, lines=(line,)))
    more = PremiumAdjustment(cast.money(1, 20), "53")
    return _payment(cast, (PremiumGroup("1", "2L", "FI", SPONSOR.id, (), (more,), tuple(bills)),))


def _payment(cast: Cast, groups: tuple[PremiumGroup, ...]) -> OutgoingSet:
    sponsor = replace(SPONSOR, contacts=(Contact("ROSA MARIN", phone="4135550100"),))
    bank = Bank(
        ("CCP", "01", "110000000", "DA", cast.digits(8), "1912345678", "", "01", "110000013", "DA", "654321")
    )
    amount = sum((one.paid for one in groups), Decimal(0))
    return build_820(
        PremiumPayment(
            payer=sponsor, payee=PLAN, amount=amount, method="ACH", paid_on=TODAY, trace=f"PAY{cast.digits(6)}",
            payer_number="1912345678", groups=groups, trace_kind="3", bank=bank,
            references=(Reference("14", MASTER),), dates=(Dates("009", TODAY),),
        )
    )  # fmt: skip
