"""Addresses that a patient opens without a sign-in: the token, how it is kept, and the address around it."""

import base64
import binascii
import re
import secrets
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, reverse

SHAPE = re.compile(r"[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{24}")
"""The practice in 22 characters, a point, 144 bits of chance in 24: short enough for a text message."""


def new_token(practice_id: UUID) -> str:
    """Return an address part that nobody can guess; it begins with the practice that it opens."""
    return f"{_short(practice_id)}.{secrets.token_urlsafe(18)}"


def practice_of(token: str) -> UUID | None:
    """Return the practice that a token speaks of, or None where it is no token."""
    if not SHAPE.fullmatch(token):
        return None
    try:
        found = UUID(bytes=base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
    except (ValueError, binascii.Error):
        return None
    return found if token.startswith(_short(found)) else None


def token_in(text: str) -> str:
    """Return the token in what a scanner typed, an address or the token alone; nothing where there is none."""
    found = SHAPE.search(text)
    return found[0] if found and practice_of(found[0]) else ""


def hash_of(token: str) -> str:
    """Return a token as it is kept; it is long and random, so one round is enough."""
    return sha256(token.encode()).hexdigest()


def address_of(token: str, *, is_at_home: bool) -> str:
    """Return the whole address that a message carries, or nothing where patients could not reach it.

    The office's name on the network is set where Daysheet is installed; what a browser claims is never believed.
    An office that only plays (demonstration, training) may be reached on this machine alone.
    """
    base = settings.PUBLIC_URL.rstrip("/")
    if not base or (not is_at_home and re.match(r"https?://(localhost|127\.|\[::1\])", base)):
        return ""
    try:
        return base + reverse("portal:answer", args=[token])
    except NoReverseMatch:
        return ""


def _short(practice_id: UUID) -> str:
    return base64.urlsafe_b64encode(practice_id.bytes).rstrip(b"=").decode()
