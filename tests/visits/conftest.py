"""The small office, open."""

from collections.abc import Iterator

import pytest

from tests.house import House, furnished


@pytest.fixture
def house(db: None) -> Iterator[House]:
    """The office, acting in the test's own transaction."""
    office = furnished()
    with office.open():
        yield office
