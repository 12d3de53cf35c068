"""The address of the page on which a patient chooses a practice card, as a real company has one for typing a card."""

from uuid import UUID

from django.core import signing

from daysheet.kernel.ids import read_id

SALT = "daysheet.practice-card"


def practice_page(practice_id: UUID, key: str) -> str:
    """Return where the card of a payment is chosen: signed, so that nobody makes one."""
    return f"/p/practice-card/{signing.dumps([str(practice_id), key.partition(':')[0]], salt=SALT)}/"


def read_page(token: str) -> tuple[UUID, UUID] | None:
    """Return the practice and the payment of such a page; None for one that we did not make."""
    try:
        practice, charge = (read_id(one) for one in signing.loads(token, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return (practice, charge) if practice and charge else None
