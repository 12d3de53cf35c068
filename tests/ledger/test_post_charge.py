"""Charges in and out of the book, and what the day does to them."""

from datetime import date
from decimal import Decimal

import pytest

from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.ids import new_id
from daysheet.ledger import commands, queries
from daysheet.ledger.models import LedgerEntry, PostingDay
from daysheet.ledger.queries import proof
from tests import cast
from tests.ledger.conftest import FEB_20, Office


def test_a_charge_is_due_from_the_plan_or_the_patient(office: Office) -> None:
    office.charge("180.00", to="insurance")
    office.charge("25.00")
    assert office.holds() == ("180.00", "25.00", "0.00")


def test_the_same_charge_posts_once(office: Office) -> None:
    facts = {
        "patient_id": office.diaz.pk,
        "amount": Decimal("120.00"),
        "service_on": cast.MONDAY,
        "provider_id": office.dr_lee.pk,
        "location_id": office.door.pk,
        "visit_id": None,
        "charge_id": new_id(),
        "to": "patient",
    }
    first = commands.post_charge(office.rosa, **facts)  # type: ignore[arg-type]
    again = commands.post_charge(office.rosa, **facts)  # type: ignore[arg-type]
    assert first.pk == again.pk
    assert office.holds() == ("0.00", "120.00", "0.00")


def test_a_late_charge_posts_today_and_keeps_its_service_day(office: Office) -> None:
    entry = office.charge("80.00", on=FEB_20)
    assert (entry.posted_on, entry.service_on) == (cast.MONDAY, FEB_20)


def test_with_today_closed_a_charge_posts_on_the_next_open_day(office: Office) -> None:
    PostingDay.objects.create(day=cast.MONDAY, closed_at=cast.NOW)
    assert office.charge("80.00").posted_on == date(2026, 3, 10)


def test_a_reversed_charge_gives_the_patients_money_back_as_credit(office: Office) -> None:
    entry = office.charge("80.00")
    office.pay("80.00")
    mirrored = commands.reverse_charge(office.rosa, entry_id=entry.pk, reason="wrong patient")
    assert mirrored.reverses_id == entry.pk
    assert office.holds() == ("0.00", "0.00", "80.00")
    with pytest.raises(commands.EntryIsReversed):
        commands.reverse_charge(office.rosa, entry_id=entry.pk, reason="again")


def test_a_charge_that_a_plan_has_answered_is_not_reversed_by_hand(office: Office) -> None:
    charge = office.charge("180.00", to="insurance")
    office.answer(charge, "120.00", ("CO", "45", "60.00"))
    with pytest.raises(commands.ChargeIsAnswered):
        commands.reverse_charge(office.rosa, entry_id=charge.pk, reason="oops")
    assert LedgerEntry.objects.count() == 2


def test_an_answered_charge_that_is_corrected_leaves_the_book_and_its_answer_stays(office: Office) -> None:
    charge = office.charge("180.00", to="insurance")
    office.answer(charge, "120.00", ("CO", "45", "60.00"))
    commands.reverse_charge(office.rosa, entry_id=charge.pk, reason="other code", is_corrected=True)
    assert office.holds() == ("-180.00", "0.00", "0.00")
    again = commands.repost_charge(office.rosa, entry_id=charge.pk, reason="as it was")
    assert office.holds() == ("0.00", "0.00", "0.00")
    assert (again.kind, again.source_key) == (charge.kind, f"{charge.source_key}/2")
    assert proof.troubles() == []
    with pytest.raises(commands.ChargeStands):
        commands.repost_charge(office.rosa, entry_id=again.pk, reason="twice")


def test_a_corrected_charge_of_which_a_part_was_moved_is_not_taken_out(office: Office) -> None:
    charge = office.charge("180.00", to="insurance")
    commands.transfer(
        office.ana,
        patient_id=office.diaz.pk,
        amount=Decimal("30.00"),
        from_account="insurance",
        to_account="patient",
        reason="agreed",
    )
    office.answer(charge, "150.00")
    with pytest.raises(commands.OthersStandOnIt):
        commands.reverse_charge(office.rosa, entry_id=charge.pk, reason="other code", is_corrected=True)
    assert office.holds() == ("0.00", "30.00", "0.00")


def test_someone_who_may_not_enter_charges_changes_nothing(office: Office) -> None:
    office.rosa = cast.auditor(office.practice.pk)
    with pytest.raises(NotPermitted):
        office.charge("80.00")
    assert not LedgerEntry.objects.exists()
    assert queries.balance(office.diaz.pk) == queries.Standing()
