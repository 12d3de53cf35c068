"""What a payer wants on the claim of a visit by video or phone: written down, or back to what is shipped."""

import re
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage.models import Payer
from daysheet.coverage.rules.telehealth import TELEHEALTH_MODIFIERS
from daysheet.coverage.telehealth_rule import TelehealthRule
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm

TWO_DIGITS = re.compile(r"[0-9]{2}")


class TelehealthRuleIsWrong(Refusal):
    """Something of a payer's rule cannot be: its places, its modifier, where it stands written."""


@command(needs=Can.SEND_CLAIMS)
def set_telehealth_rule(
    by: Actor,
    /,
    *,
    payer_id: UUID,
    mode: str,
    version: int,
    at_home: str,
    elsewhere: str,
    modifier: str,
    source: str,
) -> TelehealthRule:
    """Write down what a payer wants of visits by video, or by phone; claims that are made already stay as they are.

    Raises TelehealthRuleIsWrong, or StaleForm when somebody else has written meanwhile.
    """
    payer = Payer.objects.filter(pk=payer_id).first()
    if payer is None or mode not in TelehealthRule.Mode.values:
        raise TelehealthRuleIsWrong(_("That payer is not on the books, or that is no way of a visit."))
    for name, code in (("at_home", at_home), ("elsewhere", elsewhere)):
        if not TWO_DIGITS.fullmatch(code):
            wrong = {name: _("Two digits, such as 10.")}
            raise TelehealthRuleIsWrong(_("A place of service has two digits."), **wrong)
    if modifier and modifier not in TELEHEALTH_MODIFIERS:
        raise TelehealthRuleIsWrong(
            _("Choose the modifier from the list."), modifier=_("Choose one of the list.")
        )
    if not source.strip():
        raise TelehealthRuleIsWrong(
            _("Say where it stands written, so that the next one can look it up."),
            source=_("A manual and page, a letter, a call with name and day."),
        )
    held = TelehealthRule.objects.select_for_update().filter(payer_id=payer_id, mode=mode).first()
    if (held.version if held else 0) != version:
        raise _stale()
    before = [held.at_home, held.elsewhere, held.modifier] if held else []
    held = held or TelehealthRule(payer=payer, mode=mode, version=0)
    held.at_home, held.elsewhere, held.modifier, held.source = at_home, elsewhere, modifier, source.strip()
    held.version += 1
    with refusing(telehealth_rule_is_one_for_a_payer=_stale()):
        held.save()
    record(
        by,
        "coverage.telehealth-rule.set",
        held,
        payer=payer.name,
        mode=mode,
        before=before,
        now=[at_home, elsewhere, modifier],
    )
    return held


@command(needs=Can.SEND_CLAIMS)
def drop_telehealth_rule(by: Actor, /, *, payer_id: UUID, mode: str) -> None:
    """Go back to what is shipped for a payer. Raises TelehealthRuleIsWrong where nothing else was said."""
    held = TelehealthRule.objects.select_for_update().filter(payer_id=payer_id, mode=mode).first()
    if held is None:
        raise TelehealthRuleIsWrong(_("What is shipped holds already."))
    record(
        by,
        "coverage.telehealth-rule.dropped",
        held,
        mode=mode,
        before=[held.at_home, held.elsewhere, held.modifier, held.source],
    )
    held.delete()


def _stale() -> StaleForm:
    return StaleForm(_("Somebody else has written about this payer meanwhile. Look at it again."))
