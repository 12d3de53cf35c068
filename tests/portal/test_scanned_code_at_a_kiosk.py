"""The signed link as a code of squares: shown on the patient's page, read by a kiosk's scanner, with the birth date."""

import io
from datetime import timedelta

import zxingcpp
from django.core.cache import cache
from django.test import Client
from PIL import Image, ImageDraw
from qrcode.main import QRCode

from daysheet.mailroom.models import PortalLink
from daysheet.portal import commands
from daysheet.portal.models import SelfCheckIn
from daysheet.portal.qr import drawn
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast
from tests.desk import hidden_fields
from tests.house import House, appointment
from tests.portal.test_kiosk import HERE, born, kiosk, lines, through
from tests.reminded import BASE, path_of, reminded, system

SOON = cast.NOW + timedelta(minutes=40)


def scan(house: House, browser: Client, text: str, **said: str) -> "object":
    form = hidden_fields(browser.get(HERE).content.decode(), form='action="/p/here/"')
    return browser.post(HERE, form | {"code": text} | born(house) | said)


def linked(house: House) -> tuple[SelfCheckIn, str]:
    booked = appointment(house, SOON)
    row, token = commands.offer_link(house.rosa, appointment_id=booked.pk)
    return row, token


def test_a_scanned_link_and_the_birth_date_open_the_steps(house: House) -> None:
    row, token = linked(house)
    browser = kiosk(house)
    answer = scan(house, browser, f"{BASE}/p/{token}/check-in/\r")
    assert answer["Location"] == f"{HERE}1/"
    row.refresh_from_db()
    assert (row.state, row.visit.flow, row.is_phone) == ("doing", "arrived", False)
    assert through(browser, row)["Location"].startswith("/p/here/end/")


def test_the_link_of_who_came_without_an_appointment_opens_at_the_kiosk_too(house: House) -> None:
    visit = visits.walk_in(
        house.rosa,
        patient_id=house.diaz.pk,
        provider_id=house.lee.pk,
        location_id=house.door.pk,
        reason="Cough",
    )
    row, token = commands.offer_link_for_visit(house.rosa, visit_id=visit.pk)
    browser = kiosk(house)
    assert scan(house, browser, token)["Location"] == f"{HERE}1/"
    row.refresh_from_db()
    assert (row.state, row.visit_id, Visit.objects.count()) == ("doing", visit.pk, 1)


def test_a_scanner_that_types_the_token_alone_is_understood_and_the_code_is_not_shown(house: House) -> None:
    _row, token = linked(house)
    browser = kiosk(house)
    half = scan(house, browser, token, born_on_2="")
    body = half.content.decode()
    assert (half.status_code, "We have read your code." in body) == (422, True)
    assert 'name="code"' in body
    assert "Four digits" not in body
    assert scan(house, browser, token)["Location"] == f"{HERE}1/"


def test_what_opens_nothing_is_told_like_a_wrong_code(house: House) -> None:
    row, token = linked(house)
    browser = kiosk(house)
    wrong = scan(house, browser, "1111")
    PortalLink.objects.filter(pk=row.link_id).update(revoked_at=cast.NOW)
    dead = scan(house, browser, token)
    assert (wrong.status_code, dead.status_code) == (422, 422)
    assert lines(wrong) == lines(dead)
    assert not Visit.objects.exists()


def test_another_door_or_another_day_is_not_checked_in_here(house: House) -> None:
    row, token = linked(house)
    browser = kiosk(house)
    tomorrow = appointment(house, SOON + timedelta(days=1))
    _other, later = commands.offer_link(house.rosa, appointment_id=tomorrow.pk)
    assert scan(house, browser, later).status_code == 422
    row.refresh_from_db()
    assert row.state == "offered"
    assert scan(house, browser, token).status_code == 303


def test_three_wrong_birth_dates_end_the_link(house: House) -> None:
    row, token = linked(house)
    browser = kiosk(house)
    for _n in range(3):
        cache.clear()
        assert scan(house, browser, token, born_on_2="1950").status_code in (422, 429)
    assert PortalLink.objects.get(pk=row.link_id).revoked_at is not None


def test_the_link_of_a_reminder_opens_the_visit_of_today(house: House) -> None:
    _booked, sent = reminded(house, cast.NOW + timedelta(hours=5))
    browser = kiosk(house)
    assert scan(house, browser, BASE + path_of(sent)).status_code == 303
    assert Visit.objects.get().flow == "arrived"


def test_who_confirms_sees_the_code_and_its_squares_say_the_address(house: House) -> None:
    _booked, sent = reminded(house)
    cache.clear()
    browser = Client()
    form = hidden_fields(browser.get(path_of(sent)).content.decode())
    told = browser.post(path_of(sent), form | {"answer": "confirmed"}).content.decode()
    token = told.split('href="/p/')[1].split("/")[0]
    assert "<svg" in told
    assert str(drawn(f"{BASE}/p/{token}/")) in told
    assert read(f"{BASE}/p/{token}/") == f"{BASE}/p/{token}/"
    assert Client().get(f"/p/{token}/")["Location"] == f"/p/{token}/check-in/"


def read(text: str) -> str:
    """Draw the squares of a text as the page does, and read them as a scanner would."""
    made = QRCode()
    made.add_data(text)
    made.make(fit=True)
    squares = made.get_matrix()
    size = 6
    image = Image.new("L", (len(squares) * size, len(squares) * size), 255)
    draw = ImageDraw.Draw(image)
    for y, row in enumerate(squares):
        for x, is_dark in enumerate(row):
            if is_dark:
                draw.rectangle((x * size, y * size, x * size + size - 1, y * size + size - 1), fill=0)
    out = io.BytesIO()
    image.save(out, "PNG")
    return zxingcpp.read_barcodes(Image.open(out))[0].text


def test_the_own_phone_shows_it_too(house: House) -> None:
    _row, token = linked(house)
    cache.clear()
    body = Client().get(f"/p/{token}/check-in/").content.decode()
    assert "<svg" in body
    assert "Diaz" not in body
    assert system(house).practice_id == house.practice.pk
