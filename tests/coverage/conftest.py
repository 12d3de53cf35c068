"""An office whose jobs wait until a test runs them."""

from collections.abc import Iterator

import pytest

from daysheet.kernel.jobs import holding
from daysheet.kernel.models import Practice
from tests import make


@pytest.fixture
def office(db: None) -> Iterator[Practice]:
    """Act within a practice that has told of itself, with jobs that wait."""
    practice = make.practice()
    with make.acting(practice), holding():
        make.office()
        yield practice
