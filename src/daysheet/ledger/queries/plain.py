"""A bill in plain words: one sentence for each thing that happened, and it adds up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from daysheet.kernel.money import ZERO, say
from daysheet.ledger.models import LedgerEntry, LedgerLine
from daysheet.ledger.past import SOURCE_KIND
from daysheet.ledger.queries.accounts import items
from daysheet.ledger.queries.payments import MOVED
from daysheet.practice.models import Provider

Kind = LedgerEntry.Kind


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A sentence for the patient, and beside it for the office: the entries it stands on and their source."""

    on: date
    text: str
    effect: Decimal
    """By how much it changes what the patient owes, net of credit."""
    entries: tuple[int, ...] = ()
    source: str = ""
    visit_id: UUID | None = None
    service_on: date | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """What a statement says: its lines, and the sum they come to."""

    lines: list[ExplainedLine]
    amount: Decimal


def explain(patient_id: UUID) -> list[ExplainedLine]:
    """Return the account as plain sentences, the oldest first; their effects add up to owes less credit."""
    entries = list(
        LedgerEntry.objects.filter(lines__patient_id=patient_id)
        .exclude(kind=Kind.APPLY)
        .distinct()
        .select_related("reverses")
        .prefetch_related(Prefetch("lines", LedgerLine.objects.order_by("pk")))
        .order_by("number")
    )
    providers = {one.pk: str(one) for one in Provider.objects.all()}
    return _sentences(entries, patient_id, providers)


def bill(patient_id: UUID, spared: Mapping[object, Decimal] | None = None) -> Bill:
    """Return the open part of the account as a statement says it: each open visit, what was paid, what is left.

    Of a visit that is `spared` the patient may be asked for no more than the amount beside it: for nothing, and the
    bill does not name it.
    """
    most = spared or {}
    open_items = [
        item
        for item in items(patient_id)
        if item.owed > 0 and most.get(item.who.visit_id or item.who.service_on, item.owed) > 0
    ]
    keys = {item.who.visit_id or item.who.service_on for item in open_items}
    lines = [
        line
        for line in explain(patient_id)
        if (line.visit_id or line.service_on) in keys and not _is_money(line)
    ]
    owed: dict[object, Decimal] = defaultdict(lambda: ZERO)
    for item in items(patient_id):
        owed[item.who.visit_id or item.who.service_on] += item.owed
    ordered: list[ExplainedLine] = []
    for key in dict.fromkeys(item.who.visit_id or item.who.service_on for item in open_items):
        own = [line for line in lines if (line.visit_id or line.service_on) == key]
        so_far = sum((line.effect for line in own), ZERO)
        paid = so_far - owed[key]
        ordered += own
        last = own[-1] if own else None
        when = next(
            item.service_on for item in open_items if (item.who.visit_id or item.who.service_on) == key
        )
        if paid:
            text = _("You have paid %(amount)s of this. Thank you.") % {"amount": say(paid)}
            ordered.append(ExplainedLine(last.on if last else when, text, -paid, service_on=when))
        if key in most and (off := owed[key] - most[key]) > 0:
            text = _("We do not ask you for %(amount)s of this.") % {"amount": say(off)}
            ordered.append(ExplainedLine(last.on if last else when, text, -off, service_on=when))
            owed[key] -= off
    return Bill(ordered, sum((owed[key] for key in keys), ZERO))


def _is_money(line: ExplainedLine) -> bool:
    return line.source.startswith(("receipt", "refund"))


def _sentences(
    entries: Sequence[LedgerEntry], patient_id: UUID, providers: dict[UUID, str]
) -> list[ExplainedLine]:
    charged: dict[UUID | None, Decimal] = defaultdict(lambda: ZERO)
    told: dict[tuple[object, date | None], int] = {}
    found: list[ExplainedLine] = []
    for entry in entries:
        own = [line for line in entry.lines.all() if line.patient_id == patient_id]
        effect = sum((line.amount for line in own if line.account in {"patient", "unapplied"}), ZERO)
        if entry.kind == Kind.CHARGE and entry.source_kind == "check_fee":
            text = _("The bank sent your check back. The fee for that is %(amount)s.") % {
                "amount": say(effect)
            }
            found.append(_line(entry, own, text, effect))
        elif entry.kind == Kind.CHARGE and entry.source_kind == "missed_visit":
            text = _("You missed a visit. The fee for that is %(amount)s.") % {"amount": say(effect)}
            found.append(_line(entry, own, text, effect))
        elif entry.kind == Kind.CHARGE:
            cost = sum((line.amount for line in own if line.account in {"insurance", "patient"}), ZERO)
            charged[own[0].charge_id] += cost
            key = (own[0].visit_id, entry.service_on)
            if key in told:
                found[told[key]] = _more_cost(found[told[key]], entry, cost, effect, _doctor(own, providers))
                continue
            told[key] = len(found)
            found.append(_cost(entry, own[0], cost, effect, _doctor(own, providers)))
        elif entry.kind == Kind.INSURANCE_PAYMENT:
            found += _plan_answer(entry, own, effect, charged)
        else:
            found.append(_other(entry, own, effect))
    return found


def _doctor(lines: Iterable[LedgerLine], providers: dict[UUID, str]) -> str:
    return next((providers[line.provider_id] for line in lines if line.provider_id in providers), "")


def _cost(entry: LedgerEntry, line: LedgerLine, cost: Decimal, effect: Decimal, doctor: str) -> ExplainedLine:
    text = (
        _("Your visit with %(who)s cost %(amount)s.") % {"who": doctor, "amount": say(cost)}
        if doctor
        else _("Your visit cost %(amount)s.") % {"amount": say(cost)}
    )
    if effect == 0:
        text += " " + _("We sent the bill to your plan first.")
    return ExplainedLine(
        entry.service_on or entry.posted_on, text, effect, (entry.number,), f"charge {say(cost)}", line.visit_id,
        entry.service_on,
    )  # fmt: skip


def _more_cost(
    line: ExplainedLine, entry: LedgerEntry, cost: Decimal, effect: Decimal, doctor: str
) -> ExplainedLine:
    before = Decimal(line.source.removeprefix("charge $").replace(",", ""))
    stand_in = LedgerLine(visit_id=line.visit_id)
    told = _cost(entry, stand_in, before + cost, line.effect + effect, doctor)
    return ExplainedLine(
        line.on,
        told.text,
        told.effect,
        (*line.entries, entry.number),
        told.source,
        line.visit_id,
        line.service_on,
    )


def _plan_answer(
    entry: LedgerEntry, lines: Sequence[LedgerLine], effect: Decimal, charged: dict[UUID | None, Decimal]
) -> list[ExplainedLine]:
    paid = sum((line.amount for line in lines if line.account in {"eft", "check"}), ZERO)
    contract = sum((line.amount for line in lines if line.account == "contract"), ZERO)
    other = sum((line.amount for line in lines if line.account == "plan_other"), ZERO)
    shares = [(line.reason_code, line.amount) for line in lines if line.account == "patient"]
    if min(paid, contract, other, ZERO, *(amount for _reason, amount in shares)) < 0:
        text = _("Your plan took back its first answer. It will send a new one.")
        return [_line(entry, lines, text, effect)]
    cost = sum((charged[one] for one in {line.charge_id for line in lines if line.charge_id}), ZERO)
    told: list[ExplainedLine] = []
    if contract and contract >= cost > 0:
        told.append(_line(entry, lines, _("Your plan did not pay this. You do not owe this part."), ZERO))
    elif contract and cost:
        text = _("Your plan's price for it is %(price)s. We took off %(off)s. You do not owe this part.") % {
            "price": say(cost - contract),
            "off": say(contract),
        }
        told.append(_line(entry, lines, text, ZERO))
    elif contract:
        text = _("We took off %(off)s. You do not owe this part.") % {"off": say(contract)}
        told.append(_line(entry, lines, text, ZERO))
    if other:
        text = _("Your plan took off %(off)s more. You do not owe this part.") % {"off": say(other)}
        told.append(_line(entry, lines, text, ZERO))
    if paid:
        told.append(_line(entry, lines, _("Your plan paid %(amount)s.") % {"amount": say(paid)}, ZERO))
    told += [
        _line(entry, lines, _share_text(reason, amount), amount, f"PR-{reason}") for reason, amount in shares
    ]
    if not shares and effect:
        told.append(
            _line(entry, lines, _("This changes your part by %(amount)s.") % {"amount": say(effect)}, effect)
        )
    return told or [_line(entry, lines, _("Your plan looked at this visit."), effect)]


def _share_text(reason: str, amount: Decimal) -> str:
    facts = {"amount": say(amount)}
    if reason == "1":
        return _("You pay the first costs of each year. %(amount)s of this visit counts toward that.") % facts
    if reason == "2":
        return _("Your share of the price is %(amount)s.") % facts
    if reason == "3":
        return _("Your copay for this visit is %(amount)s.") % facts
    return _("Your plan says that %(amount)s is yours to pay.") % facts


def _other(entry: LedgerEntry, lines: Sequence[LedgerLine], effect: Decimal) -> ExplainedLine:
    return _line(entry, lines, _other_text(entry, lines, effect), effect)


def _other_text(entry: LedgerEntry, lines: Sequence[LedgerLine], effect: Decimal) -> str:
    amount = say(abs(effect))
    facts = {"amount": amount}
    if entry.kind == Kind.PAYMENT:
        return _paid(
            amount, next((line.account for line in lines if line.account in {"card", "check"}), "cash")
        )
    if entry.kind == Kind.REFUND:
        return _("We gave you back %(amount)s.") % facts
    if entry.kind == Kind.RETURNED_CHECK:
        return _("Your check for %(amount)s came back from the bank. You owe it again.") % facts
    if entry.kind == Kind.BROUGHT_FORWARD:
        if entry.source_kind == SOURCE_KIND:
            return _("This was settled before we kept these books: nothing of it is due.")
        if effect < 0:
            return _("You had a credit of %(amount)s from before.") % facts
        return (
            _("You owed %(amount)s from before.") % facts if effect else _("Your plan owed us from before.")
        )
    if entry.source_kind == MOVED:
        return _moved_text(entry, amount, effect)
    if entry.kind == Kind.TRANSFER:
        if effect > 0:
            return _("Your plan does not pay %(amount)s of this. It is yours to pay.") % facts
        return _("We asked your plan for %(amount)s again. You do not owe it now.") % facts
    if entry.kind == Kind.ADJUSTMENT:
        off = sum(
            (line.amount for line in lines if line.account in {"write_off", "contract", "plan_other"}), ZERO
        )
        return _("We took off %(amount)s. You do not owe this part.") % {"amount": say(off)}
    return _reversal_text(entry, amount, effect)


def _moved_text(entry: LedgerEntry, amount: str, effect: Decimal) -> str:
    facts = {"amount": amount}
    if entry.reverses_id:
        return _("We put right where a payment of %(amount)s stands.") % facts
    if effect > 0:
        return _("A payment of %(amount)s was not yours. It stands on the right account now.") % facts
    return _("A payment of yours, %(amount)s, stood on another account. It is here now.") % facts


def _reversal_text(entry: LedgerEntry, amount: str, effect: Decimal) -> str:
    undone = entry.reverses.kind if entry.reverses else ""
    facts = {"amount": amount}
    if undone == Kind.PAYMENT:
        return _("We took back the payment of %(amount)s.") % facts
    if undone == Kind.CHARGE:
        return _("We took a charge off this bill. It was not right.")
    if effect > 0:
        return _("We put right an earlier line. You owe %(amount)s more.") % facts
    return _("We put right an earlier line. You owe %(amount)s less.") % facts


def _paid(amount: str, method: str) -> str:
    facts = {"amount": amount}
    if method == "card":
        return _("You paid %(amount)s by card. Thank you.") % facts
    if method == "check":
        return _("You paid %(amount)s by check. Thank you.") % facts
    return _("You paid %(amount)s in cash. Thank you.") % facts


SOURCE_WORDS = {
    Kind.PAYMENT: "receipt",
    Kind.REFUND: "refund",
    Kind.RETURNED_CHECK: "receipt returned",
    Kind.TRANSFER: "transfer",
    Kind.ADJUSTMENT: "write-off",
    Kind.BROUGHT_FORWARD: "earlier books",
    Kind.REVERSAL: "reversal",
    Kind.INSURANCE_PAYMENT: "plan",
}


def _line(
    entry: LedgerEntry, lines: Sequence[LedgerLine], text: str, effect: Decimal, reason: str = ""
) -> ExplainedLine:
    source = SOURCE_WORDS.get(Kind(entry.kind), entry.kind)
    if entry.kind == Kind.REVERSAL and entry.reverses and entry.reverses.kind == Kind.PAYMENT:
        source = "receipt void"
    if entry.source_kind == MOVED:
        source = "receipt moved"
    if entry.kind == Kind.REVERSAL and entry.reverses and entry.reverses.kind == Kind.REFUND:
        source = "refund taken back"
    codes = sorted({f"{one.group_code}-{one.reason_code}" for one in lines if one.group_code})
    words = " ".join([source, entry.memo, reason or ", ".join(codes)])
    is_payment = entry.kind == Kind.PAYMENT
    return ExplainedLine(
        on=(is_payment and entry.service_on) or entry.posted_on,
        text=text,
        effect=effect,
        entries=(entry.number,),
        source=" ".join(words.split()),
        visit_id=next((line.visit_id for line in lines if line.visit_id), None),
        service_on=entry.service_on,
    )
