"""Django's settings. What a machine decides comes from the environment; the rest is the product."""

import os
import secrets
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from daysheet.site.state import PACKAGE, state_dir

STATE = state_dir()


def _secret_key() -> str:
    """Return the installation's own key: from the environment, else kept beside the data; a passing one without."""
    if key := os.environ.get("DAYSHEET_SECRET_KEY"):
        return key
    kept = STATE / "secret.key"
    try:
        return kept.read_text().strip()
    except OSError:
        return secrets.token_urlsafe(50)


def _database() -> dict[str, Any]:
    role = os.environ.get("DAYSHEET_DB_ROLE", "daysheet_app")
    common: dict[str, Any] = {"ENGINE": "daysheet.kernel.pg", "ATOMIC_REQUESTS": False, "CONN_MAX_AGE": None}
    common["CONN_HEALTH_CHECKS"] = True  # after a restart of the database the next page works
    if url := os.environ.get("DATABASE_URL"):
        parts = urlsplit(url)
        return common | {
            "NAME": parts.path.lstrip("/"),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "USER": unquote(parts.username or role),
            "PASSWORD": unquote(parts.password or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    return common | {
        "NAME": os.environ.get("DAYSHEET_DB_NAME", "daysheet"),
        "HOST": os.environ.get("DAYSHEET_DB_SOCKET", str(STATE / "run")),
        "PORT": os.environ.get("DAYSHEET_DB_PORT", "5432"),
        "USER": role,
    }


SECRET_KEY = _secret_key()
DEBUG = False
# By which names the office may be called; `daysheet run` on an open address names this machine's.
ALLOWED_HOSTS = os.environ.get("DAYSHEET_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
SIP_PORT = int(os.environ.get("SIP_PORT", "5060"))  # where telephone lines are heard
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rooms, by floor from below; one that is not built is left out by itself.
ROOMS = [
    room
    for room in (
        "practice",
        "patients",
        "mailroom",
        "documents",
        "letters",
        "privacy",
        "tasks",
        "coverage",
        "schedule",
        "ledger",
        "visits",
        "charges",
        "claims",
        "frontdesk",
        "phones",
        "reports",
        "payer",
        "interop",
        "movein",
        "portal",
        "academy",
    )
    if (PACKAGE / room / "apps.py").is_file()
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "daysheet.kernel",
    "daysheet.ui",
    *[f"daysheet.{room}" for room in ROOMS],
    "daysheet.site",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "daysheet.site.middleware.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "daysheet.site.kiosk.KioskStays",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "daysheet.site.middleware.OfficeDoor",
]

ROOT_URLCONF = "daysheet.site.urls"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "daysheet.ui.templates.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# What all processes remember for minutes: tries at a sign-in, codes used once
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kept_briefly"}}

# Sign-in; behind a proxy that ends TLS, all of it is for https alone
HTTPS = os.environ.get("DAYSHEET_HTTPS") == "1"
AUTH_USER_MODEL = "practice.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "daysheet.practice.adapters.OfficeAdapter"
MFA_ADAPTER = "daysheet.practice.adapters.SecondFactorAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_FORMS = {
    "authenticate": "daysheet.practice.forms.CodeForm",
    "authenticate_webauthn": "daysheet.practice.forms.SecondKeyForm",
    "login_webauthn": "daysheet.practice.forms.PasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Plain http is for localhost alone (browsers refuse passkeys on it elsewhere); behind TLS the origin is checked too.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Daysheet"

SESSION_ENGINE = "daysheet.site.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "daysheet_session"
CSRF_COOKIE_NAME = "daysheet_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_FAILURE_VIEW = "daysheet.site.failures.stale_form"

# What may come in
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Language, time
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"

# How patients reach this office by the links in their messages; without it a message carries none
PUBLIC_URL = os.environ.get("DAYSHEET_PUBLIC_URL", "")

# Mail leaves by SMTP only where an office set it up; else it stays in the mailroom's outbox
EMAIL_HOST = os.environ.get("DAYSHEET_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("DAYSHEET_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("DAYSHEET_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("DAYSHEET_SMTP_PASSWORD", "")
DEFAULT_FROM_EMAIL = os.environ.get("DAYSHEET_MAIL_FROM", "office@localhost")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_READONLY_MODELS = True

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["err"], "level": "WARNING"},
    # It warns of an app made in a program's main module; ours lends the one app to the reader of the queue.
    "loggers": {"procrastinate.blueprints": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
