"""The edge at which a link comes in: how often an address may guess, whose the link is, who acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom import links
from daysheet.mailroom import queries as mailroom
from daysheet.mailroom.models import PortalLink

MISSES, WITHIN = 20, 10 * 60
"""So many links that open nothing may come from one address in so many seconds."""
WHO = "Patient, by link"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody with a link: the practice, the actor, the link in whatever state."""

    practice: Practice
    by: Actor
    link: PortalLink


@contextmanager
def entering(token: str) -> Iterator[Guest | None]:
    """Act in the practice of a link, in one transaction; None where no link has that token."""
    practice_id = links.practice_of(token)
    if practice_id is None:
        yield None
        return
    with acting_in(practice_id), transaction.atomic():
        link = mailroom.link_by(links.hash_of(token))
        practice = Practice.objects.filter(pk=practice_id).first()
        if link is None or practice is None:
            yield None
            return
        yield Guest(practice, Actor.system(practice_id=practice_id, now=practice.now(), name=WHO), link)


def guesses_too_often(request: HttpRequest) -> bool:
    """Return whether an address has opened so many wrong links that it has to wait."""
    return int(cache.get(_key(request), 0)) >= MISSES


def count_miss(request: HttpRequest) -> None:
    """Count a link that opened nothing."""
    key = _key(request)
    if not cache.add(key, 1, WITHIN):
        cache.set(key, int(cache.get(key, 0)) + 1, WITHIN)


def _key(request: HttpRequest) -> str:
    return f"portal-miss:{request.META.get('REMOTE_ADDR', '')}"
