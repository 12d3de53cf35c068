"""A paper handed over to its patient, and that taken back."""

from uuid import UUID

from daysheet.documents import queries, rules
from daysheet.documents.models import Document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command


@command(needs=Can.MOVE_PATIENT)
def note_handed_over(by: Actor, /, *, document_id: UUID, handed: bool = True) -> Document:
    """Note that a paper was handed over to the patient, or that it was not after all; once is enough."""
    paper = Document.objects.select_for_update().defer("content").get(pk=document_id)
    by.must(rules.needed(paper.kind))
    if (paper.handed_at is not None) != handed:
        paper.handed_at, paper.handed_by = (by.now, by.name) if handed else (None, "")
        paper.save(update_fields=["handed_at", "handed_by"])
    verb = "handed-over" if handed else "not-handed-over"
    record(by, f"documents.document.{verb}", paper, kind=paper.kind, patients=queries.named_in(paper))
    return paper
