"""Who is behind the cookies of a live stream: asked of the session table, outside any request."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.utils.crypto import constant_time_compare

PRACTICE_KEY = "_practice"


def may_listen(cookies: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the acting practice and the user of a signed-in browser, or None; no idle clock is touched."""
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    close_old_connections()
    kept = SessionStore(key).load()
    practice, user_id = kept.get(PRACTICE_KEY), kept.get(SESSION_KEY)
    if not practice or not user_id:
        return None
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    if user is None or not constant_time_compare(
        kept.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    ):
        return None
    return str(practice), str(user_id)
