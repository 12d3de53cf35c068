"""What rests on a visit and keeps it from being taken off the books: rooms above add their own question at start-up."""

from collections.abc import Callable
from uuid import UUID

holders: list[Callable[[UUID], str]] = []
"""Each is given a visit and answers with a sentence, or with nothing."""


def what_holds(visit_id: UUID) -> list[str]:
    """Return why a visit cannot be taken off the books."""
    return [said for ask in holders if (said := ask(visit_id))]
