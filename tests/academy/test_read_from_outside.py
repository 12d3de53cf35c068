"""What other programs read: the feed of newer figures, a link's picture, what the pages say about themselves."""

import csv
import re
import struct
from xml.etree import ElementTree as Xml

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.academy.facts.views import TABLES
from daysheet.academy.figures import pack
from daysheet.academy.home import words

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_the_feed_names_each_public_file_once_newest_first() -> None:
    answer = Client().get("/academy/feed.xml")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    feed = Xml.fromstring(answer.content)
    ids = [one.text for one in feed.findall("a:entry/a:id", ATOM)]
    assert sorted(ids) == sorted(
        f"urn:sha256:{row['sha256']}" for row in pack.rows("select sha256 from sources")
    )
    days = [one.text for one in feed.findall("a:entry/a:updated", ATOM)]
    assert days == sorted(days, reverse=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", day or "") for day in days)
    assert [one.text for one in feed.findall("a:updated", ATOM)] == days[:1]


@pytest.mark.parametrize("page", ["home", "pay", "school"])
def test_a_link_has_a_picture_of_the_size_that_readers_want(page: str) -> None:
    answer = Client().get(f"/academy/pictures/{page}.png")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)


def test_there_is_no_picture_of_a_page_that_is_not_there() -> None:
    assert Client().get("/academy/pictures/nowhere.png").status_code == 404


def test_every_page_names_its_picture_and_the_feed() -> None:
    for page in words.pages():
        address = _address(page.name)
        text = Client().get(address).content.decode()
        assert (
            f'<meta property="og:image" content="http://testserver/academy/pictures/{page.name}.png">' in text
        )
        assert 'href="/academy/feed.xml"' in text


def _address(name: str) -> str:

    return reverse(f"academy:{name}")


def test_datasets_and_courses_say_what_they_are() -> None:
    sources = Client().get("/academy/sources/").content.decode()
    assert sources.count('itemtype="https://schema.org/Dataset"') == len(pack.rows("select id from sources"))
    assert 'itemtype="https://schema.org/DataDownload"' in Client().get("/academy/method/").content.decode()
    school = Client().get("/academy/programs/166638/").content.decode()
    courses = school.count('itemtype="https://schema.org/Course"')
    assert courses == school.count('itemprop="educationalCredentialAwarded"')


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_the_pack_can_be_taken_whole(name: str) -> None:
    count = pack.rows(f"select count(*) as n from {name}")[0]["n"]
    as_json = Client().get(f"/academy/data/tables/{name}.json")
    assert len(as_json.json()["rows"]) == count
    assert all(row["source_id"] for row in as_json.json()["rows"])
    lines = list(csv.reader(Client().get(f"/academy/data/tables/{name}.csv").content.decode().splitlines()))
    assert "source_id" in lines[0]
    again = Client().get(
        f"/academy/data/tables/{name}.json", headers={"if-none-match": as_json.headers["ETag"]}
    )
    assert again.status_code == 304


def test_no_other_table_is_given() -> None:
    for name in ("meta", "sqlite_master", "zip_cells", "nothing"):
        assert Client().get(f"/academy/data/tables/{name}.csv").status_code == 404
