"""The sessions of Django's database backend, read by one statement that is not built anew for each page."""

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from daysheet.kernel.planned import planned_cursor

SESSION = "select session_data from django_session where session_key = %s and expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's own store; only the reading with which every page begins is written out."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing for one that is unknown or over, which then takes a new key."""
        with planned_cursor() as cursor:
            cursor.execute(SESSION, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(row[0])
        return held
