"""Ids sort by the moment of their making, also within a millisecond, so that lines of one act are read in their order."""

from datetime import UTC, datetime, timedelta

import pytest

from daysheet.kernel import clock
from daysheet.kernel.ids import new_id, new_ids

BEGUN = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)


def test_ids_made_one_after_the_other_within_a_millisecond_sort_so(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(BEGUN + timedelta(microseconds=n) for n in range(1000))
    monkeypatch.setattr(clock, "system_now", lambda: next(moments))
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}


def test_ids_made_together_stand_in_their_order_and_none_comes_twice() -> None:
    made = new_ids(1000)
    assert made == sorted(made)
    assert len(set(made)) == 1000
