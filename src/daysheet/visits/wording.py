"""How check-in rules and steps are said at the desk: how often, for whom, and why a step is due."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from daysheet.ui.words import born
from daysheet.visits.due import CHANGED, EVERY_VISIT, NEVER, ONCE, YEARLY
from daysheet.visits.models import CheckInRule, VisitStep

OFTEN_WORDS = {
    EVERY_VISIT: lazy("at every visit"),
    YEARLY: lazy("once a year"),
    CHANGED: lazy("once, and again when it changes"),
    ONCE: lazy("once"),
    NEVER: lazy("not asked"),
}


def why(step: VisitStep) -> str:
    """Return why a step is due, or is not: last done Nov 3, 2025; asked once a year."""
    if not step.often:
        return ""
    asked = _("asked %(often)s") % {"often": OFTEN_WORDS.get(step.often, step.often)}
    if step.last_on:
        return _("last done %(day)s; %(asked)s") % {"day": born(step.last_on), "asked": asked}
    if step.often == EVERY_VISIT or step.state == VisitStep.State.DONE:
        return ""
    return _("not done before; %(asked)s") % {"asked": asked}


def for_whom(rule: CheckInRule) -> str:
    """Return for whom a rule is: follow-ups of patients from 12 to 17."""
    kind = rule.type.name if rule.type else _("every kind of visit")
    if rule.youngest is not None and rule.oldest is not None:
        return _("%(kind)s, ages %(first)d to %(last)d") % {
            "kind": kind,
            "first": rule.youngest,
            "last": rule.oldest,
        }
    if rule.youngest is not None:
        return _("%(kind)s, from age %(first)d") % {"kind": kind, "first": rule.youngest}
    if rule.oldest is not None:
        return _("%(kind)s, up to age %(last)d") % {"kind": kind, "last": rule.oldest}
    return kind
