"""A call back stands on My work and on the phone desk: it ends where the caller waits, and the desk shows every one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.kernel import clock
from daysheet.kernel.jobs import holding
from daysheet.phones import commands
from daysheet.phones.models import Call
from daysheet.tasks import commands as tasks
from daysheet.tasks.models import WorkqueueItem
from tests import cast, desk, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice), holding():
        make.office()
        yield practice


@pytest.fixture
def browser(office: Any) -> Client:
    return desk.signed_in(make.member())


def waiting(office: Any) -> tuple[Call, WorkqueueItem]:
    by = cast.rosa(office.pk, clock.system_now())
    call = commands.log_call(by, dialed="(555) 201-0142", then="call_back")
    return call, WorkqueueItem.objects.get(kind="call_back")


def test_a_caller_who_waits_is_not_closed_on_my_work(office: Any, browser: Client) -> None:
    call, item = waiting(office)
    close = reverse("tasks:item-close", args=[item.pk])
    for shown in (reverse("tasks:my-work"), reverse("tasks:item", args=[item.pk])):
        page = browser.get(shown).content.decode()
        assert close not in page
        assert reverse("phones:call", args=[call.pk]) in page
    fields = desk.hidden_fields(browser.get(close).content.decode(), form='id="act-form"')
    answer = browser.post(close, fields | {"action": "reached", "reason": ""})
    assert answer.status_code == 409
    assert "Open it and say there what came of it." in answer.content.decode()
    item.refresh_from_db()
    assert item.state == "open"
    commands.called_back(cast.rosa(office.pk), call_id=call.pk, version=call.version)
    item.refresh_from_db()
    assert item.state == "closed"


def test_a_call_back_is_not_resolved_by_words_of_money(office: Any, browser: Client) -> None:
    _call, item = waiting(office)
    page = browser.get(reverse("tasks:item-close", args=[item.pk])).content.decode()
    assert "Reached, question answered" in page
    assert not [word for word in ("Billed to the patient", "Written off", "Appealed") if word in page]


def test_who_is_to_be_called_without_a_call_stands_on_the_desk_too(office: Any, browser: Client) -> None:
    call, _item = waiting(office)
    maria, by = make.registered(), cast.rosa(office.pk, clock.system_now())
    facts = {"reason_code": "LWOBS", "role": "receptionist", "source_of_due": "office rule"}
    sooner = tasks.open_item(
        by,
        kind="call_back",
        sentence="Left unseen.",
        due_at=by.now,
        subject=maria,
        patient_id=maria.pk,
        **facts,
    )
    group = browser.get(reverse("phones:desk")).content.decode().split('id="calls-waiting"')[1]
    first, second = f"work-{sooner.pk}", f"work-{call.pk}"
    assert 0 < group.index(first) < group.index(second)
    assert group.count("data-row tabindex") >= 2
    assert reverse("tasks:item", args=[sooner.pk]) in group


def test_who_calls_again_and_waits_for_a_call_back_is_told_so(office: Any, browser: Client) -> None:
    by = cast.rosa(office.pk, clock.system_now())
    first, _item = waiting(office)
    again = commands.log_call(by, dialed="(555) 201-0142", then="open")
    page = browser.get(reverse("phones:call", args=[again.pk])).content.decode()
    assert "waits for a call back already" in page
    assert page.index(reverse("phones:call", args=[first.pk])) < page.index('id="talk-form"')
    other = commands.log_call(by, dialed="(555) 201-0143", then="open")
    page = browser.get(reverse("phones:call", args=[other.pk])).content.decode()
    assert "waits for a call back already" not in page
