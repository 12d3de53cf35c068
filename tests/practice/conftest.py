"""What the tests of signing in stand on."""

from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth

from tests import cast


@pytest.fixture(autouse=True)
def the_clock_of_code_apps_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no code become another between the moment in which it is read and that in which it is typed."""
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=cast.NOW.timestamp))
