"""The modifiers that follow from an advance notice, put on a line of the slip."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.charges import queries, rules
from daysheet.charges.commands.slip import ChargeIsPosted
from daysheet.charges.models import Charge
from daysheet.coverage.rules.notices import missing, wrong
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm


class NothingIsProposed(Refusal):
    """No notice speaks for this line, or its modifiers are right already."""


@command(needs=Can.ENTER_CHARGES)
def take_proposal(by: Actor, /, *, charge_id: UUID, version: int) -> Charge:
    """Put the modifiers that follow from the patient's notice on a line, and take the others of notices off.

    Raises NothingIsProposed, ChargeIsPosted or StaleForm.
    """
    rows = Charge.objects.select_for_update(of=("self",)).select_related("visit__coverage__plan__payer")
    charge = rows.get(pk=charge_id)
    if charge.version != version:
        raise StaleForm(_("Somebody changed this line while the slip stood open. Look again."))
    if charge.state != Charge.State.DRAFT:
        raise ChargeIsPosted(_("This line is in the book. Void it and put it on the slip anew."))
    found = queries.proposals_of(charge.visit, [charge]).get(charge.code)
    marks = tuple(charge.modifiers)
    if found is None or not (missing(found, marks) or wrong(found, marks)):
        raise NothingIsProposed(_("The modifiers of this line are right as they are."))
    before = charge.modifiers
    kept = [one for one in before if one not in wrong(found, marks)]
    charge.modifiers = [*kept, *missing(found, marks)]
    if len(charge.modifiers) > rules.MOST_MODIFIERS:
        raise Refusal(_("A line carries four modifiers at most. Take one off first."))
    charge.version += 1
    charge.save(update_fields=["modifiers", "version"])
    record(by, "charges.charge.notice-taken", charge, before=before, now=charge.modifiers)
    return charge
