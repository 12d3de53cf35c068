"""A statement that is kept is planned once, whatever is told, whoever acts, and after a rollback."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.models import Practice
from daysheet.kernel.planned import planned_cursor
from daysheet.kernel.tenancy import acting_in
from tests import make

NAMES = "select family from patient where family = any(%(of)s) order by family"


def families(*of: str) -> list[str]:
    with planned_cursor() as cursor:
        cursor.execute(NAMES, {"of": list(of)})
        return [family for (family,) in cursor.fetchall()]


def plans() -> list[tuple[int, int]]:
    """Return how often each statement like it was answered by its kept plan, and by one made for its values."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select generic_plans, custom_plans from pg_prepared_statements where statement like %s",
            ["select family from patient where family = any%"],
        )
        found: list[tuple[int, int]] = cursor.fetchall()
    return found


def test_other_values_are_answered_by_the_same_plan(practice: Practice) -> None:
    make.patient(family="Ash")
    make.patient(family="Birch")
    before = sum(kept for kept, _made in plans())
    assert (families("Ash"), families("Birch", "Ash"), families()) == (["Ash"], ["Ash", "Birch"], [])
    ((kept, made),) = plans()
    assert (kept - before, made) == (3, 0)


def test_a_kept_plan_shows_each_practice_its_own_rows(practice: Practice) -> None:
    make.patient(family="Ash")
    assert families("Ash") == ["Ash"]
    with acting_in(make.practice("Elsewhere").pk):
        assert families("Ash") == []
    with acting_in(None):
        assert families("Ash") == []


def test_it_is_counted_and_told_as_any_statement(practice: Practice) -> None:
    with CaptureQueriesContext(connection) as heard:
        families("Ash")
    assert len(heard) == 1
    assert "from patient" in heard[0]["sql"]


def test_after_a_rollback_it_is_planned_again(transactional_db: Any) -> None:
    families("Ash")
    with pytest.raises(IntegrityError), transaction.atomic():
        raise IntegrityError
    assert families("Ash") == []
    assert families("Ash") == []
