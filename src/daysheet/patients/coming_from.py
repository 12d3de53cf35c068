"""From where a new patient is added: rooms above register in their apps' ready() how to go on there."""

from collections.abc import Callable
from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.kernel.ids import read_id
from daysheet.patients.models import Patient

GoOn = Callable[[Actor, UUID, Patient], str]
"""Ties the new patient to what it was added from, and returns the address to go on at; nothing: the patient's page."""
_ways: dict[str, GoOn] = {}


def goes_on(word: str, way: GoOn) -> None:
    """Register how to go on from what a word names, such as a call."""
    _ways[word] = way


def go_on(by: Actor, came_from: str, patient: Patient) -> str:
    """Return where to go on after a patient was added from `came_from`, a word and an id; nothing where unknown."""
    word, _, text = came_from.partition(" ")
    way, its_id = _ways.get(word), read_id(text)
    return way(by, its_id, patient) if way and its_id else ""
