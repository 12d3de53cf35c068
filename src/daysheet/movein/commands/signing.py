"""The proof signed: a person says that what was read is what is here."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.movein import proving
from daysheet.movein.models import OldFile


class ProofIsOff(Refusal):
    """The proof does not come out, or there is nothing to sign."""


@command(needs=Can.IMPORT_DATA)
def sign_proof(by: Actor, /, *, file_id: UUID, version: int) -> OldFile:
    """Sign that every row of a file is accounted for and every cent stands in the book.

    Raises ProofIsOff when it does not come out, and StaleForm.
    """
    file = OldFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None or file.state != OldFile.State.DONE:
        raise ProofIsOff(_("Only a file that was taken in to its end has a proof to sign."))
    if file.version != version:
        raise StaleForm(_("This file changed meanwhile. Look at the proof again, then sign."))
    if file.signed_at:
        raise ProofIsOff(_("%(who)s has signed this proof already.") % {"who": file.signed_by})
    proof = proving.proof_of(file)
    if not proof.is_right:
        raise ProofIsOff(_("The proof does not come out. Find what differs first; the page names it."))
    file.signed_at, file.signed_by = by.now, by.name
    file.version += 1
    file.save(update_fields=["signed_at", "signed_by", "version"])
    record(by, "movein.proof.signed", file, read=proof.read, taken=proof.taken, book=proof.book)
    return file
