"""The pictures of the rooms' pages: taken from the open office, so that a page shows what stands on the screen.

`DAYSHEET_PICTURES=1 make test TESTS=tests/days/test_pictures_of_rooms.py` takes them anew into docs/pictures.
"""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from daysheet.coverage.models import EligibilityInquiry
from daysheet.phones.models import Call
from daysheet.visits.models import Visit
from tests.days.conftest import Comes
from tests.days.office import TODAY, Office
from tests.days.person import Person

pytestmark = pytest.mark.browser
DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "pictures"
WIDTH, HEIGHT, COLORS = 1280, 860, 64
ROOMS = ("schedule", "frontdesk", "coverage", "phones")


def addresses(office: Office) -> dict[str, str]:
    """Return which page each picture shows."""
    with office.within():
        here = Visit.objects.filter(service_on=TODAY, flow="arrived").order_by("number").first()
        here = here or Visit.objects.filter(service_on=TODAY).order_by("-number")[0]
        answered = EligibilityInquiry.objects.filter(response__isnull=False).order_by("-asked_at")[0]
        talk = Call.objects.filter(state="open").order_by("number")[0]
        return {
            "schedule-day": f"/schedule/{TODAY}/?where=all",
            "schedule-book": f"/schedule/book/{here.patient_id}/",
            "frontdesk-board": "/desk/?where=all",
            "frontdesk-check-in": f"/desk/visits/{here.pk}/check-in/",
            "coverage-plan-said": f"/coverage/answers/{answered.pk}/",
            "phones-desk": "/phones/",
            "phones-call": f"/phones/calls/{talk.pk}/",
        }


def opened(picture: bytes) -> Image.Image:
    """Return a picture, read whole."""
    with Image.open(io.BytesIO(picture)) as found:
        found.load()
        return found


def taken(rosa: Person, address: str) -> bytes:
    """Return a page as a small picture of few colours."""
    rosa.go(address)
    expect(rosa.page.locator("main h1").first).to_be_visible()
    rosa.settled()
    rosa.page.wait_for_timeout(300)
    shot = opened(rosa.page.screenshot()).convert("RGB")
    out = io.BytesIO()
    shot.quantize(COLORS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def test_every_picture_shows_its_page_and_stands_on_the_page_of_its_room(
    office: Office, comes: Comes
) -> None:
    rosa = comes("receptionist")
    rosa.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    wrong = {}
    for name, address in addresses(office).items():
        picture = taken(rosa, address)
        if os.environ.get("DAYSHEET_PICTURES"):
            PICTURES.mkdir(exist_ok=True)
            (PICTURES / f"{name}.png").write_bytes(picture)
        room = name.split("-")[0]
        kept = PICTURES / f"{name}.png"
        page = (DOCS / "rooms" / f"{room}.md").read_text()
        if not kept.exists() or opened(kept.read_bytes()).size != (WIDTH, HEIGHT):
            wrong[name] = "no picture of that size is kept"
        elif f"../pictures/{name}.png" not in page:
            wrong[name] = f"docs/rooms/{room}.md does not show it"
        elif len(opened(picture).convert("RGB").getcolors(1 << 20) or []) < 8:
            wrong[name] = "the page is empty"
    assert wrong == {}
    assert {name.split("-")[0] for name in addresses(office)} == set(ROOMS)
