"""Claims of a payer that was put into another one."""

from uuid import UUID

from django.db.models import F

from daysheet.claims import queries
from daysheet.claims.models import Claim
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command


@command(needs=Can.SEND_CLAIMS)
def send_to_kept_payer(by: Actor, /, *, gone_id: UUID, kept_id: UUID) -> int:
    """Let the claims of a payer that have not left go to the other one; return how many.

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
    return len(found)
