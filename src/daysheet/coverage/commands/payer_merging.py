"""A payer that stands here twice is put into the other one: what is still to come goes there, what is sent stays."""

from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.coverage import merging
from daysheet.coverage.commands.unlisted import ask_to_complete
from daysheet.coverage.enrolment import PayerEnrolment, PayerMerge, PlanMerge
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.merging import PayersAreNotOne
from daysheet.coverage.models import Coverage, EligibilityInquiry, InsurancePlan, Payer
from daysheet.coverage.telehealth_rule import TelehealthRule
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.live import announce
from daysheet.tasks import commands as tasks

OF_PAYER = ((PayerEnrolment, "what", "enrolments"), (TelehealthRule, "mode", "rules"))
"""Rows of which a payer has one a kind: what says the kind, and under which word it is kept what went over."""


@command(needs=Can.MANAGE_OFFICE)
def merge_payers(by: Actor, /, *, gone_id: UUID, kept_id: UUID, reason: str) -> PayerMerge:
    """Put a payer into another one: plans, coverages, cases, enrolments and claims that have not left go there.

    Where both have a plan of one name, the coverages go to that of the payer that stays. What was sent, answered or
    paid stays under the payer to which it went. What went over is kept, for undo_payer_merge. Raises PayersAreNotOne.
    """
    why = reason.strip()
    if not why:
        raise PayersAreNotOne(_("Say why the two are one."), reason=_("Say why."))
    rows = Payer.objects.select_for_update(of=("self",)).filter(pk__in=[gone_id, kept_id]).order_by("pk")
    held = {one.pk: one for one in rows}
    gone, kept = _both(held.get(gone_id), held.get(kept_id))
    own: dict[str, Any] = {"was_active": gone.is_active} | _plans_go(gone, kept)
    cases = InjuryCase.objects.select_for_update(of=("self",)).filter(payer=gone)
    own["cases"] = _go(cases, kept)
    for row, per, word in OF_PAYER:
        there = row._default_manager.filter(payer=kept).values_list(per, flat=True)
        own[word] = _go(row._default_manager.filter(payer=gone).exclude(**{f"{per}__in": list(there)}), kept)
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    moved = {one.room: one.go(by, gone.pk, kept.pk) for one in merging.followers}
    own["asked"] = tasks.close_items_of(by, subject_id=gone.pk, kind="other", action_code="done")
    merge = PayerMerge.objects.create(
        kept=kept,
        gone=gone,
        reason=why,
        moved={"coverage": own} | moved,
        merged_at=by.now,
        merged_by=by.name,
    )
    covers = sum(len(one["coverages"]) for one in own["plans"])
    record(
        by, "coverage.payers.merged", kept, gone=str(gone.pk), name=gone.name, coverages=covers, reason=why
    )
    announce(by.practice_id, "coverage")
    return merge


@command(needs=Can.MANAGE_OFFICE)
def undo_payer_merge(by: Actor, /, *, merge_id: UUID) -> PayerMerge:
    """Take two payers apart again: what went over and has not gone elsewhere since goes back.

    Raises PayersAreNotOne where they are apart already, or something newer stands on their being one.
    """
    found = PayerMerge.objects.filter(pk=merge_id).first()
    if found is None:
        raise PayersAreNotOne(_("These two payers are apart already."))
    pair = [found.gone_id, found.kept_id]
    list(Payer.objects.select_for_update(of=("self",)).filter(pk__in=pair).order_by("pk"))
    rows = PayerMerge.objects.select_for_update(of=("self",)).select_related("gone", "kept")
    merge = rows.get(pk=merge_id)
    if merge.undone_at is not None:
        raise PayersAreNotOne(_("These two payers are apart already."))
    _nothing_newer(merge)
    named = {"gone": merge.gone.name, "kept": merge.kept.name}
    again = PayersAreNotOne(
        _(
            "%(gone)s has again what went over to %(kept)s: a plan, an enrollment or a case. Take one away first."
        )
        % named
    )
    with refusing(
        insurance_plan_name_is_free=again,
        payer_enrolment_is_one=again,
        telehealth_rule_is_one_for_a_payer=again,
        injury_case_number_is_entered_once=again,
        contract_rate_is_one_from_a_day=again,
    ):
        covers = _all_goes_back(merge)
        for one in reversed(merging.followers):
            one.back(by, merge, covers)
    own = merge.moved["coverage"]
    Payer.objects.filter(pk=merge.gone_id).update(is_active=own["was_active"])
    if own["asked"]:
        ask_to_complete(by, payer_id=merge.gone_id)
    merge.undone_at = by.now
    merge.save(update_fields=["undone_at"])
    record(by, "coverage.payers.merge-undone", merge, coverages=len(covers), gone=str(merge.gone_id))
    announce(by.practice_id, "coverage")
    return merge


def _both(gone: Payer | None, kept: Payer | None) -> tuple[Payer, Payer]:
    """Return two payers that can be one. Raises PayersAreNotOne."""
    if gone is None or kept is None or gone.pk == kept.pk:
        raise PayersAreNotOne(_("Choose another payer than this one."), kept=_("Choose another payer."))
    if not kept.is_active:
        raise PayersAreNotOne(_("The other payer is not in use. Choose one that is."), kept=_("Not in use."))
    if gone.filing_code != kept.filing_code:
        raise PayersAreNotOne(
            _("The two are billed as different kinds of insurance. Set the same kind on their pages first."),
            kept=_("Another kind of insurance."),
        )
    cases = InjuryCase.objects.filter(payer=gone).exclude(claim_number="")
    for patient_id, number in cases.values_list("patient_id", "claim_number"):
        if InjuryCase.objects.filter(payer=kept, patient_id=patient_id, claim_number=number).exists():
            raise PayersAreNotOne(
                _("Both have the case %(number)s of one patient. Enter one of them in error first.")
                % {"number": number}
            )
    return gone, kept


def _go(rows: Any, to: Payer) -> list[str]:
    """Give rows to a payer; return which."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=ids).update(payer=to, version=F("version") + 1)
    return [str(pk) for pk in ids]


def _plans_go(gone: Payer, kept: Payer) -> dict[str, Any]:
    """Give the plans of a payer to another one; return of each where it or its coverages went, and which these are."""
    names = {
        one.name: one for one in InsurancePlan.objects.select_for_update(of=("self",)).filter(payer=kept)
    }
    went = []
    for plan in InsurancePlan.objects.select_for_update(of=("self",)).filter(payer=gone).order_by("pk"):
        covers = Coverage.objects.filter(plan=plan)
        ids = [str(pk) for pk in covers.order_by("pk").values_list("pk", flat=True)]
        twin = names.get(plan.name)
        went.append(
            {
                "plan": str(plan.pk),
                "twin": str(twin.pk) if twin else "",
                "coverages": ids,
                "was_active": plan.is_active,
            }
        )
        if twin:
            covers.update(plan=twin, version=F("version") + 1)
            plan.is_active = False
        else:
            plan.payer = kept
        plan.version += 1
        plan.save(update_fields=["payer", "is_active", "version"])
    return {"plans": went}


def _nothing_newer(merge: PayerMerge) -> None:
    """Raise PayersAreNotOne where the two, or plans that went over, were put together with others since."""
    pair = [merge.gone_id, merge.kept_id]
    later = merging.merges().filter(Q(gone_id__in=pair) | Q(kept_id__in=pair), pk__gt=merge.pk).first()
    if later is not None:
        raise PayersAreNotOne(
            _("%(gone)s was put into %(kept)s later. Take those two apart first.")
            % {"gone": later.gone.name, "kept": later.kept.name}
        )
    went = merge.moved["coverage"]["plans"]
    plans = [pk for one in went for pk in (one["plan"], one["twin"]) if pk]
    put = PlanMerge.objects.filter(Q(gone_id__in=plans) | Q(kept_id__in=plans), undone_at=None)
    newer = put.filter(pk__gt=merge.pk).select_related("gone", "kept").first()
    if newer is not None:
        raise PayersAreNotOne(
            _("The plan %(gone)s was put into %(kept)s since. Take those two plans apart first.")
            % {"gone": newer.gone.name, "kept": newer.kept.name}
        )
    over = [one for one in went if not one["twin"]]
    known = [pk for one in over for pk in one["coverages"]]
    under = Coverage.objects.filter(plan_id__in=[one["plan"] for one in over], entered_in_error_at=None)
    if many := under.exclude(pk__in=known).count():
        raise PayersAreNotOne(
            ngettext(
                "%(n)s coverage was entered since under a plan that went over. Give it another plan first.",
                "%(n)s coverages were entered since under plans that went over. Give them other plans first.",
                many,
            )
            % {"n": many}
        )


def _all_goes_back(merge: PayerMerge) -> list[UUID]:
    """Give back what of this room went over; return the coverages that go back with it."""
    own, back = merge.moved["coverage"], []
    for one in own["plans"]:
        at = one["twin"] or one["plan"]
        covers = Coverage.objects.select_for_update(of=("self",)).filter(pk__in=one["coverages"], plan_id=at)
        ids = list(covers.order_by("pk").values_list("pk", flat=True))
        back += ids
        plan = InsurancePlan.objects.filter(pk=one["plan"])
        if one["twin"]:
            Coverage.objects.filter(pk__in=ids).update(plan_id=one["plan"], version=F("version") + 1)
            plan.update(is_active=one["was_active"], version=F("version") + 1)
        else:
            plan.filter(payer=merge.kept_id).update(payer=merge.gone_id, version=F("version") + 1)
    for row, word in ((InjuryCase, "cases"), *((row, word) for row, _per, word in OF_PAYER)):
        went = row._default_manager.filter(pk__in=own[word], payer=merge.kept_id)
        went.update(payer=merge.gone_id, version=F("version") + 1)
    # What the payer that stays has said of them since says nothing of the card at the other one.
    asked = EligibilityInquiry.objects.filter(coverage_id__in=back, pk__gt=merge.pk)
    Coverage.objects.filter(pk__in=asked.values("coverage_id")).update(
        card_version=F("card_version") + 1, benefits_verified_at=None, enrollment_verified_at=None
    )
    return back
