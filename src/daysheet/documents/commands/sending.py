"""What a patient sent: it waits until a person of the office takes it or drops it, and can wait again after both."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents import queries, rules
from daysheet.documents.models import Document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal


class WaitsNoMore(Refusal):
    """The paper was taken or dropped meanwhile, or is none that a patient sent."""


@command(needs=Can.FILE_PAPERS)
def accept_sent(by: Actor, /, *, document_id: UUID) -> Document:
    """Take what a patient sent: from now on it is a paper like any other of its kind. Raises WaitsNoMore."""
    paper = _waiting(document_id)
    paper.kind, paper.accepted_at, paper.accepted_by = rules.SENT[paper.kind], by.now, by.name
    return _kept(by, paper, "accepted")


@command(needs=Can.FILE_PAPERS)
def drop_sent(by: Actor, /, *, document_id: UUID) -> Document:
    """Put aside what a patient sent: it stays to be seen, and counts for nothing. Raises WaitsNoMore."""
    paper = _waiting(document_id)
    paper.struck_at, paper.struck_by = by.now, by.name
    return _kept(by, paper, "dropped")


@command(needs=Can.FILE_PAPERS)
def let_wait_again(by: Actor, /, *, document_id: UUID) -> Document:
    """Let what was taken or dropped wait for a person again. Raises WaitsNoMore."""
    paper = _held(document_id)
    waits_as = {becomes: kind for kind, becomes in rules.SENT.items()}
    if paper.accepted_at is None and paper.kind not in rules.SENT:
        raise WaitsNoMore(_("The patient did not send this paper."))
    paper.kind = waits_as.get(paper.kind, paper.kind)
    paper.accepted_at, paper.accepted_by = None, ""
    paper.struck_at, paper.struck_by = None, ""
    return _kept(by, paper, "waits-again")


def _held(document_id: UUID) -> Document:
    return Document.objects.select_for_update().defer("content").get(pk=document_id)


def _waiting(document_id: UUID) -> Document:
    paper = _held(document_id)
    if not paper.waits:
        raise WaitsNoMore(_("Somebody has looked at this picture already."))
    return paper


def _kept(by: Actor, paper: Document, verb: str) -> Document:
    paper.save(update_fields=["kind", "accepted_at", "accepted_by", "struck_at", "struck_by"])
    record(by, f"documents.sent.{verb}", paper, kind=paper.kind, patients=queries.named_in(paper))
    return paper
