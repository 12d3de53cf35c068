"""The waitlist against plain lists: whatever desk, patients and clock do, in any order, both say the same."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import AuditLine
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, SlotOffer, WaitlistEntry
from tests import cast, make
from tests.house import furnished
from tests.reminded import system
from tests.schedule.waiting import FREED
from tests.schedule.waiting_model import GIVEN_UP, LIVE, OPEN, Ask, Plain, Promise, Wish, local

STANDS = timedelta(hours=4)
TIMES = [cast.NOW + timedelta(hours=5), FREED, FREED + timedelta(minutes=20), FREED + timedelta(days=1)]
"""This afternoon, tomorrow at ten and at twenty past, the day after."""
BY_HAND = ["pending", "viewed", "declined", "declined_stop", "chose_another", "failed", "unable"]
BY_HAND += ["accepted_failed", *["accepted"] * 4]
REACHED_BY = {
    "offer": {"ready"},
    "answer": {*BY_HAND, "slot_gone", "expired"},
    "book": {"accepted", "slot_gone", "expired"},
    "reopen": {"accepted", "slot_gone", "expired"},
    "undo": {"ready", "accepted_failed", "accepted", "slot_gone", "expired"},
    "withdraw": {"expired"},
    "put back": {"ready"},
    "change": {"expired", "ready"},
    "expire": {"expired"},
}
"""Into which answers each verb may bring an offer; every other verb leaves all offers as they are."""


def attempt(act: Callable[[], Any], refusals: set[str]) -> Any:
    """Do an act that must meet one of these refusals and then write nothing, or succeed where there is none."""
    lines = AuditLine.objects.count()
    try:
        made = act()
    except Refusal as no:
        met = type(no).__name__
    else:
        assert not refusals
        return made
    assert met in refusals
    assert AuditLine.objects.count() == lines
    return None


class Waiting(Plain, RuleBasedStateMachine):
    """Rosa, five patients who wait for two kinds of visit, and Dr. Lee's four times."""

    def __init__(self) -> None:
        Plain.__init__(self)
        RuleBasedStateMachine.__init__(self)
        self.verb, self.before = "", dict[UUID, str]()

    @initialize(waiting=st.integers(2, 4), is_asked=st.sampled_from([True, True, False]))
    def open_the_office(self, waiting: int, is_asked: bool) -> None:
        """Begin with one time given up, and some who wait; mostly they are asked at once."""
        self.house = furnished(f"Office {new_id()}")
        self.door = self.house.open()
        self.door.__enter__()
        self.people = [self.house.diaz, self.house.ann, *(make.patient(f"Roy{n}") for n in range(3))]
        self.kinds = [self.house.follow_up, make.visit_type("Check-up")]
        self.give_a_time_up(self.book_one(4, 0, FREED))
        for patient in range(waiting):
            self.put_on_the_list(patient, 0, 3, timedelta(hours=2), None)
        if is_asked:
            self.ask(self.book[0], None)

    def teardown(self) -> None:
        if hasattr(self, "door"):
            self.door.__exit__(None, None, None)

    def rosa(self, verb: str) -> Actor:
        """Rosa, a second later, about to do something."""
        self.verb = verb
        self.now += timedelta(seconds=1)
        return self.house.rosa.at(self.now)

    def book_one(self, patient: int, kind: int, at: datetime) -> Promise | None:
        by = self.rosa("book")
        past = {"SlotIsPast"} if at < self.now else set()
        made = attempt(
            lambda: commands.book_appointment(
                by,
                patient_id=self.people[patient].id,
                provider_id=self.house.lee.id,
                location_id=self.house.door.id,
                type_id=self.kinds[kind].id,
                starts_at=at,
            ),
            past or ({"SlotTaken", "PatientIsElsewhere"} if self.taken(at) else set()),
        )
        if not made:
            return None
        visit = Promise(made.id, patient, kind, at)
        self.book.append(visit)
        self.let_go(visit)
        self.wait_for_earlier(visit, None)
        return visit

    def give_a_time_up(self, visit: Promise | None) -> None:
        if visit is None:
            return
        by = self.rosa("cancel")
        act = commands.cancel_appointment
        no = set() if visit.state == "scheduled" else {"AlreadyOver"}
        if attempt(lambda: act(by, appointment_id=visit.id, version=None, reason="ill"), no):
            visit.state = "cancelled"

    def put_on_the_list(
        self, patient: int, kind: int, priority: int, notice: timedelta, latest: date | None, **more: Any
    ) -> None:
        by, moves = self.rosa("add"), more.get("moves")
        wish = Wish(new_id(), patient, kind, priority, notice, latest, moves)
        facts = {"priority": priority, "latest_on": latest, "moves_id": moves.id if moves else None}
        made = attempt(
            lambda: commands.add_to_waitlist(
                by,
                patient_id=self.people[patient].id,
                type_id=self.kinds[kind].id,
                notice_minutes=notice // timedelta(minutes=1),
                **facts,  # type: ignore[arg-type]
            ),
            {"AlreadyWaiting"} if any(self.is_same(one, wish) for one in self.wishes) else set(),
        )
        if made:
            wish.id = made.id
            self.wishes.append(wish)

    @rule(data=st.data(), patient=st.integers(0, 4), kind=st.integers(0, 1), priority=st.integers(1, 3))
    def add(self, data: st.DataObject, patient: int, kind: int, priority: int) -> None:
        own = [one for one in self.book if one.patient == patient and one.state == "scheduled"]
        moves = data.draw(st.sampled_from([None, *own]))
        latest = data.draw(st.sampled_from([None, None, local(FREED)]))
        notice = timedelta(minutes=data.draw(st.sampled_from([0, 120, 26 * 60])))
        self.put_on_the_list(patient, kind, priority, notice, latest, moves=moves)

    @rule(patient=st.integers(0, 4), kind=st.integers(0, 1), at=st.sampled_from(TIMES))
    def desk_books(self, patient: int, kind: int, at: datetime) -> None:
        self.book_one(patient, kind, at)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """Give a time up; one that stands, where there is any."""
        standing = [one for one in self.book if one.state == "scheduled"]
        self.give_a_time_up(data.draw(st.sampled_from(standing or self.book)))

    @precondition(lambda self: any(one.state == "cancelled" for one in self.book))
    @rule(data=st.data())
    def reopen(self, data: st.DataObject) -> None:
        visit = data.draw(st.sampled_from([one for one in self.book if one.state == "cancelled"]))
        by, no = self.rosa("reopen"), {"SlotTaken", "PatientIsElsewhere"}
        act = commands.reopen_appointment
        if attempt(lambda: act(by, appointment_id=visit.id), no if self.taken(visit.at) else set()):
            visit.state = "scheduled"
            self.let_go(visit)
            self.end_not_before(visit)

    @precondition(lambda self: any(one.state in GIVEN_UP for one in self.book))
    @rule(data=st.data(), is_named=st.sampled_from([False, False, True]))
    def offer(self, data: st.DataObject, is_named: bool) -> None:
        gone = data.draw(st.sampled_from([one for one in self.book if one.state in GIVEN_UP]))
        named = data.draw(st.sets(st.sampled_from(self.wishes))) if is_named and self.wishes else None
        self.ask(gone, named)

    def ask(self, gone: Promise, named: set[Wish] | None) -> None:
        by = self.rosa("offer")
        batch, room = self.may_ask(gone.at)
        found = [one for one in self.wishes if self.fits(one, gone) and (named is None or one in named)]
        no = {"NobodyFits"} if not found else set[str]()
        if named is not None and len(found) > room:
            no = {"BatchIsOut"}
        if room <= 0:
            no = {"BatchIsOut"}
        if self.taken(gone.at) or gone.at <= self.now:
            no = {"SlotNotFree"}
        ids = None if named is None else [one.id for one in named]
        made = attempt(lambda: commands.offer_slot(by, freed_by_id=gone.id, entry_ids=ids), no)
        if made:
            asked = [next(one for one in found if one.id == it.entry_id) for it in made]
            left = [one for one in found if one.patient not in {it.patient for it in asked}]
            assert len({one.patient for one in asked}) == len(asked)
            assert len(asked) == min(room, len({one.patient for one in found}))
            assert max(one.priority for one in asked) <= min((one.priority for one in left), default=9)
            for it, wish in zip(made, asked, strict=True):
                until = min(self.now + STANDS, max(gone.at - wish.notice, self.now))
                assert (it.batch, it.expires_at) == (batch, until)
                wish.state = "offered"
                self.asks.append(Ask(it.id, wish, gone, gone.at, batch, self.now, until))

    @precondition(lambda self: self.asks)
    @rule(data=st.data(), answer=st.sampled_from(BY_HAND), how=st.sampled_from(["desk", "link", "old link"]))
    def answer(self, data: st.DataObject, answer: str, how: str) -> None:
        """Note what a patient says to the desk, or by the link; to a live offer, where there is any."""
        ask = data.draw(st.sampled_from(self.live() or self.asks))
        by, wish = self.rosa("answer"), ask.wish
        no = set() if ask.answer in LIVE and ask.expires > self.now else {"OfferIsOver"}
        old = wish.gives_up
        shown = new_id() if how == "old link" else old.id if old else None
        if not no and answer == "accepted" and how == "old link":
            no = {"StaleForm"}
        link = system(self.house, self.now)
        act: Callable[[], SlotOffer] = lambda: commands.answer_by_link(  # noqa: E731
            link, offer_id=ask.id, answer=answer, takes_place_of=shown
        )
        if how == "desk":
            act = lambda: commands.answer_offer(by, offer_id=ask.id, answer=answer)  # noqa: E731
        if not attempt(act, no):
            return
        if answer == "accepted":
            booked = WaitlistEntry.objects.get(id=wish.id).booked_as_id
            assert booked
            self.say_yes(ask, Promise(booked, wish.patient, wish.kind, ask.at))
            return
        self.say(ask, answer)
        if answer in ("declined_stop", "chose_another"):
            wish.state = "withdrawn"
        elif answer not in LIVE:
            wish.state = "waiting"
        if answer == "declined_stop":
            theirs = [one for one in self.wishes if one.patient == wish.patient and one.state in OPEN]
            for one in theirs:
                self.end(self.live(one))
                one.state = "withdrawn"

    @precondition(lambda self: self.wishes)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        wish = data.draw(st.sampled_from(self.wishes))
        by, no = self.rosa("withdraw"), set() if wish.state in OPEN else {"NotWaiting"}
        if attempt(lambda: commands.withdraw_from_waitlist(by, entry_id=wish.id), no):
            self.end(self.live(wish))
            wish.state = "withdrawn"

    @precondition(lambda self: self.wishes)
    @rule(data=st.data())
    def put_back(self, data: st.DataObject) -> None:
        closed = [one for one in self.wishes if one.state not in OPEN]
        wish = data.draw(st.sampled_from(closed or self.wishes))
        by, no = self.rosa("put back"), set[str]()
        if wish.state not in ("withdrawn", "expired"):
            no = {"NotWaiting"}
        elif any(self.is_same(one, wish) for one in self.wishes):
            no = {"AlreadyWaiting"}
        if attempt(lambda: commands.put_back_on_waitlist(by, entry_id=wish.id), no):
            wish.state = "waiting"
            self.open_ended(wish)

    @precondition(lambda self: self.wishes)
    @rule(data=st.data(), kind=st.integers(0, 1), priority=st.integers(1, 3))
    def change(self, data: st.DataObject, kind: int, priority: int) -> None:
        wish = data.draw(st.sampled_from(self.wishes))
        by, no = self.rosa("change"), set() if wish.state in OPEN else {"NotWaiting"}
        twin = Wish(wish.id, wish.patient, kind, priority, wish.notice, wish.latest, wish.moves)
        if not no and any(self.is_same(one, twin) for one in self.wishes if one is not wish):
            no = {"AlreadyWaiting"}
        nothing = dict.fromkeys(("location_id", "from_clock", "to_clock", "earliest_on"))
        done = attempt(
            lambda: commands.change_waitlist_entry(
                by,
                entry_id=wish.id,
                version=None,
                type_id=self.kinds[kind].id,
                provider_ids=[],
                weekdays=[],
                latest_on=wish.latest,
                notice_minutes=wish.notice // timedelta(minutes=1),
                priority=priority,
                reason="",
                **nothing,
            ),
            no,
        )
        if done:
            if wish.kind != kind:
                self.change_kind(wish, kind)
            wish.priority = priority

    @rule()
    def expire(self) -> None:
        by = self.rosa("expire")
        late = [one for one in self.live() if one.expires <= self.now]
        self.end(late)
        for one in self.wishes:
            has_begun = one.gives_up is not None and one.gives_up.at <= self.now
            if one.state == "waiting" and (
                has_begun or (one.latest is not None and one.latest < local(self.now))
            ):
                one.state = "expired"
        assert commands.expire_offers(by, today=local(self.now))[0] == len(late)

    @precondition(lambda self: any(one.state == "scheduled" for one in self.book))
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        """Take a booking back; mostly one that came of a yes."""
        stands = [one for one in self.book if one.state == "scheduled"]
        yes = [one for one in stands if any(it.booked_as is one for it in self.wishes)]
        gone = data.draw(st.sampled_from(yes or stands))
        by, old = self.rosa("undo"), gone.was
        no = {"SlotTaken", "PatientIsElsewhere"} if old and self.taken(old.at) else set()
        if not attempt(lambda: commands.undo_booking(by, appointment_id=gone.id), no):
            return
        gone.state = "entered_in_error"
        self.ask_again(gone)
        for one in self.wishes if old and old.kind != gone.kind else ():
            if one.moves is gone and one.kind == gone.kind and one.state in OPEN:
                one.moves = None
        if old:
            old.state = "scheduled"
            self.let_go(old)
        self.wait_with(gone, old)
        if old:
            self.end_not_before(old)

    @rule(minutes=st.sampled_from([10, 10, 35, 35, 250, 1500]))
    def time_goes(self, minutes: int) -> None:
        if self.now < TIMES[-1]:
            self.verb, self.now = "", self.now + timedelta(minutes=minutes)

    @invariant()
    def both_lists_say_the_same(self) -> None:
        said = dict(SlotOffer.objects.values_list("id", "answer"))
        assert said == {one.id: one.answer for one in self.asks}
        names = ("id", "state", "type_id", "moves_id", "booked_as_id")
        assert set(WaitlistEntry.objects.values_list(*names)) == {
            (
                one.id,
                one.state,
                self.kinds[one.kind].id,
                one.moves.id if one.moves else None,
                one.booked_as.id if one.booked_as else None,
            )
            for one in self.wishes
        }
        booked = dict(Appointment.objects.values_list("id", "booking"))
        assert booked == {one.id: one.state for one in self.book}
        turned = {answer for key, answer in said.items() if self.before.get(key) != answer}
        assert turned <= REACHED_BY.get(self.verb, set()), (self.verb, turned)
        self.verb, self.before = "", said

    @invariant()
    def what_always_holds(self) -> None:
        """One winner of a time, nobody asked twice, one live offer to a wish, nothing offered of a taken time."""
        rows = list(SlotOffer.objects.select_related("entry__moves", "entry__booked_as"))
        live = [one for one in rows if one.is_live]
        asked = [(one.patient_id, one.starts_at) for one in rows]
        assert len(set(asked)) == len(asked)
        assert sorted(one.entry_id for one in live) == sorted(
            WaitlistEntry.objects.filter(state="offered").values_list("id", flat=True)
        )
        held = list(Appointment.objects.holding().values_list("starts_at", flat=True))
        assert len(set(held)) == len(held)
        assert not {one.starts_at for one in live} & set(held)
        yes = [(one.starts_at, one.entry.booked_as) for one in rows if one.answer == "accepted"]
        won = [at for at, visit in yes if visit and visit.booking == "scheduled" and visit.starts_at == at]
        assert len(set(won)) == len(won)
        for one in live:
            moves = one.entry.moves
            assert moves is None or moves.booking != "scheduled" or one.starts_at < moves.starts_at


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("plays", "acts"), [(14, 30), pytest.param(100, 40, marks=pytest.mark.nightly)], ids=["short", "long"]
)
def test_the_waitlist_agrees_with_plain_lists_whatever_anybody_does(plays: int, acts: int) -> None:
    run_state_machine_as_test(
        Waiting, settings=settings(max_examples=plays, stateful_step_count=acts, deadline=None)
    )
