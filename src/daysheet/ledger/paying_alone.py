"""While a patient pays alone, on the own phone, the desk takes nothing of the same account: nothing is taken twice."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import say
from daysheet.ledger import queries


class PaysAlone(Refusal):
    """The patient is paying just now, on the own phone."""


def not_while_paying(patient_id: UUID) -> None:
    """Refuse to take money of a patient who is paying just now in an own check-in; asked behind the book's lock."""
    charge = queries.own_payment(patient_id)
    if charge is not None:
        said = _(
            "The patient is paying %(amount)s on the own phone just now. Wait until that is settled, or cancel it "
            "under Cards first."
        )
        raise PaysAlone(said % {"amount": say(charge.amount)})
