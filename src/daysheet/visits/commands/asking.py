"""What the office asks at check-in: a rule added, changed, dropped, taken up again."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.schedule.models import AppointmentType
from daysheet.visits import asked
from daysheet.visits.due import OFTEN
from daysheet.visits.models import CheckInRule

OLDEST = 130


class RuleIsUnsound(Refusal):
    """A rule asks for what there is not, or for ages that no one has."""


class RuleStandsAlready(Refusal):
    """The office has a rule for the same step and the same patients."""


@command(needs=Can.MANAGE_OFFICE)
def add_check_in_rule(
    by: Actor,
    /,
    *,
    kind: str,
    often: str,
    is_required: bool,
    type_id: UUID | None = None,
    youngest: int | None = None,
    oldest: int | None = None,
) -> CheckInRule:
    """Ask a step of some patients at check-in; the office's rules for a step stand in place of the shipped one.

    Raises RuleIsUnsound or RuleStandsAlready.
    """
    _must_be_sound(often, type_id, youngest, oldest)
    if kind not in asked.steps_to_ask():
        raise RuleIsUnsound(_("Choose a step of the list."), kind=_("Choose one of the list."))
    with refusing(check_in_rule_is_one_for_the_same_patients=_stands()):
        rule = CheckInRule.objects.create(
            kind=kind,
            type_id=type_id,
            youngest=youngest,
            oldest=oldest,
            often=often,
            is_required=is_required,
        )
    record(by, "visits.check-in-rule.added", rule, **_said(rule))
    return rule


@command(needs=Can.MANAGE_OFFICE)
def change_check_in_rule(
    by: Actor,
    /,
    *,
    rule_id: UUID,
    version: int | None,
    often: str,
    is_required: bool,
    type_id: UUID | None = None,
    youngest: int | None = None,
    oldest: int | None = None,
) -> CheckInRule:
    """Say anew of whom and how often a step is asked; visits that have begun keep their to-do.

    Raises RuleIsUnsound, RuleStandsAlready, or StaleForm when somebody changed it meanwhile.
    """
    _must_be_sound(often, type_id, youngest, oldest)
    rule = CheckInRule.objects.select_for_update().get(pk=rule_id)
    if rule.dropped_at or (version is not None and rule.version != version):
        raise StaleForm(_("Somebody else has changed this rule meanwhile. Look at the list again."))
    before = _said(rule)
    rule.type_id, rule.youngest, rule.oldest = type_id, youngest, oldest
    rule.often, rule.is_required, rule.version = often, is_required, rule.version + 1
    with refusing(check_in_rule_is_one_for_the_same_patients=_stands()):
        rule.save()
    record(by, "visits.check-in-rule.changed", rule, before=before, **_said(rule))
    return rule


@command(needs=Can.MANAGE_OFFICE)
def drop_check_in_rule(by: Actor, /, *, rule_id: UUID) -> CheckInRule:
    """Let a rule of the office go; with the last one for a step, what is shipped holds again."""
    rule = CheckInRule.objects.select_for_update().get(pk=rule_id)
    rule.dropped_at = rule.dropped_at or by.now
    rule.save(update_fields=["dropped_at"])
    record(by, "visits.check-in-rule.dropped", rule, **_said(rule))
    return rule


@command(needs=Can.MANAGE_OFFICE)
def take_up_check_in_rule(by: Actor, /, *, rule_id: UUID) -> CheckInRule:
    """Let a rule hold again that was dropped. Raises RuleStandsAlready."""
    rule = CheckInRule.objects.select_for_update().get(pk=rule_id)
    rule.dropped_at = None
    with refusing(check_in_rule_is_one_for_the_same_patients=_stands()):
        rule.save(update_fields=["dropped_at"])
    record(by, "visits.check-in-rule.taken-up", rule, **_said(rule))
    return rule


def _must_be_sound(often: str, type_id: UUID | None, youngest: int | None, oldest: int | None) -> None:
    if often not in OFTEN:
        raise RuleIsUnsound(_("Choose how often."), often=_("Choose one of the list."))
    if type_id and not AppointmentType.objects.filter(pk=type_id).exists():
        raise RuleIsUnsound(_("That kind of visit is not on the list."), type_id=_("Choose one of the list."))
    for name, age in (("youngest", youngest), ("oldest", oldest)):
        if age is not None and not 0 <= age <= OLDEST:
            raise RuleIsUnsound(_("An age is a number from 0 to 130."), **{name: _("From 0 to 130.")})
    if youngest is not None and oldest is not None and youngest > oldest:
        sentence = _("The last age comes before the first one.")
        raise RuleIsUnsound(sentence, oldest=sentence)


def _stands() -> RuleStandsAlready:
    return RuleStandsAlready(
        _("There is a rule for this step and the same patients already. Change that one.")
    )


def _said(rule: CheckInRule) -> dict[str, Any]:
    return {
        "kind": rule.kind,
        "often": rule.often,
        "is_required": rule.is_required,
        "type": str(rule.type_id or ""),
        "ages": [rule.youngest, rule.oldest],
    }
