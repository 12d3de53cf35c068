"""What a form carries unseen: for whose practice, about what, in which version, and its own key."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _

from daysheet.kernel.errors import Refusal, WrongPatient, WrongPractice
from daysheet.kernel.ids import new_id

FORM = "_form"
ONCE = "_once"
SALT = "daysheet.ui.form"
KEY = re.compile(r"[0-9A-Za-z._-]{1,80}")


class TokenIsForged(Refusal):
    """The hidden part of the form was changed on its way."""


@dataclass(frozen=True)
class FormToken:
    """A signed word about a form: practice, subject and version of the row it showed."""

    practice_id: UUID | None
    subject: str
    version: str


def new_form_token(request: HttpRequest, subject: object = None, version: object = None) -> str:
    """Return the signed token of a form that is being drawn."""
    practice_id = getattr(getattr(request, "actor", None), "practice_id", None)
    parts = ["" if part is None else str(part) for part in (practice_id, subject, version)]
    return signing.Signer(salt=SALT).sign_object(parts)


def read_form_token(request: HttpRequest) -> FormToken | None:
    """Return what the posted form was drawn for, or nothing when it carries no token.

    Raises TokenIsForged.
    """
    posted = request.POST.get(FORM, "")
    if not posted:
        return None
    try:
        practice_id, subject, version = signing.Signer(salt=SALT).unsign_object(posted)
        return FormToken(UUID(practice_id) if practice_id else None, subject, version)
    except (signing.BadSignature, ValueError) as no:
        raise TokenIsForged(_("This page is damaged. Reload it and try again.")) from no


def form_version(request: HttpRequest) -> int | None:
    """Return the version of the row that the posted form showed, or nothing when it names none.

    Raises TokenIsForged.
    """
    token = read_form_token(request)
    return int(token.version) if token and token.version.isdigit() else None


def form_subject(request: HttpRequest) -> str:
    """Return what the posted form was about; nothing when it names nothing, or was changed on its way."""
    try:
        token = read_form_token(request)
    except TokenIsForged:
        return ""
    return token.subject if token else ""


def check_practice(request: HttpRequest) -> None:
    """Refuse a form that was drawn for another practice.

    Raises WrongPractice, or TokenIsForged.
    """
    token = read_form_token(request)
    acting = getattr(getattr(request, "actor", None), "practice_id", None)
    if token and token.practice_id != acting:
        raise WrongPractice(
            _("This page belongs to another practice. Nothing was saved. Switch back to go on.")
        )


def check_patient(request: HttpRequest, named: Mapping[str, object]) -> None:
    """Refuse a form that was drawn for another patient than the one in its address; `named` is what the address names.

    Raises WrongPatient, or TokenIsForged.
    """
    token = read_form_token(request)
    if token and token.subject and "patient_id" in named and token.subject not in map(str, named.values()):
        raise WrongPatient(
            _("This form was opened for another patient. Nothing was saved. Open the patient's page again.")
        )


def new_once_key() -> str:
    """Return a key that makes a double press of one form one act."""
    return str(new_id())


def once_key(request: HttpRequest) -> str | None:
    """Return the key of the posted form; one that no form of ours was given is no request of ours."""
    key = request.POST.get(ONCE) or None
    if key is not None and not KEY.fullmatch(key):
        raise BadRequest("a form key that is none of ours")
    return key
