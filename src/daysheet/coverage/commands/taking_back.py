"""What another system brought, taken out again: coverages, plans and payers on which nothing was built."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from daysheet.coverage.commands.coverages import mark_entered_in_error
from daysheet.coverage.models import Coverage, InsurancePlan, Payer
from daysheet.documents.models import Document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.many import pointing_at
from daysheet.tasks.models import WorkqueueItem


class WasChanged(StaleForm):
    """Somebody changed or ended a coverage that was to be taken out again."""


@command(needs=Can.IMPORT_DATA)
def take_back_coverages(by: Actor, /, *, versions: Mapping[UUID, int], reason: str) -> int:
    """Take out coverages that another system brought, each told with the version in which it left them.

    Those on which nothing was built are gone, the others stay readable as entered in error. Returns how many are
    gone. Raises WasChanged.
    """
    held = Coverage.objects.select_for_update(of=("self",)).filter(
        pk__in=versions, entered_in_error_at__isnull=True
    )
    rows = list(held.order_by("pk"))
    if any(one.version != versions[one.pk] for one in rows):
        raise WasChanged(
            _("Coverages were changed or ended since. Those charts have been worked with: they stay.")
        )
    used = _used(Coverage, [one.pk for one in rows])
    for one in rows:
        if one.pk in used:
            mark_entered_in_error(by, coverage_id=one.pk, version=one.version, reason=reason)
    free = [one for one in rows if one.pk not in used]
    Coverage.objects.filter(pk__in=[one.pk for one in free]).delete()
    patients = list(dict.fromkeys(one.patient_id for one in free))
    record(by, "coverage.coverages.taken-back", patients=patients, count=len(free))
    announce(by.practice_id, "coverage")
    return len(free)


@command(needs=Can.IMPORT_DATA)
def take_back_payers(by: Actor, /, *, plan_ids: Sequence[UUID], wires: Mapping[UUID, str]) -> int:
    """Take out plans and payers that another system brought and that nothing uses; return how many are gone.

    Payers are told with the id on the wire under which they came: one that the office has given another stays, and
    so does a plan that was changed since.
    """
    plans = InsurancePlan.objects.filter(pk__in=plan_ids, version=1)
    plans = plans.exclude(pk__in=_used(InsurancePlan, plan_ids))
    gone = list(plans.values_list("name", flat=True))
    plans.delete()
    kept = [one.pk for one in Payer.objects.filter(pk__in=wires) if one.payer_id == wires[one.pk]]
    payers = Payer.objects.filter(pk__in=set(kept) - _used(Payer, kept))
    gone += payers.values_list("name", flat=True)
    payers.delete()
    record(by, "coverage.payers.taken-back", names=sorted(set(gone)))
    announce(by.practice_id, "coverage")
    return len(gone)


def _used(model: type[Model], ids: Iterable[UUID]) -> set[Any]:
    """Return which of some rows anything else points at, papers and work on them included."""
    asked = list(ids)
    found: set[Any] = set()
    for other, field in pointing_at(model):
        found.update(
            other._default_manager.filter(**{f"{field}__in": asked}).values_list(f"{field}_id", flat=True)
        )
    for other in (Document, WorkqueueItem):
        found.update(other.objects.filter(subject_id__in=asked).values_list("subject_id", flat=True))
    return found
