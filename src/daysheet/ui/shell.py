"""What stands around every page; the only reader of what the site hung on the request."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from daysheet.kernel.access import roles


@dataclass(frozen=True)
class Shell:
    """The frame of one page: who works where, and which ways lead on."""

    signed_in: bool = False
    user: str = ""
    role: str = ""
    practice_id: str = ""
    practice: str = ""
    location: str = ""
    kind: str = ""
    is_training: bool = False
    is_demo: bool = False
    clock: str = ""
    zone: str = ""
    """Where the office's clock hangs: the times that the script writes are its."""
    others: Sequence[Any] = ()
    switch_url: str = ""
    nav: Sequence[Any] = ()
    urls: dict[str, str] = field(default_factory=dict)
    lock_after: int = 0
    theme: str = ""
    density: str = "comfortable"
    letter_keys: bool = True


ADDRESSES = (
    "search",
    "palette",
    "sign_out",
    "profile",
    "help",
    "live",
    "lock",
    "keep_alive",
    "phones",
    "jobs",
)


def shell_of(request: HttpRequest | None) -> Shell:
    """Return the frame for a request; whatever the site has not set is simply not there."""
    actor, office, screen = (getattr(request, name, None) for name in ("actor", "office", "screen"))
    return Shell(
        signed_in=bool(getattr(actor, "user_id", None)),
        user=_text(actor, "name"),
        role=_role(_text(actor, "role")),
        practice_id=_text(actor, "practice_id"),
        practice=_text(office, "practice_name"),
        location=_text(office, "location_name"),
        kind=_text(office, "kind"),
        is_training=bool(getattr(office, "is_training", False)),
        is_demo=bool(getattr(office, "is_demo", False)),
        clock=_text(office, "clock_label"),
        zone=_text(office, "zone"),
        others=getattr(office, "others", None) or (),
        switch_url=_text(office, "switch_url"),
        nav=getattr(screen, "nav", None) or (),
        urls={name: _text(screen, f"{name}_url") for name in ADDRESSES},
        lock_after=getattr(screen, "lock_after", None) or 0,
        theme=_text(screen, "theme"),
        density=_text(screen, "density") or "comfortable",
        letter_keys=bool(getattr(screen, "letter_keys", True)),
    )


def _role(key: str) -> str:
    known = roles().get(key)
    return known.name if known else key


def _text(thing: object, name: str) -> str:
    value = getattr(thing, name, None)
    return "" if value is None else str(value)
