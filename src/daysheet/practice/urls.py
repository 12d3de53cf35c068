"""Signing in, the lock, one's own settings."""

from django.urls import path

from daysheet.practice import views

app_name = "practice"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/demo/", views.sign_in_demo, name="sign-in-demo"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("lock/", views.lock, name="lock"),
    path("resume/", views.resume, name="resume"),
    path("draft/", views.draft, name="draft"),
    path("keep-alive/", views.keep_alive, name="keep-alive"),
    path("switch/", views.switch, name="switch"),
    path("me/", views.profile, name="profile"),
    path("me/sign-ins/<uuid:desk_session_id>/end/", views.session_revoke, name="session-revoke"),
    path("help/", views.help_page, name="help"),
]
