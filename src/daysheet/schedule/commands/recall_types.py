"""Which visits come again, as an office keeps them, with the ladder by which patients are asked to come."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.schedule.commands.recalling import _work_out
from daysheet.schedule.models import AppointmentType, RecallStep, RecallType
from daysheet.schedule.recalling import Step


class StrangeRecall(Refusal):
    """A rule by which nobody would be asked to come, or none can say when."""


@command(needs=Can.MANAGE_OFFICE)
def keep_recall_type(
    by: Actor,
    /,
    *,
    name: str,
    every_months: int,
    visit_type_id: UUID,
    after_types: Sequence[UUID] = (),
    youngest: int | None = None,
    oldest: int | None = None,
    for_sex: str = "",
    lapses_after_months: int = 12,
    most_contacts: int = 3,
    steps: Sequence[Step] = (),
    type_id: UUID | None = None,
    version: int | None = None,
) -> RecallType:
    """Write down a visit that comes again, or say it anew; every patient's due day follows at once.

    Without kinds of visit to count from it is counted from the last visit of the kind that is booked for it.
    Raises StrangeRecall or StaleForm.
    """
    after = list(dict.fromkeys(after_types)) or [visit_type_id]
    wanted = {visit_type_id, *after}
    if AppointmentType.objects.filter(id__in=wanted).count() != len(wanted):
        raise StrangeRecall(_("That visit type is not on the books. Choose another."))
    if not name.strip():
        raise StrangeRecall(_("Give it a name."), name=_("Write a name."))
    if not 1 <= every_months <= 120:
        raise StrangeRecall(_("It comes again in 1 to 120 months."), every_months=_("1 to 120."))
    if youngest is not None and oldest is not None and oldest < youngest:
        raise StrangeRecall(
            _("The oldest age is not below the youngest."), oldest=_("Not below the youngest.")
        )
    if len({one.days for one in steps}) != len(steps):
        raise StrangeRecall(_("Two steps fall on the same day. Give each a day of its own."))
    kept = _held(type_id, version) if type_id else RecallType(version=0)
    kept.name, kept.every_months, kept.visit_type_id = name.strip(), every_months, visit_type_id
    kept.after_types, kept.youngest, kept.oldest, kept.for_sex = after, youngest, oldest, for_sex
    kept.lapses_after_months, kept.most_contacts = lapses_after_months, most_contacts
    kept.version += 1
    taken = StrangeRecall(_("A recall of that name exists already."), name=_("Taken."))
    with refusing(recall_type_name_is_free=taken):
        kept.save()
    RecallStep.objects.filter(type=kept).delete()
    RecallStep.objects.bulk_create(RecallStep(type=kept, days=one.days, way=one.way) for one in steps)
    changed = _work_out(type_id=kept.pk)
    record(by, "schedule.recall-type.kept", kept, name=kept.name, months=every_months, changed=len(changed))
    return kept


@command(needs=Can.MANAGE_OFFICE)
def use_recall_type(by: Actor, /, *, type_id: UUID, version: int | None, is_active: bool) -> RecallType:
    """Ask nobody any more for it, or again.

    Raises StaleForm.
    """
    kept = _held(type_id, version)
    kept.is_active, kept.version = is_active, kept.version + 1
    kept.save(update_fields=["is_active", "version"])
    if is_active:
        _work_out(type_id=kept.pk)
    record(by, "schedule.recall-type.used" if is_active else "schedule.recall-type.retired", kept)
    return kept


def _held(type_id: UUID, version: int | None) -> RecallType:
    kept = RecallType.objects.select_for_update(of=("self",)).filter(pk=type_id).first()
    if kept is None:
        raise StrangeRecall(_("That recall is not kept here."))
    if version is not None and kept.version != version:
        raise StaleForm(_("Somebody changed this meanwhile. Look at it again, then decide."))
    return kept
