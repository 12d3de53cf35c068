"""By which service types the copays of visits are read: the book says so, for it knows the kinds of visit."""

from collections.abc import Callable
from uuid import UUID

from daysheet.coverage.rules.answer import OFFICE_VISIT, SERVICES
from daysheet.formats import x12

OFFICE = OFFICE_VISIT[0]
in_book: list[Callable[[], list[str]]] = []
"""Each returns the service types of the kinds of visit, the most usual of those with a copay first."""
of_visits: list[Callable[[UUID], str]] = []
"""Each returns the service type of a visit, or an empty text."""


def in_use() -> tuple[str, ...]:
    """Return the service types of the office's visits, the most usual first; an office visit where nobody says."""
    said = dict.fromkeys(code for ask in in_book for code in ask() if code in SERVICES)
    return tuple(said) or (OFFICE,)


def usual() -> str:
    """Return the service type of most kinds of visit: of a visit whose kind is not known."""
    return in_use()[0]


def of_visit(visit_id: UUID | None) -> str:
    """Return the service type of a visit, the usual one where it is not known."""
    said = (ask(visit_id) for ask in of_visits) if visit_id else iter(())
    return next(filter(None, said), "") or usual()


def words_of(service: str) -> str:
    """Return a service type in words: urgent care."""
    return (x12.label("service_type", service) or service).lower()
