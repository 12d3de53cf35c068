"""Asking for everybody of a day: who is asked, who is fresh, who cannot be; a payer that cannot answer is asked again."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from daysheet.coverage import batches, commands, jobs, queries
from daysheet.coverage.models import Coverage, EligibilityInquiry, EligibilityPolicy, Payer
from daysheet.coverage.rules.batch import Known, choice_of, wait_before
from daysheet.formats import x12
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.ids import new_id
from daysheet.kernel.jobs import holding
from daysheet.mailroom.models import TradingPartner
from daysheet.tasks.models import WorkqueueItem
from tests import cast, desk, make
from tests.coverage.answering import ACTIVE, reply, take_in

pytestmark = pytest.mark.django_db
TUESDAY = cast.MONDAY + timedelta(days=1)
BUSY = x12.Rejection("payer", "42", "R", "Y")


def carded(family: str = "Diaz", payer_id: str = "BLUE1", **more: Any) -> Coverage:
    partner = more.pop("partner", None) or make.partner(family)
    return make.coverage(
        make.patient(family), make.plan(f"{family} PPO", payer_id, by_partner=partner), **more
    )


def ask_all(office: Any, *cards: Coverage, day: Any = TUESDAY, now: Any = cast.NOW) -> commands.Asked:
    visits = [(card.patient_id, new_id()) for card in cards]
    return commands.ask_for_day(cast.rosa(office.pk, now), day=day, visits=visits)


def refuse(office: Any, asked: EligibilityInquiry, now: Any, *, follow_up: str = "R") -> None:
    rejection = x12.Rejection("payer", "42", follow_up, "Y")
    take_in(office.pk, reply(asked, rejections=(rejection,)), now)


def test_everybody_is_asked_once_and_the_second_press_asks_nobody(office: Any) -> None:
    one, two = carded(), carded("Lee", "HARBOR")
    assert ask_all(office, one, two) == commands.Asked(2, 0, 0, 0)
    assert ask_all(office, one, two) == commands.Asked(0, 0, 2, 0)
    assert EligibilityInquiry.objects.count() == 2


def test_two_visits_of_one_patient_are_one_question(office: Any) -> None:
    card = carded()
    assert ask_all(office, card, card).asked == 1


def test_every_plan_that_holds_the_day_is_asked_and_no_other(office: Any) -> None:
    card = carded()
    partner = card.plan.payer.partner

    def behind(name: str, rank: int, **more: Any) -> Coverage:
        return make.coverage(card.patient, make.plan(name, name, by_partner=partner), rank=rank, **more)

    behind("Second", 2)
    behind("Gone", 3, ends_on=TUESDAY)
    behind("Third", 3, starts_on=TUESDAY)
    assert ask_all(office, card) == commands.Asked(3, 0, 0, 0)
    ranks = EligibilityInquiry.objects.order_by("coverage__rank").values_list(
        "coverage__plan__name", flat=True
    )
    assert list(ranks) == ["Diaz PPO", "Second", "Third"]


def test_who_has_a_second_plan_alone_is_asked_about_it_and_lacks_a_first(office: Any) -> None:
    card = carded(rank=2)
    found = batches.batch(day=TUESDAY, visits=[(card.patient_id, new_id())], now=cast.NOW, zone=office.zone)
    assert [one.choice.why for one in found.cannot] == ["no_plan"]
    assert [one.coverage for one in found.asked] == [card]
    key = card.patient_id, TUESDAY
    needs = batches.needs([key], today=cast.MONDAY, zone=office.zone)[key]
    assert [one.kind for one in needs] == ["none", "unasked"]


def test_a_fresh_yes_is_not_asked_for_again_and_an_old_one_is(office: Any) -> None:
    card = carded()
    ask_all(office, card)
    take_in(office.pk, reply(EligibilityInquiry.objects.get(), ACTIVE))
    week = cast.MONDAY + timedelta(days=7)
    assert ask_all(office, card, day=week).fresh == 1
    next_month = cast.MONDAY + timedelta(days=40)
    assert ask_all(office, card, day=next_month).asked == 1


def test_who_cannot_be_asked_is_told_with_the_reason(office: Any) -> None:
    bare, by_phone = make.patient("Roy"), make.coverage(make.patient("Okafor"), make.plan("Mill PPO", "MILL"))
    medicare = carded("Ortiz", "MEDICARE", member_id="1EG4-TE5-MK7")
    medicare.plan.payer.filing_code = "MB"
    medicare.plan.payer.save()
    visits = [(one, new_id()) for one in (bare.pk, by_phone.patient_id, medicare.patient_id)]
    found = batches.batch(day=TUESDAY, visits=visits, now=cast.NOW, zone=office.zone)
    assert [one.choice.why for one in found.cannot] == ["no_plan", "not_connected", "bad_number"]
    assert commands.ask_for_day(cast.rosa(office.pk), day=TUESDAY, visits=visits) == commands.Asked(
        0, 0, 0, 3
    )


def test_the_preview_asks_the_database_no_more_for_more_visits(office: Any) -> None:
    cards = [carded(f"P{n}", f"PAYER{n}") for n in range(4)]

    def statements(some: list[Coverage]) -> int:
        with CaptureQueriesContext(connection) as seen:
            visits = [(card.patient_id, new_id()) for card in some]
            batches.batch(day=TUESDAY, visits=visits, now=cast.NOW, zone=office.zone)
        return len(seen)

    assert statements(cards[:1]) == statements(cards) == 4


def test_a_payer_that_cannot_answer_is_asked_again_with_a_growing_wait_and_then_a_person_is(
    office: Any,
) -> None:
    commands.set_policy(
        cast.ana(office.pk), version=0, leads=[1, 7], is_nightly=True, tries=3, first_wait_minutes=15
    )
    week = cast.MONDAY + timedelta(days=7)
    card, now = carded(), cast.NOW
    ask_all(office, card, day=week)
    waits = []
    for _ in range(2):
        asked = EligibilityInquiry.objects.latest("asked_at")
        refuse(office, asked, now)
        asked.refresh_from_db()
        assert asked.again_at is not None
        waits.append(asked.again_at - now)
        assert not WorkqueueItem.objects.filter(closed_at__isnull=True).exists()
        assert ask_all(office, card, day=week, now=now).waiting == 1  # the batch does not ask beside it
        early = commands.ask_once_more(cast.system(office.pk, now), inquiry_id=asked.pk)
        now = asked.again_at
        assert early is None
        assert commands.ask_once_more(cast.system(office.pk, now), inquiry_id=asked.pk) is not None
        assert commands.ask_once_more(cast.system(office.pk, now), inquiry_id=asked.pk) is None
    assert waits == [timedelta(minutes=15), timedelta(hours=1)]
    refuse(office, EligibilityInquiry.objects.latest("asked_at"), now)
    assert [one.attempt for one in EligibilityInquiry.objects.order_by("asked_at")] == [1, 2, 3]
    assert WorkqueueItem.objects.get().reason_code == "AAA-42"


def test_a_payer_that_says_not_to_ask_again_is_not(office: Any) -> None:
    card = carded()
    ask_all(office, card)
    refuse(office, EligibilityInquiry.objects.get(), cast.NOW, follow_up="N")
    assert EligibilityInquiry.objects.get().again_at is None
    assert WorkqueueItem.objects.get().reason_code == "AAA-42"


def test_a_question_of_a_person_meanwhile_ends_the_waiting(office: Any) -> None:
    card = carded()
    ask_all(office, card)
    first = EligibilityInquiry.objects.get()
    refuse(office, first, cast.NOW)
    commands.ask_eligibility(
        cast.rosa(office.pk, cast.NOW + timedelta(minutes=5)), coverage_id=card.pk, service_on=TUESDAY
    )
    first.refresh_from_db()
    assert first.again_at is None
    assert queries.asked_again(cast.NOW + timedelta(days=1)) == []


def blocked(card: Coverage) -> None:
    Payer.objects.filter(pk=card.plan.payer_id).update(enrolment_rule="block")


def test_a_payer_to_which_nothing_is_sent_leaves_the_others_their_question(office: Any) -> None:
    harbor, blue = carded("Lee", "HARBOR"), carded()
    blocked(harbor)
    visits = [(card.patient_id, new_id()) for card in (harbor, blue)]
    found = batches.batch(day=TUESDAY, visits=visits, now=cast.NOW, zone=office.zone)
    assert [one.choice.why for one in found.cannot] == ["not_enrolled"]
    assert ask_all(office, harbor, blue) == commands.Asked(1, 0, 0, 1)
    assert EligibilityInquiry.objects.get().coverage_id == blue.pk
    key = harbor.patient_id, TUESDAY
    need = batches.needs([key], today=cast.MONDAY, zone=office.zone)[key][0]
    assert (need.kind, "has not been started" in need.fault) == ("not_enrolled", True)


def test_a_partner_that_is_used_no_more_leaves_the_others_their_question(office: Any) -> None:
    harbor, blue = carded("Lee", "HARBOR"), carded()
    TradingPartner.objects.filter(pk=harbor.plan.payer.partner_id).update(is_active=False)
    assert ask_all(office, harbor, blue) == commands.Asked(1, 0, 0, 1)
    with pytest.raises(commands.CannotAsk, match="not connected"):
        commands.ask_eligibility(cast.rosa(office.pk), coverage_id=harbor.pk, service_on=TUESDAY)


def test_a_payer_that_is_stopped_meanwhile_is_not_asked_again_and_a_person_is_called(office: Any) -> None:
    card = carded()
    ask_all(office, card)
    first = EligibilityInquiry.objects.get()
    refuse(office, first, cast.NOW)
    blocked(card)
    late = cast.system(office.pk, cast.NOW + timedelta(minutes=16))
    assert commands.ask_once_more(late, inquiry_id=first.pk) is None
    first.refresh_from_db()
    assert first.again_at is None
    assert WorkqueueItem.objects.get().reason_code == "CANNOT-ASK"
    key = card.patient_id, TUESDAY
    assert key in batches.needs([key], today=cast.MONDAY, zone=office.zone)


def test_an_answer_for_next_month_leaves_this_months_in_sight(office: Any) -> None:
    card = carded()
    ask_all(office, card)
    take_in(office.pk, reply(EligibilityInquiry.objects.get(), ACTIVE))
    far = TUESDAY + timedelta(days=35)
    ask_all(office, card, day=far)
    take_in(
        office.pk,
        reply(EligibilityInquiry.objects.get(service_on=far), x12.Benefit("6", service_types=("30",))),
    )
    stands = queries.standing_at([(card, TUESDAY), (card, far)])
    assert [stands[card.pk, day].state for day in (TUESDAY, far)] == ["covered", "inactive"]


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_ask_for_everybody_at_once_ask_once() -> None:
    practice = make.practice()
    with make.acting(practice), holding():
        make.office()
        cards = [carded(f"P{n}", f"PAYER{n}") for n in range(3)]
    start, told, wrong = threading.Barrier(3), [], []

    def press() -> None:
        start.wait()
        try:
            with holding():
                told.append(ask_all(practice, *cards).asked)
        except BaseException as broken:
            wrong.append(broken)
        finally:
            connections.close_all()

    windows = [threading.Thread(target=press) for _ in range(3)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert (wrong, sum(told)) == ([], 3)
    with make.acting(practice):
        assert EligibilityInquiry.objects.count() == 3


def test_the_sweep_and_the_job_ask_again_when_it_is_time(office: Any, monkeypatch: Any) -> None:
    card = carded()
    ask_all(office, card)
    first = EligibilityInquiry.objects.get()
    refuse(office, first, cast.NOW)
    late = cast.NOW + timedelta(minutes=16)
    monkeypatch.setattr(make.Practice, "now", lambda self: late)
    assert queries.asked_again(late) == [first.pk]
    jobs.ask_once_more(practice_id=str(office.pk), inquiry_id=str(first.pk))
    assert EligibilityInquiry.objects.count() == 2


@pytest.mark.parametrize(
    ("known", "act"),
    [
        (Known(has_plan=False), "cannot"),
        (Known(waits=True), "waiting"),
        (Known(again_at=cast.NOW + timedelta(hours=1)), "waiting"),
        (Known(again_at=cast.NOW - timedelta(hours=1)), "ask"),
        (Known(), "ask"),
        (Known(is_connected=False), "cannot"),
        (Known(is_enrolled=False), "cannot"),
    ],
)
def test_who_is_asked(known: Known, act: str) -> None:
    assert choice_of(known, day=TUESDAY, now=cast.NOW).act == act


@pytest.mark.parametrize(
    ("attempt", "code", "follow_up", "hours"),
    [(1, "42", "R", 0.25), (2, "80", "P", 1), (3, "42", "", 4), (4, "42", "R", None), (1, "75", "C", None)],
)
def test_how_long_to_wait(attempt: int, code: str, follow_up: str, hours: float | None) -> None:
    found = wait_before(attempt, code=code, follow_up=follow_up, first=timedelta(minutes=15), tries=4)
    assert found == (timedelta(hours=hours) if hours is not None else None)


def test_the_manager_says_how_the_office_asks_ahead(office: Any) -> None:
    browser = desk.signed_in(make.member("office_manager", "ana"))
    shown = browser.get("/coverage/asking-ahead/").content.decode()
    sent = desk.hidden_fields(shown, form='id="policy-form"') | {
        "leads": "2, 9", "is_nightly": "on", "tries": "3", "first_wait_minutes": "20",
    }  # fmt: skip
    wrong = browser.post("/coverage/asking-ahead/", sent | {"leads": "soon"})
    assert wrong.status_code == 422
    assert browser.post("/coverage/asking-ahead/", sent | {"leads": "90"}).status_code == 409
    assert browser.post("/coverage/asking-ahead/", sent).status_code == 303
    kept = EligibilityPolicy.objects.get()
    assert (kept.leads, kept.tries, kept.first_wait_minutes) == ([2, 9], 3, 20)
    with pytest.raises(StaleForm):
        commands.set_policy(
            cast.ana(office.pk), version=0, leads=[1], is_nightly=True, tries=3, first_wait_minutes=20
        )
    with pytest.raises(NotPermitted):
        commands.set_policy(
            cast.rosa(office.pk), version=1, leads=[1], is_nightly=True, tries=3, first_wait_minutes=20
        )
