"""Signing in, the lock, one's own settings; the office's places and people."""

from django.urls import path

from daysheet.practice.views import opening, places, settings, signing, staff

app_name = "practice"
urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign-in"),
    path("sign-in/demo/", signing.sign_in_demo, name="sign-in-demo"),
    path("sign-in/passkey/", signing.sign_in_passkey, name="sign-in-passkey"),
    path("open/", opening.open_practice, name="open"),
    path("sign-out/", signing.sign_out, name="sign-out"),
    path("lock/", signing.lock, name="lock"),
    path("lock/take-over/", signing.take_over, name="take-over"),
    path("lock/passkey/", signing.open_by_passkey, name="lock-passkey"),
    path("resume/", signing.resume, name="resume"),
    path("draft/", signing.draft, name="draft"),
    path("keep-alive/", signing.keep_alive, name="keep-alive"),
    path("switch/", signing.switch, name="switch"),
    path("me/", signing.profile, name="profile"),
    path("me/keys/", signing.letter_keys, name="letter-keys"),
    path("me/pin/", signing.pin, name="pin"),
    path("me/sign-ins/<uuid:desk_session_id>/end/", signing.session_revoke, name="session-revoke"),
    path("help/", signing.help_page, name="help"),
    path("office/", places.set_up, name="set-up"),
    path("office/paper/", places.office, name="office"),
    path("office/workstation/", signing.workstation, name="workstation"),
    path("office/places/", places.places, name="places"),
    path("office/places/<uuid:location_id>/", places.location, name="location"),
    path("office/places/<uuid:location_id>/rooms/", places.room_add, name="room-add"),
    path("office/places/<uuid:location_id>/bill-type/", places.bill_type_set, name="bill-type"),
    path("office/places/<uuid:location_id>/close/", places.location_close, name="location-close"),
    path("office/settings/", settings.settings, name="settings"),
    path("office/settings/words/<slug:trade>/", settings.words, name="words"),
    path("office/settings/<slug:setting>/", settings.setting, name="setting"),
    path("office/settings/<slug:setting>/add/", settings.setting_add, name="setting-add"),
    path(
        "office/settings/<uuid:added_setting_id>/take-back/",
        settings.setting_take_back,
        name="setting-take-back",
    ),
    path("office/staff/", staff.staff, name="staff"),
    path("office/staff/add/", staff.member_add, name="member-add"),
    path("office/staff/clinicians/add/", staff.provider_add, name="provider-add"),
    path("office/staff/<uuid:membership_id>/role/", staff.member_role, name="member-role"),
    path("office/staff/<uuid:membership_id>/end/", staff.member_end, name="member-end"),
    path(
        "office/staff/<uuid:membership_id>/second-factor/",
        staff.member_factor_reset,
        name="member-factor-reset",
    ),
    path("office/staff/<uuid:membership_id>/password/", staff.member_password, name="member-password"),
]
