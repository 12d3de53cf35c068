"""A waitlist as plain lists: appointments, wishes and offers, and what each verb does to them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from tests import cast

LIVE = ("ready", "pending", "viewed")
NOT_REACHED = ("failed", "unable")
OPEN = ("waiting", "offered")
GIVEN_UP = ("cancelled", "rescheduled")
BATCH, PAUSE = 3, timedelta(minutes=30)


@dataclass(eq=False)
class Promise:
    """An appointment as the model knows it."""

    id: UUID
    patient: int
    kind: int
    at: datetime
    state: str = "scheduled"
    was: "Promise | None" = None


@dataclass(eq=False)
class Wish:
    """An entry of the waitlist as the model knows it."""

    id: UUID
    patient: int
    kind: int
    priority: int
    notice: timedelta
    latest: date | None
    moves: Promise | None
    state: str = "waiting"
    booked_as: Promise | None = None

    @property
    def gives_up(self) -> Promise | None:
        """The visit that a yes would move."""
        return self.moves if self.moves and self.moves.state == "scheduled" else None


@dataclass(eq=False)
class Ask:
    """An offer as the model knows it."""

    id: UUID
    wish: Wish
    freed_by: Promise
    at: datetime
    batch: int
    offered_at: datetime
    expires: datetime
    answer: str = "ready"
    answered_at: datetime | None = None
    left: set[int] = field(default_factory=set)
    """The kinds of visit for which it was offered when a change of the wish ended it."""


class Plain:
    """What happens to wishes and offers, in plain lists."""

    def __init__(self) -> None:
        self.now = cast.NOW
        self.book: list[Promise] = []
        self.wishes: list[Wish] = []
        self.asks: list[Ask] = []

    def taken(self, at: datetime) -> bool:
        return any(one.at == at and one.state == "scheduled" for one in self.book)

    def live(self, wish: Wish | None = None) -> list[Ask]:
        return [one for one in self.asks if one.answer in LIVE and wish in (None, one.wish)]

    def say(self, ask: Ask, answer: str) -> None:
        ask.answer, ask.answered_at = answer, self.now

    def end(self, asks: list[Ask], answer: str = "expired") -> None:
        """Nobody has said anything to these; who was asked waits on."""
        for one in asks:
            self.say(one, answer)
            if one.wish.state == "offered":
                one.wish.state = "waiting"

    def let_go(self, visit: Promise) -> None:
        """A time is promised: who was asked about that very visit has said yes, the others lost it."""
        here = [one for one in self.live() if one.at == visit.at]
        for one in here:
            if (one.wish.patient, one.wish.kind) == (visit.patient, visit.kind):
                self.say(one, "accepted")
                one.wish.state, one.wish.booked_as = "booked", visit
        self.end([one for one in here if one.answer in LIVE], "slot_gone")

    def end_not_before(self, visit: Promise) -> None:
        """Who waits for an earlier time than a visit is asked about no later one."""
        self.end([one for one in self.live() if one.wish.moves is visit and one.at >= visit.at])

    def wait_for_earlier(self, visit: Promise, was: Promise | None) -> None:
        if was is not None and was.kind == visit.kind:
            return
        for one in self.wishes:
            theirs = (one.patient, one.kind) == (visit.patient, visit.kind) and one.state in OPEN
            if theirs and one.gives_up in (None, visit):
                one.moves = visit
        self.end_not_before(visit)

    def wait_with(self, old: Promise, new: Promise | None) -> None:
        for one in self.wishes:
            if one.moves is old and one.state in OPEN:
                one.moves = new
        if new:
            self.end_not_before(new)

    def say_yes(self, ask: Ask, new: Promise) -> None:
        """A yes is booked: the visit that was to come earlier is given up."""
        wish, old = ask.wish, ask.wish.gives_up
        self.say(ask, "accepted")
        wish.state, wish.booked_as = "booked", new
        if old:
            old.state, new.was = "rescheduled", old
        self.book.append(new)
        self.let_go(new)
        self.wait_for_earlier(new, old)
        if old:
            self.wait_with(old, new)

    def ask_again(self, gone: Promise) -> None:
        """A yes is taken back: its offer is open again, and those of who lost the time by it."""
        wish = next((one for one in self.wishes if one.booked_as is gone), None)
        if wish is None:
            return
        yes = [one for one in self.asks if one.wish is wish and one.answer == "accepted"]
        won = max(yes, key=lambda one: one.answered_at or self.now)
        for one in self.asks:
            lost = (one.freed_by, one.answer, one.answered_at) == (won.freed_by, "slot_gone", won.answered_at)
            if lost and one.expires > self.now and one.wish.state == "waiting" and self.is_earlier(one):
                one.answer, one.wish.state = "ready", "offered"
        waits_anew = any(it for it in self.wishes if it is not wish and self.is_same(it, wish))
        is_open = won.expires > self.now and not waits_anew and self.is_earlier(won)
        self.say(won, "ready" if is_open else "accepted_failed")
        wish.state, wish.booked_as = ("offered" if is_open else "waiting"), None
        wish.state = "withdrawn" if waits_anew else wish.state

    def is_earlier(self, ask: Ask) -> bool:
        """Whether a time would come before the visit that a yes would give up."""
        return ask.wish.gives_up is None or ask.at < ask.wish.gives_up.at

    def is_same(self, one: Wish, other: Wish) -> bool:
        return (one.patient, one.kind) == (other.patient, other.kind) and one.state in OPEN

    def may_ask(self, at: datetime) -> tuple[int, int]:
        """The batch that may be asked about a time now, and how many it takes."""
        asked = [one for one in self.asks if one.at == at]
        if not asked:
            return 1, BATCH
        last = max(one.batch for one in asked)
        mine = [one for one in asked if one.batch == last]
        began = min(one.offered_at for one in mine)
        if not any(one.answer in LIVE for one in asked) or self.now >= began + PAUSE:
            return last + 1, BATCH
        return last, BATCH - sum(one.answer not in NOT_REACHED for one in mine)

    def change_kind(self, wish: Wish, kind: int) -> None:
        """Another kind of visit is waited for: what is offered ends, what was offered for that kind is open again."""
        before, live = wish.kind, self.live(wish)
        again = [
            one for one in self.asks if one.wish is wish and one.answer == "expired" and kind in one.left
        ]
        self.end(live)
        for one in live:
            one.left.add(before)
        wish.kind = kind
        self.open_ended(wish, again)

    def open_ended(self, wish: Wish, among: Sequence[Ask] | None = None) -> None:
        """Who was taken off the list waits after all: what was ended last and is of use is open again."""
        ended = [
            one
            for one in (self.asks if among is None else among)
            if one.wish is wish and one.answer == "expired" and one.expires > self.now
        ]
        for one in sorted(ended, key=lambda one: one.answered_at or self.now, reverse=True):
            others = sum(it.at == one.at for it in self.live())
            is_free = any(it.at == one.at and it.state in GIVEN_UP for it in self.book)
            is_free = is_free and not self.taken(one.at) and one.at > self.now
            if is_free and others < BATCH and self.fits(wish, one.freed_by, ended):
                one.answer, one.answered_at, wish.state = "ready", None, "offered"
                return

    def fits(self, wish: Wish, gone: Promise, again: Sequence[Ask] = ()) -> bool:
        asked = {one.wish.patient for one in self.asks if one.at == gone.at and one not in again}
        return (
            wish.state == "waiting"
            and wish.patient not in {gone.patient, *asked}
            and gone.at >= self.now + wish.notice
            and (wish.latest is None or local(gone.at) <= wish.latest)
            and (wish.gives_up is None or gone.at < wish.gives_up.at)
        )


def local(at: datetime) -> date:
    """The day in New York, in daylight saving time."""
    return (at - timedelta(hours=4)).date()
