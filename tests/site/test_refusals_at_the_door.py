"""A refusal that no screen caught is still an answer: its sentence, and nothing saved."""

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.patients.models import Patient
from daysheet.site.urls import urlpatterns as office
from daysheet.ui.screens import Request, screen
from tests import make
from tests.desk import signed_in
from tests.house import furnished


@screen(needs=Can.WORK, methods=("POST",))
def half_done(request: Request) -> HttpResponse:
    """Do half an act, then refuse."""
    make.patient("Halfway")
    raise Refusal("That time has just been taken.")


urlpatterns = [*office, path("half-done/", half_done)]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_the_sentence_is_shown_and_nothing_is_half_done() -> None:
    house = furnished()
    with house.open():
        browser = signed_in(make.member("receptionist", "rosa", at=house.door))
    answer = browser.post("/half-done/")
    assert answer.status_code == 409
    assert "That time has just been taken." in answer.content.decode()
    with house.open():
        assert not Patient.objects.filter(family="Halfway").exists()
