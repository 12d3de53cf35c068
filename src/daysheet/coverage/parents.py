"""The plan of a parent that a court or a custody named, found again once that parent has another plan."""

from collections.abc import Sequence
from uuid import UUID

from daysheet.coverage.models import Coverage


def plan_of(named: UUID | None, held: Sequence[Coverage]) -> UUID | None:
    """Return which of the plans of a day a parent has whose plan was named; one statement, where that has ended.

    As it was named, where the parent has none on the day, or several.
    """
    if named is None or named in {one.pk for one in held}:
        return named
    before = Coverage.objects.filter(pk=named).first()
    same = [one.pk for one in held if before is not None and _holder(one) == _holder(before)]
    return same[0] if len(same) == 1 else named


def _holder(held: Coverage) -> tuple[str, ...]:
    words = (held.relationship, held.subscriber_family, held.subscriber_given, str(held.subscriber_born_on))
    return tuple(" ".join(word.split()).casefold() for word in words)
