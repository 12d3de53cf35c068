"""Who reads what comes in: rooms above register here, by kind, in their apps' ready()."""

from collections.abc import Callable

from daysheet.kernel.access import Actor
from daysheet.mailroom.models import Envelope

Handler = Callable[[Actor, Envelope], str]
"""Reads an incoming envelope and says in a sentence what came of it; a Refusal parks the envelope."""
_handlers: dict[str, Handler] = {}
_listeners: list[Callable[[Actor, Envelope], None]] = []


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the reader of a kind of incoming envelope: 271, TA1, 999, 277CA, 835, 270, 837P, 837D, 837I."""

    def build(read: Handler) -> Handler:
        _handlers[kind] = read
        return read

    return build


def reader_of(kind: str) -> Handler | None:
    """Return who reads a kind, if anyone does."""
    return _handlers.get(kind)


def when_stuck(hear: Callable[[Actor, Envelope], None]) -> None:
    """Register who hears that an envelope was parked or could not be delivered."""
    if hear not in _listeners:
        _listeners.append(hear)


def tell_stuck(by: Actor, envelope: Envelope) -> None:
    """Tell those who asked that an envelope needs a person."""
    for hear in _listeners:
        hear(by, envelope)
