"""Rules of visits by video and phone: how a visit takes place, and the address at which the two meet. Pure."""

import re

OFFICE, VIDEO, PHONE = "office", "video", "phone"
MODES = (OFFICE, VIDEO, PHONE)
REMOTE = (VIDEO, PHONE)
ROOM, CLINICIAN = "{room}", "{clinician}"
LONGEST_ADDRESS = 500
_PLACE = re.compile(r"\{[^}]*\}?|\}")
_HOST = re.compile(r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:[/?#][\x21-\x7e]*)?")


def is_remote(mode: str) -> bool:
    """Return whether the patient is elsewhere during the visit."""
    return mode in REMOTE


def is_address(text: str) -> bool:
    """Return whether a text is the https address of a meeting: a browser opens it, nobody on the way reads it."""
    return len(text) <= LONGEST_ADDRESS and _HOST.fullmatch(text) is not None


def is_pattern(text: str) -> bool:
    """Return whether a text is an address in which only the room and the clinician are left open, after the host."""
    if any(found not in (ROOM, CLINICIAN) for found in _PLACE.findall(text)):
        return False
    bare = text.removeprefix("https://").partition("/")[0]
    return "{" not in bare and is_address(text.replace(ROOM, "r").replace(CLINICIAN, "c"))


def address_from(pattern: str, *, room: str, clinician: str) -> str:
    """Return the address of one meeting."""
    return pattern.replace(ROOM, room).replace(CLINICIAN, slug(clinician))


def slug(name: str) -> str:
    """Return a name as it can stand in an address."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "clinician"
