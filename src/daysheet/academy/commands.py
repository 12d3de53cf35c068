"""A plan kept with one's account, and forgotten again."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.academy.models import KeptPlan
from daysheet.academy.planner.rules.plan import words_of_plan
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm


class PlanIsEmpty(Refusal):
    """There is nothing to keep, or nothing to forget."""


class NobodyToKeepFor(Refusal):
    """A plan belongs to a person, and none is signed in."""


@command(needs=Can.WORK)
def keep_plan(by: Actor, /, *, words: Mapping[str, str], version: int) -> KeptPlan:
    """Keep one's own plan with one's account, in the place of the one that the form showed.

    Raises PlanIsEmpty, NobodyToKeepFor, or StaleForm when another window kept or forgot one meanwhile.
    """
    said = words_of_plan(words)
    if not said:
        raise PlanIsEmpty(_("There is nothing in this plan yet. Say where you are, then keep it."))
    person = _person(by)
    kept = _own(person, version)
    if kept is None:
        with refusing(kept_plan_is_one_per_person=_stale()):
            kept = KeptPlan.objects.create(user_id=person, words=said, kept_at=by.now)
    else:
        _write(by, kept, said)
    record(by, "academy.plan.kept", kept)
    return kept


@command(needs=Can.WORK)
def forget_plan(by: Actor, /, *, version: int) -> KeptPlan:
    """Forget one's own plan: nothing of its words stays.

    Raises PlanIsEmpty, NobodyToKeepFor or StaleForm.
    """
    kept = _own(_person(by), version)
    if kept is None or not kept.words:
        raise PlanIsEmpty(_("No plan is kept with your account, so there is none to forget."))
    _write(by, kept, {})
    record(by, "academy.plan.forgotten", kept)
    return kept


def _person(by: Actor) -> UUID:
    if by.user_id is None:
        raise NobodyToKeepFor(_("A plan is kept for a person. Sign in under your own name first."))
    return by.user_id


def _own(person: UUID, version: int) -> KeptPlan | None:
    kept = KeptPlan.objects.select_for_update().filter(user_id=person).first()
    if (kept.version if kept else 0) != version:
        raise _stale()
    return kept


def _write(by: Actor, kept: KeptPlan, words: dict[str, str]) -> None:
    kept.words, kept.version, kept.kept_at = words, kept.version + 1, by.now
    kept.save(update_fields=["words", "version", "kept_at"])


def _stale() -> StaleForm:
    return StaleForm(
        _(
            "Your kept plan was changed in another window meanwhile. Compare it with this one, then decide again."
        )
    )
