"""My work on screen: what is mine by time left, the acts with their reasons, and nothing of others."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.kernel import clock
from daysheet.kernel.models import AuditLine
from daysheet.tasks import commands
from daysheet.tasks.models import WorkqueueItem
from tests import cast, desk, make

pytestmark = pytest.mark.django_db

WORK = "tasks:my-work"


@pytest.fixture
def office() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice):
        yield practice


def opened(office: Any, hours: float = 2, **more: Any) -> WorkqueueItem:
    now = clock.system_now()
    facts: dict[str, Any] = {
        "kind": "call_back",
        "reason_code": "CALL",
        "sentence": "Asks about her bill.",
        "due_at": now + timedelta(hours=hours),
        "source_of_due": "office rule 4 h",
        "role": "receptionist",
    } | more
    return commands.open_item(cast.system(office.pk, now), **facts)


def posted(browser: Any, at: str, **told: Any) -> Any:
    fields = desk.hidden_fields(browser.get(at).content.decode(), form='id="act-form"')
    return browser.post(at, fields | told)


def test_overdue_stands_first_with_its_clock_and_the_source_of_the_clock(office: Any) -> None:
    opened(office, -2, sentence="Late one.")
    opened(office, 24 * 3, sentence="Later one.")
    body = desk.signed_in(make.member()).get(reverse(WORK)).content.decode()
    assert "2 h over" in body
    assert "office rule 4 h" in body
    assert body.index("Late one.") < body.index("Later one.")


def test_the_list_holds_my_role_and_mine_but_not_the_billers(office: Any) -> None:
    rosa = make.member()
    opened(office, sentence="For the desk.")
    opened(office, sentence="For the biller.", role="biller")
    opened(office, sentence="Given to Rosa.", role="biller", owner_id=rosa.pk)
    browser = desk.signed_in(rosa)
    mine = browser.get(reverse(WORK)).content.decode()
    assert ["For the desk." in mine, "Given to Rosa." in mine, "For the biller." in mine] == [
        True,
        True,
        False,
    ]
    assert "For the biller." in browser.get(reverse(WORK), {"whose": "all"}).content.decode()


def test_looking_at_the_list_is_a_reading_of_every_patient_on_it(office: Any) -> None:
    maria = make.patient()
    opened(office, patient_id=maria.pk)
    desk.signed_in(make.member()).get(reverse(WORK))
    assert AuditLine.objects.get(action="tasks.work.viewed").patient_ids == [maria.pk]


def test_snoozing_takes_a_reason_and_moves_the_item(office: Any) -> None:
    item, browser = opened(office), desk.signed_in(make.member())
    at = reverse("tasks:item-snooze", args=[item.pk])
    assert posted(browser, at, until="tomorrow", reason="").status_code == 422
    assert posted(browser, at, until="day", reason="Waits.").status_code == 422
    assert posted(browser, at, until="tomorrow", reason="Calls back.").status_code == 303
    assert "Snoozed" in browser.get(reverse(WORK)).content.decode()
    assert WorkqueueItem.objects.get().snoozed_until is not None


def test_a_snoozed_item_is_taken_back_from_its_row_and_only_once(office: Any) -> None:
    item, rosa = opened(office), make.member()
    browser, at = desk.signed_in(rosa), reverse("tasks:item-wake", args=[item.pk])
    assert "Take it back now" not in browser.get(reverse(WORK)).content.decode()
    later = clock.system_now() + timedelta(hours=20)
    commands.snooze_item(cast.ana(office.pk), item_id=item.pk, until=later, reason="Calls back.")
    body = browser.get(reverse(WORK)).content.decode()
    assert f'formaction="{at}"' in body
    fields = desk.hidden_fields(body, form='id="work-snoozed-acts"')
    assert browser.post(at, fields)["Location"] == reverse(WORK)
    assert WorkqueueItem.objects.get().snoozed_until is None
    again = browser.post(at, fields | {"_once": "another"})
    assert (again.status_code, "back on the list already" in again.content.decode()) == (409, True)


def test_handing_over_and_back(office: Any) -> None:
    rosa, ben = make.member(), make.member("biller", "ben")
    item = opened(office)
    first, second = desk.signed_in(rosa), desk.signed_in(ben)
    over = posted(first, reverse("tasks:item-hand-over", args=[item.pk]), to=str(ben.pk), reason="A claim.")
    assert over.status_code == 303
    assert "Waiting on others" in first.get(reverse(WORK)).content.decode()
    assert "Rosa" in second.get(reverse("tasks:item", args=[item.pk])).content.decode()
    back = posted(second, reverse("tasks:item-hand-back", args=[item.pk]), reason="Which visit?")
    assert back.status_code == 303
    assert WorkqueueItem.objects.get().owner == rosa


def test_closing_asks_how_it_was_resolved(office: Any) -> None:
    item, browser = opened(office), desk.signed_in(make.member())
    at = reverse("tasks:item-close", args=[item.pk])
    assert posted(browser, at, action="").status_code == 422
    assert posted(browser, at, action="reached").status_code == 303
    assert WorkqueueItem.objects.get().action_code == "reached"


def test_what_a_colleague_closed_meanwhile_is_said(office: Any) -> None:
    item, browser = opened(office), desk.signed_in(make.member())
    at = reverse("tasks:item-close", args=[item.pk])
    fields = desk.hidden_fields(browser.get(at).content.decode(), form='id="act-form"')
    commands.close_item(cast.ana(office.pk), item_id=item.pk, action_code="done")
    answer = browser.post(at, fields | {"action": "reached"})
    assert answer.status_code == 409
    assert "Ana Petrov has closed this item already." in answer.content.decode()


def test_an_item_typed_by_hand_finds_its_patient_by_chart_number(office: Any) -> None:
    maria, browser, at = make.patient(), desk.signed_in(make.member()), reverse("tasks:item-new")
    fields = desk.hidden_fields(browser.get(at).content.decode(), form='id="new-item-form"')
    told = {"sentence": "Order toner.", "due": "+2d", "role": "receptionist", "chart": "99"}
    assert browser.post(at, fields | told).status_code == 422
    told |= {"chart": str(maria.chart_number), "_once": "b"}
    assert browser.post(at, fields | told).status_code == 303
    item = WorkqueueItem.objects.get()
    assert (item.patient, item.reason_code, item.role) == (maria, "BY-HAND", "receptionist")


def test_the_panel_of_a_patient_is_a_piece_and_a_page(office: Any) -> None:
    maria = make.patient()
    opened(office, patient_id=maria.pk)
    browser, at = desk.signed_in(make.member()), reverse("tasks:patient-panel", args=[maria.pk])
    piece = browser.get(at, headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith("<section")
    assert "<html" in browser.get(at).content.decode()


def test_the_list_takes_the_same_statements_for_two_and_for_twenty(office: Any) -> None:
    browser = desk.signed_in(make.member())
    browser.get(reverse(WORK))
    counts = []
    for more in (2, 18):
        for number in range(more):
            opened(office, patient_id=make.patient("Diaz", f"Maria {number}").pk)
        with CaptureQueriesContext(connection) as seen:
            browser.get(reverse(WORK))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_another_practices_item_is_not_found_and_not_closed(office: Any) -> None:
    item = opened(office)
    with make.acting(make.practice("Southside")):
        browser = desk.signed_in(make.member("office_manager", "eve"))
        for name in ("item", "item-close", "item-snooze", "item-hand-over"):
            assert browser.get(reverse(f"tasks:{name}", args=[item.pk])).status_code == 404
    assert WorkqueueItem.objects.get().state == "open"


def test_an_auditor_has_no_work_list(office: Any) -> None:
    assert desk.signed_in(make.member("auditor", "ines")).get(reverse(WORK)).status_code == 403
