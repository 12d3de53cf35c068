"""A plan kept with an account: for the person who is signed in, through one door, never without being asked."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.academy import commands, queries
from daysheet.academy.models import KeptPlan
from daysheet.academy.planner.forms.plan import HoursForm
from daysheet.academy.planner.rules.plan import HOUR_FIELDS, words_of_plan
from daysheet.kernel.access import Actor, roles
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import AuditLine
from daysheet.kernel.tenancy import acting_in
from tests import cast, desk, make

pytestmark = pytest.mark.django_db

KEPT = "/academy/path/kept/"
PLAN = {"basics-state": "done", "training-state": "now", "training-by": "6/15/2027", "name": "Rosa"}


@pytest.fixture
def office() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice):
        yield practice


def person(office: Any, role: str = "receptionist") -> Actor:
    """A person of a role with a sign-in of her own."""
    return Actor.of_role(role, practice_id=office.pk, user_id=new_id(), name="Rosa Marin", now=cast.NOW)


def browser(role: str = "receptionist", name: str = "rosa") -> Client:
    """The browser of somebody who works here."""
    return desk.signed_in(make.member(role, name))


def pressed(client: Client, address: str, page: Any, form: str, **more: Any) -> Any:
    """Press the button of a form as it stands on a page."""
    return client.post(reverse(address), desk.hidden_fields(page.content.decode(), form=form) | more)


def test_a_plan_is_kept_opened_and_forgotten() -> None:
    practice = make.practice()
    with make.acting(practice):
        rosa = browser()
        page = rosa.get(KEPT, PLAN)
        assert "Keep this plan" in page.content.decode()
        assert not KeptPlan.objects.exists()  # looking keeps nothing
        kept = pressed(rosa, "academy:plan-keep", page, 'id="keep-plan"')
        assert (kept.status_code, kept.headers["Location"]) == (303, KEPT)
        page = rosa.get(KEPT)
        text = page.content.decode()
        assert "Jun 15, 2027" in text
        assert (
            'href="/academy/path/?basics-state=done&amp;name=Rosa&amp;training-by=6%2F15%2F2027&amp;training-state=now"'
            in text
        )
        assert "is the one that is kept" in rosa.get(KEPT, PLAN).content.decode()
        gone = pressed(rosa, "academy:plan-forget", page, f'action="{KEPT}forget/"')
        assert gone.status_code == 303
        assert KeptPlan.objects.get().words == {}
        assert "No plan is kept" in rosa.get(KEPT).content.decode()


@pytest.mark.parametrize("role", sorted({*roles()} - {"patient", "system"}))
def test_every_role_at_work_may_keep_one(office: Any, role: str) -> None:
    commands.keep_plan(person(office, role), words=PLAN, version=0)
    assert KeptPlan.objects.get().words == PLAN


def test_a_patient_may_not_and_nothing_is_kept(office: Any) -> None:
    with pytest.raises(NotPermitted):
        commands.keep_plan(person(office, "patient"), words=PLAN, version=0)
    assert not KeptPlan.objects.exists()


def test_nobody_else_sees_it_neither_here_nor_in_another_practice(office: Any) -> None:
    rosa, other = person(office), make.practice("Southside")
    commands.keep_plan(rosa, words=PLAN, version=0)
    assert queries.kept_plan(user_id=new_id()) is None
    with acting_in(other.pk):
        assert queries.kept_plan(user_id=rosa.user_id) is None
    assert "6/15/2027" not in browser(name="ben", role="biller").get(KEPT).content.decode()


def test_the_diary_tells_that_it_was_kept_and_not_what_it_says(office: Any) -> None:
    commands.keep_plan(person(office), words=PLAN, version=0)
    line = AuditLine.objects.get(action="academy.plan.kept")
    assert (line.details, line.patient_ids) == ({}, [])


def test_a_plan_changed_in_another_window_is_not_covered_up(office: Any) -> None:
    rosa = person(office)
    commands.keep_plan(rosa, words=PLAN, version=0)
    for version in (0, 2, 7):
        with pytest.raises(StaleForm):
            commands.keep_plan(rosa, words={"job-state": "now"}, version=version)
        with pytest.raises(StaleForm):
            commands.forget_plan(rosa, version=version)
    assert KeptPlan.objects.get().words == PLAN


def test_a_window_from_before_the_forgetting_does_not_bring_it_back(office: Any) -> None:
    rosa = person(office)
    commands.keep_plan(rosa, words=PLAN, version=0)
    commands.forget_plan(rosa, version=1)
    with pytest.raises(commands.PlanIsEmpty):
        commands.forget_plan(rosa, version=2)
    with pytest.raises(StaleForm):
        commands.keep_plan(rosa, words=PLAN, version=1)
    assert commands.keep_plan(rosa, words={"job-state": "now"}, version=2).words == {"job-state": "now"}


@pytest.mark.parametrize(
    "words", [{}, {"job-by": " \0 "}, {"unknown": "x"}], ids=["none", "blank", "foreign"]
)
def test_an_empty_plan_is_refused_with_what_to_do(office: Any, words: dict[str, str]) -> None:
    with pytest.raises(commands.PlanIsEmpty, match="Say where you are"):
        commands.keep_plan(person(office), words=words, version=0)
    assert not KeptPlan.objects.exists()


def test_the_software_itself_keeps_no_plan(office: Any) -> None:
    system = Actor.system(practice_id=office.pk, now=cast.NOW)
    with pytest.raises(commands.NobodyToKeepFor):
        commands.keep_plan(system, words=PLAN, version=0)


def test_an_old_form_shows_both_plans_again() -> None:
    practice = make.practice()
    with make.acting(practice):
        rosa = browser()
        old = rosa.get(KEPT, PLAN)
        pressed(rosa, "academy:plan-keep", rosa.get(KEPT, {"job-state": "now"}), 'id="keep-plan"')
        answer = pressed(rosa, "academy:plan-keep", old, 'id="keep-plan"')
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "changed in another window" in text
        assert "The plan that you bring" in text
        assert "The plan that is kept" in text
        assert KeptPlan.objects.get().words == {"job-state": "now"}
        assert pressed(rosa, "academy:plan-keep", answer, 'id="keep-plan"').status_code == 303
        assert KeptPlan.objects.get().words == PLAN


def test_whoever_is_not_signed_in_comes_back_with_the_plan_after_signing_in() -> None:
    answer = Client().get(KEPT, {"job-state": "now", "name": "Ana & Co"})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(
        "?next=/academy/path/kept/%3Fjob-state%3Dnow%26name%3DAna%2B%2526%2BCo"
    )


def test_the_open_page_offers_it_and_stays_without_a_cookie() -> None:
    page = Client().get("/academy/path/", PLAN)
    assert "Keep with my account" in page.content.decode()
    assert not page.cookies
    assert f"{KEPT}?basics-state=done&amp;name=Rosa" in page.content.decode()


def test_hostile_words_stay_words(office: Any) -> None:
    said = {
        "name": "<script>alert(1)</script>\0",
        "h1-duty": "x" * 5000,
        "h9-duty": "no ninth line",
        "job-by": 7,
    }
    assert words_of_plan(said) == {"name": "<script>alert(1)</script>", "h1-duty": "x" * 200}
    commands.keep_plan(person(office), words={"name": said["name"]}, version=0)  # type: ignore[dict-item]
    assert "<script>alert" not in browser().get(KEPT, said).content.decode()


def test_a_plan_knows_every_field_of_the_hours() -> None:
    assert set(HOUR_FIELDS) == {*HoursForm.base_fields}
