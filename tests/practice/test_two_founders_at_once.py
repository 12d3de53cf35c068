"""Two people open the installation's own practice in the same moment: one does, the other hears one sentence."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from daysheet.kernel.models import Practice
from daysheet.practice.models import Membership, User
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
FOUNDERS = {"ana": "Oak Street Clinic", "mara": "Elm Street Clinic"}
PASSWORD = "four quiet rivers run"
LATE = "A practice is open here already. Sign in to it."


def test_two_founders_at_once_leave_one_whole_practice() -> None:
    start, browsers = Barrier(2), {name: Client() for name in FOUNDERS}

    def found(username: str) -> tuple[int, str]:
        sent = {"name": FOUNDERS[username], "zone_name": "America/New_York", "display_name": username.title()}
        sent |= {"username": username, "password": PASSWORD, "again": PASSWORD}
        start.wait()
        try:
            answer = browsers[username].post("/open/", sent)
            return answer.status_code, answer.content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        said = dict(zip(FOUNDERS, both.map(found, FOUNDERS), strict=True))
    winner, other = sorted(FOUNDERS, key=lambda who: said[who][0])
    assert [said[winner][0], said[other][0]] == [303, 409]
    assert LATE in said[other][1]
    assert 'href="/sign-in/"' in said[other][1]
    made = Practice.objects.get()
    assert made.name == FOUNDERS[winner]
    assert [one.username for one in User.objects.all()] == [winner]
    assert "_auth_user_id" not in browsers[other].session
    with make.acting(made):
        assert Membership.objects.get().display_name == winner.title()
