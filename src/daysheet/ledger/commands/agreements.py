"""Payment plans: offered, signed, kept, changed by another agreement, ended with a reason."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents.commands import keep_document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.money import ZERO, say, usd
from daysheet.kernel.numbers import next_number
from daysheet.ledger import plan_papers, queries
from daysheet.ledger.asking import asking
from daysheet.ledger.checks import amount_above_zero, no_card_numbers, said_why
from daysheet.ledger.commands.book import Book
from daysheet.ledger.commands.cards import begin_card
from daysheet.ledger.commands.filling import PLAN
from daysheet.ledger.instalments import EVERY, Terms, Unsound, schedule
from daysheet.ledger.models import CardCharge, PaymentPlan, SavedCard
from daysheet.ledger.models.cards import ON_THE_WAY
from daysheet.patients.models import Patient
from daysheet.privacy.questions import is_a_mark, read_strokes

MOST_GRACE = 60
State = PaymentPlan.State


class PlanIsUnsound(Refusal):
    """The terms give no plan, or ask for more than may be asked of the patient."""


class NoSuchPlan(Refusal):
    """The plan is not there, or no longer in the state that the act needs."""


class PlanIsNotSigned(Refusal):
    """There is no name, no mark on the pad, and no tick."""


@command(needs=Can.TAKE_PAYMENT)
def offer_plan(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    amount: Decimal,
    every: str,
    first_on: date,
    down: Decimal = ZERO,
    count: int | None = None,
    each: Decimal | None = None,
    grace_days: int = 5,
    card_id: UUID | None = None,
) -> PaymentPlan:
    """Work out the instalments of a balance, for the patient to read and sign; nothing changes until then.

    What was offered before and not signed is dropped; a plan that runs is replaced by the signature.
    Raises PlanIsUnsound.
    """
    Book.lock(by)
    patient = Patient.objects.get(pk=patient_id)
    today = queries.posting_day(by.now)
    money = amount_above_zero(amount, what=_("The amount under the plan"))
    may_ask = _may_ask(patient_id)
    if money > may_ask:
        raise _too_much(may_ask)
    if every not in EVERY:
        raise PlanIsUnsound(_("Say how often."), every=_("Choose one."))
    if not 0 <= grace_days <= MOST_GRACE:
        sentence = _("Days of grace are 0 to %(most)s.") % {"most": MOST_GRACE}
        raise PlanIsUnsound(sentence, grace_days=sentence)
    terms = Terms(money, every, first_on, today, usd(down), count, usd(each) if each is not None else None)
    try:
        dues = schedule(terms)
    except Unsound as no:
        raise _in_words(*no.args) from no
    offered = PaymentPlan.objects.filter(patient=patient, state=State.PROPOSED)
    offered.update(state=State.DROPPED)
    running = queries.plan_standing(patient_id, today=today, most=may_ask)
    taken = PlanIsUnsound(_("Somebody else has just offered this patient a plan. Look at it first."))
    with refusing(payment_plan_of_a_patient_is_one=taken):
        plan = PaymentPlan.objects.create(
            number=next_number("payment_plan"),
            patient=patient,
            amount=money,
            down=terms.down,
            every=every,
            first_on=first_on,
            grace_days=grace_days,
            dues=[[one.on.isoformat(), str(one.amount)] for one in dues],
            card=_card(card_id, patient_id),
            replaces=running.plan if running and running.keeping.state != "done" else None,
            made_on=today,
            made_at=by.now,
            by_name=by.name,
        )
    record(by, "ledger.plan.offered", plan, amount=money, instalments=len(dues))
    return plan


@command(needs=Can.TAKE_PAYMENT)
def sign_plan(
    by: Actor,
    /,
    *,
    plan_id: UUID,
    version: int,
    signed_by: str,
    relationship: str = "",
    strokes: str = "",
    agrees: bool = False,
) -> PaymentPlan:
    """Keep the signed agreement as a paper; from now on the plan runs, and takes the place of the one before.

    Raises NoSuchPlan, PlanIsNotSigned, PlanIsUnsound when the patient owes less by now, or StaleForm.
    """
    Book.lock(by)
    plan = _held(plan_id, version, State.PROPOSED)
    no_card_numbers(signed_by=signed_by)
    name = " ".join(signed_by.split())
    _is_signed(name, strokes, agrees=agrees)
    may_ask = _may_ask(plan.patient_id)
    if plan.amount > may_ask:
        raise _too_much(may_ask)
    _make_room(by, plan.patient_id)
    said = {"signed_by": name, "relationship": relationship[:100], "strokes": strokes}
    plan.document = keep_document(
        by,
        kind="signed_form",
        title=_("Payment plan %(number)s") % {"number": plan.number},
        media_type="application/pdf",
        content=plan_papers.agreement(by, plan, said),
        patient_id=plan.patient_id,
        subject=plan,
    )
    plan.state, plan.signed_by, plan.relationship, plan.signed_at = (
        State.RUNNING,
        name,
        said["relationship"],
        by.now,
    )
    plan.version += 1
    plan.save()
    record(by, "ledger.plan.signed", plan, amount=plan.amount)
    announce(by.practice_id, "plans")
    return plan


@command(needs=Can.TAKE_PAYMENT)
def drop_plan(by: Actor, /, *, plan_id: UUID, version: int) -> PaymentPlan:
    """Drop a plan that nobody has signed."""
    plan = _held(plan_id, version, State.PROPOSED)
    plan.state = State.DROPPED
    plan.version += 1
    plan.save(update_fields=["state", "version"])
    record(by, "ledger.plan.dropped", plan)
    return plan


@command(needs=Can.TAKE_PAYMENT)
def end_plan(by: Actor, /, *, plan_id: UUID, version: int, reason: str) -> PaymentPlan:
    """End a plan before it is paid, saying why: what is left may be asked as a balance again."""
    plan = _held(plan_id, version, State.RUNNING)
    plan.state, plan.end_reason, plan.ended_at = State.ENDED, said_why(reason), by.now
    plan.version += 1
    plan.save(update_fields=["state", "end_reason", "ended_at", "version"])
    record(by, "ledger.plan.ended", plan, reason=plan.end_reason)
    announce(by.practice_id, "plans")
    return plan


@command(needs=Can.TAKE_PAYMENT)
def set_plan_card(by: Actor, /, *, plan_id: UUID, version: int, card_id: UUID | None) -> PaymentPlan:
    """Say from which kept card the instalments are taken, or that none is."""
    plan = _held(plan_id, version, State.RUNNING)
    plan.card = _card(card_id, plan.patient_id)
    plan.version += 1
    plan.save(update_fields=["card", "version"])
    record(by, "ledger.plan.card-set", plan, has_card=plan.card is not None)
    return plan


@command(needs=Can.TAKE_PAYMENT)
def charge_plan(by: Actor, /, *, plan_id: UUID, version: int, location_id: UUID | None) -> CardCharge:
    """Ask the card company for what is due under a plan, from the card that the patient named for it.

    Raises PlanIsUnsound when nothing is due, no card is named, or it was asked a moment ago.
    """
    Book.lock(by)
    plan = _held(plan_id, version, State.RUNNING)
    may_ask = _may_ask(plan.patient_id)
    standing = queries.plan_standing(plan.patient_id, today=queries.posting_day(by.now), most=may_ask)
    if plan.card_id is None:
        raise PlanIsUnsound(_("No kept card is named for this plan. Take the payment in another way."))
    if standing is None or standing.keeping.due <= ZERO:
        raise PlanIsUnsound(_("Nothing is due under this plan today."))
    asked = CardCharge.objects.filter(patient_id=plan.patient_id, purpose=PLAN, state__in=ON_THE_WAY)
    if asked.exists():
        raise PlanIsUnsound(_("The card company is being asked already. Look under Cards."))
    charge = begin_card(
        by,
        patient_id=plan.patient_id,
        kind=CardCharge.Kind.CHARGE,
        amount=standing.keeping.due,
        card_id=plan.card_id,
        purpose=PLAN,
        location_id=location_id,
    )
    record(by, "ledger.plan.charged", plan, amount=charge.amount)
    return charge


def _make_room(by: Actor, patient_id: UUID) -> None:
    """Let the plan that runs give way to another: it is paid, or replaced."""
    before = queries.plan_standing(patient_id, today=queries.posting_day(by.now), most=_may_ask(patient_id))
    if before is None:
        return
    is_paid = before.keeping.state == "done"
    before.plan.state, before.plan.ended_at = State.PAID if is_paid else State.REPLACED, by.now
    before.plan.version += 1
    before.plan.save(update_fields=["state", "ended_at", "version"])


def _may_ask(patient_id: UUID) -> Decimal:
    return max(asking(patient_id).may_ask - queries.balance(patient_id).credit, ZERO)


def _held(plan_id: UUID, version: int, state: str) -> PaymentPlan:
    plan = PaymentPlan.objects.select_for_update(of=("self",)).filter(pk=plan_id).first()
    if plan is None:
        raise NoSuchPlan(_("That payment plan is not known to this office."))
    if plan.version != version:
        raise StaleForm(_("Somebody else has changed this plan meanwhile. Look at it again."))
    if plan.state != state:
        raise NoSuchPlan(
            _("That cannot be done now: the plan is “%(state)s”.") % {"state": plan.get_state_display()}
        )
    return plan


def _card(card_id: UUID | None, patient_id: UUID) -> SavedCard | None:
    if card_id is None:
        return None
    card = SavedCard.objects.filter(pk=card_id, patient_id=patient_id, removed_at__isnull=True).first()
    if card is None:
        sentence = _("That card is not kept any more. Choose another one, or none.")
        raise PlanIsUnsound(sentence, card=sentence)
    return card


def _is_signed(name: str, strokes: str, *, agrees: bool) -> None:
    if not name or len(name) > 200 or "\x00" in name:
        sentence = _("Write the name of the person who signs.")
        raise PlanIsNotSigned(sentence, signed_by=sentence)
    lines = read_strokes(strokes) if strokes else []
    if lines is None or (strokes and not is_a_mark(lines)):
        sentence = _("That is no signature yet. Clear the pad and sign again, or tick the box instead.")
        raise PlanIsNotSigned(sentence, strokes=sentence)
    if not lines and not agrees:
        sentence = _("Sign on the pad, or tick that the typed name is the signature.")
        raise PlanIsNotSigned(sentence, agrees=sentence)


def _too_much(may_ask: Decimal) -> PlanIsUnsound:
    if may_ask <= ZERO:
        sentence = _("Nothing may be asked of this patient now: there is nothing to put under a plan.")
    else:
        sentence = _("Only %(most)s may be asked of this patient now. A plan is of that or less.") % {
            "most": say(may_ask)
        }
    return PlanIsUnsound(sentence, amount=sentence)


def _in_words(field: str, fault: str) -> PlanIsUnsound:
    words = {
        "nothing": _("There is nothing to put under a plan."),
        "too_much": _("The down payment must be less than the whole."),
        "past": _("The first instalment is of today or later."),
        "beyond": _("That is too far away."),
        "either": _("Say how many instalments, or how much each: one of the two."),
        "many": _("A plan has 1 to 120 instalments. Ask for more each time."),
        "less_than_a_cent": _("That is less than a cent each time."),
    }
    return PlanIsUnsound(words[fault], **{field: words[fault]})
