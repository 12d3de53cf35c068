"""A line that signs in at an exchange: kept, taken back, and how it stands there."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import StaleForm
from daysheet.kernel.live import announce
from daysheet.phones import keys, rules
from daysheet.phones.commands.lines import LineIsKnown, LineIsUnknown, LineIsWrong, _locked
from daysheet.phones.models import PhoneLine


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where a line signs in, as whom, and by which password; an empty one is the one kept before."""

    exchange: str
    by: str
    account: str
    password: str = field(default="", repr=False)
    name: str = ""
    proxy: str = ""
    authority: str = ""


@command(needs=Can.MANAGE_OFFICE)
def sign_line_in(
    by: Actor, /, *, sign_in: SignIn, name: str, line_id: UUID | None = None, version: int = 0
) -> PhoneLine:
    """Let a line sign in at an exchange, a new one or one that is kept; it begins within seconds.

    A password that is kept goes to the exchange and account that it was given for, and to no other.
    Raises LineIsKnown, LineIsUnknown, LineIsWrong or StaleForm.
    """
    found = PhoneLine(user=keys.new_line_user(), made_at=by.now, made_by=by.name)
    if line_id:
        found = _locked(line_id)
        if found.version != version:
            raise StaleForm(_("Somebody else has changed this line meanwhile. Look at it again."))
        found.version += 1
    if not name.strip():
        raise LineIsWrong(_("Name the line."), name=_("Name the line."))
    if sign_in.by not in PhoneLine.Over.values or not sign_in.account:
        raise LineIsWrong(_("Say by which way and as whom the line signs in."))
    host, port = _machine(sign_in.exchange)
    before = (
        found.exchange,
        found.exchange_port,
        found.exchange_by,
        found.proxy,
        found.account,
        found.sign_in_name,
    )
    now = (host, port, sign_in.by, sign_in.proxy.strip(), sign_in.account, sign_in.name)
    if not sign_in.password and (not found.password or before != now):
        told = _("The password is asked again when it goes to another exchange or for another account.")
        raise LineIsWrong(
            _("The line cannot sign in."), password=told if found.password else _("Write the password.")
        )
    if sign_in.password:
        found.password = keys.seal(sign_in.password)
    (
        found.exchange,
        found.exchange_port,
        found.exchange_by,
        found.proxy,
        found.account,
        found.sign_in_name,
    ) = now
    found.name, found.authority = name.strip(), sign_in.authority
    found.standing, found.standing_at, found.signed_in_until = "", None, None
    known = LineIsKnown(_("This office has a line of that name."), name=_("Use another name."))
    with refusing(phone_line_name_is_own=known):
        found.save()
    record(by, "phones.line.signs-in", found, name=found.name, exchange=host, over=sign_in.by)
    announce(by.practice_id, "phones")
    return found


@command(needs=Can.MANAGE_OFFICE)
def end_sign_in(by: Actor, /, *, line_id: UUID) -> PhoneLine:
    """Let a line sign in nowhere any more, and forget the password.

    Raises LineIsUnknown, or LineIsWrong where nothing else may ring the line: it is retired then.
    """
    found = _locked(line_id)
    if not found.exchange:
        raise LineIsUnknown(_("This line signs in nowhere."))
    if not found.hosts:
        raise LineIsWrong(
            _("Nothing else rings this line. Retire it, or write first from where it may ring.")
        )
    found.exchange, found.proxy, found.account, found.sign_in_name = "", "", "", ""
    found.password, found.authority, found.exchange_port = "", "", 0
    found.standing, found.standing_at, found.signed_in_until = "", None, None
    found.version += 1
    found.save()
    record(by, "phones.line.signs-in-no-more", found)
    announce(by.practice_id, "phones")
    return found


@command(needs=Can.ANSWER_PHONES)
def note_standing(by: Actor, /, *, line_id: UUID, standing: str, seconds: int = 0) -> None:
    """Note how a line stands with its exchange, and for how many seconds more it is signed in."""
    until = by.now + timedelta(seconds=seconds) if seconds else None
    rows = PhoneLine.objects.filter(pk=line_id).exclude(exchange="")
    rows.exclude(standing=standing).update(standing_at=by.now)
    noted = rows.update(standing=standing, signed_in_until=until)
    record(by, "phones.line.stands", lines=noted, standing=standing)
    announce(by.practice_id, "phones")


def _machine(text: str) -> tuple[str, int]:
    try:
        return rules.host_and_port(text)
    except ValueError:
        told = _("Write the exchange's name or address, such as pbx.example.com or 192.168.1.10:5061.")
        raise LineIsWrong(_("The line cannot sign in."), exchange=told) from None
