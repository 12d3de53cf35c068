"""By which service types the copays of visits are read: the book says so, for it knows the kinds of visit."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from daysheet.coverage.rules.answer import OFFICE_VISIT, SERVICES
from daysheet.formats import x12

OFFICE = OFFICE_VISIT[0]
in_book: list[Callable[[], list[str]]] = []
"""Each returns the service types of the kinds of visit, the most usual of those with a copay first."""
of_visits: list[Callable[[Collection[UUID]], Mapping[UUID, str]]] = []
"""Each returns the service types of some visits, those that are known."""


def in_use() -> tuple[str, ...]:
    """Return the service types of the office's visits, the most usual first; an office visit where nobody says."""
    said = dict.fromkeys(code for ask in in_book for code in ask() if code in SERVICES)
    return tuple(said) or (OFFICE,)


def usual() -> str:
    """Return the service type of most kinds of visit: of a visit whose kind is not known."""
    return in_use()[0]


def of_visit(visit_id: UUID | None) -> str:
    """Return the service type of a visit, the usual one where it is not known."""
    return (services_of([visit_id]).get(visit_id) if visit_id else "") or usual()


def services_of(visit_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the service types of some visits, by visit; those whose kind is not known are not in it."""
    found: dict[UUID, str] = {}
    for ask in of_visits if visit_ids else ():
        found.update(ask(visit_ids))
    return found


def words_of(service: str) -> str:
    """Return a service type in words: urgent care."""
    return (x12.label("service_type", service) or service).lower()
