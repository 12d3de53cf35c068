"""The way back from a plan that was ended or switched: what stood there, signed, in the address of its undo."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage.models import Coverage
from daysheet.kernel.errors import Refusal

SALT = "daysheet.coverage.back"


class NoWayBack(Refusal):
    """The address of the undo was changed on its way."""


def end_back(ended: Coverage, *, was: date | None, began: Coverage | None = None) -> tuple[str, str]:
    """Return the undo of an end, with the plan that began in its place; `was` is how the days ended before."""
    told: dict[str, Any] = {"version": ended.version, "was": was.isoformat() if was else ""}
    if began is not None:
        told |= {"began": str(began.pk), "began_version": began.version}
    signed = signing.dumps(told, salt=_salt(ended.pk), compress=True)
    return f"{reverse('coverage:coverage-end-undo', args=[ended.pk])}?was={signed}", _("Undo")


def read_end(coverage_id: UUID, word: str) -> dict[str, Any]:
    """Return how a plan stood before it ended, as `undo_end` asks it. Raises NoWayBack."""
    try:
        told = signing.loads(word, salt=_salt(coverage_id))
    except signing.BadSignature as no:
        raise NoWayBack(_("This way back is damaged. Change the days of the plan by hand.")) from no
    return {
        "version": told["version"],
        "ends_on": date.fromisoformat(told["was"]) if told["was"] else None,
        "began": (UUID(told["began"]), told["began_version"]) if "began" in told else None,
    }


def _salt(coverage_id: UUID) -> str:
    return f"{SALT}/{coverage_id}"
