"""Which wait is long: the limits listed, set, dropped."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.schedule import queries as schedule
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.visits import commands
from daysheet.visits.forms import LimitForm
from daysheet.visits.models import Visit, WaitLimit
from daysheet.visits.rules import LONG_WAIT

PAGE, PIECE = "visits/wait-limits.html", "_limit_form.html"


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def wait_limits(request: Request) -> HttpResponse:
    """Show from when on a wait is long, and set it."""
    form, told = LimitForm(request.POST or None, types=schedule.types()), _facts()
    if request.method != "POST":
        return page(request, PAGE, told | {"form": form})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, told)
    try:
        commands.set_wait_limit(request.actor, **form.said())
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, told)
    return done(request, reverse("visits:wait-limits"), toast=_("The board counts by it from now on."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def limit_drop(request: Request, limit_id: UUID) -> HttpResponse:
    """Let a limit go."""
    commands.drop_wait_limit(request.actor, limit_id=limit_id)
    return done(request, reverse("visits:wait-limits"), toast=_("The limit is dropped."))


def _facts() -> dict[str, Any]:
    own = list(WaitLimit.objects.select_related("type").order_by("type__name"))
    return {
        "states": [
            (Visit.Flow(state).label, shipped, [one for one in own if one.state == state])
            for state, shipped in LONG_WAIT.items()
        ]
    }
