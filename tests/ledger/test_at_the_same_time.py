"""Many hands in the book at once: every cent is there once, and nobody waits for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from daysheet.coverage import commands as coverage
from daysheet.formats import x12
from daysheet.kernel.errors import Refusal
from daysheet.kernel.jobs import holding
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import commands, queries
from daysheet.ledger.models import Daysheet, LedgerEntry, Payment
from tests import cast, make
from tests.coverage.answering import ACTIVE, reply, take_in
from tests.ledger.conftest import Office, furnish

pytestmark = pytest.mark.django_db(transaction=True)


def opened() -> tuple[Practice, Office]:
    practice = make.practice()
    with make.acting(practice):
        return practice, furnish(practice)


def at_once(practice: Practice, hands: int, times: int, act: Callable[[int], Any]) -> list[Any]:
    """Let some hands do an act so many times between them; an exception of any is raised here."""

    def one(number: int) -> Any:
        try:
            with acting_in(practice.pk), transaction.atomic():
                return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(one, range(times)))


def test_payments_at_once_are_each_taken_once() -> None:
    practice, office = opened()
    with make.acting(practice):
        office.charge("500.00")
    at_once(practice, 8, 40, lambda _: office.pay("20.00"))
    with make.acting(practice):
        assert office.holds() == ("0.00", "0.00", "300.00")
        assert sorted(Payment.objects.values_list("number", flat=True)) == list(range(1, 41))
        assert sorted(LedgerEntry.objects.values_list("number", flat=True)) == list(
            range(1, LedgerEntry.objects.count() + 1)
        )
        assert queries.troubles() == []


def test_two_accounts_in_opposite_order_do_not_deadlock() -> None:
    practice, office = opened()
    with make.acting(practice):
        okafor = make.patient("Okafor", "Joy")

    def both(number: int) -> None:
        pair = [office.diaz, okafor] if number % 2 else [okafor, office.diaz]
        for who in pair:
            office.charge("10.00", of=who)
            office.pay("4.00", of=who)

    at_once(practice, 8, 24, both)
    with make.acting(practice):
        assert office.holds() == office.holds(okafor) == ("0.00", "144.00", "0.00")
        assert queries.troubles() == []


def test_the_same_remitted_claim_at_once_posts_once() -> None:
    practice, office = opened()
    with make.acting(practice):
        charge = office.charge("180.00", to="insurance")
    entries = at_once(practice, 6, 12, lambda _: office.answer(charge, "72.00", ("CO", "45", "108.00")).pk)
    assert len(set(entries)) == 1
    with make.acting(practice):
        assert office.holds() == ("0.00", "0.00", "0.00")


def test_a_close_among_payments_draws_one_line() -> None:
    practice, office = opened()

    def act(number: int) -> None:
        if number == 12:
            commands.close_day(office.ana, day=cast.MONDAY, open_visits=0, reason="drawer counted later")
        else:
            office.pay("5.00")

    at_once(practice, 6, 24, act)
    with make.acting(practice):
        sheet = Daysheet.objects.get()
        assert queries.day_hash(cast.MONDAY) == (sheet.entries, sheet.entries_hash)
        after = LedgerEntry.objects.filter(posted_on=cast.MONDAY + timedelta(days=1)).count()
        assert sheet.entries + after == 23
        assert sheet.payments == Decimal(5) * sheet.entries
        assert queries.troubles() == []


def test_a_drawer_is_opened_closed_and_taken_to_the_bank_once_by_many_hands() -> None:
    practice, office = opened()

    def tried(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except Refusal:
            return None

    def each_once(act: Callable[[], Any]) -> list[Any]:
        done = [one for one in at_once(practice, 4, 8, lambda _: tried(act)) if one is not None]
        assert len(done) == 1
        return done

    facts = {"location_id": office.door.pk, "opening_float": Decimal("100.00")}
    (drawer,) = each_once(lambda: commands.open_drawer(office.rosa, **facts))
    with make.acting(practice):
        office.pay("20.00")
        row = commands.count_drawer(office.rosa, drawer_id=drawer.pk, version=1, counted=Decimal("120.00"))
    each_once(lambda: commands.close_drawer(office.rosa, drawer_id=row.pk, version=row.version))
    slip = {"drawer_ids": [row.pk], "check_ids": [], "bank_on": cast.MONDAY}
    each_once(lambda: commands.make_deposit(office.rosa, **slip))
    with make.acting(practice):
        assert queries.troubles() == []


def test_two_windows_take_the_copay_that_medicaid_named_once() -> None:
    practice, office = opened()
    with make.acting(practice), holding():
        plan = make.plan("Sunrise Medicaid", "SUNRISE", kind="medicaid", by_partner=make.partner())
        card = make.coverage(office.diaz, plan)
        asked = coverage.ask_eligibility(office.rosa, coverage_id=card.pk, service_on=cast.MONDAY)
        copay = x12.Benefit("B", service_types=("98",), amount=Decimal("4.00"), network="Y")
        take_in(practice.pk, reply(asked, ACTIVE, copay))
        visit_id = office.visit()

    def one(_number: int) -> str:
        try:
            with acting_in(practice.pk), transaction.atomic():
                office.pay("4.00", purpose="copay", visit_id=visit_id)
        except commands.NothingMayBeAsked:
            return "refused"
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == ["refused", "refused", "refused", "taken"]
    with make.acting(practice):
        assert Payment.objects.count() == 1
