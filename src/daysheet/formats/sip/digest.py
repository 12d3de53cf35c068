"""Digest authentication as SIP has it (RFC 3261 section 22, RFC 8760): asked for, judged and given."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from daysheet.formats.sip.message import split

FRESH = 120
"""Seconds in which a challenge may be answered."""
REALM = "daysheet"
_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"')


def _md5(text: bytes) -> str:
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def _sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


HASHES: dict[str, Callable[[bytes], str]] = {"MD5": _md5, "SHA-256": _sha256}
"""Telephone systems of this day still speak MD5; the better one is offered first."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who is let in, and by which secret."""

    user: str
    secret: str


def parse(header: str) -> dict[str, str]:
    """Read a challenge or an answer to one; what is no digest is empty."""
    scheme, _space, rest = header.strip().partition(" ")
    if scheme.lower() != "digest":
        return {}
    told = {}
    for part in split(rest, ","):
        name, equals, value = part.partition("=")
        if equals:
            quoted = _VALUE.fullmatch(value.strip())
            told[name.strip().lower()] = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else value.strip()
    return told


def challenges(key: bytes, *, call: str, now: float, stale: bool = False) -> list[str]:
    """Return the challenges to send for a call: one for each kind of hash, the better one first."""
    nonce = _nonce(key, call, int(now))
    tail = ", stale=true" if stale else ""
    return [
        f'Digest realm="{REALM}", nonce="{nonce}", algorithm={name}, qop="auth"{tail}'
        for name in ("SHA-256", "MD5")
    ]


def is_right(header: str, account: Account, *, method: str, key: bytes, call: str, now: float) -> bool:
    """Return whether an answer to our challenge proves the secret, for this call and in time."""
    told = parse(header)
    made, _point, _mac = told.get("nonce", "").partition(".")
    if not (made.isascii() and made.isdigit() and len(made) <= 12 and 0 <= now - int(made) + 1 <= FRESH):
        return False
    same = hmac.compare_digest(
        told["nonce"].encode("utf-8", "surrogateescape"), _nonce(key, call, int(made)).encode()
    )
    if not same or told.get("username") != account.user or told.get("realm") != REALM:
        return False
    if told.get("algorithm", "MD5").upper() not in HASHES or told.get("qop", "auth").lower() != "auth":
        return False
    wanted = _response(told, account, method=method)
    return hmac.compare_digest(
        told.get("response", "").lower().encode("utf-8", "surrogateescape"), wanted.encode()
    )


def answered(challenge: str, account: Account, *, method: str, uri: str, count: int = 1) -> str:
    """Return what answers a challenge, for the `count`th time, or nothing where it asks for what we do not speak."""
    asked = parse(challenge)
    algorithm = asked.get("algorithm", "MD5").upper()
    ways = [one.strip().lower() for one in asked.get("qop", "").split(",") if one.strip()]
    if not asked.get("nonce") or algorithm not in HASHES or (ways and "auth" not in ways):
        return ""
    told = {"username": account.user, "realm": asked.get("realm", ""), "nonce": asked["nonce"], "uri": uri}
    plain = {"algorithm": algorithm}
    if ways:
        told["cnonce"] = secrets.token_hex(8)
        plain |= {"qop": "auth", "nc": f"{count:08x}"}
    told["response"] = _response(told | plain, account, method=method)
    if "opaque" in asked:
        told["opaque"] = asked["opaque"]
    quoted = [f"{name}={_quoted(value)}" for name, value in told.items()]
    return "Digest " + ", ".join([*quoted, *(f"{name}={value}" for name, value in plain.items())])


def _response(told: dict[str, str], account: Account, *, method: str) -> str:
    digest = HASHES[told.get("algorithm", "MD5").upper()]

    def of(*parts: str) -> str:
        return digest(":".join(parts).encode("utf-8", "surrogateescape"))

    who = of(account.user, told.get("realm", ""), account.secret)
    what = of(method, told.get("uri", ""))
    if "qop" in told:
        return of(who, told["nonce"], told.get("nc", ""), told.get("cnonce", ""), told["qop"], what)
    return of(who, told["nonce"], what)


def _nonce(key: bytes, call: str, made: int) -> str:
    text = f"{made}.{call}".encode("utf-8", "surrogateescape")
    return f"{made}.{hmac.new(key, text, hashlib.sha256).hexdigest()[:32]}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
