"""Settings of the floor's server: the same database and sessions, and nothing of the office's door."""

from daysheet.site.settings import *  # noqa: F403
from daysheet.site.settings import MIDDLEWARE as WHOLE

OFFICE_MIDDLEWARE = ["daysheet.site.bench.replay.as_the_office", *WHOLE]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # the package does not start without it
]
ROOT_URLCONF = "daysheet.site.bench.floor_urls"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
