"""What an office switches on before its desk is played: a telephone, offers by message."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time

from django.conf import settings
from django.db import transaction

from daysheet.mailroom import commands as mailroom
from daysheet.schedule import commands as schedule
from daysheet.site.simulate.played import PlayedPractice

BATCH_HAS = 15
"""Minutes that a batch of offers has before the next is asked."""
WRITES = (time(8), time(20))


HOME = "http://localhost:8000"


@contextmanager
def reachable() -> Iterator[None]:
    """Let the links of the block's messages have an address, where this machine was given none: it is a play at home."""
    before = settings.PUBLIC_URL
    settings.PUBLIC_URL = before or HOME
    try:
        yield
    finally:
        settings.PUBLIC_URL = before


@transaction.atomic
def open_desk(play: PlayedPractice, now: datetime) -> None:
    """Open the telephone and let freed times be offered by themselves."""
    manager = play.office.by("office_manager", now)
    mailroom.open_telephone(manager)
    schedule.keep_offer_sending(
        manager, mode="itself", interval_minutes=BATCH_HAS, from_clock=WRITES[0], to_clock=WRITES[1]
    )
