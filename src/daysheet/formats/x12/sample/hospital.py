"""Sample claim files of hospitals and dentists (837I, 837D), written segment by segment."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from daysheet.formats.x12.guides.parts import Party
from daysheet.formats.x12.guides.writing import plain
from daysheet.formats.x12.segment import segment
from daysheet.formats.x12.write import OutgoingSet

from .cast import AT, DIAGNOSES, Cast

Claim = Callable[[Cast, int], Iterator[str]]


def institutional(cast: Cast, claims: int) -> OutgoingSet:
    """Return the body of a claim file of a hospital: each claim a stay of some days."""
    return _body(cast, claims, "005010X223A2", "282N00000X", _stay)


def dental(cast: Cast, claims: int) -> OutgoingSet:
    """Return the body of a claim file of a dentist."""
    return _body(cast, claims, "005010X224A2", "122300000X", _teeth)


def _body(cast: Cast, claims: int, guide: str, taxonomy: str, claim: Claim) -> OutgoingSet:
    lines = [*_head(cast, taxonomy)]
    for number in range(1, claims + 1):
        lines += [*_insured(cast.person(number), number), *claim(cast, number)]
    return OutgoingSet("837", guide, tuple(segment(*line.split("*")) for line in lines))


def _head(cast: Cast, taxonomy: str) -> Iterator[str]:
    home, tax = cast.office.address, cast.office.reference("EI")
    yield f"BHT*0019*00*B0001*{AT:%Y%m%d}*{AT:%H%M}*CH"
    yield "NM1*41*2*NORTHSIDE*****46*NORTHSIDE"
    yield "PER*IC*ROSA MARIN*TE*4135550100"
    yield "NM1*40*2*BLUE PPO*****46*BLUEPPO"
    yield "HL*1**20*1"
    yield f"PRV*BI*PXC*{taxonomy}"
    yield f"NM1*85*2*NORTHSIDE*****XX*{cast.office.id}"
    if home:
        yield f"N3*{home.line1}"
        yield f"N4*{home.city}*{home.state}*{home.zip}"
    yield f"REF*EI*{tax}"


def _insured(member: Party, number: int) -> Iterator[str]:
    yield f"HL*{number + 1}*1*22*0"
    yield "SBR*P*18*GR100******CI"
    yield f"NM1*IL*1*{member.name}*{member.first}****MI*{member.id}"
    if member.address and member.born_on:
        yield f"N3*{member.address.line1}"
        yield f"N4*{member.address.city}*{member.address.state}*{member.address.zip}"
        yield f"DMG*D8*{member.born_on:%Y%m%d}*{member.gender}"
    yield "NM1*PR*2*BLUE PPO*****PI*BLUE1"


def _stay(cast: Cast, number: int) -> Iterator[str]:
    out = cast.day()
    days = cast.chance.randrange(1, 6)
    came = out - timedelta(days=days)
    room, tests = cast.money(200, 900) * days, cast.money(50, 400)
    first, other = cast.chance.sample(DIAGNOSES, 2)
    yield f"CLM*H{number:06d}*{plain(room + tests)}***11:A:1**A*Y*Y"
    yield f"DTP*434*RD8*{came:%Y%m%d}-{out:%Y%m%d}"
    yield f"DTP*435*DT*{came:%Y%m%d}0915"
    yield "CL1*1*7*01"
    yield f"HI*ABK:{first}:::::::Y"
    yield f"HI*ABJ:{first}"
    yield f"HI*ABF:{other}:::::::N"
    yield f"HI*BE:80:::{days}"
    yield f"NM1*71*1*{cast.doctor.name}*{cast.doctor.first}****XX*{cast.doctor.id}"
    yield "PRV*AT*PXC*207R00000X"
    yield "LX*1"
    yield f"SV2*0120**{plain(room)}*DA*{days}"
    yield f"REF*6R*H{number:06d}1"
    yield "LX*2"
    yield f"SV2*0300*HC:{cast.procedure().code}*{plain(tests)}*UN*1"
    yield f"DTP*472*D8*{came:%Y%m%d}"
    yield f"REF*6R*H{number:06d}2"


def _teeth(cast: Cast, number: int) -> Iterator[str]:
    filled, cleaned = cast.money(80, 300), cast.money(40, 120)
    yield f"CLM*T{number:06d}*{plain(filled + cleaned)}***11:B:1*Y*A*Y*Y"
    yield f"DTP*472*D8*{cast.day():%Y%m%d}"
    yield f"NM1*82*1*{cast.doctor.name}*{cast.doctor.first}****XX*{cast.doctor.id}"
    yield "PRV*PE*PXC*122300000X"
    yield "LX*1"
    yield f"SV3*AD:D0000*{plain(filled)}****1"
    yield f"TOO*JP*{cast.chance.randrange(1, 33)}*{cast.chance.choice(('M:O', 'D', 'O', 'B:L'))}"
    yield f"REF*6R*T{number:06d}1"
    yield "LX*2"
    yield f"SV3*AD:D0001*{plain(cleaned)}****1"
    yield f"REF*6R*T{number:06d}2"
