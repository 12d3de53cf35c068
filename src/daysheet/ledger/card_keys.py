"""The key to the card company, as it is kept: encrypted with the key of this installation."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(secret: str) -> str:
    """Return the key as it is kept."""
    return _safe().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the key as it is used; nothing where it cannot be read."""
    try:
        return _safe().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def _safe() -> Fernet:
    key = HKDF(hashes.SHA256(), 32, b"daysheet", b"card-door").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
