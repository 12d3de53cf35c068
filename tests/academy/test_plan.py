"""One's own path: kept in the address or a file, never with us."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from daysheet.academy.planner.rules.plan import Step, as_evidence, out_of_order, totals, where_am_i

pytestmark = pytest.mark.django_db
OPEN = "/academy/path/open/"


def test_where_am_i_is_what_one_says_else_the_first_open_step() -> None:
    done, here, later = Step("basics", "done", None), Step("training", "", None), Step("job", "now", None)
    assert where_am_i([done, here]) == here
    assert where_am_i([done, here, later]) == later
    assert where_am_i([done]) is None


def test_a_step_planned_before_an_earlier_one_is_pointed_at() -> None:
    steps = [
        Step("basics", "", date(2027, 5, 1)),
        Step("training", "", None),
        Step("job", "", date(2027, 1, 1)),
    ]
    assert out_of_order(steps) == ["job"]


def test_hours_become_evidence_for_the_entry_rules() -> None:
    sums = totals([("externship", 100), ("externship", 60), ("job", 4159)])
    assert as_evidence(sums) == {"externship_hours": 160, "office_years": 1}


def test_the_plan_comes_back_from_its_address() -> None:
    page = Client().get("/academy/path/", {"basics-state": "done", "training-by": "6/15/2027"})
    text = page.content.decode()
    assert "You are at: Training." in text
    assert 'value="6/15/2027"' in text
    assert not page.cookies
    assert len(page.content) <= 50_000


def test_a_plan_kept_as_a_file_opens_again() -> None:
    query = {"basics-state": "done", "h1-kind": "job", "h1-hours": "40", "unknown": "left out"}
    kept = Client().get("/academy/path/my-plan.json", query)
    file = SimpleUploadedFile("my-plan.json", kept.content)
    answer = Client(enforce_csrf_checks=True).post(OPEN, {"plan": file})
    assert answer.status_code == 303
    assert "basics-state=done" in answer.headers["Location"]
    assert "unknown" not in answer.headers["Location"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[1,2]", b'{"daysheet": "plan"}', b"{" * 70_000, json.dumps({"plan": {}}).encode()],
    ids=["empty", "noise", "a list", "no plan", "too large", "not ours"],
)
def test_a_foreign_file_gets_a_sentence(content: bytes) -> None:
    answer = Client().post(OPEN, {"plan": SimpleUploadedFile("x.json", content)} if content else {})
    assert answer.status_code == 422
    assert "my-plan.json" in answer.content.decode()


def test_the_days_of_a_plan_go_into_a_calendar() -> None:
    answer = Client().get("/academy/path/my-plan.ics", {"job-by": "1/4/2027"})
    assert "DTSTART;VALUE=DATE:20270104" in answer.content.decode()


@pytest.mark.parametrize("day", ["1/1/2999", "13/40/2027", "<script>", "x" * 5000])
def test_an_odd_day_is_told_and_the_rest_stays(day: str) -> None:
    page = Client().get("/academy/path/", {"job-by": day, "basics-state": "done"})
    assert page.status_code == 200
    assert "field-error" in page.content.decode()
    assert "<script>" not in page.content.decode()
