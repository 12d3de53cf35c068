"""The small office, open, with a telephone and a rule for reminders."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.house import House, furnished
from tests.reminded import BASE, phone, ready


@pytest.fixture
def house(db: None, settings: Any) -> Iterator[House]:
    """The office, acting in the test's own transaction; Ms. Diaz may be texted."""
    settings.PUBLIC_URL = BASE
    office = furnished()
    with office.open():
        ready(office)
        phone(office.diaz)
        yield office
