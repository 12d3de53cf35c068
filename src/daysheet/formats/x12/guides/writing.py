"""From values to segments: clean text, plain numbers, and a refusal when a required piece is missing."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.segment import Segment, composite, segment

from .parts import Address, Adjustment, Amount, Contact, Dates, Party, Procedure, Quantity, Reference

_CENT = Decimal("0.01")
_SEPARATORS = {ord(sign): " " for sign in "*^:~"}


def clean(text: str) -> str:
    """Return text in upper case and the basic signs, separators replaced by a space."""
    if not text:
        return text
    return _known_clean(text) if len(text) <= _SHORT else _clean(text)


_SHORT = 40


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable():
        plain = text
    else:
        decomposed = unicodedata.normalize("NFKD", text)
        plain = "".join(
            sign if sign.isascii() and sign.isprintable() else " "
            for sign in decomposed
            if not unicodedata.combining(sign)
        )
    return " ".join(plain.translate(_SEPARATORS).upper().split())


_known_clean = lru_cache(maxsize=4096)(
    _clean
)  # an office, its doctors and payers are written with every claim


def required(text: str, what: str) -> str:
    """Return clean text, or refuse because it is missing."""
    value = clean(text)
    if not value:
        raise CannotBuild(f"{what} is missing.")
    return value


def limited(text: str, longest: int, what: str) -> str:
    """Return clean text, or refuse because it is too long to be cut."""
    value = clean(text)
    if len(value) > longest:
        raise CannotBuild(f"{what} has more than {longest} signs.")
    return value


def plain(value: Decimal | None) -> str:
    """Return a number as the wire writes it: no exponent, no zeros after the last digit."""
    if value is None:
        return ""
    if not value.is_finite():
        raise CannotBuild("An amount is not a number.")
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def cents(value: Decimal, what: str) -> str:
    """Return an amount of money; a fraction of a cent is refused."""
    if value != value.quantize(_CENT):
        raise CannotBuild(f"{what} has a fraction of a cent.")
    return plain(value)


def day(value: date | None) -> str:
    """Return a day as eight digits."""
    return "" if value is None else date.isoformat(value).replace("-", "")


def dtp(item: Dates) -> Segment:
    """Return dates as a DTP."""
    if item.raw:
        form, _, value = item.raw.partition(" ")
        return segment("DTP", item.qualifier, form, value)
    return span("DTP", item.qualifier, item.starts_on, item.ends_on)


def span(name: str, qualifier: str, start: date | None, end: date | None = None) -> Segment:
    """Return a day, or the days from start to end."""
    if end is None:
        return segment(name, qualifier, "D8", day(start))
    return segment(name, qualifier, "RD8", f"{day(start)}-{day(end)}")


def dtm(item: Dates) -> Segment:
    """Return dates as a DTM of the remittance."""
    return segment("DTM", item.qualifier, item.raw or day(item.starts_on))


def refs(items: Iterable[Reference]) -> list[Segment]:
    """Return numbers as REFs, empty ones left out."""
    cleaned = [(item.qualifier, clean(item.value), clean(item.description)) for item in items]
    return [segment("REF", *told) for told in cleaned if told[1] or told[2]]


def ref(qualifier: str, value: str) -> list[Segment]:
    """Return one REF, or nothing for an empty number."""
    number = clean(value)
    return [segment("REF", qualifier, number)] if number else []


def amounts(items: Iterable[Amount]) -> list[Segment]:
    """Return AMTs."""
    return [segment("AMT", item.qualifier, cents(item.value, "An amount")) for item in items]


def quantities(items: Iterable[Quantity]) -> list[Segment]:
    """Return QTYs."""
    return [segment("QTY", item.qualifier, plain(item.value)) for item in items]


def procedure(item: Procedure) -> str:
    """Return a procedure as one element."""
    if len(item.modifiers) > 4:
        raise CannotBuild("A procedure has at most four modifiers.")
    code = required(item.code, "A procedure code")
    if not item.qualifier:
        return code
    if not (item.modifiers or item.description):
        return f"{item.qualifier}:{code}"
    modifiers = [clean(part) for part in item.modifiers]
    modifiers += [""] * (4 - len(modifiers))
    return composite(item.qualifier, code, *modifiers, clean(item.description))


def cas(items: Iterable[Adjustment]) -> Iterator[Segment]:
    """Return adjustments as CAS segments: six triplets of one group in each."""
    for group, members in groupby(items, key=lambda item: item.group):
        triplets = list(members)
        for start in range(0, len(triplets), 6):
            values: list[str] = []
            for item in triplets[start : start + 6]:
                values += [item.reason, cents(item.amount, "An adjustment"), plain(item.quantity)]
            yield segment("CAS", group, *values)


def contacts(items: Iterable[Contact]) -> list[Segment]:
    """Return PERs: at most three ways to reach somebody in each."""
    lines = []
    for item in items:
        ways = [
            (code, clean(value))
            for code, value in (
                ("TE", item.phone),
                ("EX", item.extension),
                ("FX", item.fax),
                ("EM", item.email),
            )
            if clean(value)
        ]
        if len(ways) > 3:
            raise CannotBuild("A contact has at most three numbers.")
        flat = [text for way in ways for text in way]
        lines.append(segment("PER", item.code, clean(item.name), *flat))
    return lines


def address(item: Address | None) -> list[Segment]:
    """Return an address as N3 and N4."""
    if item is None:
        return []
    lines = []
    if clean(item.line1):
        lines.append(segment("N3", clean(item.line1), clean(item.line2)))
    place = [clean(item.city), clean(item.state), zip_code(item.zip), clean(item.country)]
    if any(place):
        lines.append(segment("N4", *place))
    return lines


def zip_code(text: str) -> str:
    """Return a postal code without its dash."""
    return clean(text).replace("-", "")


def nm1(item: Party, entity: str) -> Segment:
    """Return a name as NM1."""
    return segment(
        "NM1", entity, "1" if item.is_person else "2", clean(item.name), clean(item.first),
        clean(item.middle),
        clean(item.prefix), clean(item.suffix), item.id_qualifier if item.id else "", clean(item.id),
    )  # fmt: skip


def party(item: Party, entity: str, *, role: str = "", numbers_first: bool = False) -> list[Segment]:
    """Return a person or organization: name, address, birth, numbers, contacts, what else was kept.

    `role` is the PRV code of a provider; some guides want the numbers before the address.
    """
    numbers = refs(item.references)
    lines = [nm1(item, entity)]
    lines += numbers if numbers_first else []
    lines += address(item.address)
    if item.taxonomy and role:
        lines.append(segment("PRV", role, "PXC", clean(item.taxonomy)))
    if item.born_on or item.gender:
        lines.append(segment("DMG", "D8" if item.born_on else "", day(item.born_on), item.gender))
    lines += [] if numbers_first else numbers
    lines += contacts(item.contacts)
    lines += item.extras
    return lines
