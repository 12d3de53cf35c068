"""A browser without a screen: Django's test client, signed in as a member of a practice."""

import re
from typing import Any

from django.test import Client

from daysheet.kernel import clock
from daysheet.practice.models import Membership
from daysheet.practice.signing_in import BACKEND, LOCKED, PRACTICE, SEEN, WORKSTATION

AN_HOUR = 3600
"""Seconds by which somebody was seen ahead: however long a test takes, no screen locks, and no page of it writes the
session for activity alone, which were two statements more."""


def signed_in(member: Membership, *, workstation: str = "back_office", **client: Any) -> Client:
    """Return a client that is signed in at a workstation, in the member's practice."""
    browser = Client(raise_request_exception=client.pop("raises", True), **client)
    browser.force_login(member.user, backend=BACKEND)
    session = browser.session
    session.update(
        {
            PRACTICE: str(member.practice_id),
            SEEN: clock.system_now().timestamp() + AN_HOUR,
            LOCKED: False,
            WORKSTATION: workstation,
        }
    )
    session.save()
    return browser


HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def hidden_fields(body: str, *, form: str = "<form") -> dict[str, str]:
    """Return the hidden fields (tokens, keys) of the first form from the mark `form` on."""
    part = body[body.index(form) :]
    return dict(HIDDEN.findall(part[: part.find("</form>")]))


def opening(name: str, *, by: str) -> dict[str, str]:
    """Return what the page that founds a practice is sent."""
    password = "four quiet rivers run"
    return {
        "name": name,
        "zone_name": "America/Chicago",
        "display_name": by,
        "username": by.split()[0],
        "password": password,
        "again": password,
    }
