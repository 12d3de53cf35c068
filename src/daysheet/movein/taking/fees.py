"""What things cost in the old system, from a day on."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from daysheet.charges import commands as charges
from daysheet.charges import queries
from daysheet.charges.commands import SetFee
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.movein.models import OldFile, OldRow
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking.coming import Came, Turn


def take(turn: Turn, rows: Sequence[Judged]) -> list[Came]:
    """Set each fee."""

    def one(judged: Judged) -> Came:
        says = judged.says
        starts_on = says.get("starts_on") or turn.today
        before = queries.price_before(str(says["code"]), starts_on)
        fee = charges.set_fee(
            turn.by,
            code=str(says["code"]),
            label=says.get("label") or str(says["code"]),
            amount=says["amount"],
            starts_on=starts_on,
        )
        before["left"] = fee.ends_on.isoformat() if fee.ends_on else None
        earlier = turn.known.get(judged.key)
        if earlier is not None:
            before["row"] = [str(earlier.pk), earlier.mark]
        return Came(
            judged.number,
            judged.key,
            "updated" if earlier is not None else "taken",
            subject_kind="charges.feeitem",
            subject_id=fee.pk,
            amount=fee.amount,
            before=before,
        )

    return turn.each(rows, one)


def undo(by: Actor, rows: Sequence[OldRow]) -> None:
    """Take the fees out again that a file set, and let those that they ended or wrote over stand as before.

    While nobody went on with them: no slip priced by one of them, no later price of the same service.
    """
    if not rows:
        return
    if any(row.subject_id and "left" not in row.before for row in rows):
        raise Refusal(
            _("This file came before it was kept what its fees ended. Set the right fee from today on.")
        )
    file = OldFile.objects.get(pk=rows[0].file_id)
    fees = [
        SetFee(row.subject_id, row.amount, row.before)
        for row in rows
        if row.subject_id and row.amount is not None
    ]
    charges.take_back_fees(by, fees=fees, since=file.begun_at or file.brought_at)
