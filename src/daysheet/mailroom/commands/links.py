"""Links by which a patient answers without a sign-in: made, used once, taken back."""

from datetime import datetime
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.mailroom import links
from daysheet.mailroom.models import PortalLink


class LinkIsOver(Refusal):
    """The link was used, has run out, or was taken back."""


@command(needs=Can.WORK)
def make_link(
    by: Actor, /, *, purpose: str, patient_id: UUID, expires_at: datetime, subject: Model | None = None
) -> tuple[PortalLink, str]:
    """Make a link for a patient, and return it with its token; the token is in the message alone."""
    token = links.new_token(by.practice_id)
    made = PortalLink.objects.create(
        patient_id=patient_id,
        purpose=purpose,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        token_hash=links.hash_of(token),
        made_at=by.now,
        made_by=by.name,
        expires_at=expires_at,
    )
    record(by, "mailroom.link.made", made, purpose=purpose)
    return made, token


@command(needs=Can.WORK)
def open_link(by: Actor, /, *, link_id: UUID) -> None:
    """Note that a link was opened; opening uses nothing up, since mail programs open links by themselves."""
    PortalLink.objects.filter(pk=link_id, opened_at=None).update(opened_at=by.now)
    record(by, "mailroom.link.opened", PortalLink.objects.get(pk=link_id))


@command(needs=Can.WORK)
def use_link(by: Actor, /, *, link_id: UUID, press: str = "") -> PortalLink:
    """Use a link up. Of two at once the second waits for the first, and is refused.

    Raises LinkIsOver.
    """
    held = PortalLink.objects.select_for_update().filter(pk=link_id).first()
    if held is None or not held.is_live(by.now):
        raise LinkIsOver(_("This link opens nothing any more."))
    held.used_at, held.used_by = by.now, press[:80]
    held.save(update_fields=["used_at", "used_by"])
    record(by, "mailroom.link.used", held, purpose=held.purpose)
    return held


@command(needs=Can.WORK)
def keep_link_until(by: Actor, /, *, link_id: UUID, expires_at: datetime) -> PortalLink:
    """Let a link hold until another moment: what it is about was moved.

    Raises LinkIsOver.
    """
    held = PortalLink.objects.select_for_update().filter(pk=link_id).first()
    if held is None or not held.is_live(by.now):
        raise LinkIsOver(_("This link opens nothing any more."))
    held.expires_at = expires_at
    held.save(update_fields=["expires_at"])
    record(by, "mailroom.link.kept-until", held, purpose=held.purpose, until=expires_at.isoformat())
    return held


@command(needs=Can.WORK)
def revoke_link(by: Actor, /, *, link_id: UUID) -> PortalLink:
    """Take a link back, so that it opens nothing any more.

    Raises LinkIsOver.
    """
    held = PortalLink.objects.select_for_update().filter(pk=link_id).first()
    if held is None or not held.is_live(by.now):
        raise LinkIsOver(_("This link opens nothing any more; there is nothing to take back."))
    held.revoked_at, held.revoked_by = by.now, by.name
    held.save(update_fields=["revoked_at", "revoked_by"])
    record(by, "mailroom.link.revoked", held, purpose=held.purpose)
    return held


@command(needs=Can.WORK)
def let_link_hold_again(by: Actor, /, *, link_id: UUID) -> PortalLink:
    """Let a link that was taken back open its page again: what it is about stands after all.

    Raises LinkIsOver when it was used or has run out.
    """
    held = PortalLink.objects.select_for_update().filter(pk=link_id).first()
    if held is None or held.used_at is not None or by.now >= held.expires_at:
        raise LinkIsOver(_("This link opens nothing any more."))
    held.revoked_at, held.revoked_by = None, ""
    held.save(update_fields=["revoked_at", "revoked_by"])
    record(by, "mailroom.link.holds-again", held, purpose=held.purpose)
    return held
