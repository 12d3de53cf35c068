"""Plans are entered once, chosen by typing, changed for everybody at once; two that are one are put together."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.coverage import commands, library
from daysheet.coverage.commands import PlanFacts
from daysheet.coverage.enrolment import PlanMerge
from daysheet.coverage.forms import CoverageForm
from daysheet.coverage.models import Coverage, InsurancePlan
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.jobs import holding
from tests import cast, desk, make

pytestmark = pytest.mark.django_db


class House:
    """An office with one payer, the same plan twice, and a patient covered by each."""

    def __init__(self, practice: Any) -> None:
        make.office()
        self.practice = practice
        self.door = make.location()
        self.plan = make.plan("Blue PPO")
        self.twin = InsurancePlan.objects.create(payer=self.plan.payer, name="BLUE P.P.O.")
        self.diaz = make.coverage(make.patient(), self.plan)
        self.okafor = make.coverage(make.patient("Okafor", "Joy"), self.twin)
        self.by = cast.ana(practice.pk)


@pytest.fixture
def house() -> Iterator[House]:
    practice = make.practice()
    with make.acting(practice), holding():
        yield House(practice)


def held_by(plan: InsurancePlan) -> set[Any]:
    return set(Coverage.objects.filter(plan=plan).values_list("pk", flat=True))


def test_a_changed_plan_changes_for_everybody_covered_by_it(house: House) -> None:
    facts = PlanFacts(
        name="Blue PPO Gold", kind="hmo", network="Gold", needs_referral=True, filing_limit_days=30
    )
    changed = commands.change_plan(house.by, plan_id=house.plan.pk, version=1, facts=facts)
    held = Coverage.objects.select_related("plan").get(pk=house.diaz.pk)
    assert (held.plan.name, held.plan.needs_referral, changed.version) == ("Blue PPO Gold", True, 2)
    with pytest.raises(StaleForm):
        commands.change_plan(house.by, plan_id=house.plan.pk, version=1, facts=facts)


def test_a_name_that_another_plan_has_is_refused_with_what_to_do(house: House) -> None:
    with pytest.raises(commands.PlanIsWrong, match="Put the two together"):
        commands.change_plan(
            house.by, plan_id=house.twin.pk, version=1, facts=PlanFacts(name="Blue PPO", kind="ppo")
        )


def test_doubles_are_put_together_and_taken_apart_again(house: House) -> None:
    merge = commands.merge_plans(house.by, gone_id=house.twin.pk, kept_id=house.plan.pk)
    assert held_by(house.plan) == {house.diaz.pk, house.okafor.pk}
    house.twin.refresh_from_db()
    assert not house.twin.is_active
    commands.undo_merge(house.by, merge_id=merge.pk)
    assert (held_by(house.plan), held_by(house.twin)) == ({house.diaz.pk}, {house.okafor.pk})
    house.twin.refresh_from_db()
    assert house.twin.is_active
    with pytest.raises(commands.PlanIsWrong):
        commands.undo_merge(house.by, merge_id=merge.pk)


def test_plans_of_two_payers_are_never_one(house: House) -> None:
    other = make.plan("Other PPO", "OTHER1")
    with pytest.raises(commands.PlanIsWrong, match="different payers"):
        commands.merge_plans(house.by, gone_id=house.twin.pk, kept_id=other.pk)
    with pytest.raises(commands.PlanIsWrong):
        commands.merge_plans(house.by, gone_id=house.twin.pk, kept_id=house.twin.pk)
    assert not PlanMerge.objects.exists()


def test_a_receptionist_changes_no_plan(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.merge_plans(cast.rosa(house.practice.pk), gone_id=house.twin.pk, kept_id=house.plan.pk)
    assert held_by(house.twin) == {house.okafor.pk}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("blue ppo", "plan"), ("P.P.O.", "twin"), ("blue", None), ("red", None)],
    ids=["its whole words", "a part of it", "two are called so", "none is called so"],
)
def test_a_plan_is_chosen_by_typing(house: House, typed: str, meant: str | None) -> None:
    said = {
        "plan": typed, "member_id": "X1", "rank": "1", "starts_on": "2026-01-01", "relationship": "self",
    }  # fmt: skip
    form = CoverageForm(said, today=cast.MONDAY)
    assert form.is_valid() == (meant is not None), form.errors
    if meant:
        assert form.facts()["plan_id"] == getattr(house, meant).pk
    else:
        assert set(form.errors) == {"plan"}


def test_the_library_takes_as_many_statements_for_fifty_plans_as_for_two(house: House) -> None:
    client = desk.signed_in(make.member("office_manager", "ana", at=house.door))

    def statements() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(reverse("coverage:plans"), {"q": "blue"}).status_code == 200
        return len(counted)

    statements()
    few = statements()
    for n in range(50):
        InsurancePlan.objects.create(payer=house.plan.payer, name=f"Blue {n}")
    assert statements() == few


def test_the_manager_puts_doubles_together_on_screen_and_takes_it_back(house: House) -> None:
    client = desk.signed_in(make.member("office_manager", "ana", at=house.door))
    address = reverse("coverage:plan-merge", args=[house.twin.pk])
    hidden = desk.hidden_fields(client.get(address).text, form=f'action="{address}"')
    assert client.post(address, hidden | {"kept": str(house.plan.pk)}).status_code == 303
    page = client.get(reverse("coverage:plans")).text
    undo = reverse("coverage:plan-merge-undo", args=[PlanMerge.objects.get().pk])
    assert undo in page
    assert client.post(undo, desk.hidden_fields(page, form=f'action="{undo}"')).status_code == 303
    assert held_by(house.twin) == {house.okafor.pk}


def test_a_card_keeps_a_plan_that_is_no_longer_offered(house: House) -> None:
    InsurancePlan.objects.filter(pk=house.twin.pk).update(is_active=False)
    client = desk.signed_in(make.member("receptionist", at=house.door))
    page = client.get(reverse("coverage:coverage-edit", args=[house.okafor.pk])).text
    assert 'value="Blue PPO: BLUE P.P.O."' in page
    assert library.found("p.p.o.").get().held == 1


def test_days_to_file_of_the_plan_come_before_those_of_the_payer() -> None:
    from daysheet.claims import commands as claims
    from tests.claims.office import Loop

    loop = Loop()
    with make.acting(loop.office):
        InsurancePlan.objects.update(filing_limit_days=30)
    claim = claims.make_claim(loop.by(), visit_id=loop.visit().pk)
    assert claim.file_by == claim.service_on + timedelta(days=30)
