"""The last room, the last offer, the last authorized visit, one drawer: of many hands one wins, and the rest are told."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from tests.proofs.forms import forms_of
from tests.proofs.http import Browser, Reply
from tests.proofs.last_ones import LastOnes, after, furnish
from tests.proofs.offices import opened_office
from tests.proofs.test_one_slot_many_browsers import TUESDAY, WHY, minute
from tests.site.test_runner import Office

ROUNDS = 3
BORN = {"born_on_0": "3", "born_on_1": "14", "born_on_2": "1962"}
Press = Callable[[], Reply]


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as (office, _):
        yield office


@pytest.fixture(scope="module")
def both(office: Office) -> tuple[LastOnes, LastOnes]:
    return furnish(office, ROUNDS)


@pytest.fixture(scope="module")
def there(both: tuple[LastOnes, LastOnes]) -> LastOnes:
    return both[0]


class Browsers(list[Browser]):
    """Who is at it; all of them hang up in the end."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def open(self, *sessions: str) -> list[Browser]:
        """Return a browser for each of who is signed in."""
        made = [Browser(self.port, one) for one in sessions]
        self.extend(made)
        return made

    def strangers(self, many: int) -> list[Browser]:
        """Return browsers that nobody has signed in."""
        made = self.open(*[""] * many)
        for one in made:
            one.keeps = ("daysheet_csrf", "daysheet_session")
        return made


@pytest.fixture
def browsers(office: Office) -> Iterator[Browsers]:
    made = Browsers(office.port)
    yield made
    for one in made:
        one.close()


def at_once(acts: list[Press]) -> list[Reply]:
    """Let everybody press at the same moment; what each saw, in their order. Nobody sees a fault of the house."""
    start = Barrier(len(acts))

    def one(act: Press) -> Reply:
        start.wait(60)
        return act()

    with ThreadPoolExecutor(len(acts)) as people:
        replies = [one.result(120) for one in [people.submit(one, act) for act in acts]]
    assert all(one.status < 500 for one in replies), [(one.status, one.body[:300]) for one in replies]
    return replies


def pressing(browser: Browser, page: str, address: str, fits: str = "", **typed: object) -> Press:
    """Open a page, choose its form with some words in it, and return what pressing its button does."""
    shown = browser.ask("GET", page)
    assert shown.status == 200, (page, shown.status, shown.body[:500])
    found = [one for one in forms_of(shown.body, at=page) if one.address == address]
    form = next(one for one in found if not fits or fits in str(one.body()) or fits in one.action)
    return lambda: browser.ask("POST", form.action, form.body() | typed)


def one_winner(replies: list[Reply], *sentences: str) -> Reply:
    """Return what the one winner saw; every other was told one of the sentences."""
    assert sorted(one.status for one in replies) == [303] + [409] * (len(replies) - 1)
    for one in replies:
        assert one.status == 303 or any(words in one.body for words in sentences), one.body[:2000]
    return next(one for one in replies if one.status == 303)


def test_two_desks_put_two_patients_into_the_last_room(browsers: Browsers, there: LastOnes) -> None:
    desks = browsers.open(*there.desks[:2])
    for room, *visits in there.rooms:
        acts = [
            pressing(desk, f"/desk/visits/{visit}/room/", "frontdesk:move-on", fits=room)
            for desk, visit in zip(desks, visits, strict=True)
        ]
        one_winner(at_once(acts), "Choose another room, or say why both go there.")


def test_two_links_and_a_desk_say_yes_to_the_last_offer(browsers: Browsers, there: LastOnes) -> None:
    (desk,) = browsers.open(there.desks[2])
    for gone, asked, *links in there.offers:
        acts, people = [], browsers.strangers(2)
        for person, link in zip(people, links, strict=True):
            assert pressing(person, link, "portal:offered", "born_on", **BORN)().status == 303
            acts.append(pressing(person, link, "portal:offered", "act", act="yes"))
        page = f"/schedule/freed/{gone}/"
        acts.append(pressing(desk, page, "schedule:offer-answer", asked, answer="accepted"))
        *by_link, at_desk = at_once(acts)
        assert [one.status for one in by_link] == [303, 303]
        seen = [person.ask("GET", link).body for person, link in zip(people, links, strict=True)]
        won = sum("Your visit is booked" in one for one in seen)
        assert sum("That time has just been taken" in one for one in seen) == 2 - won
        assert (won, at_desk.status) in {(1, 409), (0, 303)}
        assert at_desk.status == 303 or "Another patient has just taken this time" in at_desk.body


def test_two_desks_close_one_drawer_and_a_payment_meets_a_close(browsers: Browsers, there: LastOnes) -> None:
    desks = browsers.open(*there.desks[:2])
    for boxes, patient in there.drawers:
        (twice, _), (against, session) = boxes
        page = f"/money/drawer/{twice}/"
        closes = [pressing(one, page, "ledger:drawer-close") for one in desks]
        one_winner(at_once(closes), "has closed this drawer. A manager can open it again.")
        (clerk,) = browsers.open(session)
        facts = {"amount": "12.00", "method": "cash"}
        pays = pressing(clerk, f"/money/of/{patient}/take/", "ledger:payment-take", **facts)
        close = pressing(desks[0], f"/money/drawer/{against}/", "ledger:drawer-close")
        one_winner(
            at_once([pays, close]),
            "The cash drawer here is closed for the day. Take a check or a card",
            "Cash moved since the count. Count the drawer again.",
        )


def test_the_last_authorized_visit_is_booked_twice_and_one_claim_of_it_passes(
    browsers: Browsers, both: tuple[LastOnes, LastOnes]
) -> None:
    _, there = both
    desks = browsers.open(*there.desks)
    for turn, (claims, patient) in enumerate(zip(there.claims, there.books, strict=True)):
        books = []
        for n, desk in enumerate(desks):
            slot = f"{there.slot}.{minute(TUESDAY + timedelta(days=turn, minutes=40 * n))}"
            typed = {"type": there.kind, "slot": slot, **WHY}
            books.append(pressing(desk, f"/schedule/book/{patient}/", "schedule:appointment-book", **typed))
        assert [one.status for one in at_once(books)] == [303, 303]
        sends = [
            pressing(desk, "/claims/", "claims:claim-send", claim=[one])
            for desk, one in zip(desks, claims, strict=True)
        ]
        assert [one.status for one in at_once(sends)] == [303, 303]
        seen = [desks[0].ask("GET", f"/claims/{one}/").body for one in claims]
        used_up = f"PA{turn} is used up: this is visit 2 of 1 approved"
        assert [used_up in one for one in seen] == [False, True]


def test_what_was_written_says_the_same_afterwards(office: Office, both: tuple[LastOnes, LastOnes]) -> None:
    desks, files = after(office, *both)
    assert set(desks["rooms"]) <= {1}
    assert set(desks["times"]) <= {1}
    assert desks["answers"].count("accepted") == len(desks["times"])
    assert all(as_counted or state == "counted" for state, as_counted in desks["drawers"])
    passed = [one for one in files["claims"] if one not in ("made", "held")]
    assert len(passed) <= ROUNDS
    assert desks["troubles"] == files["troubles"] == []
