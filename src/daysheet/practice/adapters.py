"""How allauth signs people in here: no self sign-up, the practice chosen, second-factor secrets encrypted."""

import base64
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from daysheet.practice.queries import person_called
from daysheet.practice.signing_in import enter, leave, note_failed


class OfficeAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in to an office: people are added by a manager, never by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return that nobody signs up here."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write a wrong name or password into the diary, without what was typed."""
        login = credentials.get("username") or credentials.get("email") or ""
        note_failed(person_called(login), how="password")

    def logout(self, request: HttpRequest) -> None:
        """End the sign-in in the person's own list too."""
        leave(request)
        super().logout(request)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Choose the practice for the new session, then go on as asked."""
        enter(request, user)
        return super().post_login(request, user, **kwargs)  # type: ignore[no-any-return]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors whose secrets lie encrypted in the database (45 CFR 164.312(a)(2)(iv))."""

    def encrypt(self, text: str) -> str:
        """Return the secret as it is stored."""
        return _safe().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret as it is used; in place of one that cannot be read, one that nobody can know."""
        try:
            return _safe().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:  # an empty secret would make codes that anybody can compute
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _safe() -> Fernet:
    key = HKDF(hashes.SHA256(), 32, b"daysheet", b"second-factor").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
