"""The way back from a visit that was put under a plan: what stood there, signed, in the address of its undo."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.errors import Refusal
from daysheet.visits.models import Visit

SALT = "daysheet.visits.plan-back"


class NoWayBack(Refusal):
    """The address of the undo was changed on its way."""


def plan_back(before: Visit, version: int) -> tuple[str, str]:
    """Return the undo of putting a visit under a plan: `before` is how it stood, `version` how it stands now."""
    copay = "" if before.copay_due is None else str(before.copay_due)
    told = {"version": version, "was": str(before.coverage_id or ""), "copay": copay}
    signed = signing.dumps(told, salt=f"{SALT}/{before.pk}", compress=True)
    return f"{reverse('visits:visit-plan-undo', args=[before.pk])}?was={signed}", _("Undo")


def read_plan(visit_id: UUID, word: str) -> dict[str, Any]:
    """Return how a visit stood, as `undo_put_under_plan` asks it. Raises NoWayBack."""
    try:
        told = signing.loads(word, salt=f"{SALT}/{visit_id}")
    except signing.BadSignature as no:
        raise NoWayBack(_("This way back is damaged. Say by hand who pays for the visit.")) from no
    return {
        "version": told["version"],
        "was": UUID(told["was"]) if told["was"] else None,
        "copay_due": Decimal(told["copay"]) if told["copay"] else None,
    }
