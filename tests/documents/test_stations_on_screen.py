"""Stations on screen: this computer stands at one, papers go to its printer, and without one the browser shows them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.documents import commands, queries
from daysheet.documents.models import PrintJob, PrintStation
from daysheet.documents.station_here import COOKIE
from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import holding
from tests import cast, desk, make

pytestmark = pytest.mark.django_db
PLACE = "ipp://192.0.2.7/ipp/print"


@dataclass
class Room:
    """A manager's browser."""

    browser: Client
    ana: Actor

    def page(self, name: str, *args: object) -> str:
        answer = self.browser.get(reverse(f"documents:{name}", args=args))
        assert answer.status_code == 200
        return answer.content.decode()

    def press(
        self, name: str, /, *args: object, on: str, form: str = "<form", **fields: str
    ) -> tuple[int, str]:
        hidden = desk.hidden_fields(on, form=form)
        answer = self.browser.post(reverse(f"documents:{name}", args=args), hidden | fields)
        return answer.status_code, answer.get("Location", "") or answer.content.decode()

    def station(self) -> PrintStation:
        return commands.keep_station(self.ana, name="Front desk", printers={"plain": PLACE})

    def stand(self, station: PrintStation) -> None:
        form = 'id="stations-acts"'
        assert self.press("station-here", station.pk, on=self.page("stations"), form=form)[0] == 303


@pytest.fixture
def room() -> Iterator[Room]:
    with make.acting(make.practice(clock_at=None)) as practice, holding():
        door = make.location()
        make.office()
        by = cast.ana(practice.pk).at(practice.now())
        yield Room(desk.signed_in(make.member("office_manager", "ana-print", at=door)), by)


def paper(room: Room) -> str:
    kept = commands.keep_document(
        room.ana, kind="letter", title="Letter", media_type="application/pdf", content=b"%PDF-1.7"
    )
    return str(kept.pk)


def test_a_manager_adds_a_station_and_what_is_wrong_stays(room: Room) -> None:
    assert "No station yet" in room.page("stations")
    form = {"on": room.page("station-add"), "form": 'id="station-form"'}
    status, body = room.press("station-add", name="Front desk", plain="http://no", **form)
    assert (status, 'value="http://no"' in body) == (409, True)
    form["on"] = room.page("station-add")
    assert room.press("station-add", name="Front desk", plain=PLACE, **form)[0] == 303
    assert PLACE in room.page("stations")
    found = PrintStation.objects.get()
    form["on"] = room.page("station-change", found.pk)
    assert room.press("station-change", found.pk, name="Desk 1", plain="", **form)[0] == 303
    assert "none: papers open in the browser" in room.page("stations")
    status, body = room.press("station-change", found.pk, name="Desk 2", plain="", **form)
    assert status in {303, 409}
    assert (
        room.press("station-retire", found.pk, on=room.page("stations"), form='id="stations-acts"')[0] == 303
    )
    assert not queries.print_stations().exists()


def test_this_computer_stands_at_a_station_and_prints_there(room: Room) -> None:
    station, letter = room.station(), paper(room)
    room.stand(station)
    assert room.browser.cookies[COOKIE]["httponly"]
    shown = room.page("document-view", letter)
    assert "Print at Front desk" in shown
    form = f'action="{reverse("documents:document-print", args=[letter])}"'
    status, there = room.press("document-print", letter, on=shown, form=form)
    assert (status, there) == (303, reverse("documents:document-view", args=[letter]))
    assert PrintJob.objects.get().state == "waiting"
    assert "Front desk" in room.page("prints")


def test_without_a_station_the_browser_shows_the_paper(room: Room) -> None:
    letter = paper(room)
    shown = room.page("document-view", letter)
    form = f'action="{reverse("documents:document-print", args=[letter])}"'
    assert room.press("document-print", letter, on=shown, form=form)[0] == 303
    assert not PrintJob.objects.exists()
    assert "has no printer for that" in room.page("document-view", letter)


def test_a_forged_cookie_and_another_practices_station_are_none(room: Room) -> None:
    station = room.station()
    room.browser.cookies[COOKIE] = str(station.pk)
    assert "stands at no station" in room.page("stations")
    room.stand(station)
    assert "This computer: Front desk" in room.page("stations")
    commands.retire_station(room.ana, station_id=station.pk)
    assert "stands at no station" in room.page("stations")


def test_it_stands_nowhere_again(room: Room) -> None:
    room.stand(room.station())
    assert room.press("station-none", on=room.page("stations"), form='id="stations-acts"')[0] == 303
    assert "stands at no station" in room.page("stations")


def test_what_was_not_printed_is_sent_again_or_dropped(room: Room) -> None:
    station, letter = room.station(), paper(room)
    job = commands.print_paper(room.ana, document_id=letter, station_id=station.pk)  # type: ignore[arg-type]
    sent = commands.begin_print(room.ana, job_id=job.pk)
    assert sent is not None
    said = "The printer does not answer."
    commands.note_print(room.ana, job_id=job.pk, version=sent.version, sentence=said)
    shown = room.page("prints")
    assert "The printer does not answer." in shown
    form = f'action="{reverse("documents:print-again", args=[job.pk])}"'
    assert room.press("print-again", job.pk, on=shown, form=form)[0] == 303
    shown = room.page("prints")
    form = f'action="{reverse("documents:print-drop", args=[job.pk])}"'
    assert room.press("print-drop", job.pk, on=shown, form=form)[0] == 303
    status, _body = room.press("print-drop", job.pk, on=shown, form=form)
    assert status in {303, 409}
    piece = room.browser.get(reverse("documents:prints"), headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith('<div id="prints"')
    assert "Nothing waits for a printer." in piece
