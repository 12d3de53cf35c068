"""Invented people, offices and plans for sample files: the same seed gives the same ones."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from daysheet.formats.x12.envelope import Mailbox
from daysheet.formats.x12.guides.parts import Address, Adjustment, Contact, Party, Procedure, Reference
from daysheet.formats.x12.mask import FAMILIES, GIVEN, TOWNS
from daysheet.formats.x12.numbers import is_npi

AT = datetime(2026, 3, 10, 9, 30)  # noqa: DTZ001 - the wire knows no zone
TODAY = AT.date()
OFFICE_BOX, PAYER_BOX = Mailbox("ZZ", "NORTHSIDE"), Mailbox("ZZ", "BLUEPPO")
STREETS = ("ELM ST", "OAK ST", "MAIN ST", "MILL RD", "HILL AVE", "POND LN")
PLAN = Party("BLUE PPO", id_qualifier="PI", id="BLUE1")
FIRST_PLAN = Party("GRANITE MUTUAL", id_qualifier="PI", id="GRMU1")
DIAGNOSES = ("E119", "I10", "J069", "M545", "K219", "N390")
PROCEDURES = ("X0020", "X0030", "X0040", "X0050", "X0060")
HUNDRED = Decimal(100)


class Cast:
    """Who occurs in one file, drawn by the seed."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - a play, not a secret
        self.office = Party(
            "NORTHSIDE FAMILY MEDICINE", id_qualifier="XX", id=self.npi(), taxonomy="207Q00000X",
            address=Address("12 MAIN ST", "", "SPRINGFIELD", "MA", "011030001"),
            references=(Reference("EI", f"9{self.digits(8)}"),),
        )  # fmt: skip
        self.doctor = Party(
            "LEE", first="JUNE", is_person=True, id_qualifier="XX", id=self.npi(), taxonomy="207R00000X"
        )
        self.submitter = Party(
            "NORTHSIDE FAMILY MEDICINE", id_qualifier="46", id="NORTHSIDE",
            contacts=(Contact("ROSA MARIN", phone="4135550100"),),
        )  # fmt: skip
        self.receiver = Party("BLUE PPO", id_qualifier="46", id="BLUEPPO")

    def submitter_without_contacts(self) -> Party:
        """Return the office as others name it."""
        return replace(self.submitter, contacts=())

    def digits(self, count: int) -> str:
        """Return digits that do not begin with 0."""
        return str(self.chance.randrange(10 ** (count - 1), 10**count))

    def npi(self) -> str:
        """Return a provider's number with a right check digit."""
        stem = f"1{self.digits(8)}"
        return next(stem + last for last in "0123456789" if is_npi(stem + last))

    def person(self, number: int = 0, *, has_home: bool = True) -> Party:
        """Return somebody; with a `number` a member of the plan."""
        draw = self.chance
        home = Address(
            f"{draw.randrange(1, 99)} {draw.choice(STREETS)}", "", draw.choice(TOWNS), "MA", "01103"
        )
        born = date(1950, 1, 1) + timedelta(days=draw.randrange(25_000))
        return Party(
            draw.choice(FAMILIES), first=draw.choice(GIVEN), is_person=True, id_qualifier="MI" if number else "",
            id=f"BP{number:08d}" if number else "", address=home if has_home else None,
            born_on=born if has_home else None, gender=draw.choice("FM") if has_home else "",
        )  # fmt: skip

    def day(self) -> date:
        """Return a day of service, one to thirty days before the file."""
        return TODAY - timedelta(days=self.chance.randrange(1, 31))

    def money(self, least: int, most: int) -> Decimal:
        """Return an amount between two sums of dollars, to the cent."""
        return self.chance.randrange(least * 100, most * 100) / HUNDRED

    def part(self, amount: Decimal, percent: int) -> Decimal:
        """Return so many percent of an amount, to the cent."""
        return (amount * percent / 100).quantize(Decimal("0.01"))

    def procedure(self) -> Procedure:
        """Return something that was done."""
        return Procedure(self.chance.choice(PROCEDURES))


def adjusted(group: str, reason: str, amount: Decimal) -> Adjustment:
    """Return why an amount was not paid."""
    return Adjustment(group, reason, amount)
