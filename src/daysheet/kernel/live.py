"""Live news: a screen elsewhere hears that something changed, never what."""

import json
from uuid import UUID

from django.db import connection

CHANNEL = "daysheet_live"


def announce(practice_id: UUID, topic: str, key: str = "") -> None:
    """Tell every open screen of the practice, at the commit, that a topic changed. No patient data goes along."""
    with connection.cursor() as cursor:
        payload = json.dumps({"practice": str(practice_id), "topic": topic, "key": key})
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, payload])
