"""The lines on which the telephone system rings for us: named, secured, retired and taken back, heard."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.phones import keys, rules
from daysheet.phones.models import PhoneLine


class LineIsKnown(Refusal):
    """The office has a line of this name already."""


class LineIsUnknown(Refusal):
    """There is no such line."""


class LineIsWrong(Refusal):
    """The name of a line, or from where it may ring, cannot be."""


@command(needs=Can.MANAGE_OFFICE)
def keep_line(
    by: Actor, /, *, line_id: UUID | None = None, version: int = 0, name: str, hosts: str
) -> PhoneLine:
    """Add a line or change one: what the office calls it, and from which addresses it may ring.

    Raises LineIsKnown, LineIsUnknown, LineIsWrong or StaleForm.
    """
    words = name.strip()
    if not words:
        raise LineIsWrong(_("Name the line."), name=_("Name the line."))
    found = PhoneLine(user=keys.new_line_user(), made_at=by.now, made_by=by.name)
    if line_id:
        found = _locked(line_id)
        if found.version != version:
            raise StaleForm(_("Somebody else has changed this line meanwhile. Look at it again."))
        found.version += 1
    found.name, found.hosts = words, "" if found.exchange and not hosts.strip() else _hosts(hosts)
    known = LineIsKnown(_("This office has a line of that name."), name=_("Use another name."))
    with refusing(phone_line_name_is_own=known):
        found.save()
    record(by, "phones.line.kept", found, name=words, hosts=found.hosts)
    announce(by.practice_id, "phones")
    return found


@command(needs=Can.MANAGE_OFFICE)
def secure_line(by: Actor, /, *, line_id: UUID) -> str:
    """Make a secret that each call of a line must prove; the earlier one proves nothing any more. Shown once.

    Raises LineIsUnknown.
    """
    found, secret = _locked(line_id), keys.new_secret()
    found.secret = keys.seal(secret)
    found.version += 1
    found.save(update_fields=["secret", "version"])
    record(by, "phones.line.secured", found)
    return secret


@command(needs=Can.MANAGE_OFFICE)
def open_line(by: Actor, /, *, line_id: UUID) -> PhoneLine:
    """Ask the calls of a line for no secret any more: the addresses that it names are enough.

    Raises LineIsUnknown.
    """
    found = _locked(line_id)
    found.secret = ""
    found.version += 1
    found.save(update_fields=["secret", "version"])
    record(by, "phones.line.opened", found)
    return found


@command(needs=Can.MANAGE_OFFICE)
def retire_line(by: Actor, /, *, line_id: UUID) -> PhoneLine:
    """Hear nothing on a line any more; its calls stay. Raises LineIsUnknown."""
    found = _locked(line_id)
    if found.retired_at is None:
        found.retired_at = by.now
        found.save(update_fields=["retired_at"])
    record(by, "phones.line.retired", found)
    return found


@command(needs=Can.MANAGE_OFFICE)
def restore_line(by: Actor, /, *, line_id: UUID) -> PhoneLine:
    """Hear on a retired line again, under its old address and with its old secret.

    Raises LineIsKnown or LineIsUnknown.
    """
    found = _locked(line_id)
    found.retired_at = None
    with refusing(phone_line_name_is_own=LineIsKnown(_("Another line has that name now. Rename it first."))):
        found.save(update_fields=["retired_at"])
    record(by, "phones.line.restored", found)
    return found


@command(needs=Can.ANSWER_PHONES)
def hear_line(by: Actor, /, *, line_id: UUID) -> None:
    """Note that a line gave a sign of life without a call."""
    heard = PhoneLine.objects.filter(pk=line_id).update(heard_at=by.now)
    record(by, "phones.line.heard", lines=heard)


def _locked(line_id: UUID) -> PhoneLine:
    found = PhoneLine.objects.select_for_update().filter(pk=line_id).first()
    if found is None:
        raise LineIsUnknown(_("There is no such line."))
    return found


def _hosts(text: str) -> str:
    try:
        found = rules.networks(text)
    except ValueError as no:
        told = _("“%(word)s” is no address of one office, such as 192.168.1.10 or 192.168.1.0/24.")
        raise LineIsWrong(_("The line cannot be kept."), hosts=told % {"word": str(no)[:60]}) from None
    if not found or len(found) > rules.MOST_HOSTS:
        told = _("Write from which addresses the telephone system rings, one to twenty, one a line.")
        raise LineIsWrong(_("The line cannot be kept."), hosts=told)
    return "\n".join(str(one.network_address if one.num_addresses == 1 else one) for one in found)
