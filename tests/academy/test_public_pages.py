"""What every public page of the academy promises: no cookie, keepable, quotable."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_page_sets_no_cookie_and_may_be_kept() -> None:
    answer = Client().get("/academy/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert b"<script" not in answer.content
    assert b'rel="canonical"' in answer.content


def test_an_unchanged_page_is_answered_in_a_word() -> None:
    first = Client().get("/academy/")
    again = Client().get("/academy/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
