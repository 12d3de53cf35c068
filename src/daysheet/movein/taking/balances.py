"""What was open in the old books, brought forward to the cent."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.utils.translation import ngettext

from daysheet.coverage.models import Payer
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import LedgerEntry
from daysheet.movein.models import OldRow
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking.coming import Came, Turn, bad, flat, left

ZERO = Decimal(0)
PAID = ("payment", "refund", "returned_check", "adjustment", "transfer", "insurance_payment")
PLAN_SIDE = " (plan)"
"""What is due from a plan is an entry of its own, with a key of its own."""


def take(turn: Turn, rows: Sequence[Judged]) -> list[Came]:
    """Bring each balance forward: above zero it is owed, below it is credit; what a plan owes stands apart."""
    who = turn.patients(rows)
    payers = {flat(one.name): one.pk for one in Payer.objects.all()}
    more: list[Came] = []

    def one(judged: Judged) -> Came:
        says = judged.says
        patient_id = who.get(str(says["patient_key"]))
        own, plan = says.get("patient_due", ZERO), says.get("plan_due", ZERO)
        if not own and not plan:
            return left(judged, "zero")
        if patient_id is None:
            return bad(judged, [["", "no_patient", ""]])
        if judged.key in turn.known:
            return Came(judged.number, judged.key, "held", why=[["", "other_amount", ""]])
        came: list[Came] = []
        for amount, account in ((own, "patient"), (plan, "insurance")):
            if amount:
                key = judged.key + PLAN_SIDE * bool(came)
                payer_id = payers.get(flat(says.get("payer", ""))) if account == "insurance" else None
                entry = _forward(turn, judged, patient_id, amount, account, key, payer_id)
                came.append(
                    Came(
                        judged.number,
                        key,
                        "taken",
                        subject_kind="ledger.ledgerentry",
                        subject_id=entry.pk,
                        patient_id=patient_id,
                        amount=amount,
                    )
                )
        for extra in came[1:]:
            extra.mark, extra.counts = judged.mark(), False
        more.extend(came[1:])
        return came[0]

    return [*turn.each(rows, one), *more]


def undo(by: Actor, rows: Sequence[OldRow]) -> None:
    """Take the balances back by their mirror images, while nothing was paid or moved of them."""
    entries = [row.subject_id for row in rows if row.subject_id]
    patients = {row.patient_id for row in rows if row.patient_id}
    others = LedgerEntry.objects.filter(lines__patient_id__in=patients, kind__in=PAID).exclude(pk__in=entries)
    since = min((entry.at for entry in LedgerEntry.objects.filter(pk__in=entries)), default=by.now)
    count = others.filter(at__gte=since).distinct().count()
    if count:
        raise Refusal(
            ngettext(
                "%(n)s payment or adjustment was posted on these accounts since. The balances stay; "
                "mend a wrong one on its account.",
                "%(n)s payments or adjustments were posted on these accounts since. The balances stay; "
                "mend a wrong one on its account.",
                count,
            )
            % {"n": count}
        )
    reversed_before = set(
        LedgerEntry.objects.filter(reverses__in=entries).values_list("reverses_id", flat=True)
    )
    for row in rows:
        if row.subject_id and row.subject_id not in reversed_before:
            ledger.reverse_entry(by, entry_id=row.subject_id, reason="taken in by mistake")


def _forward(
    turn: Turn,
    judged: Judged,
    patient_id: UUID,
    amount: Decimal,
    account: str,
    key: str,
    payer_id: UUID | None,
) -> LedgerEntry:
    return ledger.bring_forward(
        turn.by,
        patient_id=patient_id,
        amount=amount,
        service_on=min(judged.says.get("service_on", turn.today), turn.today),
        memo=turn.file.system,
        source_key=f"{turn.file.system}/{turn.file.pk}/{key}",
        account="insurance" if account == "insurance" else "patient",
        payer_id=payer_id,
    )
