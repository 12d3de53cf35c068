"""The rules of reminders: when a message is due, by which channel, what a reply means. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from daysheet.schedule.rules import first_reading

CHANNELS = ("sms", "email", "voice")
GRACE = timedelta(minutes=3)
"""How long a message waits before it leaves, so that a slip can be taken back."""
CLOSEST = timedelta(hours=2)
"""A message that the quiet hours held back still goes in the morning when so much time is left before the visit."""
EVE = timedelta(hours=1)
"""Else it goes so long before the quiet hours of the evening before."""
REPLY_WITHIN = timedelta(days=7)
"""A reply that comes later than this belongs to no message any more."""
CONFIRM, CANNOT, CALL, STOP, START, WROTE = "confirmed", "cannot_come", "call_me", "stop", "start", "wrote"
WORDS = {
    CONFIRM: "1 y yes yep ok okay c confirm confirmed si sip confirmo vale",
    CANNOT: "2 n no nope no_puedo cannot cant",
    CALL: "3 call callme call_me llamar llame llameme",
    STOP: "9 stop stopall stop_all unsubscribe cancel end quit revoke optout opt_out alto baja parar cancelar",
    START: "start unstop alta",
}
"""What may be answered by text (CTIA's words for stop and start among them), or by a key during a call."""
POLITE = frozenset({"please", "pls", "plz", "thanks", "thank", "you", "por", "favor", "gracias"})
OF_MESSAGES = frozenset(
    {"this", "these", "it", "the", "me", "now", "sending", "texting", "texts", "messages"}
)
"""What may stand beside "stop" without changing it: "stop texting me" is a stop, "will stop by later" is not."""
MEANS = {word: meaning for meaning, words in WORDS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Rule:
    """How long before a visit a message goes, by which channels in turn, at which hours of the door's clock."""

    id: UUID
    type_id: UUID | None
    lead: timedelta
    channels: tuple[str, ...]
    opens: time
    closes: time
    also_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Booked:
    """A visit to come, as far as reminding asks."""

    id: UUID
    patient_id: UUID
    type_id: UUID
    location_id: UUID
    zone: ZoneInfo
    starts_at: datetime
    booked_at: datetime
    is_confirmed: bool = False
    reminded_at: datetime | None = None
    """When it was last written about."""


USUAL = (
    ("Three days before", timedelta(days=3), False),
    ("One day before", timedelta(days=1), True),
)
"""The rules that an office begins with: name, lead, whether those who confirmed hear it too."""
OPENS, CLOSES = time(9), time(20)


def moment_to_send(
    starts_at: datetime, lead: timedelta, opens: time, closes: time, zone: ZoneInfo
) -> datetime:
    """Return when the message about a visit goes: its lead before, never in the quiet hours of the door's clock.

    What falls into the quiet hours goes when they end, if that is early enough; else on the evening before.
    """
    at = starts_at - lead
    local = at.astimezone(zone)
    if opens <= local.time() < closes:
        return at
    morning = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    held = first_reading(morning, opens, zone)
    if starts_at - held >= CLOSEST:
        return held
    eve = first_reading(morning - timedelta(days=1), closes, zone) - EVE
    return max(eve, first_reading(morning - timedelta(days=1), opens, zone))


def stand_in(type_id: UUID, rules: Iterable[Rule]) -> Rule:
    """Return the rule that a message asked for by a person follows: the closest that holds, or the usual hours."""
    every = [rule for rule in rules if rule.type_id in (None, type_id)]
    own = [rule for rule in every if rule.type_id is not None]
    usual = Rule(UUID(int=0), None, timedelta(days=1), CHANNELS, OPENS, CLOSES)
    return min(own or every, key=lambda rule: rule.lead, default=usual)


def is_awake(at: datetime, opens: time, closes: time, zone: ZoneInfo) -> bool:
    """Return whether a message may arrive at a moment."""
    return opens <= at.astimezone(zone).time() < closes


def awake_until(at: datetime, closes: time, zone: ZoneInfo) -> datetime:
    """Return when the quiet hours of that day begin."""
    return first_reading(at.astimezone(zone).date(), closes, zone)


def next_awake(at: datetime, opens: time, closes: time, zone: ZoneInfo) -> datetime:
    """Return the first moment from then on at which a message may arrive."""
    if is_awake(at, opens, closes, zone):
        return at
    local = at.astimezone(zone)
    day = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return first_reading(day, opens, zone)


def due_rule(visit: Booked, rules: Iterable[Rule], *, now: datetime) -> Rule | None:
    """Return the rule by which a message about a visit is due now: of several the one closest to the visit.

    A kind of visit with rules of its own follows those alone. Nobody is reminded of what was booked within the lead,
    nor by a rule that came due before the last message went.
    """
    every = [rule for rule in rules if rule.type_id in (None, visit.type_id)]
    own = [rule for rule in every if rule.type_id is not None]
    due = [rule for rule in own or every if _is_due(visit, rule, now)]
    return min(due, key=lambda rule: rule.lead, default=None)


def in_turn(
    channels: Sequence[str], *, reachable: Mapping[str, str], open_ways: Collection[str], prefers: str = ""
) -> list[str]:
    """Return the channels that are tried for a patient, in their turn: the preferred first, only those that work."""
    wished = [prefers, *channels] if prefers in channels else list(channels)
    return [one for one in dict.fromkeys(wished) if one in open_ways and reachable.get(one)]


def reads_as(text: str) -> str:
    """Return what a reply means: confirmed, cannot_come, call_me, stop, start; wrote, where a person must read it."""
    bare = unicodedata.normalize("NFKD", text[:200]).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", bare.replace("'", ""))
    asked = [one for one in words if one not in POLITE]
    plain = [one for one in asked if one not in OF_MESSAGES]
    if MEANS.get("_".join(asked)) == STOP or plain in (["stop"], ["unsubscribe"]):
        return STOP
    if not words or len(words) > 2:
        return WROTE
    return MEANS.get("_".join(words), WROTE)


def _is_due(visit: Booked, rule: Rule, now: datetime) -> bool:
    asked_for = visit.starts_at - rule.lead
    if visit.is_confirmed and not rule.also_confirmed:
        return False
    if visit.booked_at > asked_for or visit.starts_at <= now + GRACE:
        return False
    at = moment_to_send(visit.starts_at, rule.lead, rule.opens, rule.closes, visit.zone)
    if visit.reminded_at is not None and visit.reminded_at >= min(at, asked_for):
        return False
    return at <= now and is_awake(now + GRACE, rule.opens, rule.closes, visit.zone)
