"""How the office asks ahead, and what of the list of what needs a person is put aside."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage.models import EligibilityNotNow, EligibilityPolicy
from daysheet.coverage.rules.needs import ACTS
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.patients.models import Patient

FARTHEST, MOST_LEADS = 30, 5
TRIES, FIRST_WAIT = range(1, 11), range(5, 241)


class CannotAskSo(Refusal):
    """These days, tries or minutes are not sensible."""


class AsideAlready(Refusal):
    """Somebody else has put this aside, or it is not on the list."""


@command(needs=Can.MANAGE_OFFICE)
def set_policy(
    by: Actor,
    /,
    *,
    version: int,
    leads: Sequence[int],
    is_nightly: bool,
    tries: int,
    first_wait_minutes: int,
) -> EligibilityPolicy:
    """Say how many days ahead everybody is asked for, and how often a payer that cannot answer is asked again."""
    days = sorted(set(leads))
    if not days or len(days) > MOST_LEADS or days[0] < 0 or days[-1] > FARTHEST:
        raise CannotAskSo(_("Name one to five numbers of days, each from 0 to 30."), leads=_("Such as 1, 7."))
    if tries not in TRIES or first_wait_minutes not in FIRST_WAIT:
        raise CannotAskSo(_("A plan is asked 1 to 10 times, and the first wait is 5 to 240 minutes."))
    policy = EligibilityPolicy.objects.select_for_update().first()
    if (policy.version if policy else 0) != version:
        raise StaleForm(_("Somebody else has changed this meanwhile. Look at it again, then change it."))
    before = {"leads": policy.leads, "tries": policy.tries} if policy else {}
    policy = policy or EligibilityPolicy(version=0)
    policy.leads, policy.is_nightly = days, is_nightly
    policy.tries, policy.first_wait_minutes = tries, first_wait_minutes
    policy.version += 1
    just_now = StaleForm(_("Somebody else has changed this meanwhile. Look at it again, then change it."))
    with refusing(eligibility_policy_is_one=just_now):
        policy.save()
    record(by, "coverage.policy.set", policy, before=before, leads=days, tries=tries, nightly=is_nightly)
    return policy


@command(needs=Can.ASK_ELIGIBILITY)
def put_aside(
    by: Actor, /, *, patient_id: UUID, service_on: date, kind: str, reason: str
) -> EligibilityNotNow:
    """Note why a matter of a visit is not for now; another matter of the same visit comes up again."""
    if kind not in ACTS or not Patient.objects.filter(pk=patient_id).exists():
        raise AsideAlready(_("That is not on the list any more. Look at the list again."))
    if not reason.strip():
        raise Refusal(_("Say why this is not for now."), reason=_("Give a reason."))
    with refusing(
        eligibility_not_now_is_noted_once=AsideAlready(_("Somebody else has just put this aside."))
    ):
        noted = EligibilityNotNow.objects.create(
            patient_id=patient_id,
            service_on=service_on,
            kind=kind,
            reason=reason.strip(),
            noted_at=by.now,
            noted_by=by.name,
        )
    record(by, "coverage.need.put-aside", noted, kind=kind, service_on=service_on.isoformat())
    announce(by.practice_id, "coverage", str(patient_id))
    return noted


@command(needs=Can.ASK_ELIGIBILITY)
def take_up(by: Actor, /, *, not_now_id: UUID) -> EligibilityNotNow:
    """Put a matter back on the list."""
    noted = EligibilityNotNow.objects.select_for_update().filter(pk=not_now_id).first()
    if noted is None or noted.taken_up_at is not None:
        raise AsideAlready(_("That stands on the list already."))
    noted.taken_up_at = by.now
    noted.save(update_fields=["taken_up_at"])
    record(by, "coverage.need.taken-up", noted, kind=noted.kind)
    announce(by.practice_id, "coverage", str(noted.patient_id))
    return noted
