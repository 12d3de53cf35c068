"""The keys of the telephone system's door: made once, shown once, kept so that a stolen table opens nothing."""

import base64
import secrets
from hashlib import sha256
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def new_token(practice_id: UUID) -> str:
    """Return an address part that nobody can guess; it begins with the practice that it opens."""
    return f"{practice_id.hex}-{secrets.token_urlsafe(24)}"


def new_secret() -> str:
    """Return a secret to sign reports with."""
    return secrets.token_urlsafe(32)


def new_line_user() -> str:
    """Return the name of a line in the address that rings it: letters and figures only, hard to guess."""
    return f"desk-{secrets.token_hex(8)}"


def practice_of(token: str) -> UUID | None:
    """Return the practice that a token speaks of, or None where it is no token."""
    start, point, rest = token.partition("-")
    if not (point and rest and len(token) <= 100 and len(start) == 32):
        return None
    try:
        return UUID(hex=start)
    except ValueError:
        return None


def hash_of(token: str) -> str:
    """Return a token as it is kept; it is long and random, so one round is enough."""
    return sha256(token.encode()).hexdigest()


def seal(secret: str) -> str:
    """Return the secret as it is kept (45 CFR 164.312(a)(2)(iv))."""
    return _safe().encrypt(secret.encode()).decode()


def opened(sealed: str) -> str:
    """Return the secret as it is used, or nothing where it cannot be read any more."""
    try:
        return _safe().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def unseal(sealed: str) -> str:
    """Return the secret as it is used; in place of one that cannot be read, one that nobody can know."""
    return opened(sealed) or secrets.token_urlsafe(32)


def _safe() -> Fernet:
    key = HKDF(hashes.SHA256(), 32, b"daysheet", b"phone-hook").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
