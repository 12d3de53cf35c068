"""Claims of a payer that was put into another one."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from daysheet.claims import queries
from daysheet.claims.models import Claim
from daysheet.coverage.enrolment import PayerMerge
from daysheet.coverage.merging import PayersAreNotOne
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command


@command(needs=Can.SEND_CLAIMS)
def send_to_kept_payer(by: Actor, /, *, gone_id: UUID, kept_id: UUID) -> list[UUID]:
    """Let the claims of a payer that have not left go to the other one; return which.

    A replacement or void stays with the payer that has the first claim.
    """
    waiting = Claim.objects.select_for_update(of=("self",)).filter(
        payer_id=gone_id, state__in=queries.UNSENT, frequency="1"
    )
    found = list(waiting.order_by("pk"))
    Claim.objects.filter(pk__in=[one.pk for one in found]).update(payer_id=kept_id, version=F("version") + 1)
    patients = list(dict.fromkeys(one.patient_id for one in found))
    record(
        by, "claims.payers.merged", patients=patients, gone=str(gone_id), kept=str(kept_id), claims=len(found)
    )
    return [one.pk for one in found]


@command(needs=Can.SEND_CLAIMS)
def send_to_payer_apart(by: Actor, /, *, merge_id: UUID, coverage_ids: Sequence[UUID]) -> list[UUID]:
    """Let the claims that went along, or were made since under these coverages, go to the payer taken apart.

    Returns which. Raises PayersAreNotOne where one of them has left under the payer that stays.
    """
    merge = PayerMerge.objects.select_related("gone", "kept").get(pk=merge_id)
    went = Q(pk__in=merge.moved["claims"]["claims"])
    since = Q(coverage_id__in=coverage_ids, made_at__gte=merge.merged_at)
    rows = Claim.objects.select_for_update(of=("self",)).filter(went | since, payer_id=merge.kept_id)
    found = list(rows.exclude(coverage__plan__payer_id=merge.kept_id).order_by("pk"))
    left = next((one for one in found if one.state not in queries.UNSENT or one.frequency != "1"), None)
    if left is not None:
        raise PayersAreNotOne(
            _(
                "Claim %(number)s was sent or closed since under %(kept)s. What was sent stays, so the two stay one."
            )
            % {"number": left.number, "kept": merge.kept.name}
        )
    ids = [one.pk for one in found]
    Claim.objects.filter(pk__in=ids).update(payer_id=merge.gone_id, version=F("version") + 1)
    patients = list(dict.fromkeys(one.patient_id for one in found))
    gone, kept = str(merge.gone_id), str(merge.kept_id)
    record(by, "claims.payers.apart", patients=patients, gone=gone, kept=kept, claims=len(ids))
    return ids
