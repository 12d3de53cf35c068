"""The telephone rings: it stands on every open desk without a reload, and a clerk takes the call without a mouse."""

import time
from contextlib import ExitStack
from pathlib import Path
from urllib.request import Request, urlopen

import orjson
import pytest
from playwright.sync_api import expect

from daysheet.kernel import clock
from daysheet.kernel.ids import new_id
from daysheet.patients.models import Patient
from daysheet.phones import commands, rules
from daysheet.phones.commands import Keys
from daysheet.phones.listening import Office as Ears
from daysheet.phones.listening import listening
from daysheet.phones.models import Call
from daysheet.tasks.models import WorkqueueItem
from tests import make
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.test_every_page_with_axe import look
from tests.telephones import invite, needs_telephones, system

pytestmark = pytest.mark.browser
NUMBER = "+14135550177"


@pytest.fixture
def door(office: Office) -> Keys:
    """The door of the office's telephone system, and one person whom it may ring for."""
    with office.within():
        if not Patient.objects.filter(family="Verdant").exists():
            make.registered("Verdant", "Ada", phones=[NUMBER])
        return commands.open_hook(office.played.by("office_manager", office.moment(9, 10)))


def rings(office: Office, door: Keys, line: str, event: str = "ringing") -> None:
    """Report a ring as a telephone system does: signed, over the wire."""
    body = orjson.dumps({"id": str(new_id()), "event": event, "call": line, "number": NUMBER})
    stamp = str(int(clock.system_now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "X-Daysheet-Timestamp": stamp,
        "X-Daysheet-Signature": rules.sign(door.secret, stamp, body),
    }
    with urlopen(Request(f"{office.url}/phones/hook/{door.token}/", body, headers)) as answer:
        assert answer.status == 200


def test_every_state_of_a_call_is_sound(office: Office, comes: Comes, door: Keys) -> None:
    with office.within():
        names = {name.lower() for name in Patient.objects.values_list("family", flat=True)}
        states = dict(Call.objects.order_by("number").values_list("state", "pk"))
    rosa = comes("receptionist")
    wrong = {}
    for number, (state, pk) in enumerate(states.items()):
        rosa.page.set_viewport_size({"width": (390, 1280)[number % 2], "height": 900})
        rosa.page.emulate_media(color_scheme=("dark", "light")[number // 2 % 2])
        rosa.go(f"/phones/calls/{pk}/")
        rosa.settled()
        if state == "open":
            rosa.press_button("Chest pain or pressure")
            rosa.sees("call 911 now", within="#red")
            rosa.press_button("Keep and end the call")
            rosa.sees("Choose how the call ends.")
        if faults := look(rosa.page, state, names):
            wrong[state] = faults
    assert {"ringing", "open", "waiting", "voicemail", "abandoned", "done"} <= states.keys()
    assert wrong == {}


def test_a_ring_stands_on_the_desk_and_on_every_page_without_a_reload(
    office: Office, comes: Comes, door: Keys
) -> None:
    rosa, ben = comes("receptionist"), comes("biller")
    rosa.go("/phones/")
    ben.follow("My work", "#nav")
    rosa.listens()
    ben.listens()
    expect(ben.page.locator("#phone-chip")).to_contain_text("1 ringing")  # the one of the played morning
    before = rosa.page.locator("#calls-open [data-row]").count()
    rings(office, door, "line-9")
    expect(rosa.page.locator("#calls-open [data-row]")).to_have_count(before + 1)
    expect(ben.page.locator("#phone-chip")).to_contain_text("2 ringing")
    expect(ben.page.locator("#say-politely")).to_contain_text("2 calls ring")
    rings(office, door, "line-9", "ended")
    expect(ben.page.locator("#phone-chip")).to_contain_text("1 ringing")


@pytest.mark.parametrize(
    "way", ["straight", pytest.param("forked", marks=[pytest.mark.sip, needs_telephones])]
)
def test_a_ring_on_a_line_stands_on_every_page(
    office: Office, comes: Comes, way: str, tmp_path: Path
) -> None:
    """Rung by a telephone itself, and by a telephone system that rings the desk and the line together."""
    with office.within():
        by = office.played.by("office_manager", office.moment(9, 11))
        line = commands.keep_line(by, name=f"Desk, {way}", hosts="127.0.0.1")
        ringing = Call.objects.filter(state="ringing").count()
    ears = Ears(office.practice.pk)
    ben = comes("biller")
    ben.follow("My work", "#nav")
    ben.listens()
    with listening(ears.lines, ears.tell) as (_listener, port), ExitStack() as stack:
        if way == "forked":
            port = stack.enter_context(system(tmp_path, line=port, user=line.user)).port
        start = time.monotonic()
        invite(port, user=line.user, call=f"ring-{way}")
        expect(ben.page.locator("#phone-chip")).to_contain_text(f"{ringing + 1} ringing")
        print(f"{way}: from INVITE to the chip {time.monotonic() - start:.3f} s")
    with office.within():
        assert Call.objects.get(came_by=line).phone == NUMBER


def test_a_call_goes_from_the_ring_to_its_end_by_keyboard(office: Office, comes: Comes, door: Keys) -> None:
    with office.within():
        ringing = Call.objects.filter(state="ringing")
        for one in ringing:
            commands.mark_abandoned(office.played.by("receptionist", office.moment(9, 12)), call_id=one.pk)
    rings(office, door, "line-10")
    rosa = comes("biller")
    rosa.follow("My work", "#nav")
    page = rosa.page
    expect(page.locator("#phone-chip")).to_contain_text("1 ringing")
    with rosa.task("take a ringing call, anywhere", most=3):
        rosa.key("F8", "Enter")
        expect(page.get_by_role("button", name="Answer", exact=True)).to_be_focused()
        rosa.key("Enter")
        expect(page.locator("#id_reason")).to_be_focused()
    assert "VERDANT" not in page.locator("body").inner_text().upper()
    rosa.type("Question")
    rosa.sees("Which bill", within="#ask")
    rosa.tab_to(page.locator("#id_note"))
    rosa.type("Asks about two statements.")
    rosa.tab_to(page.locator("#id_name"))
    rosa.type("Ada Verdant")
    for number, part in enumerate(("3", "14", "1962")):
        rosa.tab_to(page.locator(f"#id_born_on_{number}"))
        rosa.type(part)
    rosa.key("Enter")
    expect(page.locator(".banner-name")).to_contain_text("VERDANT")
    expect(page.locator("#id_note")).to_have_value("Asks about two statements.")
    expect(page.locator("#who")).to_contain_text("Account and bills")
    page.locator("#id_outcome").focus()  # as Shift Tab goes there
    rosa.type("Question answered")
    rosa.key("Control+Enter")
    rosa.toast("has ended")
    with office.within():
        call = Call.objects.get(line_id="line-10")
        assert (call.state, call.outcome, call.note) == ("done", "answered", "Asks about two statements.")
        assert call.patient is not None
    print([(one.name, one.acts, one.most) for one in rosa.tasks])
    assert [one.name for one in rosa.tasks if one.acts > one.most] == []


def test_a_new_call_is_begun_from_anywhere_by_one_key(office: Office, comes: Comes) -> None:
    rosa = comes("receptionist")
    rosa.go("/desk/")
    expect(rosa.page.locator("[data-new-call]")).to_be_visible()
    rosa.key("Shift+F8")
    expect(rosa.page.locator("#id_number")).to_be_focused()
    rosa.type("4135550111")
    rosa.key("Enter")
    rosa.sees("On the line")


def test_a_call_with_a_message_is_logged_in_one_breath(office: Office, comes: Comes) -> None:
    rosa = comes("receptionist")
    rosa.go("/desk/")
    expect(rosa.page.locator("[data-new-call]")).to_be_visible()
    with rosa.task("9 log a call with a message for a provider", most=6):
        rosa.key("Shift+F8")
        expect(rosa.page.locator("#id_number")).to_be_focused()
        rosa.type("4135550122")
        rosa.key("Tab")
        rosa.type("Joy Okafor")
        rosa.key("Tab")
        rosa.type("Medicine")
        rosa.key("Tab")
        rosa.type("Asks for the blood pressure tablets, five days left.")
        rosa.key("Control+Enter")
        rosa.toast("is written down")
    with office.within():
        call = Call.objects.latest("number")
        assert (call.state, call.caller_name, call.outcome) == ("done", "Joy Okafor", "message")
        item = WorkqueueItem.objects.filter(kind="message").latest("number")
        assert (item.role, item.sentence) == ("clinician", call.note)
    assert [one.name for one in rosa.tasks if one.acts > one.most] == []


def test_a_call_is_taken_and_ended_without_script(office: Office, comes: Comes, door: Keys) -> None:
    rings(office, door, "line-11")
    rosa = comes("receptionist", script=False)
    with office.within():
        call = Call.objects.get(line_id="line-11")
    rosa.go(f"/phones/calls/{call.pk}/")
    rosa.press_button("Answer")
    rosa.fill("Name", "Ada Verdant", within="#who-form")
    for label, part in (("Month", "3"), ("Day", "14"), ("Year", "1962")):
        rosa.fill(label, part, within="#who-form")
    rosa.press_button("Compare")
    rosa.sees("Two identifiers matched")
    rosa.choose("How it ends", "Wrong number")
    rosa.press_button("Keep and end the call")
    rosa.sees("Phones")
    with office.within():
        call.refresh_from_db()
        assert (call.state, call.outcome) == ("done", "wrong_number")
