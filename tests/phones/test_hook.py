"""A telephone system reports through a signed door; what is refused leaves nothing behind."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from daysheet.kernel import clock
from daysheet.phones import commands, rules
from daysheet.phones.commands import Keys
from daysheet.phones.models import Call, HookReport
from tests import cast, make

pytestmark = pytest.mark.django_db
RING = {"id": "r1", "event": "ringing", "call": "line-1", "number": "+15552010142"}


@pytest.fixture
def door() -> Iterator[Keys]:
    practice = make.practice()
    with make.acting(practice):
        yield commands.open_hook(cast.ana(practice.pk))


def post(door: Keys, body: bytes, *, secret: str = "", late: int = 0, token: str = "") -> Any:
    stamp = str(int(clock.system_now().timestamp()) - late)
    headers = {
        "X-Daysheet-Timestamp": stamp,
        "X-Daysheet-Signature": rules.sign(secret or door.secret, stamp, body),
    }
    at = reverse("phones:hook", args=[token or door.token])
    browser = Client(enforce_csrf_checks=True)
    return browser.post(at, body, content_type="application/json", headers=headers)


def test_a_signed_ring_is_a_call_once(door: Keys) -> None:
    assert [post(door, orjson.dumps(RING)).status_code for _ in range(2)] == [200, 200]
    assert (Call.objects.get().state, HookReport.objects.count()) == ("ringing", 1)


@pytest.mark.parametrize(
    ("body", "how", "status"),
    [
        (orjson.dumps(RING), {"secret": "another"}, 401),
        (orjson.dumps(RING), {"late": 301}, 401),
        (orjson.dumps(RING), {"token": "nobody"}, 404),
        (orjson.dumps(RING), {"token": "0" * 32 + "-abc"}, 404),
        (b"x" * (16 * 1024 + 1), {}, 413),
        (b"{", {}, 422),
        (b"[]", {}, 422),
        (orjson.dumps(RING | {"event": "explodes"}), {}, 422),
        (orjson.dumps(RING | {"id": 7}), {}, 422),
        (orjson.dumps(RING | {"call": "\0"}), {}, 422),
    ],
)
def test_what_is_refused_is_told_and_not_kept(door: Keys, body: bytes, how: Any, status: int) -> None:
    answer = post(door, body, **how)
    assert answer.status_code == status
    assert answer.json()["said"].endswith(".")
    assert not Call.objects.exists()
    assert not HookReport.objects.exists()


def test_new_keys_shut_the_old_ones_out(door: Keys) -> None:
    made = Call.objects.model.practice.field.default()
    commands.open_hook(cast.ana(made))
    assert post(door, orjson.dumps(RING)).status_code == 404
