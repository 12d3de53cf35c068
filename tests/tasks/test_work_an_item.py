"""An item of work is opened once, snoozed and handed over with a reason, and closed by an action code."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import AuditLine
from daysheet.practice.models import Membership
from daysheet.tasks import commands, queries
from daysheet.tasks.models import WorkqueueItem
from tests import cast, make

pytestmark = pytest.mark.django_db

FOUR_HOURS = cast.NOW + timedelta(hours=4)


@pytest.fixture
def office() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice):
        yield practice


def opened(office: Any, **more: Any) -> WorkqueueItem:
    facts: dict[str, Any] = {
        "kind": "call_back",
        "reason_code": "CALL",
        "sentence": "Asks about her bill.",
        "due_at": FOUR_HOURS,
        "source_of_due": "office rule 4 h",
        "role": "receptionist",
    } | more
    return commands.open_item(cast.rosa(office.pk), **facts)


def signed_in(place: Membership, role: str) -> Actor:
    return Actor.of_role(
        role, practice_id=place.practice_id, user_id=place.user_id, name=place.display_name, now=cast.NOW
    )


def test_an_item_carries_its_clock_and_where_the_clock_comes_from(office: Any) -> None:
    maria = make.patient()
    item = opened(office, patient_id=maria.pk)
    assert (item.number, item.due_at, item.source_of_due, item.state) == (
        1,
        FOUR_HOURS,
        "office rule 4 h",
        "open",
    )
    assert AuditLine.objects.get(action="tasks.item.opened").patient_ids == [maria.pk]


def test_the_same_thing_is_not_opened_twice_but_seen_again(office: Any) -> None:
    maria = make.patient()
    first = opened(office, subject=maria)
    again = opened(office, subject=maria, sentence="Asks about her bill again.")
    assert again.pk == first.pk
    assert [step.verb for step in first.steps.order_by("id")] == ["opened", "seen again"]


def test_a_thing_that_was_closed_opens_anew(office: Any) -> None:
    maria = make.patient()
    first = opened(office, subject=maria)
    commands.close_item(cast.rosa(office.pk), item_id=first.pk, action_code="reached")
    assert opened(office, subject=maria).pk != first.pk


def test_closing_says_how_it_was_resolved_and_by_whom(office: Any) -> None:
    item = commands.close_item(cast.rosa(office.pk), item_id=opened(office).pk, action_code="reached")
    assert (item.state, item.action_code, item.closed_by_name, item.closed_at) == (
        "closed",
        "reached",
        "Rosa Marin",
        cast.NOW,
    )


def test_closing_without_an_action_code_is_refused(office: Any) -> None:
    item = opened(office)
    with pytest.raises(commands.ReasonIsMissing, match="how it was resolved"):
        commands.close_item(cast.rosa(office.pk), item_id=item.pk, action_code="")
    assert WorkqueueItem.objects.get(pk=item.pk).state == "open"


def test_a_closed_item_cannot_be_closed_again_and_says_who_did(office: Any) -> None:
    item = opened(office)
    commands.close_item(cast.rosa(office.pk), item_id=item.pk, action_code="reached")
    with pytest.raises(commands.ItemIsClosed, match="Rosa Marin has closed this item already"):
        commands.close_item(cast.ana(office.pk), item_id=item.pk, action_code="done")


def test_snoozing_needs_a_reason_and_a_time_to_come(office: Any) -> None:
    item, rosa = opened(office), cast.rosa(office.pk)
    with pytest.raises(commands.ReasonIsMissing):
        commands.snooze_item(rosa, item_id=item.pk, until=FOUR_HOURS, reason="  ")
    with pytest.raises(commands.CannotBeSnoozed):
        commands.snooze_item(rosa, item_id=item.pk, until=cast.NOW, reason="Calls back at noon.")
    snoozed = commands.snooze_item(rosa, item_id=item.pk, until=FOUR_HOURS, reason="Calls back at noon.")
    assert snoozed.snoozed_until == FOUR_HOURS


def test_a_hand_over_goes_to_a_colleague_with_a_reason_and_has_a_way_back(office: Any) -> None:
    rosa, ben = make.member("receptionist", "rosa"), make.member("biller", "ben")
    item = opened(office)
    handed = commands.hand_over(
        signed_in(rosa, "receptionist"), item_id=item.pk, to_membership_id=ben.pk, reason="About a claim."
    )
    assert (handed.owner, handed.handed_from) == (ben, rosa)
    back = commands.hand_back(signed_in(ben, "biller"), item_id=item.pk, reason="Which visit?")
    assert (back.owner, back.handed_from) == (rosa, None)
    assert [(step.verb, step.reason) for step in item.steps.order_by("id")][1:] == [
        ("handed to Ben", "About a claim."),
        ("returned to Rosa", "Which visit?"),
    ]


def test_a_colleague_who_left_is_not_handed_anything(office: Any) -> None:
    gone = make.member("biller", "gone")
    Membership.objects.filter(pk=gone.pk).update(ended_at=cast.NOW)
    with pytest.raises(commands.NobodyToHandTo):
        commands.hand_over(
            cast.rosa(office.pk), item_id=opened(office).pk, to_membership_id=gone.pk, reason="Yours."
        )


def test_what_resolved_itself_is_closed_and_counted(office: Any) -> None:
    maria = make.patient()
    opened(office, subject=maria, kind="eligibility")
    opened(office, subject=maria, kind="denial")
    closed = commands.close_items_of(
        cast.system(office.pk), subject_id=maria.pk, kind="eligibility", action_code="answered"
    )
    assert closed == 1
    assert list(WorkqueueItem.objects.exclude(state="closed").values_list("kind", flat=True)) == ["denial"]


def test_closing_what_is_not_there_is_no_fault(office: Any) -> None:
    maria = make.patient()
    assert (
        commands.close_items_of(
            cast.system(office.pk), subject_id=maria.pk, kind="eligibility", action_code="answered"
        )
        == 0
    )


def test_an_auditor_closes_nothing(office: Any) -> None:
    item = opened(office)
    with pytest.raises(NotPermitted):
        commands.close_item(cast.auditor(office.pk), item_id=item.pk, action_code="done")
    assert WorkqueueItem.objects.get(pk=item.pk).state == "open"


def test_another_practices_item_is_not_found(office: Any) -> None:
    item = opened(office)
    other = make.practice("Southside")
    with pytest.raises(commands.ItemIsUnknown):
        commands.close_item(cast.rosa(other.pk), item_id=item.pk, action_code="done")


def test_the_work_of_a_person_who_leaves_is_everybody_s_again(office: Any) -> None:
    rosa, may = make.member("receptionist", "rosa"), make.member("receptionist", "may")
    item = opened(office, owner_id=rosa.pk)
    by = signed_in(may, "receptionist")

    def seen() -> list[Any]:
        shown = queries.my_work(by, today=cast.MONDAY, zone=office.zone)
        return [line.item.pk for lines in shown.values() for line in lines]

    assert seen() == []
    Membership.objects.filter(pk=rosa.pk).update(ended_at=cast.NOW)
    assert seen() == [item.pk]


def test_what_goes_back_to_a_person_who_left_goes_to_nobody_and_says_so(office: Any) -> None:
    rosa, may = make.member("receptionist", "rosa"), make.member("receptionist", "may")
    item = opened(office, owner_id=rosa.pk)
    commands.hand_over(
        signed_in(rosa, "receptionist"), item_id=item.pk, to_membership_id=may.pk, reason="Leave"
    )
    Membership.objects.filter(pk=rosa.pk).update(ended_at=cast.NOW)
    back = commands.hand_back(signed_in(may, "receptionist"), item_id=item.pk, reason="No number")
    assert (back.owner, back.handed_from) == (None, None)
    step = back.steps.order_by("-id")[0]
    assert "does not work here any more" in step.verb
