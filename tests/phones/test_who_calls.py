"""Who is on the phone: a new caller is typed once, and a manager may have a caller compared again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from daysheet.kernel import clock
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.ids import new_id
from daysheet.kernel.jobs import holding
from daysheet.kernel.models import AuditLine
from daysheet.phones import commands, rules
from daysheet.phones.models import Call, CallStep
from daysheet.tasks.models import WorkqueueItem
from tests import cast, desk, make

pytestmark = pytest.mark.django_db
BORN = {"born_on_0": "3", "born_on_1": "14", "born_on_2": "1962"}


@pytest.fixture
def office() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice), holding():
        make.office()
        yield practice


def talking(office: Any, **more: Any) -> Call:
    by = cast.rosa(office.pk, clock.system_now())
    return commands.log_call(by, **({"dialed": "(555) 201-0142", "then": "open"} | more))


def address(name: str, *args: object) -> str:
    return reverse(f"phones:{name}", args=args)


def test_a_new_caller_is_typed_once_and_the_call_is_about_them(office: Any) -> None:
    browser, call = desk.signed_in(make.member()), talking(office)
    shown = browser.get(address("call", call.pk)).content.decode()
    said = desk.hidden_fields(shown, form='id="who-form"') | {"name": "Joy Okafor"} | BORN
    missed = browser.post(address("call-identify", call.pk), said).content.decode()
    assert f'name="came_from" value="call {call.pk}"' in missed
    assert 'name="q" value="Joy Okafor 03/14/1962 5552010142"' in missed
    carried = {"q": "Joy Okafor 03/14/1962 5552010142", "came_from": f"call {call.pk}"}
    sheet = browser.post(reverse("patients:patient-new"), carried).content.decode()
    assert all(f'value="{one}"' in sheet for one in ("Okafor", "Joy", "1962"))
    typed = {"family": "Okafor", "given": "Joy", "sex": "F", "language": "en"} | BORN
    fields = desk.hidden_fields(sheet, form='id="new-form"')
    added = browser.post(reverse("patients:patient-new"), fields | typed)
    assert (added.status_code, added["Location"]) == (303, address("call", call.pk))
    call.refresh_from_db()
    assert (str(call.patient), call.identified_with) == ("OKAFOR, Joy", "born_on, name")


def test_my_work_names_who_the_call_is_about_and_nobody_when_it_is_somebody_else(office: Any) -> None:
    by, call = cast.rosa(office.pk, clock.system_now()), talking(office, then="call_back")
    item = WorkqueueItem.objects.get(subject_id=call.pk, kind="call_back")
    assert item.patient_id is None
    maria = make.registered()
    said = {"name": "Maria Diaz", "born_on": maria.born_on}
    assert commands.identify_caller(by, call_id=call.pk, said=said).patient == maria
    item.refresh_from_db()
    assert item.patient_id == maria.pk
    commands.forget_caller(by, call_id=call.pk)
    item.refresh_from_db()
    assert (item.patient_id, item.state) == (None, "open")


def test_a_patient_added_from_a_call_that_is_over_has_a_page_all_the_same(office: Any) -> None:
    browser, call = desk.signed_in(make.member()), talking(office, then="done")
    sheet = browser.post(reverse("patients:patient-new"), {"came_from": f"call {call.pk}"}).content.decode()
    typed = {"family": "Okafor", "given": "Joy", "sex": "F", "language": "en"} | BORN
    fields = desk.hidden_fields(sheet, form='id="new-form"')
    added = browser.post(reverse("patients:patient-new"), fields | typed)
    assert (added.status_code, added["Location"].startswith("/patients/")) == (303, True)
    call.refresh_from_db()
    assert call.patient_id is None


def test_after_three_misses_a_manager_has_the_caller_compared_once_more(office: Any) -> None:
    make.registered()
    call, ana = talking(office), make.member("office_manager", "ana")
    Call.objects.filter(pk=call.pk).update(misses=rules.MOST_MISSES)
    with pytest.raises(NotPermitted):
        commands.compare_again(cast.rosa(office.pk), call_id=call.pk, reason="Typed wrong.")
    rosa = desk.signed_in(make.member())
    assert 'id="again-form"' not in rosa.get(address("call", call.pk)).content.decode()
    browser = desk.signed_in(ana)
    shown = browser.get(address("call", call.pk)).content.decode()
    fields = desk.hidden_fields(shown, form='id="again-form"')
    assert browser.post(address("call-compare-again", call.pk), fields | {"because": " "}).status_code == 409
    again = fields | {"because": "Typed wrong.", "_once": str(new_id())}
    assert browser.post(address("call-compare-again", call.pk), again).status_code == 303
    assert CallStep.objects.filter(call=call, note="Typed wrong.").exists()
    assert AuditLine.objects.get(action="phones.caller.compared-again").details["reason"] == "Typed wrong."
    shown = browser.get(address("call", call.pk)).content.decode()
    assert 'id="who-form"' in shown
