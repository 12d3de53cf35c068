"""What rooms above the desk say of a visit on the board and at check-in; each adds its own question at start-up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark beside a visit: its tone, its words, where it leads."""

    tone: str
    words: str
    url: str


def in_the_car() -> Sign:
    """Return the mark for who waits in the car: the line tells it, whoever said it."""
    return Sign("attention", _("Waits in the car"), reverse("frontdesk:line"))


Asking = Callable[[Sequence[UUID], Sequence[UUID], datetime], dict[UUID, list[Sign]]]
askers: list[Asking] = []
"""Each is given visits, appointments and the moment, and answers by either id with one statement."""


def signs(
    visit_ids: Sequence[UUID], appointment_ids: Sequence[UUID], now: datetime
) -> dict[UUID, list[Sign]]:
    """Return what every room says, by visit and by appointment."""
    found: dict[UUID, list[Sign]] = {}
    for ask in askers:
        for about, said in ask(visit_ids, appointment_ids, now).items():
            found.setdefault(about, []).extend(said)
    return found
