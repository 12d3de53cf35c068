"""A clinician's calendar feed: opened with a new address, closed for ever."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.practice.models import Provider
from daysheet.schedule import feeds
from daysheet.schedule.models import CalendarFeed


class FeedIsOpenElsewhere(Refusal):
    """Somebody else has made a new address at the same moment."""


@command(needs=Can.MANAGE_OFFICE)
def open_feed(by: Actor, /, *, provider_id: UUID) -> str:
    """Make a new address for a clinician's busy times, and return its token; the old one opens nothing any more.

    Raises FeedIsOpenElsewhere.
    """
    who = Provider.objects.get(pk=provider_id)
    CalendarFeed.objects.filter(provider=who, closed_at=None).update(closed_at=by.now)
    token = feeds.new_token(by.practice_id)
    twice = FeedIsOpenElsewhere(
        _("Somebody else has made a new address at this moment. Look at the page again.")
    )
    with refusing(calendar_feed_is_open_once=twice):
        made = CalendarFeed.objects.create(
            provider=who, token_hash=feeds.hash_of(token), made_at=by.now, made_by=by.name
        )
    record(by, "schedule.feed.opened", made)
    return token


@command(needs=Can.MANAGE_OFFICE)
def close_feed(by: Actor, /, *, provider_id: UUID) -> None:
    """Let the address of a clinician's busy times open nothing any more."""
    who = Provider.objects.get(pk=provider_id)
    closed = CalendarFeed.objects.filter(provider=who, closed_at=None).update(closed_at=by.now)
    record(by, "schedule.feed.closed", feeds=closed)
