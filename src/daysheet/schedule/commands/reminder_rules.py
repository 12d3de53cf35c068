"""The rules of reminders and the wishes of patients, as an office keeps them."""

from collections.abc import Sequence
from datetime import time, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.schedule.commands.reminders_gone import _heed_wish
from daysheet.schedule.models import ReminderRule, ReminderWish
from daysheet.schedule.reminding import CHANNELS, CLOSES, OPENS, USUAL

SHORTEST_LEAD, LONGEST_LEAD = timedelta(hours=1), timedelta(days=30)


class StrangeRule(Refusal):
    """A rule by which no message could go."""


@command(needs=Can.MANAGE_OFFICE)
def take_usual_reminder_rules(by: Actor, /) -> list[ReminderRule]:
    """Begin with the usual rules, where the office has none; what it has is left alone."""
    made = []
    if not ReminderRule.objects.exists():
        made = ReminderRule.objects.bulk_create(
            ReminderRule(
                name=name,
                lead_minutes=_minutes(lead),
                channels=list(CHANNELS),
                from_clock=OPENS,
                to_clock=CLOSES,
                also_confirmed=also_confirmed,
            )
            for name, lead, also_confirmed in USUAL
        )
    record(by, "schedule.reminder-rules.begun", rules=[one.name for one in made])
    return made


@command(needs=Can.MANAGE_OFFICE)
def keep_reminder_rule(
    by: Actor,
    /,
    *,
    name: str,
    type_id: UUID | None,
    lead: timedelta,
    channels: Sequence[str],
    from_clock: time,
    to_clock: time,
    also_confirmed: bool = False,
    rule_id: UUID | None = None,
    version: int | None = None,
) -> ReminderRule:
    """Write a rule down, or say a kept one anew; what was sent stays.

    Raises StrangeRule or StaleForm.
    """
    turn = list(dict.fromkeys(channels))
    if not turn or set(turn) - set(CHANNELS):
        raise StrangeRule(_("Choose at least one way to write."), channels=_("Choose at least one."))
    if not SHORTEST_LEAD <= lead <= LONGEST_LEAD:
        raise StrangeRule(
            _("A message goes one hour to 30 days before the visit."), lead=_("1 hour to 30 days.")
        )
    if from_clock >= to_clock:
        raise StrangeRule(_("The hours end after they begin."), to_clock=_("Later than the beginning."))
    kept = _held(rule_id, version) if rule_id else ReminderRule(version=0)
    kept.name, kept.type_id, kept.lead_minutes, kept.channels = name.strip(), type_id, _minutes(lead), turn
    kept.from_clock, kept.to_clock, kept.also_confirmed = from_clock, to_clock, also_confirmed
    kept.version += 1
    taken = StrangeRule(_("A rule of that name exists already."), name=_("Taken."))
    with refusing(reminder_rule_name_is_free=taken):
        kept.save()
    record(
        by, "schedule.reminder-rule.kept", kept, name=kept.name, lead_minutes=kept.lead_minutes, channels=turn
    )
    return kept


@command(needs=Can.MANAGE_OFFICE)
def use_reminder_rule(by: Actor, /, *, rule_id: UUID, version: int | None, is_active: bool) -> ReminderRule:
    """Take a rule out of use, or into use again.

    Raises StaleForm.
    """
    kept = _held(rule_id, version)
    kept.is_active, kept.version = is_active, kept.version + 1
    kept.save(update_fields=["is_active", "version"])
    record(by, "schedule.reminder-rule.used" if is_active else "schedule.reminder-rule.retired", kept)
    return kept


@command(needs=Can.EDIT_PATIENTS)
def note_reminder_wish(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    prefers: str,
    no_email: bool,
    no_reminders: bool,
    version: int | None,
) -> ReminderWish:
    """Note how a patient wants to be reminded; what waits to leave against that is kept back.

    Raises StaleForm.
    """
    if prefers not in ("", *CHANNELS):
        raise Refusal(_("Choose one of the ways."))
    begun = {"noted_at": by.now, "noted_by": by.name, "version": 0}
    rows = ReminderWish.objects.select_for_update(of=("self",))
    kept, _made = rows.get_or_create(patient_id=patient_id, defaults=begun)
    if kept.version != (version or 0):
        raise StaleForm(_("Somebody changed this meanwhile. Look at it again, then decide."))
    kept.prefers, kept.no_email, kept.no_reminders = prefers, no_email, no_reminders
    kept.noted_at, kept.noted_by, kept.version = by.now, by.name, kept.version + 1
    kept.save()
    record(by, "schedule.reminder-wish.noted", kept, prefers=prefers, no_email=no_email, none=no_reminders)
    _heed_wish(by, kept)
    return kept


def _held(rule_id: UUID, version: int | None) -> ReminderRule:
    kept = ReminderRule.objects.select_for_update().filter(pk=rule_id).first()
    if kept is None:
        raise StrangeRule(_("That rule is not kept here."))
    if version is not None and kept.version != version:
        raise StaleForm(_("Somebody changed this rule meanwhile. Look at it again, then decide."))
    return kept


def _minutes(lead: timedelta) -> int:
    return int(lead.total_seconds()) // 60
