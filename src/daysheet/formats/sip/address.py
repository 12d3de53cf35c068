"""Addresses in SIP messages: whom a message is from, the number that calls, the way an answer goes back."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from daysheet.formats.sip.message import Message, NotSip, split

_VIA = re.compile(r"SIP\s*/\s*2\.0\s*/\s*([A-Za-z0-9\-]+)\s+(.+)", re.IGNORECASE)
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-_]+)\s*(?::\s*(\d{1,5}))?", re.ASCII)
_URI = re.compile(r"(sips?|tel):([^?]*)(?:\?.*)?", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9*#][0-9*#().\- ]*", re.ASCII)
LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class Via:
    """One station of a message: how it went on, from where, and what is noted there."""

    transport: str
    host: str
    port: int
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class Address:
    """Who is meant: a name to show, a URI, and what is noted of it."""

    display: str
    uri: str
    params: dict[str, str]


def via(text: str) -> Via:
    """Read one value of Via. Raises NotSip."""
    first, *rest = split(text, ";")
    found = _VIA.fullmatch(first)
    host = _HOST.fullmatch(found[2].strip()) if found else None
    if not found or not host or int(host[2] or 0) > 65_535:
        raise NotSip("via")
    return Via(found[1].upper(), host[1], int(host[2] or 5060), params(rest))


def address(text: str) -> Address:
    """Read one value of From, To, Contact or P-Asserted-Identity. Raises NotSip."""
    start, close = _angle(text), text.rfind(">")
    if start >= 0:
        if close < start:
            raise NotSip("address")
        display = text[:start].strip()
        if display.startswith('"'):
            display = re.sub(r"\\(.)", r"\1", display[1:].removesuffix('"'))
        return Address(display, text[start + 1 : close].strip(), params(split(text[close + 1 :], ";")))
    uri, *rest = split(text, ";")
    if not uri or '"' in uri or " " in uri:
        raise NotSip("address")
    return Address("", uri, params(rest))


def user_of(uri: str) -> str:
    """Return the part of a URI that names a person or a number, or nothing."""
    found = _URI.fullmatch(uri.strip())
    if not found:
        return ""
    user, at, _host = found[2].rpartition("@")
    if found[1].lower() == "tel":
        user = found[2]
    elif not at:
        return ""
    user = user.partition(";")[0]
    if found[1].lower() != "tel":
        user = user.partition(":")[0]
    return unquote(user)


def number_of(message: Message) -> str:
    """Return the number of who calls as it was told, or nothing where it is withheld or none.

    What the telephone system vouches for (P-Asserted-Identity) comes before what the caller says (From).
    """
    if {"id", "user", "full"} & {
        one.strip().lower() for line in message.all("privacy") for one in line.split(";")
    }:
        return ""
    for text in (*message.values("p-asserted-identity"), message.one("from")):
        try:
            user = user_of(address(text).uri)
        except NotSip:
            continue
        if len(user) <= LONGEST_NUMBER and _NUMBER.fullmatch(user):
            return user
    return ""


def params(parts: list[str]) -> dict[str, str]:
    """Read what is noted behind semicolons; names count without regard to case."""
    told = {}
    for part in parts:
        name, _equals, value = part.partition("=")
        if name.strip():
            told[name.strip().lower()] = value.strip()
    return told


def _angle(text: str) -> int:
    """Return where the bracket of a URI opens, outside of quotes, or -1."""
    quoted = skip = False
    for place, sign in enumerate(text):
        if skip:
            skip = False
        elif quoted and sign == "\\":
            skip = True
        elif sign == '"':
            quoted = not quoted
        elif sign == "<" and not quoted:
            return place
    return -1
