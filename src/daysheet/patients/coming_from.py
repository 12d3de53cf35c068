"""From where a new patient is added: rooms above register in their apps' ready() how to go on there."""

from collections.abc import Callable
from uuid import UUID

from django.urls import reverse

from daysheet.kernel.access import Actor
from daysheet.kernel.ids import read_id
from daysheet.patients.models import Patient

GoOn = Callable[[Actor, UUID, Patient], str]
"""Ties the new patient to what it was added from, and returns the address to go on at; nothing: the patient's page."""
_ways: dict[str, GoOn] = {}
_pages: dict[str, str] = {}


def goes_on(word: str, way: GoOn) -> None:
    """Register how to go on from what a word names, such as a call."""
    _ways[word] = way


def leads_to(word: str, page: str) -> None:
    """Register for what a patient is looked for, such as a walk-in: whoever is found or added goes on to that page."""
    _pages[word] = page


def looks_for(word: str) -> str:
    """Return the page on which whoever is found goes on, where one is looked for what the word names."""
    return _pages.get(word, "")


def go_on(by: Actor, came_from: str, patient: Patient) -> str:
    """Return where to go on after a patient was added from `came_from`, a word and an id; nothing where unknown."""
    word, _, text = came_from.partition(" ")
    if page := looks_for(word):
        return reverse(page, args=[patient.pk])
    way, its_id = _ways.get(word), read_id(text)
    return way(by, its_id, patient) if way and its_id else ""
