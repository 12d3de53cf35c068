"""The reasons for which visits are cancelled or moved, as the office keeps them."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.schedule.models import CancelReason
from daysheet.schedule.reasons import USUAL


class StrangeReason(Refusal):
    """A reason without words, or one that is kept already."""


@command(needs=Can.MANAGE_OFFICE)
def take_usual_cancel_reasons(by: Actor, /) -> list[CancelReason]:
    """Begin with the usual reasons, where the office has none of its own."""
    made: list[CancelReason] = []
    if not CancelReason.objects.exists():
        made = CancelReason.objects.bulk_create(
            CancelReason(
                words=one.words,
                doing=one.doing,
                counts_late=one.counts_late,
                asks_words=one.asks_words,
                rank=rank,
            )
            for rank, one in enumerate(USUAL, 1)
        )
    record(by, "schedule.cancel-reasons.begun", reasons=[one.words for one in made])
    return made


@command(needs=Can.MANAGE_OFFICE)
def keep_cancel_reason(
    by: Actor,
    /,
    *,
    words: str,
    doing: str,
    counts_late: bool,
    asks_words: bool = False,
    reason_id: UUID | None = None,
    version: int | None = None,
) -> CancelReason:
    """Write a reason down, or say it anew; visits that were cancelled for it keep the words of then.

    What is the office's doing never counts against the patient. Raises StrangeReason or StaleForm.
    """
    if not words.strip():
        raise StrangeReason(_("Write the reason."), words=_("Write the reason."))
    if doing not in CancelReason.Doing.values:
        raise StrangeReason(_("Say whose doing it is."), doing=_("Choose one."))
    kept = _held(reason_id, version) if reason_id else CancelReason(version=0, rank=_last_rank() + 1)
    kept.words, kept.doing, kept.asks_words = words.strip(), doing, asks_words
    kept.counts_late = counts_late and doing == CancelReason.Doing.PATIENT
    kept.version += 1
    with refusing(
        cancel_reason_is_said_once=StrangeReason(_("That reason is kept already."), words=_("Taken."))
    ):
        kept.save()
    record(by, "schedule.cancel-reason.kept", kept, words=kept.words, doing=doing, late=kept.counts_late)
    return kept


@command(needs=Can.MANAGE_OFFICE)
def use_cancel_reason(by: Actor, /, *, reason_id: UUID, version: int | None, is_active: bool) -> CancelReason:
    """Offer a reason no more, or again.

    Raises StaleForm.
    """
    kept = _held(reason_id, version)
    kept.is_active, kept.version = is_active, kept.version + 1
    kept.save(update_fields=["is_active", "version"])
    record(by, "schedule.cancel-reason.used" if is_active else "schedule.cancel-reason.retired", kept)
    return kept


def _last_rank() -> int:
    return CancelReason.objects.order_by("-rank").values_list("rank", flat=True).first() or 0


def _held(reason_id: UUID, version: int | None) -> CancelReason:
    kept = CancelReason.objects.select_for_update(of=("self",)).filter(pk=reason_id).first()
    if kept is None:
        raise StrangeReason(_("That reason is not kept here."))
    if version is not None and kept.version != version:
        raise StaleForm(_("Somebody changed this reason meanwhile. Look at it again, then decide."))
    return kept
