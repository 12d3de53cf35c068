"""What can be asked at check-in, and what is: the office's rules and the shipped ones, as the manager reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from daysheet.visits import before
from daysheet.visits.due import Ask, shipped
from daysheet.visits.models import CheckInRule
from daysheet.visits.rules import STEP_WORDS
from daysheet.visits.wording import OFTEN_WORDS, for_whom


@dataclass(frozen=True, slots=True)
class AskedStep:
    """A step with the rules that hold for it: the office's own, or the one that is shipped."""

    kind: str
    words: str
    own: Sequence[CheckInRule]
    shipped: Ask | None

    def whom(self, rule: CheckInRule) -> str:
        """Return for whom a rule of the office is."""
        return for_whom(rule)

    def often(self, code: str) -> str:
        """Return how often in words."""
        return str(OFTEN_WORDS.get(code, code))


def steps_to_ask() -> dict[str, str]:
    """Return every step that a rule can ask, in words: the desk's own, and the office's forms."""
    kinds = {ask.kind: _(STEP_WORDS[ask.kind]) for ask in shipped() if ask.kind in STEP_WORDS}
    return kinds | before.form_steps()


def asked_steps() -> list[AskedStep]:
    """Return every step with its rules, in the order of the desk: three statements."""
    own: dict[str, list[CheckInRule]] = {}
    for rule in CheckInRule.objects.filter(dropped_at=None).select_related("type").order_by("id"):
        own.setdefault(rule.kind, []).append(rule)
    by_kind = {ask.kind: ask for ask in shipped()}
    words = steps_to_ask()
    order = [kind for kind in by_kind if kind in words] + [kind for kind in words if kind not in by_kind]
    return [AskedStep(kind, words[kind], own.get(kind, ()), by_kind.get(kind)) for kind in order]
