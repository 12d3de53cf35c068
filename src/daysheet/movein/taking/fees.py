"""What things cost in the old system, from a day on."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from daysheet.charges import commands as charges
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.movein.models import OldRow
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking.coming import Came, Turn


def take(turn: Turn, rows: Sequence[Judged]) -> list[Came]:
    """Set each fee."""

    def one(judged: Judged) -> Came:
        says = judged.says
        fee = charges.set_fee(
            turn.by,
            code=str(says["code"]),
            label=says.get("label") or str(says["code"]),
            amount=says["amount"],
            starts_on=says.get("starts_on") or turn.today,
        )
        outcome = "updated" if judged.key in turn.known else "taken"
        return Came(
            judged.number,
            judged.key,
            outcome,
            subject_kind="charges.feeitem",
            subject_id=fee.pk,
            amount=fee.amount,
        )

    return turn.each(rows, one)


def undo(by: Actor, rows: Sequence[OldRow]) -> None:
    """Refuse: a fee ended the one before it and may stand on slips. A new fee from a day on puts it right."""
    if rows:
        raise Refusal(
            _("Fees ended the ones before them and may stand on slips. Set the right fee from today on.")
        )
