"""People, places, dates and amounts: the pieces that several guides share."""

from datetime import date
from decimal import Decimal

from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment


@record
class Address:
    """Where somebody lives or works (N3, N4)."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""


@record
class Reference:
    """A number with its meaning (REF)."""

    qualifier: str
    value: str
    description: str = ""


@record
class Contact:
    """How to reach somebody (PER)."""

    name: str = ""
    phone: str = ""
    extension: str = ""
    fax: str = ""
    email: str = ""
    code: str = "IC"


@record
class Dates:
    """A day or a span with its meaning (DTP, DTM); `raw` keeps what is not a date."""

    qualifier: str
    starts_on: date | None
    ends_on: date | None = None
    raw: str = ""


@record
class Amount:
    """Money with its meaning (AMT)."""

    qualifier: str
    value: Decimal


@record
class Quantity:
    """A count with its meaning (QTY)."""

    qualifier: str
    value: Decimal


@record
class Procedure:
    """What was done: a code with up to four modifiers."""

    code: str
    modifiers: tuple[str, ...] = ()
    qualifier: str = "HC"
    description: str = ""


@record
class Adjustment:
    """Why money was not paid as charged: one triplet of a CAS."""

    group: str
    reason: str
    amount: Decimal
    quantity: Decimal | None = None


@record
class Imbalance:
    """A sum that does not come out, with the difference."""

    level: str
    claim_id: str
    line: str
    expected: Decimal
    stated: Decimal
    severity: str
    message: str

    @property
    def difference(self) -> Decimal:
        """Return what is stated less what was expected."""
        return self.stated - self.expected


@record
class Party:
    """A person or an organization: `name` is the last name or the name of the organization."""

    name: str
    first: str = ""
    middle: str = ""
    suffix: str = ""
    prefix: str = ""
    is_person: bool = False
    id_qualifier: str = ""
    id: str = ""
    address: Address | None = None
    born_on: date | None = None
    gender: str = ""
    taxonomy: str = ""
    contacts: tuple[Contact, ...] = ()
    references: tuple[Reference, ...] = ()
    entity: str = ""
    extras: tuple[Segment, ...] = ()

    def reference(self, qualifier: str) -> str:
        """Return the first number with this meaning, or empty text."""
        return find_reference(self.references, qualifier)


def find_reference(references: tuple[Reference, ...], qualifier: str) -> str:
    """Return the first number with this meaning, or empty text."""
    for item in references:
        if item.qualifier == qualifier:
            return item.value
    return ""
