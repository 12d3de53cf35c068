"""Days of a played practice, really committed: for tests that read what a whole play has left behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from daysheet.site.simulate import week
from tests.throwaway import Throwaway


@contextmanager
def played_days(
    run: week.Run, blocker: Any, database: Throwaway, state: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """Yield what a play tells of itself; its rows stand until the block ends, then the database is cloned anew."""
    with blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        connections.close_all()  # a test before this one may have cloned the database anew
        patch.setattr(settings, "STATE", state.mktemp("state"))
        yield week.simulate(run)
        connections.close_all()
        database.renew()
