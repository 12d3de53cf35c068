"""A plan that was put before the others by mistake is taken out, and they pay as they did before."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, queries
from daysheet.coverage.commands.coverages import (
    CoverageIsUnknown,
    _check_rank,
    _held,
    _save,
    _span,
    mark_entered_in_error,
)
from daysheet.coverage.commands.switching import PUT_FIRST
from daysheet.coverage.models import (
    Authorization,
    Coverage,
    EligibilityInquiry,
    EligibilityResponse,
    PayingFacts,
)
from daysheet.coverage.notice import AdvanceNotice
from daysheet.coverage.rules import spans
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.models import AuditLine

Told = dict[str, Any]


class PlansAreUsed(Refusal):
    """Something was built on the plans as they pay now."""


@command(needs=Can.EDIT_COVERAGE)
def undo_put_first(by: Actor, /, *, coverage_id: UUID) -> list[Coverage]:
    """Take out the plan that was put first, and let those behind it pay as before; return them in their order.

    What went on as a row of its own goes back into the earlier one, which keeps all that its plan had said.
    Raises PlansAreUsed naming what was built on it since, StaleForm when one of the plans was changed, RankIsTaken.
    """
    line = AuditLine.objects.filter(subject_id=coverage_id, action=PUT_FIRST).order_by("-at").first()
    if line is None or "moved" not in line.details:
        raise CoverageIsUnknown(_("There is nothing to put back."))
    moved: list[Told] = line.details["moved"]
    whose = Coverage.objects.filter(pk=coverage_id).values("patient_id")
    list(
        Coverage.objects.select_for_update(of=("self",))
        .filter(patient_id__in=whose, rank__gt=0)
        .order_by("pk")
    )
    try:
        began = _held(coverage_id, line.details["version"])
        now = {one["id"]: _held(UUID(one["id"]), one["version"]) for one in moved}
        ago = {
            one["id"]: _held(UUID(one["before"]), one["before_version"]) for one in moved if "before" in one
        }
    except StaleForm as no:
        raise StaleForm(_("One of these plans was changed since. Mend them by hand.")) from no
    split = [one for one in moved if one["id"] in ago]
    out = [began, *(now[one["id"]] for one in split)]
    _ask_what_stands(by, out, split)
    for one in split:
        _give_back(ago[one["id"]], one)
    reason = _("It was taken back that %(plan)s pays first.") % {"plan": began.plan.name}
    for held in out:
        mark_entered_in_error(by, coverage_id=held.pk, version=held.version, reason=reason)
    back = []
    for one in reversed(moved):  # the first in the order frees the rank of the next
        held = ago.get(one["id"]) or now[one["id"]]
        if one["id"] in ago:
            held.ends_on = date.fromisoformat(one["was"]) if one["was"] else None
        else:
            held.rank -= 1
        _put(by, held)
        back.append(held)
    record(by, "coverage.payer.put-first-undone", began, behind=[str(one.pk) for one in back])
    authorizing.tell_of_plans(by, began.patient_id)
    return back


def _put(by: Actor, held: Coverage) -> None:
    """Keep the rank and the days of a plan, unless another one stands there meanwhile."""
    again = spans.Span(held.pk, held.rank, held.starts_on, held.ends_on)
    _check_rank(again, map(_span, queries.coverages(held.patient_id)))
    _save(held, by, held.rank)


def _give_back(before: Coverage, told: Told) -> None:
    """Let the authorizations of a later part stand at the earlier one again; the copies of what was said go."""
    papers = Authorization.objects.filter(coverage_id=told["id"])
    papers.update(coverage=before, version=F("version") + 1)
    EligibilityResponse.objects.filter(inquiry_id__in=told["said"]).delete()
    EligibilityInquiry.objects.filter(pk__in=told["said"]).delete()


def _ask_what_stands(by: Actor, out: list[Coverage], split: list[Told]) -> None:
    """Raise PlansAreUsed with every sentence that speaks against taking these plans out."""
    ids, names = [one.pk for one in out], {one.pk: one.plan.name for one in out}
    copied = [pk for one in split for pk in one["said"]]
    went = [pk for one in split for pk in one["papers"]]
    since = EligibilityResponse.objects.filter(inquiry__coverage_id__in=ids).exclude(inquiry_id__in=copied)
    papers = Authorization.objects.filter(coverage_id__in=ids, entered_in_error_at__isnull=True)
    notices = AdvanceNotice.objects.filter(coverage_id__in=ids, entered_in_error_at__isnull=True)
    said = []
    if answered := since.order_by("answered_at", "id").values_list("inquiry__coverage_id", flat=True).first():
        said.append(_("%(plan)s has answered since.") % {"plan": names[answered]})
    if number := papers.exclude(pk__in=went).values_list("number", flat=True).first():
        said.append(_("Authorization %(number)s was entered since.") % {"number": number})
    if notices.exists():
        said.append(_("An advance notice was written since."))
    if PayingFacts.objects.filter(Q(ordered_id__in=ids) | Q(custody_id__in=ids)).exists():
        said.append(_("Who pays first was asked since."))
    said += [why for ask in authorizing.built_on if (why := ask(ids, by.now))]
    if said:
        raise PlansAreUsed(" ".join([*said, _("Mend the plans by hand.")]))
