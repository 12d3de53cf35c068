"""The addresses: every room that has screens, under its own word."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from daysheet.site import views

PREFIXES = {
    "practice": "",
    "mailroom": "mail/",
    "documents": "papers/",
    "tasks": "work/",
    "ledger": "money/",
    "frontdesk": "desk/",
    "payer": "insurance/",
    "portal": "p/",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.door, name="door"),
    path("health/", views.health, name="health"),
    path("accounts/login/", views.sign_in_elsewhere, name="sign-in-elsewhere"),
    path("accounts/", include("allauth.urls")),
    path("ui/", include("daysheet.ui.urls")),
    *[
        path(PREFIXES.get(room, f"{room}/"), include(f"daysheet.{room}.urls"))
        for room in settings.ROOMS
        if (settings.PACKAGE / room / "urls.py").is_file()
    ],
]

handler400 = "daysheet.site.failures.bad_request"
handler403 = "daysheet.site.failures.forbidden"
handler404 = "daysheet.site.failures.not_found"
handler500 = "daysheet.site.failures.broken"
