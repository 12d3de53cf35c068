"""A plan covers a patient from a day to a day; two of one rank never share a day."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from daysheet.coverage import commands, queries
from daysheet.coverage.models import Coverage
from daysheet.kernel.errors import NotPermitted, Refusal, StaleForm
from daysheet.kernel.models import AuditLine
from tests import cast, make

pytestmark = pytest.mark.django_db

NEW_YEAR = date(2026, 1, 1)


@pytest.fixture
def office() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice):
        yield practice


def covered(office: Any, patient: Any, plan: Any, **more: Any) -> Coverage:
    facts = {"member_id": "XJ4001", "starts_on": NEW_YEAR} | more
    return commands.add_coverage(cast.rosa(office.pk), patient_id=patient.pk, plan_id=plan.pk, **facts)


def test_a_card_is_entered_and_the_diary_names_the_patient(office: Any) -> None:
    maria = make.patient()
    card = covered(office, maria, make.plan(), member_id=" xj4-001 ")
    assert (card.member_id, card.starts_on, card.ends_on, card.rank) == ("XJ4-001", NEW_YEAR, None, 1)
    assert AuditLine.objects.get(action="coverage.coverage.added").patient_ids == [maria.pk]


def test_a_second_primary_on_the_same_days_is_refused_naming_the_first(office: Any) -> None:
    maria = make.patient()
    covered(office, maria, make.plan())
    with pytest.raises(commands.RankIsTaken) as no:
        covered(office, maria, make.plan("Harbor HMO", "HARBOR"), starts_on=date(2026, 3, 1))
    assert no.value.sentence == (
        "Blue PPO is primary from Jan 1, 2026 with no end. "
        "End it first, change these days, or enter this plan in another rank."
    )
    assert Coverage.objects.count() == 1


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "fits"),
    [
        (date(2025, 1, 1), NEW_YEAR, True),
        (date(2025, 1, 1), date(2026, 1, 2), False),
        (date(2026, 7, 1), None, True),
        (date(2026, 6, 30), None, False),
        (date(2026, 2, 1), date(2026, 2, 2), False),
    ],
    ids=["ends as it begins", "one day over", "begins as it ends", "one day before", "inside"],
)
def test_days_may_touch_but_not_overlap(
    office: Any, starts_on: date, ends_on: date | None, fits: bool
) -> None:
    maria = make.patient()
    covered(office, maria, make.plan(), ends_on=date(2026, 7, 1))
    harbor = make.plan("Harbor HMO", "HARBOR")
    if fits:
        covered(office, maria, harbor, starts_on=starts_on, ends_on=ends_on)
    else:
        with pytest.raises(commands.RankIsTaken):
            covered(office, maria, harbor, starts_on=starts_on, ends_on=ends_on)


def test_a_secondary_beside_the_primary_is_no_overlap(office: Any) -> None:
    maria = make.patient()
    covered(office, maria, make.plan())
    assert covered(office, maria, make.plan("Sunrise", "SUN"), rank=2).rank == 2


def test_the_plan_on_a_day_follows_the_days(office: Any) -> None:
    maria = make.patient()
    covered(office, maria, make.plan(), ends_on=date(2026, 7, 1))
    covered(office, maria, make.plan("Harbor HMO", "HARBOR"), starts_on=date(2026, 7, 1))
    on = {
        day: (found.plan.name if (found := queries.coverage_on(maria.pk, day)) else None)
        for day in (date(2025, 12, 31), NEW_YEAR, date(2026, 6, 30), date(2026, 7, 1), date(2030, 1, 1))
    }
    assert list(on.values()) == [None, "Blue PPO", "Blue PPO", "Harbor HMO", "Harbor HMO"]


def test_an_ended_coverage_makes_room_for_the_next(office: Any) -> None:
    maria = make.patient()
    blue = covered(office, maria, make.plan())
    ended = commands.end_coverage(
        cast.rosa(office.pk), coverage_id=blue.pk, ends_on=date(2026, 3, 1), version=1
    )
    assert (ended.ends_on, ended.version) == (date(2026, 3, 1), 2)
    covered(office, maria, make.plan("Harbor HMO", "HARBOR"), starts_on=date(2026, 3, 1))


def test_a_coverage_cannot_end_before_it_began(office: Any) -> None:
    blue = covered(office, make.patient(), make.plan())
    with pytest.raises(commands.DaysAreWrong):
        commands.end_coverage(cast.rosa(office.pk), coverage_id=blue.pk, ends_on=NEW_YEAR, version=1)


def test_a_plan_through_a_spouse_needs_the_spouse(office: Any) -> None:
    maria, plan = make.patient(), make.plan()
    with pytest.raises(commands.SubscriberIsMissing):
        covered(office, maria, plan, relationship="spouse", subscriber_family="Diaz")
    card = covered(
        office,
        maria,
        plan,
        relationship="spouse",
        subscriber_family="Diaz",
        subscriber_given="Luis",
        subscriber_born_on=date(1960, 5, 5),
    )
    assert card.subscriber_given == "Luis"


@pytest.mark.parametrize("day", [date(1026, 1, 1), date(2062, 1, 1)])
def test_an_impossible_first_day_is_refused(office: Any, day: date) -> None:
    with pytest.raises(commands.DaysAreWrong):
        covered(office, make.patient(), make.plan(), starts_on=day)


def test_a_form_that_stood_open_too_long_overwrites_nothing(office: Any) -> None:
    blue = covered(office, make.patient(), make.plan())
    rosa = cast.rosa(office.pk)
    told = {"plan_id": blue.plan_id, "starts_on": NEW_YEAR}
    commands.change_coverage(rosa, coverage_id=blue.pk, version=1, member_id="A1", **told)
    with pytest.raises(StaleForm):
        commands.change_coverage(rosa, coverage_id=blue.pk, version=1, member_id="B2", **told)
    assert Coverage.objects.get(pk=blue.pk).member_id == "A1"


def test_a_changed_member_id_makes_the_old_answer_speak_no_more(office: Any) -> None:
    blue = covered(office, make.patient(), make.plan())
    Coverage.objects.filter(pk=blue.pk).update(enrollment_verified_at=cast.NOW)
    changed = commands.change_coverage(
        cast.rosa(office.pk),
        coverage_id=blue.pk,
        version=1,
        plan_id=blue.plan_id,
        member_id="NEW1",
        starts_on=NEW_YEAR,
    )
    assert changed.enrollment_verified_at is None


def test_what_was_never_true_is_taken_out_with_a_reason_and_frees_the_rank(office: Any) -> None:
    maria = make.patient()
    blue = covered(office, maria, make.plan())
    commands.mark_entered_in_error(
        cast.rosa(office.pk), coverage_id=blue.pk, version=1, reason="Her sister's card."
    )
    assert queries.coverage_on(maria.pk, cast.MONDAY) is None
    covered(office, maria, make.plan("Harbor HMO", "HARBOR"))


def test_a_plan_of_another_practice_is_not_known(office: Any) -> None:
    maria, other = make.patient(), make.practice("Southside")
    with make.acting(other):
        theirs = make.plan()
    with pytest.raises(commands.CoverageIsUnknown):
        covered(office, maria, theirs)


def test_an_auditor_enters_nothing(office: Any) -> None:
    maria, plan = make.patient(), make.plan()
    with pytest.raises(NotPermitted):
        commands.add_coverage(
            cast.auditor(office.pk), patient_id=maria.pk, plan_id=plan.pk, member_id="X", starts_on=NEW_YEAR
        )
    assert Coverage.objects.count() == 0


def test_a_payer_id_is_taken_once(office: Any) -> None:
    ana = cast.ana(office.pk)
    payer = commands.add_payer(ana, name="Blue PPO", payer_id="BLUE1")
    with pytest.raises(commands.PayerIsKnown):
        commands.add_payer(ana, name="Blue again", payer_id="BLUE1")
    commands.add_plan(ana, payer_id=payer.pk, name="Blue PPO Gold")
    with pytest.raises(commands.PayerIsKnown):
        commands.add_plan(ana, payer_id=payer.pk, name="Blue PPO Gold")


@pytest.mark.django_db(transaction=True)
def test_two_windows_entering_a_primary_at_once_leave_one() -> None:
    practice = make.practice()
    with make.acting(practice):
        maria, blue, harbor = make.patient(), make.plan(), make.plan("Harbor HMO", "HARBOR")
    start, ends = threading.Barrier(2), []

    def enter(plan_id: Any) -> None:
        start.wait()
        try:
            commands.add_coverage(
                cast.rosa(practice.pk),
                patient_id=maria.pk,
                plan_id=plan_id,
                member_id="X1",
                starts_on=cast.MONDAY - timedelta(days=1),
            )
            ends.append("entered")
        except Refusal as no:
            ends.append(type(no).__name__)
        finally:
            connections.close_all()

    windows = [threading.Thread(target=enter, args=(plan.pk,)) for plan in (blue, harbor)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert sorted(ends) == ["RankIsTaken", "entered"]
    with make.acting(practice):
        assert Coverage.objects.count() == 1
