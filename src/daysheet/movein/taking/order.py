"""In which order files are taken back: the last one before those that it hangs on."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.errors import Refusal
from daysheet.movein.models import OldRow
from daysheet.movein.wording import KIND_WORDS

STANDING = (OldRow.Outcome.TAKEN, OldRow.Outcome.JOINED, OldRow.Outcome.UPDATED)
LEAVES = ("balances", "appointments", "notes", "coverages")


def must_be_last(rows: Sequence[OldRow], parts: Sequence[Sequence[UUID]]) -> None:
    """Refuse while other files stand that went on with the charts of these rows, and name them."""
    if not rows:
        return
    found: set[tuple[int, str]] = set()
    for part in parts:
        others = OldRow.objects.filter(patient_id__in=part, outcome__in=STANDING)
        others = others.exclude(file_id=rows[0].file_id)
        found.update(others.order_by().values_list("file__number", "kind").distinct())
    if not found:
        return
    told = ", ".join(
        _("file %(n)s (%(kind)s)") % {"n": number, "kind": KIND_WORDS[kind]}
        for number, kind in sorted(found, reverse=True)
    )
    raise Refusal(
        _("Later files hang on these charts. Take those back first, in this order: %(files)s.")
        % {"files": told}
    )


def left_behind(patient_ids: Sequence[UUID]) -> str:
    """Return why charts stay although the files that hung on them were taken back; empty when none was."""
    gone = OldRow.objects.filter(patient_id__in=patient_ids, outcome=OldRow.Outcome.UNDONE, kind__in=LEAVES)
    if not gone.exists():
        return ""
    return _(
        "Balances, visits and papers that were taken back stay in the books as that; so do their charts."
    )
