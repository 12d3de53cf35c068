"""A card's barcode written from facts: for tests, demonstrations and practice cards, never for a real one."""

from datetime import date

from daysheet.formats.aamva import KINDS, SEXES, Licence

LF, RS, CR = "\n", "\x1e", "\r"


def render(licence: Licence) -> bytes:
    """Return the bytes that the barcode of such a card holds, in the card's own version."""
    name = next(code for code, kind in KINDS.items() if kind == licence.kind).decode()
    body = name + LF.join(f"{key}{value}" for key, value in _elements(licence).items()) + LF + CR
    is_first = licence.version < 2
    head = f"@{LF}{RS}{CR}ANSI {licence.issuer}{licence.version:02d}{'' if is_first else '00'}01"
    data = body.encode()
    offset = len(head) + 10
    return f"{head}{name}{offset:04d}{len(data):04d}".encode() + data


def _elements(licence: Licence) -> dict[str, str]:
    names = _names(licence)
    sex = next((code for code, letter in SEXES.items() if letter == licence.sex), "")
    rest = {
        "DBB": _day(licence, licence.born_on),
        "DBD": _day(licence, licence.issued_on),
        "DBA": _day(licence, licence.expires_on),
        "DBC": licence.sex if licence.version < 2 and licence.sex in "MF" else sex,
        "DAG": licence.street,
        "DAH": licence.street2,
        "DAI": licence.city,
        "DAJ": licence.state,
        "DAK": licence.zip,
        "DCG": licence.country if licence.version >= 2 else "",
        "DDE": "T" if "family" in licence.cut else "N",
        "DDF": "T" if "given" in licence.cut else "N",
        "DDG": "T" if "middle" in licence.cut else "N",
    }
    return {"DAQ": licence.number, **names} | {key: value for key, value in rest.items() if value}


def _names(licence: Licence) -> dict[str, str]:
    if licence.version < 2:
        whole = ",".join((licence.family, licence.given, licence.middle))
        return {"DAA": whole} | ({"DAE": licence.suffix} if licence.suffix else {})
    suffix = {"DCU": licence.suffix} if licence.suffix else {}
    if licence.version < 4:
        both = ",".join(filter(None, (licence.given, licence.middle)))
        return {"DCS": licence.family, "DCT": both, **suffix}
    return {"DCS": licence.family, "DAC": licence.given, "DAD": licence.middle, **suffix}


def _day(licence: Licence, day: date | None) -> str:
    if day is None:
        return ""
    year_first = licence.version < 2 or licence.country == "CAN"
    return f"{day:%Y%m%d}" if year_first else f"{day:%m%d%Y}"
