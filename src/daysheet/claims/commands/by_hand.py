"""What a person does with a remitted claim: match it, post what does not add up, take back what was posted wrongly."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from daysheet.claims import queries, remits, rules
from daysheet.claims.commands.outcomes import Outcomes
from daysheet.claims.commands.remitting import _keep_state, _method, _Posting, _source_key
from daysheet.claims.commands.story import Story
from daysheet.claims.models import Claim, Remittance, RemittedClaim
from daysheet.claims.rules import HandLine
from daysheet.formats import x12
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, say, usd
from daysheet.ledger import commands as ledger
from daysheet.ledger.checks import said_why
from daysheet.ledger.models import LedgerEntry, Payment
from daysheet.ledger.rules import PlanPosting
from daysheet.tasks import commands as tasks


class CannotBeMatched(Refusal):
    """The remitted claim and the chosen claim do not belong together, or it is posted already."""


class CannotBePosted(Refusal):
    """What is typed does not add up, or the remitted claim is none that a person may post."""


class CannotBeTakenBack(Refusal):
    """The remitted claim is not posted, or something newer stands on it."""


@command(needs=Can.POST_REMITTANCES)
def match_remitted(by: Actor, /, *, remitted_id: UUID, claim_id: UUID) -> RemittedClaim:
    """Say to which of our claims a remitted one belongs, and post it; one that does not add up waits as parked.

    Raises CannotBeMatched.
    """
    remitted, claim = _remitted(remitted_id), _locked(claim_id)
    if remitted.state != RemittedClaim.State.UNMATCHED:
        raise CannotBeMatched(_("This claim of the remittance has been dealt with already."))
    if remitted.status == rules.REVERSED:
        raise CannotBeMatched(
            _("A payment that is taken back is matched to the posting it undoes, not to a claim.")
        )
    if abs(remitted.charge) != claim.charge:
        raise CannotBeMatched(
            _("The remittance speaks of a charge of %(theirs)s, the claim of %(ours)s.")
            % {"theirs": say(remitted.charge), "ours": say(claim.charge)}
        )
    remittance = remitted.remittance
    posting = _Posting(remittance, remittance.payer)
    tasks.close_items_of(by, subject_id=remitted.pk, kind="unmatched", action_code="matched")
    remitted.claim, remitted.patient_id = claim, claim.patient_id
    remitted.trouble = posting._trouble(remitted, claim)
    if remitted.trouble:
        remitted.state = RemittedClaim.State.PARKED
        remitted.save()
        Outcomes(by, remittance).ask_about(remitted)
    else:
        posting.take(remitted, claim)
        _put_into_the_book(by, remitted, claim, posting.claims[0].postings)
    record(by, "claims.remitted-claim.matched", remitted, claim=claim.number)
    return remitted


@command(needs=Can.POST_REMITTANCES)
def post_by_hand(
    by: Actor, /, *, remitted_id: UUID, lines: Sequence[HandLine], reasons: Mapping[str, str], reason: str
) -> RemittedClaim:
    """Post a remitted claim that does not add up as a person reads it, line by line; what the payer said is kept.

    Every line adds up to its charge, and the lines together pay what the payment holds for the claim: the bank
    and the book agree. Raises CannotBePosted.
    """
    remitted = _remitted(remitted_id)
    if remitted.claim_id is None or not queries.may_be_posted_by_hand(remitted):
        raise CannotBePosted(
            _("Only a claim of a posted remittance that waits for a person can be posted by hand.")
        )
    claim = _locked(remitted.claim_id)
    ours = list(claim.lines.select_related("charge").order_by("line"))
    if [(line.control, line.charge.amount) for line in ours] != [(one.control, one.charge) for one in lines]:
        raise CannotBePosted(_("The lines of the claim have changed. Open the page again."))
    _adds_up(remitted, lines, reasons)
    why = said_why(reason)
    said = remits.kept_as_said(remitted)
    parts = rules.hand_parts(lines, reasons)
    remitted.as_said, remitted.adjustments = said, remits.as_rows(parts)
    remitted.lines = [
        {
            "control": one.control,
            "code": line.charge.code,
            "charge": str(one.charge),
            "paid": str(one.paid),
            "remarks": [],
        }
        for one, line in zip(lines, ours, strict=True)
    ]
    remitted.patient_share = sum((part.amount for part in parts if part.group == "PR"), ZERO)
    remitted.difference = ZERO
    _put_into_the_book(by, remitted, claim, remits.postings(claim, ours, remits.said(remitted)), because=why)
    record(
        by,
        "claims.remitted-claim.posted-by-hand",
        remitted,
        claim=claim.number,
        reason=why,
        said=said["adjustments"],
        posted=remitted.adjustments,
    )
    return remitted


@command(needs=Can.POST_REMITTANCES)
def take_back_remitted(by: Actor, /, *, remitted_id: UUID, reason: str) -> RemittedClaim:
    """Take a remitted claim that was posted wrongly out of the book, whole; it waits for a person again.

    Its charges count as not answered, its deposit shrinks. Raises CannotBeTakenBack.
    """
    remitted = _remitted(remitted_id)
    why = said_why(reason)
    if remitted.state != RemittedClaim.State.POSTED or remitted.claim_id is None:
        raise CannotBeTakenBack(_("This claim of the remittance is not posted."))
    if remitted.status == rules.REVERSED:
        raise CannotBeTakenBack(_("The plan took this back itself. Ask the plan for a new decision."))
    claim = _locked(remitted.claim_id)
    standing = queries.standing_decision(claim.pk)
    if standing is None or standing.pk != remitted.pk:
        raise CannotBeTakenBack(
            _(
                "The plan took this back already, or decided the claim anew since. Start with the newest decision."
            )
        )
    if remitted.entry_id:
        ledger.take_back_remitted_claim(by, entry_id=remitted.entry_id, reason=why)
    _wait_again(remitted, claim, why)
    story = Story(by)
    story.tell(claim, "unposted", sentence=why, envelope=remitted.remittance.envelope)
    story.is_done_with(claim.pk, "denial", action="done")
    if earlier := queries.standing_decision(claim.pk):
        Outcomes(by, earlier.remittance).tell(earlier, claim)
    Outcomes(by, remitted.remittance).ask_about(remitted)
    _keep_state(remitted.remittance)
    record(
        by,
        "claims.remitted-claim.taken-back",
        remitted,
        patients=[claim.patient_id],
        claim=claim.number,
        reason=why,
    )
    return remitted


def _remitted(remitted_id: UUID) -> RemittedClaim:
    found = RemittedClaim.objects.select_for_update(of=("self",))
    return found.select_related("remittance__payer", "remittance__envelope").get(pk=remitted_id)


def _locked(claim_id: UUID) -> Claim:
    found = Claim.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("visit", "payer").get(pk=claim_id)


def _adds_up(remitted: RemittedClaim, lines: Sequence[HandLine], reasons: Mapping[str, str]) -> None:
    wrong: dict[str, str] = {}
    for n, line in enumerate(lines, 1):
        if line.apart:
            told = {"n": n, "charge": say(line.charge), "off": say(abs(line.apart))}
            wrong[f"paid_{n}"] = (
                _("Line %(n)s comes to %(off)s more than its charge of %(charge)s.") % told
                if line.apart > 0
                else _("Line %(n)s comes to %(off)s less than its charge of %(charge)s.") % told
            )
    for group in rules.HAND_GROUPS:
        code = reasons.get(group, "")
        if any(line.off.get(group) for line in lines) and not x12.label("carc", code):
            wrong[f"reason_{group.lower()}"] = _(
                "Type the reason of %(group)s as a number of the code list, such as 45."
            ) % {"group": group}
    if wrong:
        raise CannotBePosted(_("What is typed does not add up to the charge yet."), **wrong)
    paid = sum((line.paid for line in lines), ZERO)
    if paid != remitted.paid:
        told = {"held": say(remitted.paid), "typed": say(paid)}
        sentence = (
            _("The payment holds %(held)s for this claim, the lines say %(typed)s: the bank would not agree.")
            % told
        )
        raise CannotBePosted(sentence, paid_1=sentence)


def _put_into_the_book(
    by: Actor,
    remitted: RemittedClaim,
    claim: Claim,
    postings: Sequence[PlanPosting],
    *,
    because: str = "",
) -> None:
    """Post one claim beside what its remittance posted before; what waited for it on the list is done."""
    remittance = remitted.remittance
    entry = ledger.post_remitted_claim(
        by,
        payer_id=remittance.payer_id,
        trace=remittance.trace,
        postings=postings,
        source_key=_next_key(remittance, remitted),
        method=_method(remittance),
        source_id=remitted.pk,
        received_on=remittance.paid_on,
    )
    remitted.entry_id = entry.pk if entry else None
    remitted.state, remitted.trouble = RemittedClaim.State.POSTED, ""
    remitted.save()
    tasks.close_items_of(by, subject_id=remitted.pk, kind="parked_remittance", action_code="done")
    Outcomes(by, remittance, because).tell(remitted, claim)
    if remittance.payment is None:
        remittance.payment = Payment.objects.filter(
            payer_id=remittance.payer_id, trace=remittance.trace
        ).first()
    _keep_state(remittance)


def _next_key(remittance: Remittance, remitted: RemittedClaim) -> str:
    """Return the key of a posting; one that was taken back and is posted again is told apart by its turn."""
    key = _source_key(remittance, remitted)
    turns = LedgerEntry.objects.filter(Q(source_key=key) | Q(source_key__startswith=f"{key}/")).count()
    return f"{key}/{turns + 1}" if turns else key


def _wait_again(remitted: RemittedClaim, claim: Claim, why: str) -> None:
    """Let a claim that was taken back wait as the payer said it: for figures, or for its claim."""
    named = queries.claim_by_control(remitted.control)
    remitted.entry_id = None
    if said := remitted.as_said:
        remitted.adjustments, remitted.lines = said["adjustments"], said["lines"]
        remitted.patient_share, remitted.difference = usd(said["patient_share"]), usd(said["difference"])
        remitted.as_said = {}
    remitted.trouble = _("Taken back by hand: %(why)s") % {"why": why}
    remitted.state = RemittedClaim.State.PARKED
    if named is None or named.pk != claim.pk:
        remitted.state, remitted.claim, remitted.patient = RemittedClaim.State.UNMATCHED, None, None
    remitted.save()
