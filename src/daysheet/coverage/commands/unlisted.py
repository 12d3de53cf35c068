"""Payers and plans that stand on a card and not in the library: kept as written, for a manager to complete."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage.commands.coverages import add_coverage
from daysheet.coverage.models import Coverage, InsurancePlan, Payer
from daysheet.coverage.rules.injury import PLAN_KINDS
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.practice.naming import must_fit_wire
from daysheet.tasks import commands as tasks

TASK = "other"


class NothingIsNamed(Refusal):
    """A payer that is not listed needs a name."""


@command(needs=Can.EDIT_COVERAGE)
def enter_unlisted_payer(by: Actor, /, *, name: str, field: str = "unlisted_payer") -> Payer:
    """Return the payer of a name: the one in use, else a new one without an id, and a task for the manager.

    Claims for it are stopped until it has an id. `field` names the box of the form. Raises NothingIsNamed.
    """
    name = " ".join(name.split())
    if not name:
        raise NothingIsNamed(_("Write the payer's name as it stands on the card."), **{field: _("Write it.")})
    if field == "insurer":
        must_fit_wire(insurer=name)
    else:
        must_fit_wire(unlisted_payer=name)
    known = Payer.objects.filter(name__iexact=name, is_active=True).order_by("pk").first()
    if known is not None:
        record(by, "coverage.payer.found", known)
        return known
    payer = Payer.objects.create(name=name, payer_id="")
    ask_to_complete(by, payer_id=payer.pk)
    record(by, "coverage.payer.added-unlisted", payer, name=name)
    return payer


@command(needs=Can.EDIT_COVERAGE)
def add_unlisted_coverage(
    by: Actor, /, *, patient_id: UUID, unlisted_payer: str, unlisted_plan: str = "", card: Mapping[str, Any]
) -> Coverage:
    """Enter a card whose plan is not in the library: `card` is what add_coverage takes beside the plan.

    Payer and plan are kept as written, and a manager completes them. Raises what add_coverage raises.
    """
    payer = enter_unlisted_payer(by, name=unlisted_payer)
    name = " ".join(unlisted_plan.split()) or payer.name
    plans = InsurancePlan.objects.exclude(kind__in=PLAN_KINDS)
    plan = plans.filter(payer=payer, name__iexact=name, is_active=True).order_by("pk").first()
    if plan is None:
        if InsurancePlan.objects.filter(payer=payer, name=name).exists():
            no = _("%(payer)s has a plan of that name that is not in use, or pays for injuries alone.")
            raise NothingIsNamed(no % {"payer": payer.name}, unlisted_plan=_("Write the plan's whole name."))
        plan = InsurancePlan.objects.create(payer=payer, name=name, kind="other")
        sentence = _("%(plan)s of %(payer)s was written from a card and is not in the library. Complete it.")
        if payer.payer_id:
            _tell(by, payer, sentence % {"plan": name, "payer": payer.name})
    held = add_coverage(by, patient_id=patient_id, plan_id=plan.pk, **card)
    record(by, "coverage.coverage.added-unlisted", held, plan=name)
    return held


@command(needs=Can.EDIT_COVERAGE)
def ask_to_complete(by: Actor, /, *, payer_id: UUID) -> Payer:
    """Put it on the manager's list that a payer was written from a card and lacks its id; return the payer."""
    payer = Payer.objects.get(pk=payer_id)
    sentence = _("%(name)s was written from a card and is not in the library. Give it its payer id and way.")
    _tell(by, payer, sentence % {"name": payer.name})
    record(by, "coverage.payer.to-complete", payer)
    return payer


def _tell(by: Actor, payer: Payer, sentence: str) -> None:
    tasks.open_item(
        by,
        kind=TASK,
        reason_code="PAYER-NOT-LISTED",
        sentence=sentence,
        due_at=by.now + timedelta(days=1),
        source_of_due="office rule 1 day",
        role="office_manager",
        subject=payer,
        link=reverse("coverage:payer", args=[payer.pk]),
    )
