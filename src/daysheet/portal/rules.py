"""Rules of the patient's own check-in: which screens there are, and what of the answers is a change. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

CONTACT, INSURANCE, PHOTO_ID, CONSENT, GUARDIAN, MONEY, HERE, FORM = (
    "contact",
    "insurance",
    "photo_id",
    "telehealth",
    "guardian",
    "money",
    "here",
    "form-",
)
CONTACT_FIELDS = ("phone", "street", "city", "state", "zip", "email")
NOTICE_STEP, NOTICE_KEY = "privacy_notice", "npp"
CONSENT_STEP = "telehealth_consent"
ID_SIDES = {"front": "Photo ID, front", "back": "Photo ID, back"}
"""What the pictures of a photo ID are called, as the desk calls them, whatever the patient's language."""
VISITS = "visits"
ALSO, ALSO_VISITS = "also", "also_visits"
"""Under which names the own check-in keeps the other visits of the day: as booked, and once the patient is here."""
FORMS = "forms"
"""Under which name it keeps the forms that were signed before the visit began."""
AT_KIOSK, ON_PHONE = "Patient, at the kiosk", "Patient, on the own phone"
"""Who acts where a patient does: by these names it is known what nobody of the desk has said."""
OF_AGE = 18
CODE_HOLDS = timedelta(minutes=15)
MOST_MISSES = 3
"""So many wrong tries, and the desk is asked."""
IDLE_SECONDS, WARN_SECONDS = 60, 20
PHONE_IDLE_SECONDS = 10 * 60


@dataclass(frozen=True, slots=True)
class Change:
    """One field as the patient says it and as the chart says it."""

    field: str
    said: str
    held: str


def screens(open_steps: Iterable[str], *, age: int, is_phone: bool, has_others: bool = False) -> list[str]:
    """Return the screens that a patient goes through, given the open steps of the check-in in their order.

    Who has other visits that day at the same door is asked first for which of them the patient is here.
    """
    due = list(dict.fromkeys(open_steps))
    found = [VISITS] if has_others else []
    if "demographics" in due:
        found.append(CONTACT)
    if "coverage" in due or "card" in due:
        found.append(INSURANCE)
    if PHOTO_ID in due:
        found.append(PHOTO_ID)
    if CONSENT_STEP in due:
        found.append(CONSENT)
    for kind in due:
        if kind == NOTICE_STEP:
            found.append(FORM + NOTICE_KEY)
        elif kind.startswith(FORM):
            found.append(kind)
    if age < OF_AGE:
        found.append(GUARDIAN)
    if "copay" in due or "old_balance" in due:
        found.append(MONEY)
    return [*found, HERE] if is_phone else found


def first_open(steps: Sequence[str], done: Iterable[str]) -> int:
    """Return the number of the first screen that is not done, one more than there are when all are."""
    finished = set(done)
    return next((at for at, step in enumerate(steps, 1) if step not in finished), len(steps) + 1)


def changes(said: Mapping[str, str], held: Mapping[str, str]) -> list[Change]:
    """Return what the patient says otherwise than the chart, field by field."""
    return [
        Change(name, said[name], held.get(name, ""))
        for name in CONTACT_FIELDS
        if name in said and _plain(said[name]) != _plain(held.get(name, ""))
    ]


def may_say_here(now: datetime, *, starts_at: datetime, hours: Sequence[tuple[int, time, time]]) -> bool:
    """Return whether a patient may say "I am here" now: on the day, and while the door is open.

    Both moments are local. A door without opening hours is taken as open all day.
    """
    if now.date() != starts_at.date():
        return False
    today = [(opens, closes) for weekday, opens, closes in hours if weekday == now.weekday()]
    if not hours:
        return True
    return any(opens <= now.time() < closes for opens, closes in today)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
