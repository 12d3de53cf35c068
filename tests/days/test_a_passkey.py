"""Rosa sets up a passkey and signs in with one press: the scripts run under the office's own rules, nothing inline."""

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from daysheet.practice.models import User
from tests.days.conftest import Comes
from tests.days.office import Office

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"
FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_set_up_and_opens_the_office_with_one_press(office: Office, comes: Comes) -> None:
    with office.within():
        User.objects.filter(username="demo-receptionist").update(password=make_password(PASSWORD))
    rosa = comes(at=office.url.replace("127.0.0.1", "localhost"))
    device = rosa.context.new_cdp_session(rosa.page)
    device.send("WebAuthn.enable")
    finger = device.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})["authenticatorId"]

    rosa.go("/sign-in/")
    rosa.fill("E-mail or user name", "demo-receptionist")
    rosa.fill("Password", PASSWORD)
    rosa.press_button("Sign in")
    rosa.go("/accounts/2fa/webauthn/add/")
    rosa.fill("Password", PASSWORD)
    rosa.press_button("Confirm")
    rosa.page.get_by_label("Passwordless").check()
    rosa.press_button("Add")
    expect(rosa.page.get_by_text("Security key added.")).to_be_visible()
    assert len(device.send("WebAuthn.getCredentials", {"authenticatorId": finger})["credentials"]) == 1

    rosa.context.clear_cookies()
    rosa.go("/me/")
    expect(rosa.page).to_have_url(f"{rosa.url}/sign-in/?next=/me/")
    rosa.press_button("Use a passkey")
    expect(rosa.page).to_have_url(f"{rosa.url}/me/")
    rosa.sees("My settings")

    rosa.context.clear_cookies()
    rosa.go("/sign-in/?next=/me/")
    rosa.fill("E-mail or user name", "demo-receptionist")
    rosa.fill("Password", PASSWORD)
    rosa.press_button("Sign in")
    rosa.press_button("Use a security key")
    expect(rosa.page).to_have_url(f"{rosa.url}/me/")

    rosa.context.clear_cookies()
    rosa.go("/sign-in/")
    device.send("WebAuthn.clearCredentials", {"authenticatorId": finger})
    rosa.press_button("Use a passkey")
    rosa.sees("No passkey was used.")
