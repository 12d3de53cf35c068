"""What the office decides about its telephone: reasons with their routes, and flagged numbers."""

import tomllib
from datetime import time
from importlib import resources
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can, roles
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.phones import queries, rules
from daysheet.phones.models import CallReason, PhoneFlag, RedFlag


class ReasonIsKnown(Refusal):
    """The office has a reason of these words already."""


class RedFlagIsKnown(Refusal):
    """The office has a red flag of these words already."""


class RouteIsWrong(Refusal):
    """The hours, the role or the time to call back of a reason cannot be."""


class NumberIsWrong(Refusal):
    """What was typed is no telephone number."""


@command(needs=Can.MANAGE_OFFICE)
def keep_reason(
    by: Actor,
    /,
    *,
    reason_id: UUID | None = None,
    version: int = 0,
    words: str,
    role: str,
    opens: time | None = None,
    closes: time | None = None,
    fallback: str = "",
    call_back_minutes: int = 240,
    becomes_task: bool = False,
    ask: str = "",
    door: str = "",
    rank: int = 100,
) -> CallReason:
    """Add a reason to call, or change one: what to ask, whose calls these are, how soon to call back, what is next.

    Raises ReasonIsKnown, RouteIsWrong or StaleForm.
    """
    if (opens is None) != (closes is None) or (opens is not None and opens == closes):
        raise RouteIsWrong(_("Write from when until when, or neither."), closes=_("From when until when?"))
    if role not in roles() or (fallback and fallback not in roles()):
        raise RouteIsWrong(_("Choose a role of this office."), role=_("Choose a role."))
    if not words.strip():
        raise RouteIsWrong(_("Name the reason."), words=_("Name the reason."))
    found = CallReason()
    if reason_id:
        found = CallReason.objects.select_for_update().get(pk=reason_id)
        if found.version != version:
            raise StaleForm(_("Somebody else has changed this reason meanwhile. Look at it again."))
        found.version += 1
    found.ask, found.door, found.rank = _lines(ask), CallReason.Door(door), rank
    found.words, found.role, found.fallback = words.strip(), role, fallback
    found.opens, found.closes = opens, closes
    found.call_back_minutes, found.becomes_task = call_back_minutes, becomes_task
    known = ReasonIsKnown(_("This office has that reason already."), words=_("Use other words."))
    with refusing(call_reason_words_are_own=known):
        found.save()
    record(by, "phones.reason.kept", found, words=found.words, role=role, fallback=fallback)
    announce(by.practice_id, "phones")
    return found


@command(needs=Can.MANAGE_OFFICE)
def retire_reason(by: Actor, /, *, reason_id: UUID) -> CallReason:
    """Take a reason off the list; the calls that had it keep it."""
    found = CallReason.objects.select_for_update().get(pk=reason_id)
    if found.retired_at is None:
        found.retired_at = by.now
        found.save(update_fields=["retired_at"])
    record(by, "phones.reason.retired", found)
    return found


@command(needs=Can.MANAGE_OFFICE)
def keep_red_flag(
    by: Actor,
    /,
    *,
    flag_id: UUID | None = None,
    version: int = 0,
    words: str,
    say: str,
    goes_to: str,
    rank: int = 100,
) -> RedFlag:
    """Add what comes before all else, or change it: what the caller says, the words to answer it, where they belong.

    Raises RedFlagIsKnown or StaleForm.
    """
    found = RedFlag()
    if flag_id:
        found = RedFlag.objects.select_for_update().get(pk=flag_id)
        if found.version != version:
            raise StaleForm(_("Somebody else has changed this red flag meanwhile. Look at it again."))
        found.version += 1
    found.words, found.say, found.rank = words.strip(), say.strip(), rank
    found.goes_to = RedFlag.GoesTo(goes_to)
    known = RedFlagIsKnown(_("This office has that red flag already."), words=_("Use other words."))
    with refusing(red_flag_words_are_own=known):
        found.save()
    record(by, "phones.red-flag.kept", found, words=found.words, goes_to=goes_to)
    return found


@command(needs=Can.MANAGE_OFFICE)
def retire_red_flag(by: Actor, /, *, flag_id: UUID) -> RedFlag:
    """Take a red flag off the list; the calls that had it keep it."""
    found = RedFlag.objects.select_for_update().get(pk=flag_id)
    if found.retired_at is None:
        found.retired_at = by.now
        found.save(update_fields=["retired_at"])
    record(by, "phones.red-flag.retired", found)
    return found


@command(needs=Can.MANAGE_OFFICE)
def take_usual_reasons(by: Actor, /) -> list[CallReason]:
    """Give an office without reasons the usual ones, and the usual red flags where it has none.

    Raises ReasonIsKnown where it has some.
    """
    if queries.reasons().exists():
        raise ReasonIsKnown(_("This office has its reasons already."))
    table = tomllib.loads(resources.files("daysheet.phones").joinpath("reasons.toml").read_text("utf-8"))
    made = [CallReason(rank=10 * place, **row) for place, row in enumerate(table["reason"], 1)]
    flags = [RedFlag(rank=10 * place, **row) for place, row in enumerate(table["red_flag"], 1)]
    with refusing(
        call_reason_words_are_own=ReasonIsKnown(_("This office has its reasons already.")),
        red_flag_words_are_own=RedFlagIsKnown(_("This office has its red flags already.")),
    ):
        CallReason.objects.bulk_create(made)
        if not queries.red_flags().exists():
            RedFlag.objects.bulk_create(flags)
    record(by, "phones.reasons.taken", reasons=len(made))
    return made


@command(needs=Can.ANSWER_PHONES)
def flag_number(by: Actor, /, *, number: str, kind: str, note: str = "") -> PhoneFlag:
    """Mark a number as a nuisance, or keep it from ringing.

    A second mark replaces the first; where it has no note, that of the first stays.

    Raises NumberIsWrong.
    """
    phone = rules.normalized(number)
    if not phone:
        raise NumberIsWrong(
            _("That is no telephone number."),
            number=_("Write it with its area code, such as (555) 201-0142."),
        )
    if kind not in PhoneFlag.Kind.values:
        raise Refusal(_("Choose what to do with the number."), kind=_("Choose one."))
    before = queries.flag_of(phone)
    why = note.strip() or (before.note if before else "")
    facts = {"kind": kind, "note": why, "by_name": by.name, "at": by.now, "lifted_at": None}
    flag, _made = PhoneFlag.objects.update_or_create(phone=phone, defaults=facts)
    record(by, "phones.number.flagged", flag, kind=kind)
    announce(by.practice_id, "phones")
    return flag


@command(needs=Can.ANSWER_PHONES)
def unflag_number(by: Actor, /, *, flag_id: UUID) -> None:
    """Let a number ring again like any other."""
    flag = PhoneFlag.objects.select_for_update().get(pk=flag_id)
    flag.lifted_at = flag.lifted_at or by.now
    flag.save(update_fields=["lifted_at"])
    record(by, "phones.number.unflagged", flag, kind=flag.kind)
    announce(by.practice_id, "phones")


@command(needs=Can.ANSWER_PHONES)
def flag_again(by: Actor, /, *, flag_id: UUID) -> PhoneFlag:
    """Let the mark of a number count again as it was, where it was lifted by mistake."""
    flag = PhoneFlag.objects.select_for_update().get(pk=flag_id)
    flag.lifted_at = None
    flag.save(update_fields=["lifted_at"])
    record(by, "phones.number.flagged", flag, kind=flag.kind, again=True)
    announce(by.practice_id, "phones")
    return flag


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
