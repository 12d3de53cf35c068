"""The modifier of a visit by video or phone, put on the lines of the slip."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.charges import rules
from daysheet.charges.commands.notices import NothingIsProposed
from daysheet.charges.models import Charge
from daysheet.charges.placing import wanted_of
from daysheet.coverage.rules import telehealth
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.visits.models import Visit


@command(needs=Can.ENTER_CHARGES)
def put_telehealth_modifiers(by: Actor, /, *, visit_id: UUID) -> list[Charge]:
    """Put the modifier that the payer wants on every line that is not posted, and take others of telehealth off.

    Raises NothingIsProposed where the lines are right already, or the visit was not by video or phone.
    """
    rows = Visit.objects.select_for_update(of=("self",)).select_related("coverage__plan__payer")
    wanted = wanted_of(rows.get(pk=visit_id))
    drafts = Charge.objects.select_for_update().filter(visit_id=visit_id, state=Charge.State.DRAFT)
    changed = []
    for charge in drafts.order_by("rank") if wanted else ():
        assert wanted is not None  # there would be no line to look at
        before = list(charge.modifiers)
        gone = telehealth.to_take_off(wanted, before)
        charge.modifiers = [*(one for one in before if one not in gone), *telehealth.to_add(wanted, before)]
        if charge.modifiers == before:
            continue
        if len(charge.modifiers) > rules.MOST_MODIFIERS:
            raise Refusal(
                _("Line %(n)s carries four modifiers already. Take one off first.") % {"n": charge.rank}
            )
        charge.version += 1
        charge.save(update_fields=["modifiers", "version"])
        changed.append(charge)
        record(by, "charges.charge.telehealth-marked", charge, before=before, now=charge.modifiers)
    if not changed:
        raise NothingIsProposed(_("The lines are right as they are."))
    return changed
