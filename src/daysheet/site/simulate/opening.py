"""What an office switches on before its desk is played: telephone, kiosks, offers by message, fees for who is missed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from daysheet.mailroom import commands as mailroom
from daysheet.portal import commands as portal
from daysheet.schedule import commands as schedule
from daysheet.site.simulate.cards import open_card_door
from daysheet.site.simulate.elsewhere import go_elsewhere
from daysheet.site.simulate.patterns import keep_same_day
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.prices import keep_contracts
from daysheet.site.simulate.recalls import begin_recalls

BATCH_HAS = 15
"""Minutes that a batch of offers has before the next is asked."""
WRITES = (time(8), time(20))


FEE = Decimal("25.00")
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
def open_desk(play: PlayedPractice, today: date, now: datetime) -> None:
    """Open telephone and kiosks, let offers, reminders and recalls go by themselves, keep fees for who is missed."""
    manager = play.office.by("office_manager", now)
    mailroom.open_telephone(manager)
    schedule.keep_offer_sending(
        manager, mode="itself", interval_minutes=BATCH_HAS, from_clock=WRITES[0], to_clock=WRITES[1]
    )
    schedule.take_usual_cancel_reasons(manager)
    for outcome, forgiven in (("late_cancelled", 0), ("no_show", 1), ("lwobs", 1)):
        schedule.keep_missed_fee_rule(manager, type_id=None, outcome=outcome, forgiven=forgiven, amount=FEE)
    schedule.take_usual_reminder_rules(manager)
    schedule.keep_reminder_rule(
        manager, name="Two hours before", type_id=None, lead=timedelta(hours=2), channels=("sms", "email"),
        from_clock=WRITES[0], to_clock=WRITES[1],
    )  # fmt: skip
    keep_same_day(play, now)
    open_card_door(play, now)
    keep_contracts(play, today, now)
    go_elsewhere(play, now)
    begin_recalls(play, today, now)
    for door in play.office.locations:
        portal.open_kiosk(manager, location_id=door.id)
