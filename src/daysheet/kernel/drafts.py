"""Drafts: what a person has typed and not yet saved, kept on the server for that person alone."""

import re
from datetime import datetime
from uuid import UUID

from daysheet.kernel.cards import holds_card_number
from daysheet.kernel.models import Draft

SECRET = re.compile(r"password|secret|token|(^|[-_])(pin|again|otp)[0-9]*($|[-_])|^code$")
"""Names of fields that are never kept; a ZIP code or a procedure's code of a line is none of them."""
MOST_FIELDS = 200
MOST_TEXT = 20_000


def keep_draft(*, user_id: UUID, form: str, fields: dict[str, list[str]], now: datetime) -> None:
    """Keep the fields of a form, by the path of its page or of its answer; secrets and card numbers are left out."""
    safe = {
        name: ["" if holds_card_number(value) else value[:MOST_TEXT] for value in values]
        for name, values in list(fields.items())[:MOST_FIELDS]
        if not SECRET.search(name.lower())
    }
    Draft.objects.update_or_create(
        user_id=user_id, form=form[:500], defaults={"fields": safe, "kept_at": now}
    )


def draft_of(*, user_id: UUID, form: str) -> Draft | None:
    """Return what the person had typed into that form."""
    return Draft.objects.filter(user_id=user_id, form=form[:500]).first()


def drop_draft(*, user_id: UUID, form: str) -> None:
    """Forget the draft: it was saved, or its person let it go."""
    Draft.objects.filter(user_id=user_id, form=form[:500]).delete()


def forget_before(moment: datetime) -> int:
    """Forget the acting practice's drafts that were kept before a moment; return how many."""
    return Draft.objects.filter(kept_at__lt=moment).delete()[0]
