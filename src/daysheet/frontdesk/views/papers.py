"""Papers at check-in: the insurance card and the photo ID, from a camera or a file."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from daysheet.frontdesk import commands
from daysheet.frontdesk.at_desk import again, done_here
from daysheet.frontdesk.forms import CardForm
from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.ui.screens import Request, screen


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def card(request: Request, visit_id: UUID) -> HttpResponse:
    """File the insurance card."""
    form = CardForm(request.POST, request.FILES, prefix="card")
    if not form.is_valid():
        return again(request, visit_id, "check_in", {"card_form": form})
    try:
        commands.file_card(request.actor, visit_id=visit_id, **form.contents())
    except Refusal as no:
        return again(request, visit_id, "check_in", {"card_form": form}, no)
    return done_here(request, visit_id, "check_in", _("The card is filed."))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def photo_id(request: Request, visit_id: UUID) -> HttpResponse:
    """File the photo ID."""
    form = CardForm(request.POST, request.FILES, prefix="photo-id")
    if not form.is_valid():
        return again(request, visit_id, "check_in", {"photo_id_form": form})
    try:
        commands.file_photo_id(request.actor, visit_id=visit_id, **form.contents())
    except Refusal as no:
        return again(request, visit_id, "check_in", {"photo_id_form": form}, no)
    return done_here(request, visit_id, "check_in", _("The photo ID is filed."))
