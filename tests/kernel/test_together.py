"""A reading is given to who had come when it began: never an older one, never another practice's, never to who acts."""

from collections.abc import Callable, Iterator
from itertools import count
from threading import Thread
from uuid import UUID

import pytest
from django.utils.translation import override

from daysheet.kernel import together
from daysheet.kernel.tenancy import acting_in
from daysheet.kernel.together import coming, read_together

OURS, THEIRS = UUID(int=1), UUID(int=2)


@pytest.fixture(autouse=True)
def _in_our_practice() -> Iterator[None]:
    with acting_in(OURS):
        yield
    together._held.clear()


@pytest.fixture
def read() -> Callable[[], int]:
    """A reading that finds another number each time it is made."""
    numbers = count(1)
    return lambda: next(numbers)


def test_who_had_come_when_it_began_is_given_the_same(read: Callable[[], int]) -> None:
    with coming():
        assert [read_together("board", read) for _ in range(3)] == [1, 1, 1]


def test_who_comes_later_reads_anew(read: Callable[[], int]) -> None:
    found = []
    for _ in range(3):
        with coming():
            found.append(read_together("board", read))
    assert found == [1, 2, 3]


def test_who_comes_while_it_is_made_waits_and_then_reads_anew() -> None:
    found: dict[str, int] = {}
    threads: list[Thread] = []
    numbers = count(1)

    def later() -> None:
        with acting_in(OURS), override("en"), coming():
            found["later"] = read_together("board", lambda: next(numbers))

    def slow() -> int:
        threads.append(Thread(target=later))
        threads[0].start()
        return next(numbers)

    with override("en"), coming():
        found["first"] = read_together("board", slow)
    threads[0].join(20)
    assert found == {"first": 1, "later": 2}


def test_sixty_who_come_at_once_are_answered_by_one_reading(read: Callable[[], int]) -> None:
    found: list[int] = []
    came = together.time.monotonic()

    def ask() -> None:
        with acting_in(OURS):
            together._came.set(came)  # all of them came before the first was let in
            found.append(read_together("board", read))

    threads = [Thread(target=ask) for _ in range(60)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert found == [1] * 60


def test_who_acts_reads_alone(read: Callable[[], int]) -> None:
    with coming():
        read_together("board", read)
    assert [read_together("board", read) for _ in range(2)] == [2, 3]


def test_each_practice_language_and_key_has_its_own(read: Callable[[], int]) -> None:
    with coming():
        found = [read_together("board", read), read_together("other", read)]
        with acting_in(THEIRS):
            found.append(read_together("board", read))
        with acting_in(None):
            found.append(read_together("board", read))
        with override("es"):
            found.append(read_together("board", read))
        found.append(read_together("board", read))
    assert found == [1, 2, 3, 4, 5, 1]


def test_a_reading_that_failed_is_given_to_nobody(read: Callable[[], int]) -> None:
    def fails() -> int:
        raise RuntimeError("the database went away")

    with coming():
        with pytest.raises(RuntimeError):
            read_together("board", fails)
        assert [read_together("board", read) for _ in range(2)] == [1, 1]


def test_no_more_than_so_many_are_held(read: Callable[[], int]) -> None:
    with coming():
        for number in range(together.MOST + 10):
            read_together(number, read)
        assert len(together._held) == together.MOST
        assert read_together(together.MOST + 9, read) == together.MOST + 10
        assert read_together(0, read) == together.MOST + 11
