"""What was open in the old books, brought forward to the cent."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.utils.translation import ngettext

from daysheet.coverage.models import Payer
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands as ledger
from daysheet.ledger.commands import OldBalance
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

    def one(judged: Judged) -> Came | list[OldBalance]:
        says = judged.says
        patient_id = who.get(str(says["patient_key"]))
        own, plan = says.get("patient_due", ZERO), says.get("plan_due", ZERO)
        if judged.key in turn.known:
            return Came(judged.number, judged.key, "held", why=[["", "other_amount", ""]])
        if not own and not plan:
            return left(judged, "zero")
        if patient_id is None:
            return bad(judged, [["", "no_patient", ""]])
        return _parts(turn, judged, patient_id, payers.get(flat(says.get("payer", ""))))

    came, found = turn.sorted_out(rows, one)
    parts = [part for _, balances in found for part in balances]
    if not parts:
        return came
    entries = iter(ledger.bring_forward_many(turn.by, balances=parts, memo=turn.file.system))
    for judged, balances in found:
        for place, part in enumerate(balances):
            key = judged.key + PLAN_SIDE * bool(place)
            taken = Came(judged.number, key, "taken", subject_kind="ledger.ledgerentry")
            taken.subject_id, taken.patient_id, taken.amount = next(entries).pk, part.patient_id, part.amount
            if place:
                taken.mark, taken.counts = judged.mark(), False
                came.append(taken)
            else:
                came.append(turn.told(judged, taken))
    return came


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


def _parts(turn: Turn, judged: Judged, patient_id: UUID, payer_id: UUID | None) -> list[OldBalance]:
    """Return what a row brings: the patient's part, and what is due from a plan apart."""
    says = judged.says
    day = min(says.get("service_on", turn.today), turn.today)
    source = f"{turn.file.system}/{turn.file.pk}/{judged.key}"
    parts: list[OldBalance] = []
    if own := says.get("patient_due", ZERO):
        parts.append(OldBalance(patient_id, own, day, source))
    if plan := says.get("plan_due", ZERO):
        key = source + PLAN_SIDE * bool(parts)
        parts.append(OldBalance(patient_id, plan, day, key, "insurance", payer_id))
    return parts
