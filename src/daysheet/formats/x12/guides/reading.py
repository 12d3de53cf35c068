"""From segments to values: what cannot be understood becomes a problem of the set, never an exception."""

from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from daysheet.formats.x12.envelope import TransactionSet
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from .parts import Address, Adjustment, Amount, Contact, Dates, Party, Procedure, Quantity, Reference

ZERO = Decimal(0)
_LARGEST = Decimal(10) ** 15


def number(tset: TransactionSet, segment: Segment, index: int) -> Decimal | None:
    """Return an element as a number; None when it is empty or is no number."""
    text = segment[index]
    if not text:
        return None
    value = to_number(text)
    if value is None:
        message = "This is not an amount that can be used."
        tset.report("error", "element.number", message, segment, index)
    return value


def to_number(text: str) -> Decimal | None:
    """Return text as a finite number of a sane size, or None."""
    return _number(text) if len(text) <= _LONGEST_NUMBER else None


_LONGEST_NUMBER = 18


@lru_cache(maxsize=4096)  # short texts only, so that no file can fill the memory with it
def _number(text: str) -> Decimal | None:
    if len(text) < 16 and text.isascii() and text.replace(".", "", 1).isdigit():
        return Decimal(text)  # digits and a point: of a sane size without a look
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite() or not -_LARGEST < value < _LARGEST or "_" in text:
        return None
    return value


def money(tset: TransactionSet, segment: Segment, index: int) -> Decimal:
    """Return a required amount; what is missing or unreadable counts as nothing and is reported."""
    elements = segment.elements
    text = elements[index] if index < len(elements) else ""
    value = _number(text) if len(text) <= _LONGEST_NUMBER else None
    if value is not None:
        return value
    if text:
        number(tset, segment, index)  # says what is wrong with it
    else:
        tset.report("error", "element.missing", "An amount is missing.", segment, index)
    return ZERO


def to_day(text: str) -> date | None:
    """Return eight digits as a day, or None."""
    return _day(text) if len(text) == 8 else None


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    if not (text.isascii() and text.isdigit()):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day(tset: TransactionSet, segment: Segment, index: int) -> date | None:
    """Return an element as a day; None when it is empty or is no day."""
    text = segment[index]
    if not text:
        return None
    value = to_day(text)
    if value is None:
        tset.report("error", "element.date", "This is not a date.", segment, index)
    return value


def dates(tset: TransactionSet, segment: Segment) -> Dates:
    """Return a DTP (qualifier, format, value) or DTM (qualifier, day) as dates."""
    elements = segment.elements
    if len(elements) == 4 and elements[2] == "D8" and len(elements[3]) == 8:  # nearly all
        start = _day(elements[3])
        if start is not None and segment.id == "DTP":
            return Dates(elements[1], start)
    if segment.id == "DTM":
        start = day(tset, segment, 2)
        return Dates(segment[1], start, None, "" if start else segment[2])
    text = segment[3]
    first, dash, last = text.partition("-")
    start = to_day(first)
    end = to_day(last) if dash else None
    # TR3 837P DTP02: a span names both its days; other formats are kept as they stand
    good = start is not None and (end is not None) == bool(dash) and segment[2] == ("RD8" if dash else "D8")
    if good:
        return Dates(segment[1], start, end)
    if segment[2] in ("D8", "RD8", ""):
        tset.report("warning", "element.date", "This is not a date.", segment, 3)
    return Dates(segment[1], None, None, f"{segment[2]} {text}")


def adjustments(tset: TransactionSet, segment: Segment) -> list[Adjustment]:
    """Return every triplet of a CAS: up to six."""
    elements = segment.elements
    group, count = segment[1], len(elements)
    found = []
    for index in range(2, count, 3):
        reason = elements[index]
        text = elements[index + 1] if index + 1 < count else ""
        if not reason and not text:
            continue
        amount = to_number(text)
        if amount is None:
            amount = money(tset, segment, index + 1)
        quantity = number(tset, segment, index + 2) if index + 2 < count else None
        found.append(Adjustment(group, reason, amount, quantity))
    return found


def procedure(segment: Segment, index: int) -> Procedure | None:
    """Return a composite of qualifier, code, modifiers and description."""
    elements = segment.elements
    text = elements[index] if index < len(elements) else ""
    if len(text) > _LONGEST_PROCEDURE:
        return _to_procedure(text, segment.delimiters.component)
    return _known_procedure(text, segment.delimiters.component) if text else None


def _to_procedure(text: str, component: str) -> Procedure:
    parts = text.split(component)
    if len(parts) == 1:
        return Procedure(parts[0], (), "")
    description = parts[6] if len(parts) > 6 else ""
    return Procedure(parts[1], tuple([part for part in parts[2:6] if part]), parts[0], description)


_LONGEST_PROCEDURE = 100
_known_procedure = lru_cache(maxsize=4096)(_to_procedure)  # an office uses few of them, often


def reference(segment: Segment) -> Reference:
    """Return a REF."""
    return Reference(segment[1], segment[2], segment[3])


def amount(tset: TransactionSet, segment: Segment) -> Amount:
    """Return an AMT."""
    return Amount(segment[1], money(tset, segment, 2))


def quantity(tset: TransactionSet, segment: Segment) -> Quantity:
    """Return a QTY."""
    return Quantity(segment[1], money(tset, segment, 2))


def contact(segment: Segment) -> Contact:
    """Return a PER."""
    found = {segment[index]: segment[index + 1] for index in (7, 5, 3)}
    return Contact(
        segment[2],
        found.get("TE", ""),
        found.get("EX", ""),
        found.get("FX", ""),
        found.get("EM", ""),
        segment[1],
    )


def fits_contact(segment: Segment) -> bool:
    """Return whether a PER says no more than a contact can hold."""
    known = [segment[index] for index in (3, 5, 7) if segment[index]]
    return len(segment) <= 9 and set(known) <= {"TE", "EX", "FX", "EM"} and len(set(known)) == len(known)


# the role is kept only where the loop leaves a choice; elsewhere the loop says it
_USUAL_ROLES = frozenset(
    ("41", "40", "85", "87", "IL", "PR", "QC", "82", "77", "DQ", "DN", "1P", "PE", "03", "74", "TT", "GB")
)
_ROLE_MATTERS = frozenset(("2120", "2100A status"))
_OF_A_CLAIM = frozenset(("71", "72", "ZZ", "DD"))


def _role(role: str, loop: str) -> str:
    if role in _USUAL_ROLES:
        return role if loop in _ROLE_MATTERS else ""
    return "" if role in _OF_A_CLAIM and loop.startswith("2310") else role


def party(tset: TransactionSet, loop: Loop) -> Party:
    """Return the person or organization of a loop that NM1 or N1 opens."""
    segments = loop.segments
    if len(segments) > 2 or loop.loops:
        return _party(loop)
    head, after = segments[0], segments[1] if len(segments) > 1 else None
    sign = head.delimiters.element
    name, rest = sign.join(head.elements), sign.join(after.elements) if after is not None else ""
    if len(name) + len(rest) > _LONGEST_NAME:
        return _party(loop)
    return _known_party(loop.id, name, rest, sign) or _party(loop)


_LONGEST_NAME = 160


@lru_cache(maxsize=2048)  # a payer or a doctor is named again and again, with every claim
def _known_party(loop_id: str, name: str, rest: str, sign: str) -> Party | None:
    """Return a party of one or two short segments; None where it keeps a segment, which has a place in its file."""
    told = [Segment(text.split(sign)) for text in (name, rest) if text]
    found = _party(Loop(loop_id, told))
    return None if found.extras else found


def _party(loop: Loop) -> Party:
    head = loop.segments[0]
    street = town = None
    born_on, gender, taxonomy = None, "", ""
    references: list[Reference] = []
    contacts: list[Contact] = []
    extras: list[Segment] = []
    for item in loop.segments[1:]:
        name, count = item.id, len(item.elements)
        if name == "N3" and count <= 3 and street is None:
            street = item
        elif name == "N4" and count <= 5 and town is None:
            town = item
        elif name == "DMG" and count <= 4 and item[1] in ("D8", "") and (day := _born(item)):
            (born_on,), gender = day, item[3]
        elif name == "REF" and count <= 4:
            references.append(reference(item))
        elif name == "PER" and fits_contact(item):
            contacts.append(contact(item))
        elif name == "PRV" and item[2] == "PXC" and not taxonomy:
            taxonomy = item[3]
        else:
            extras.append(item)
    if loop.loops:
        extras.extend(item for inner in loop.loops for item in inner.every())
    return name_of(
        head, _address(street, town), born_on, gender, taxonomy, tuple(contacts), tuple(references),
        _role(head[1], loop.id), tuple(extras),
    )  # fmt: skip


def _born(dmg: Segment) -> tuple[date | None] | None:
    """Return the day of birth, which may be left out; None when what stands there is no day."""
    day = to_day(dmg[2])
    return (day,) if day or not dmg[2] else None


def party_in_role(tset: TransactionSet, loop: Loop, usual: str) -> Party:
    """Return the person or organization of a loop, with its role where it is not the usual one of the loop."""
    found = party(tset, loop)
    role = loop.segments[0][1]
    return found if role == usual else replace(found, entity=role)


def _address(street: Segment | None, town: Segment | None) -> Address | None:
    """Return an N3 and an N4, each of which may be missing, as one address."""
    if street is None and town is None:
        return None
    _, line1, line2 = padded(street, 3) if street is not None else _NOTHING[:3]
    _, city, state, postal, country = padded(town, 5) if town is not None else _NOTHING[:5]
    found = Address(line1, line2, city, state, postal, country)
    return found if any((line1, line2, city, state, postal, country)) else None


_NOTHING = [""] * 24


def padded(segment: Segment, count: int) -> list[str]:
    """Return the first elements of a segment, id included, with empty text where it is shorter."""
    elements = segment.elements
    return elements if len(elements) == count else (elements + _NOTHING)[:count]


def name_of(
    head: Segment,
    address: Address | None = None,
    born_on: date | None = None,
    gender: str = "",
    taxonomy: str = "",
    contacts: tuple[Contact, ...] = (),
    references: tuple[Reference, ...] = (),
    role: str = "",
    extras: tuple[Segment, ...] = (),
) -> Party:
    """Return an NM1 or N1, with what was found beside it, as a party."""
    if head.id == "N1":
        _, _, name, qualifier, number = padded(head, 5)
        first = middle = suffix = prefix = kind = ""
    else:
        _, _, kind, name, first, middle, prefix, suffix, qualifier, number = padded(head, 10)
    return Party(
        name, first, middle, suffix, prefix, kind == "1", qualifier, number, address, born_on, gender, taxonomy,
        contacts, references, role, extras,
    )  # fmt: skip
