"""A live stream opens for a signed-in browser alone, and for the practice it acts in."""

import pytest
from django.conf import settings

from daysheet.kernel.models import Practice
from daysheet.practice.models import Membership
from daysheet.practice.signing_in import LOCKED, SEEN
from daysheet.site.sessions import may_listen
from tests import make
from tests.desk import signed_in

COOKIE = settings.SESSION_COOKIE_NAME


@pytest.fixture
def rosa(practice: Practice) -> Membership:
    return make.member("receptionist", "rosa")


def test_rosa_hears_the_practice_she_acts_in(rosa: Membership) -> None:
    browser = signed_in(rosa)
    who = (str(rosa.practice_id), str(rosa.user_id), None)
    assert may_listen({COOKIE: browser.cookies[COOKIE].value}) == who


@pytest.mark.parametrize(("key", "value"), [(LOCKED, True), (SEEN, 0)])
def test_a_locked_or_idle_screen_hears_nothing(rosa: Membership, key: str, value: object) -> None:
    browser = signed_in(rosa)
    session = browser.session
    session[key] = value
    session.save()
    assert may_listen({COOKIE: browser.cookies[COOKIE].value}) is None


def test_a_new_password_or_an_ended_membership_ends_the_stream(rosa: Membership) -> None:
    cookies = {COOKIE: signed_in(rosa).cookies[COOKIE].value}
    rosa.user.set_password("another long pass phrase")
    rosa.user.save()
    assert may_listen(cookies) is None


@pytest.mark.django_db
@pytest.mark.parametrize("cookies", [{}, {COOKIE: ""}, {COOKIE: "x" * 32}, {COOKIE: "'; drop table"}])
def test_nobody_hears_nothing(cookies: dict[str, str]) -> None:
    assert may_listen(cookies) is None
