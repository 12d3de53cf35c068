"""What rings says which number it is, and of the number only that it is known here."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from daysheet.kernel import clock
from daysheet.kernel.jobs import holding
from daysheet.phones import commands, queries, rules
from daysheet.phones.commands import Report
from daysheet.phones.models import Call
from tests import cast, desk, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Iterator[Any]:
    practice = make.practice()
    with make.acting(practice), holding():
        make.office()
        yield practice


def rings(office: Any, line: str, number: str) -> Call:
    told = Report(id=line, event="ringing", line_id=line, dialed=number)
    call = commands.hear(cast.system(office.pk, clock.system_now()), report=told)
    assert call
    return call


@pytest.mark.parametrize(
    ("reported", "number"),
    [
        ("sip:+14135550180@pbx.local;user=phone", "+14135550180"),
        ('"Reception" <sips:+14135550180@10.0.0.2:5061>', "+14135550180"),
        ("tel:+1-413-555-0180", "+1-413-555-0180"),
        ("+14135550180@pbx", "+14135550180"),
        ("(413) 555-0180", "(413) 555-0180"),
        ("sip:anonymous@anonymous.invalid", ""),
        ("Restricted", ""),
        ("", ""),
    ],
)
def test_a_number_is_heard_without_its_machine(reported: str, number: str) -> None:
    assert rules.heard(reported) == number


def test_the_chip_says_number_flag_and_charts_and_no_name(office: Any) -> None:
    make.registered()
    commands.flag_number(cast.rosa(office.pk), number="(413) 555-0180", kind="nuisance")
    known = rings(office, "a", "sip:+15552010142@pbx")
    other = rings(office, "b", "+14135550180")
    rings(office, "c", "anonymous")
    assert (known.phone, Call.objects.get(line_id="c").dialed) == ("+15552010142", "")
    chip = desk.signed_in(make.member()).get(reverse("phones:panel-list")).content.decode()
    for words in ("3 ringing", "(555) 201-0142", "in 1 chart", "(413) 555-0180", "Nuisance", "1 more"):
        assert words in chip
    assert "Diaz" not in chip
    assert all(reverse("phones:call", args=[one.pk]) in chip for one in (known, other))


def test_the_log_finds_the_end_of_a_number(office: Any) -> None:
    by, today = cast.rosa(office.pk), cast.NOW.date()
    call = commands.log_call(by, dialed="(413) 555-0543", then="done")
    commands.log_call(by, dialed="(413) 555-0544", then="done")
    for text in ("0543", "555-0543", "50543"):
        assert queries.found(text, today=today, since=cast.NOW) == [call]
    assert queries.found("6660543", today=today, since=cast.NOW) == []
    assert queries.found(str(call.number), today=today, since=cast.NOW) == [call]


def test_a_number_that_is_marked_again_keeps_its_why(office: Any) -> None:
    by, number = cast.rosa(office.pk), "(413) 555-0180"
    commands.flag_number(by, number=number, kind="nuisance", note="sells printers")
    assert commands.flag_number(by, number=number, kind="blocked").note == "sells printers"
    assert commands.flag_number(by, number=number, kind="blocked", note="fax").note == "fax"


def test_a_promise_made_by_mistake_is_taken_back_by_the_toast(office: Any) -> None:
    browser = desk.signed_in(make.member())
    by = cast.rosa(office.pk, clock.system_now())
    call = commands.log_call(by, dialed="(413) 555-0180", then="open")
    shown = browser.get(reverse("phones:call", args=[call.pk])).content.decode()
    fields = desk.hidden_fields(shown, form='id="talk-form"')
    said = dict.fromkeys(("reason", "caller_name", "relation", "note", "back_to"), "")
    said |= {"outcome": "call_back"}
    browser.post(reverse("phones:call-talk", args=[call.pk]), fields | said | {"end": "1"})
    call.refresh_from_db()
    assert call.state == "waiting"
    back = reverse("phones:call-promise-back", args=[call.pk])
    assert back in browser.get(reverse("phones:desk")).content.decode()
    browser.post(back)
    call.refresh_from_db()
    assert (call.state, call.due_at) == ("open", None)
    with pytest.raises(commands.CallIsOver):
        commands.take_back_promise(by, call_id=call.pk)
