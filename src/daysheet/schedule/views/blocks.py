"""Time that is kept for kinds of visit: a clinician's blocks, one of them, and taking one off."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.practice import queries as practice
from daysheet.practice.models import Provider
from daysheet.schedule import commands, kept, queries
from daysheet.schedule.block_forms import BlockForm, block_lines
from daysheet.schedule.models import ScheduleBlock
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, ONE, PIECE = "schedule/blocks.html", "schedule/block.html", "_block_form.html"


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def every(request: Request, provider_id: UUID) -> HttpResponse:
    """Show what a clinician's time is kept for, and keep more."""
    told = _told(request, provider_id)
    if request.method != "POST":
        form = _form(request, initial={"where": str(told["who"].location_id or ""), "release": 1})
        return page(request, PAGE, told | {"form": form})
    form = _form(request, request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context=told)
    try:
        commands.add_blocks(request.actor, provider_id=provider_id, weekdays=form.days, fact=form.fact())
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context=told)
    said = _("The time is kept. What is booked in it stays.")
    return done(request, reverse("schedule:blocks", args=[provider_id]), toast=said)


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def one(request: Request, schedule_block_id: UUID) -> HttpResponse:
    """Show one block, and say anew what it is."""
    row = ScheduleBlock.objects.select_related("provider").filter(pk=schedule_block_id).first()
    if row is None:
        raise Http404
    told = {"block": row, "who": row.provider}
    if request.method != "POST":
        return page(request, ONE, told | {"form": _form(request, initial=BlockForm.kept(row))})
    form = _form(request, request.POST)
    if form.is_valid() and len(form.days) != 1:
        form.add_error("weekdays", _("A block stands on one weekday. Add another block for more."))
    if not form.is_valid():
        return invalid(request, ONE, PIECE, form, context=told)
    try:
        commands.change_block(
            request.actor,
            block_id=row.pk,
            version=form_version(request),
            weekday=form.days[0],
            fact=form.fact(),
        )
    except Refusal as no:
        return refused(request, ONE, PIECE, form, no, context=told)
    back = reverse("schedule:blocks", args=[row.provider_id])
    return done(request, back, toast=_("The block is changed."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def retire(request: Request, schedule_block_id: UUID) -> HttpResponse:
    """Keep the time no more."""
    row = commands.retire_block(request.actor, block_id=schedule_block_id)
    undo = (reverse("schedule:block-restore", args=[row.pk]), _("Undo"))
    back = reverse("schedule:blocks", args=[row.provider_id])
    return done(request, back, toast=_("The time is open to all."), undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def restore(request: Request, schedule_block_id: UUID) -> HttpResponse:
    """Keep the time again."""
    row = commands.restore_block(request.actor, block_id=schedule_block_id)
    return done(
        request, reverse("schedule:blocks", args=[row.provider_id]), toast=_("The time is kept again.")
    )


def _form(request: Request, data: Any = None, **kwargs: Any) -> BlockForm:
    doors = list(practice.locations())
    return BlockForm(data, types=queries.types(), doors=doors, today=request.office.today, **kwargs)


def _told(request: Request, provider_id: UUID) -> dict[str, Any]:
    who = Provider.objects.get(pk=provider_id)
    time = kept.kept_time([provider_id])
    return {
        "who": who,
        "lines": block_lines(time.blocks, queries.types(), today=request.office.today),
        "block": None,
    }
