"""One form, one act: the second press of the same form gets the first one's answer."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.http import HttpResponse, HttpResponseBase

from daysheet.kernel.ids import new_id
from daysheet.kernel.models import OnceKey

KEPT_HEADERS = (
    "Location",
    "Content-Type",
    "HX-Redirect",
    "HX-Trigger",
    "HX-Location",
    "Vary",
    "Content-Disposition",
)
MOST = 256 * 1024


def claim_key(*, practice_id: UUID, key: str, user_id: UUID | None, path: str, now: datetime) -> bool:
    """Return whether this is the first press. A press at the same moment waits here for the first to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into once_key (id, practice_id, key, user_id, path, status, headers, body, made_at)
               values (%s, %s, %s, %s, %s, 0, '{}', '', %s) on conflict (practice_id, key) do nothing returning id""",
            [new_id(), practice_id, key[:200], user_id, path[:500], now],
        )
        return cursor.fetchone() is not None


def earlier_answer(*, key: str, user_id: UUID | None, path: str) -> HttpResponse | None:
    """Return the answer that the first press got, or None where the key was another person's or another form's."""
    kept = OnceKey.objects.filter(key=key[:200]).first()
    if kept is None or kept.user_id != user_id or kept.path != path[:500] or not kept.status:
        return None
    response = HttpResponse(bytes(kept.body), status=kept.status)
    for name, value in kept.headers.items():
        response[name] = value
    return response


def forget_before(moment: datetime) -> int:
    """Forget the acting practice's answers of forms that were pressed before a moment; return how many."""
    return OnceKey.objects.filter(made_at__lt=moment).delete()[0]


def keep_answer(response: HttpResponseBase, *, key: str) -> None:
    """Keep the answer of an act beside its key; an answer that refused frees the key for the mended form."""
    row = OnceKey.objects.filter(key=key[:200])
    if response.status_code >= 400 or not isinstance(response, HttpResponse) or len(response.content) > MOST:
        row.delete()
        return
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    row.update(status=response.status_code, headers=headers, body=response.content)
